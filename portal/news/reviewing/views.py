"""A draft for those without an account: to read it, or to read it and say something, by a secret link."""

from datetime import timedelta

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock, strangers
from portal.core.db import transaction
from portal.core.forms import submit_once
from portal.core.permissions import VISITOR, audience
from portal.core.texts import gettext as _
from portal.core.web import pages, uncached
from portal.editorial import operations as editorial
from portal.editorial import queries as drafts
from portal.editorial.forms import ReviewForm
from portal.editorial.models import DraftLink, Purpose
from portal.news.reading import page_of
from portal.news.reviewing import queries

bp = pages("reviewing", __name__, "/news")

KIND = "article"
NOTED_EVERY = timedelta(hours=1)


@bp.get("/preview/<token>")
@audience("everyone")
def preview(token: str) -> ResponseReturnValue:
    now = clock.now()
    link = drafts.link_by_token(token, KIND, Purpose.PREVIEW, now)
    article, is_out = queries.behind(link, now)
    if is_out:
        return redirect(url_for("news.show", slug=article.slug))
    _note(link)
    return _hidden(render_template("news/reviewing/preview.html", link=link, **page_of(article, VISITOR, token)))


@bp.route("/review/<token>", methods=["GET", "POST"])
@audience("everyone")
def review(token: str) -> ResponseReturnValue:
    now = clock.now()
    link = drafts.link_by_token(token, KIND, Purpose.REVIEW, now)
    article, is_out = queries.behind(link, now)
    if is_out:
        return redirect(url_for("news.show", slug=article.slug))
    form = ReviewForm()
    if not form.is_submitted() and not form.name.data:
        form.name.data = link.name

    def act() -> str:
        strangers.note_stranger(now)
        said = editorial.comment_by_link(link, form.name.data or "", form.body.data or "", now=now)
        flash(_("Thank you. The news desk has your comment."), "success")
        return url_for(".review", token=token, _anchor=f"comment-{said.id}")

    if form.validate_on_submit():
        return submit_once(form, act)
    _note(link)
    mine = [one for one in drafts.comments_of((KIND, article.id)) if one.link_id == link.id]
    page = render_template(
        "news/reviewing/review.html", link=link, form=form, comments=mine, **page_of(article, VISITOR, token)
    )
    return _hidden(page, 422 if form.errors else 200)


def _note(link: DraftLink) -> None:
    """Note that the link was opened, not more than once an hour."""
    now = clock.now()
    if link.opened_at is None or now - link.opened_at > NOTED_EVERY:
        with transaction():
            editorial.opened(link, now=now)


def _hidden(page: str, status: int = 200) -> Response:
    """A page that no cache keeps, no search engine takes and no other site learns the address of."""
    uncached()
    answer = make_response(page, status)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
