"""The news desk: the list of articles, one article with all that can be decided about it, and its form."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from portal.core import clock, listing
from portal.core.bilingual import text_of
from portal.core.errors import NotFound
from portal.core.forms import PortalForm, answered, submit_once
from portal.core.labels import label
from portal.core.permissions import Role, allows, audience, require
from portal.core.texts import gettext as _
from portal.core.web import actor, address, pages, table_download
from portal.editorial import queries as drafts
from portal.editorial.forms import AnswerForm, AssignForm, StepForm
from portal.news.editing import operations as editing
from portal.news.editing import queries as writing
from portal.news.editing.forms import DeskForm
from portal.news.editing.operations import subject
from portal.news.editing.wording import language_states
from portal.news.editing.writing import Writing
from portal.news.models import Article, State
from portal.news.proposals import operations as proposing
from portal.news.publishing import operations, rules
from portal.news.publishing.labels import BACK_WORDS, STEP_MEANINGS, STEP_WORDS
from portal.partners import queries as partners
from portal.staff import desk
from portal.staff.newsroom import queries

bp = pages("newsroom", __name__, "/staff/news")

ARTICLE = "/<int:article_id>"


@bp.get("")
@audience("staff")
def index() -> ResponseReturnValue:
    return _list(open_only=True)


@bp.get("/all")
@audience("staff")
def everything() -> ResponseReturnValue:
    return _list(open_only=False)


def _list(*, open_only: bool) -> ResponseReturnValue:
    require(actor(), "staff.read", None)
    choice = listing.read(queries.PLAN, request.args.items(multi=True))
    found = queries.listing_of(choice, actor(), request.path, open_only=open_only)
    return render_template(
        "staff/newsroom/index.html",
        listing=found,
        open_only=open_only,
        called=partners.called,
        comments=drafts.open_comments(editing.KIND, [row.id for row in found.items]),
        may_write=actor().has(Role.EDITOR),
    )


@bp.get("/submitted")
@audience("staff")
def submitted() -> ResponseReturnValue:
    return redirect(url_for(".index", state=State.SUBMITTED.value))


@bp.get("/in-review")
@audience("staff")
def in_review() -> ResponseReturnValue:
    return redirect(url_for(".index", state=State.IN_REVIEW.value))


@bp.get(".<any(csv, xlsx):ending>")
@audience("staff")
def export(ending: str) -> ResponseReturnValue:
    return _download(ending, open_only=True)


@bp.get("/all.<any(csv, xlsx):ending>")
@audience("staff")
def export_everything(ending: str) -> ResponseReturnValue:
    return _download(ending, open_only=False)


def _download(ending: str, *, open_only: bool) -> ResponseReturnValue:
    require(actor(), "staff.read", None)
    rows = queries.all_of(listing.read(queries.PLAN, request.args.items(multi=True)), actor(), open_only=open_only)
    columns = (
        _("Title"),
        _("State"),
        _("Kind"),
        _("From"),
        _("Responsible"),
        _("Comes out"),
        _("Expires"),
        _("Last changed"),
        _("Address"),
    )

    def cells() -> Iterator[Sequence[Any]]:
        for row in rows:
            yield (
                str(text_of(row, "title")),
                label(row.state),
                label(row.kind),
                partners.called(row) if row.name else "",
                row.assignee or "",
                row.publish_at.isoformat() if row.publish_at else "",
                row.expire_at.isoformat() if row.expire_at else "",
                row.updated_at.isoformat(),
                address(".show", article_id=row.id),
            )

    return table_download("articles", ending, columns, cells())


WRITING = Writing(
    DeskForm,
    "staff/newsroom/edit.html",
    desk.render,
    "article.publish",
    _l("The draft is saved. Nobody outside the desk sees it."),
    home="newsroom.show",
    after="newsroom.edit",
)


@bp.route("/new", methods=["GET", "POST"])
@audience("staff")
def new() -> ResponseReturnValue:
    return WRITING.new()


@bp.route(f"{ARTICLE}/edit", methods=["GET", "POST"])
@audience("staff")
def edit(article_id: int) -> ResponseReturnValue:
    return WRITING.edit(article_id)


@bp.post("/preview")
@audience("staff")
def preview() -> ResponseReturnValue:
    return WRITING.preview()


def _title(article: Article) -> str:
    return str(article.text("title"))


@bp.get(ARTICLE)
@audience("staff")
def show(article_id: int) -> ResponseReturnValue:
    article = writing.to_work_on(article_id, actor(), "article.look_inside")
    require(actor(), "staff.read", None)
    return _page(article)


def _page(article: Article, status: int = 200, **forms: Any) -> ResponseReturnValue:
    """An article at the desk; a form that could not be taken comes in again by its name."""
    now = clock.now()
    assign_form = AssignForm(formdata=None, data={"assignee": str(article.assignee_id or "")})
    assign_form.offer(drafts.staff(), _("Nobody"))
    values = {
        "assign_form": assign_form,
        **forms,
    }
    page = desk.render(
        "staff/newsroom/show.html",
        article=article,
        title=article.text("title"),
        languages_=language_states(article),
        state=rules.state_now(article, now),
        way=rules.WAY,
        steps=[_told(article, step) for step in rules.STEPS[rules.state_now(article, now)]],
        links=drafts.links_of(subject(article), now),
        comments=drafts.comments_of(subject(article)),
        may=lambda action: allows(actor(), action, article),
        is_proposal=article.submitted_at is not None and article.state in (State.SUBMITTED, State.IN_REVIEW),
        one=PortalForm(formdata=None),
        **values,
    )
    return page, status


def _told(article: Article, step: rules.Step) -> dict[str, Any]:
    """A step as its page tells it: what it is called, what it means, what is missing."""
    state = rules.state_now(article, clock.now())
    is_back = state in (State.ARCHIVED, State.WITHDRAWN, State.SCHEDULED) and step.to in BACK_WORDS
    is_back = is_back and not (state is State.SCHEDULED and step.to is State.PUBLISHED)
    return {
        "to": step.to.value,
        "name": (BACK_WORDS if is_back else STEP_WORDS)[step.to],
        "meaning": STEP_MEANINGS[step.to],
        "wants_reason": step.wants_reason,
        "missing": [label(demand) for demand in rules.missing(article, step.to, clock.now())],
    }


@bp.route(f"{ARTICLE}/to/<to>", methods=["GET", "POST"])
@audience("staff")
def step(article_id: int, to: str) -> ResponseReturnValue:
    article = writing.to_work_on(article_id, actor(), "article.publish")
    form = StepForm()
    if done := answered(form):
        return done
    wanted = rules.step(article, State(to), clock.now()) if to in list(State) else None
    if wanted is None:
        raise NotFound("step", to)
    form.wants_reason = wanted.wants_reason
    told = _told(article, wanted)

    def act() -> str:
        operations.move(article, wanted.to, reason=form.reason.data or "", actor=actor(), now=clock.now())
        flash(_("The article is now: %(state)s.", state=label(wanted.to).lower()), "success")
        return url_for(".show", article_id=article_id)

    if not told["missing"] and form.validate_on_submit():
        return submit_once(form, act)
    page = desk.render("staff/newsroom/step.html", article=article, title=_title(article), form=form, step=told)
    return page, 422 if form.is_submitted() else 200


@bp.post(f"{ARTICLE}/assign")
@audience("staff")
def assign(article_id: int) -> ResponseReturnValue:
    article = writing.to_work_on(article_id, actor(), "article.publish")
    form = AssignForm()
    form.offer(drafts.staff(), _("Nobody"))

    def act() -> str:
        chosen = int(form.assignee.data) if form.assignee.data else None
        operations.assign(article, chosen, actor=actor(), now=clock.now())
        return url_for(".show", article_id=article_id)

    if form.validate_on_submit():
        return submit_once(form, act)
    return _page(article, 422, assign_form=form)


@bp.route(f"{ARTICLE}/delete", methods=["GET", "POST"])
@audience("staff")
def delete(article_id: int) -> ResponseReturnValue:
    form = PortalForm()
    if done := answered(form):
        return done
    article = writing.to_work_on(article_id, actor(), "article.delete")
    require(actor(), "article.publish", article)

    def act() -> str:
        editing.delete(article, actor=actor(), now=clock.now())
        flash(_("The draft is deleted."), "success")
        return url_for(".index")

    if form.validate_on_submit():
        return submit_once(form, act)
    return desk.render("staff/newsroom/delete.html", article=article, title=_title(article), form=form)


@bp.post(f"{ARTICLE}/take")
@audience("staff")
def take(article_id: int) -> ResponseReturnValue:
    form = PortalForm()
    if done := answered(form):
        return done
    article = writing.to_work_on(article_id, actor(), "article.publish")

    def act() -> str:
        proposing.take(article, actor=actor(), now=clock.now())
        flash(_("You are responsible for the article now."), "success")
        return url_for(".show", article_id=article_id)

    return submit_once(form, act)


ANSWERS: dict[str, Callable[..., None]] = {"return": proposing.give_back, "refuse": proposing.refuse}


@bp.route(f"{ARTICLE}/<any(return, refuse):answer>", methods=["GET", "POST"])
@audience("staff")
def answer(article_id: int, answer: str) -> ResponseReturnValue:
    form = AnswerForm()
    if done := answered(form):
        return done
    article = writing.to_work_on(article_id, actor(), "article.publish")
    if article.submitted_at is None or article.state not in (State.SUBMITTED, State.IN_REVIEW):
        raise NotFound("proposal", article_id)

    def act() -> str:
        ANSWERS[answer](article, form.reason.data or "", actor=actor(), now=clock.now())
        flash(_("Whoever proposed it is told."), "success")
        return url_for(".index")

    if form.validate_on_submit():
        return submit_once(form, act)
    heading = _("Return it to be worked over") if answer == "return" else _("Refuse the proposal")
    page = desk.render("staff/newsroom/answer.html", article=article, title=_title(article), form=form, heading=heading)
    return page, 422 if form.errors else 200
