"""What goes on about an article at the desk: comments, links for those without an account, earlier versions."""

from dataclasses import dataclass

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.forms import PortalForm, submit_once
from portal.core.permissions import allows, audience, require
from portal.core.texts import gettext as _
from portal.core.web import actor, pages
from portal.editorial import operations as editorial
from portal.editorial import queries as drafts
from portal.editorial.forms import CommentForm, ReviewerForm
from portal.editorial.models import Revision
from portal.news.editing import operations as editing
from portal.news.editing import queries as writing
from portal.news.editing.operations import subject
from portal.news.editing.wording import field_name, said
from portal.news.models import Article
from portal.staff import desk
from portal.staff.reviews import operations

bp = pages("reviews", __name__, "/staff/news/<int(max=2147483647):article_id>")


def _article(article_id: int, action: str) -> Article:
    require(actor(), "staff.read", None)
    return writing.to_work_on(article_id, actor(), action)


@bp.route("/talk", methods=["GET", "POST"])
@audience("staff")
def talk(article_id: int) -> ResponseReturnValue:
    """What was said about a draft, and saying something."""
    article = _article(article_id, "article.discuss")
    form = CommentForm()

    def act() -> str:
        made = editorial.comment(subject(article), form.body.data or "", actor=actor(), now=clock.now())
        return url_for(".talk", article_id=article_id, _anchor=f"comment-{made.id}")

    if form.validate_on_submit():
        return submit_once(form, act)
    page = desk.render(
        "staff/reviews/talk.html",
        article=article,
        title=str(article.text("title")),
        comments=drafts.comments_of(subject(article)),
        form=form,
        one=PortalForm(formdata=None),
        settle_url=lambda comment, what: url_for(".settle", article_id=article_id, comment_id=comment.id, what=what),
    )
    return page, 422 if form.errors else 200


@bp.post("/talk/<int(max=2147483647):comment_id>/<any(settle, reopen):what>")
@audience("staff")
def settle(article_id: int, comment_id: int, what: str) -> ResponseReturnValue:
    article = _article(article_id, "article.discuss")
    comment = drafts.comment_of(subject(article), comment_id)

    def act() -> str:
        editorial.settle(comment, settled=what == "settle", actor=actor(), now=clock.now())
        return url_for(".talk", article_id=article_id, _anchor=f"comment-{comment_id}")

    return submit_once(PortalForm(), act)


@bp.route("/readers", methods=["GET", "POST"])
@audience("staff")
def readers(article_id: int) -> ResponseReturnValue:
    """Who may read the draft without an account; its form asks a reviewer."""
    article = _article(article_id, "article.publish")
    form = ReviewerForm()

    def act() -> str:
        email = (form.email.data or "").strip()
        link = operations.ask_reviewer(
            article, form.name.data or "", email, form.language.data, actor=actor(), now=clock.now()
        )
        if email:
            flash(_("The link is mailed to %(address)s.", address=email), "success")
        else:
            flash(_("Copy this link now, it is shown only once: %(link)s", link=link), "success")
        return url_for(".readers", article_id=article_id)

    if form.validate_on_submit():
        return submit_once(form, act)
    page = desk.render(
        "staff/reviews/readers.html",
        article=article,
        title=str(article.text("title")),
        links=drafts.links_of(subject(article), clock.now()),
        form=form,
        one=PortalForm(formdata=None),
        revoke_url=lambda link: url_for(".revoke", article_id=article_id, link_id=link.id),
    )
    return page, 422 if form.errors else 200


@bp.post("/readers/preview")
@audience("staff")
def preview(article_id: int) -> ResponseReturnValue:
    article = _article(article_id, "article.publish")

    def act() -> str:
        link = operations.make_preview(article, actor=actor(), now=clock.now())
        flash(_("Copy this link now, it is shown only once: %(link)s", link=link), "success")
        return url_for(".readers", article_id=article_id)

    return submit_once(PortalForm(), act)


@bp.post("/readers/<int(max=2147483647):link_id>/revoke")
@audience("staff")
def revoke(article_id: int, link_id: int) -> ResponseReturnValue:
    article = _article(article_id, "article.publish")
    link = drafts.link_of(subject(article), link_id)

    def act() -> str:
        editorial.revoke(link, actor=actor(), now=clock.now())
        flash(_("The link leads nowhere any more."), "success")
        return url_for(".readers", article_id=article_id)

    return submit_once(PortalForm(), act)


@dataclass(frozen=True)
class Change:
    """What became of one field between two versions."""

    field: str
    before: str
    after: str
    language: str


@bp.get("/versions")
@audience("staff")
def versions(article_id: int) -> ResponseReturnValue:
    """Every version of an article, the newest first, each with what it changed."""
    article = _article(article_id, "article.look_inside")
    found = drafts.revisions_of(subject(article))
    before: list[Revision | None] = [*found[1:], None]
    return desk.render(
        "staff/reviews/versions.html",
        article=article,
        title=str(article.text("title")),
        versions=[(one, _changes(last, one) if last else ()) for one, last in zip(found, before, strict=True)],
    )


@bp.get("/versions/<int(max=2147483647):number>")
@audience("staff")
def version(article_id: int, number: int) -> ResponseReturnValue:
    """One version beside what stands there now, word by word."""
    article = _article(article_id, "article.look_inside")
    revision = drafts.revision_of(subject(article), number)
    last = drafts.last_revision(subject(article))
    is_last = last is None or last.number == number
    return desk.render(
        "staff/reviews/version.html",
        article=article,
        title=str(article.text("title")),
        revision=revision,
        changes=() if last is None or is_last else _changes(last, revision),
        is_last=is_last,
        may_edit=allows(actor(), "article.edit", article),
        one=PortalForm(formdata=None),
    )


@bp.post("/versions/<int(max=2147483647):number>/bring-back")
@audience("staff")
def bring_back(article_id: int, number: int) -> ResponseReturnValue:
    article = _article(article_id, "article.edit")
    revision = drafts.revision_of(subject(article), number)

    def act() -> str:
        editing.bring_back(article, revision, actor=actor(), now=clock.now())
        flash(_("Version %(number)s stands again.", number=number), "success")
        return url_for(".versions", article_id=article_id)

    return submit_once(PortalForm(), act)


def _changes(before: Revision, after: Revision) -> list[Change]:
    names = [name for name in after.content if before.content.get(name) != after.content[name]]
    return [
        Change(
            field_name(name),
            said(name, before.content.get(name)),
            said(name, after.content[name]),
            name[-2:] if name.endswith(("_da", "_en")) else "",
        )
        for name in names
    ]
