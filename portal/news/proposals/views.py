"""A member's own articles: written, handed in, taken back, and what became of them."""

from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from portal.core import clock
from portal.core.forms import PortalForm, answered, submit_once
from portal.core.labels import label
from portal.core.permissions import allows, audience, require
from portal.core.steps import steps
from portal.core.texts import gettext as _
from portal.core.web import actor, page_number, pages
from portal.editorial import operations as editorial
from portal.editorial import queries as drafts
from portal.editorial.forms import CommentForm
from portal.news.editing import operations as editing
from portal.news.editing import queries as writing
from portal.news.editing.forms import ArticleForm
from portal.news.editing.operations import subject
from portal.news.editing.wording import language_states
from portal.news.editing.writing import Writing
from portal.news.models import State
from portal.news.proposals import operations, queries
from portal.news.publishing import rules

bp = pages("proposals", __name__, "/my/news")

ARTICLE = "/<int:article_id>"


@bp.get("")
@audience("signed_in")
def index() -> ResponseReturnValue:
    found = queries.mine(actor(), page_number())
    return render_template("news/proposals/index.html", articles=found.rows, steps=steps(found))


WRITING = Writing(
    ArticleForm,
    "news/proposals/edit.html",
    render_template,
    "article.create",
    _l("Your draft is saved. The news desk reads it when you hand it in."),
    home="proposals.show",
    after="proposals.show",
)


@bp.route("/new", methods=["GET", "POST"])
@audience("members")
def new() -> ResponseReturnValue:
    return WRITING.new()


@bp.route(f"{ARTICLE}/edit", methods=["GET", "POST"])
@audience("signed_in")
def edit(article_id: int) -> ResponseReturnValue:
    return WRITING.edit(article_id)


@bp.post("/preview")
@audience("members")
def preview() -> ResponseReturnValue:
    return WRITING.preview()


@bp.route(ARTICLE, methods=["GET", "POST"])
@audience("signed_in")
def show(article_id: int) -> ResponseReturnValue:
    """What became of an article; its form says something to the desk."""
    article = writing.to_work_on(article_id, actor(), "article.look_inside")
    may_discuss = allows(actor(), "article.discuss", article)
    form = CommentForm()
    if form.is_submitted():
        require(actor(), "article.discuss", article)
        if form.validate():

            def act() -> str:
                said = editorial.comment(subject(article), form.body.data or "", actor=actor(), now=clock.now())
                return url_for(".show", article_id=article_id, _anchor=f"comment-{said.id}")

            return submit_once(form, act)
    missing = rules.missing(article, State.IN_REVIEW, clock.now()) if article.state is State.DRAFT else ()
    page = render_template(
        "news/proposals/show.html",
        article=article,
        title=article.text("title"),
        state=rules.state_now(article, clock.now()),
        languages_=language_states(article),
        comments=drafts.comments_of(subject(article)) if may_discuss else (),
        form=form,
        one=PortalForm(formdata=None),
        missing=[label(demand) for demand in missing],
        may=lambda action: allows(actor(), action, article),
    )
    return page, 422 if form.errors else 200


@bp.post(f"{ARTICLE}/submit")
@audience("signed_in")
def submit(article_id: int) -> ResponseReturnValue:
    return _do(article_id, "article.submit", operations.submit, _("It is handed in. You are told what the desk says."))


@bp.post(f"{ARTICLE}/take-back")
@audience("signed_in")
def take_back(article_id: int) -> ResponseReturnValue:
    return _do(article_id, "article.take_back", operations.take_back, _("It is your draft again."))


def _do(article_id: int, action: str, operation: Any, said: str) -> ResponseReturnValue:
    """One decision by one button."""
    form = PortalForm()
    if done := answered(form):
        return done
    article = writing.to_work_on(article_id, actor(), action)

    def act() -> str:
        operation(article, actor=actor(), now=clock.now())
        flash(said, "success")
        return url_for(".show", article_id=article_id)

    return submit_once(form, act)


@bp.route(f"{ARTICLE}/delete", methods=["GET", "POST"])
@audience("signed_in")
def delete(article_id: int) -> ResponseReturnValue:
    form = PortalForm()
    if done := answered(form):
        return done
    article = writing.to_work_on(article_id, actor(), "article.delete")

    def act() -> str:
        editing.delete(article, actor=actor(), now=clock.now())
        flash(_("The draft is deleted."), "success")
        return url_for(".index")

    if form.validate_on_submit():
        return submit_once(form, act)
    return render_template("news/proposals/delete.html", form=form, title=str(article.text("title")), article=article)
