"""A project's discussion, for those who take part in it."""

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.errors import Forbidden
from portal.core.forms import PortalForm, answered, revise_once, submit_once, wants_preview
from portal.core.permissions import allows, audience, require
from portal.core.steps import steps
from portal.core.texts import gettext as _
from portal.core.web import actor, page_number, pages
from portal.projects.discussion import operations, queries
from portal.projects.discussion.forms import LONGEST, PostForm, PostRevisionForm, ThreadForm
from portal.projects.discussion.models import Post
from portal.projects.discussion.permissions import may_change
from portal.projects.models import Project
from portal.projects.queries import to_work_on
from portal.projects.sections import SECTIONS, render

bp = pages("discussion", __name__, "/projects/<slug>/discussion")

THREAD = "/<int:thread_id>"
POST = f"{THREAD}/<int:post_id>"


@bp.get("")
@audience("signed_in")
def index(slug: str) -> ResponseReturnValue:
    project = to_work_on(slug, actor(), "discussion.open")
    part = queries.threads(project, page_number())
    return render(
        "projects/discussion/index.html",
        project,
        threads=part.rows,
        steps=steps(part),
        may_write=allows(actor(), "discussion.write", project),
    )


@bp.route("/new", methods=["GET", "POST"])
@audience("signed_in")
def new(slug: str) -> ResponseReturnValue:
    project = to_work_on(slug, actor(), "discussion.write")
    form = ThreadForm()
    form.section.choices = [("", _("The whole project")), *_sections(project).items()]
    if form.is_submitted() and not wants_preview() and form.validate():

        def act() -> str:
            post = operations.start(
                project, form.title.data, form.section.data, form.body.data, actor=actor(), now=clock.now()
            )
            return url_for(".show", slug=slug, thread_id=post.thread_id)

        return submit_once(form, act)
    return _form_page("projects/discussion/new.html", project, form)


@bp.route(THREAD, methods=["GET", "POST"])
@audience("signed_in")
def show(slug: str, thread_id: int) -> ResponseReturnValue:
    project = to_work_on(slug, actor(), "discussion.open")
    thread = queries.thread(project, thread_id)
    form = PostForm()
    if request.method == "POST":
        require(actor(), "discussion.write", project)
    if form.is_submitted() and not wants_preview() and form.validate():

        def act() -> str:
            return _place(slug, operations.answer(thread, project, form.body.data, actor=actor(), now=clock.now()))

        return submit_once(form, act)
    part = queries.posts(thread, page_number())
    now = clock.now()
    return _form_page(
        "projects/discussion/show.html",
        project,
        form,
        thread=thread,
        section=(thread.section, _sections(project).get(thread.section, "")),
        posts=part.rows,
        steps=steps(part),
        may_write=allows(actor(), "discussion.write", project),
        changeable={post.id for post in part.rows if may_change(actor(), post, now)},
        removable={post.id for post in part.rows if allows(actor(), "post.remove", post)},
    )


@bp.route(f"{POST}/edit", methods=["GET", "POST"])
@audience("signed_in")
def edit(slug: str, thread_id: int, post_id: int) -> ResponseReturnValue:
    project, post = _post(slug, thread_id, post_id)
    if not may_change(actor(), post, clock.now()):
        raise Forbidden("post.change")
    form = PostRevisionForm(obj=post)

    def now() -> PostRevisionForm:
        return PostRevisionForm(formdata=None, obj=_post(slug, thread_id, post_id)[1])

    def act() -> str:
        operations.revise(post, project, form.body.data, actor=actor(), now=clock.now())
        return _place(slug, post)

    if form.is_submitted() and not wants_preview() and form.validate():
        return revise_once(form, now, act, heading=_("Change your post"), cancel=_place(slug, post))
    return _form_page("projects/discussion/edit.html", project, form, thread=post.thread, back=_place(slug, post))


@bp.route(f"{POST}/remove", methods=["GET", "POST"])
@audience("signed_in")
def remove(slug: str, thread_id: int, post_id: int) -> ResponseReturnValue:
    """Asks first: the words are gone for good."""
    form = PortalForm()
    if done := answered(form):
        return done
    project, post = _post(slug, thread_id, post_id)
    require(actor(), "post.remove", post)

    def act() -> str:
        operations.remove(post, actor=actor(), now=clock.now())
        return _place(slug, post)

    if form.validate_on_submit():
        return submit_once(form, act)
    page = "projects/discussion/remove.html"
    return render(page, project, form=form, thread=post.thread, post=post, back=_place(slug, post))


@bp.post("/preview")
@audience("signed_in")
def preview(slug: str) -> ResponseReturnValue:
    """The text as its readers will see it, for static/js/preview.js."""
    project = to_work_on(slug, actor(), "discussion.write")
    return render("projects/discussion/preview.html", project, text=request.form.get("text", "")[:LONGEST])


def _form_page(template: str, project: Project, form: PostForm, **values: object) -> ResponseReturnValue:
    page = render(
        template,
        project,
        form=form,
        names=sorted(set(queries.people(project.id).values())),
        previewed=wants_preview(),
        **values,
    )
    return page, 422 if form.errors else 200


def _post(slug: str, thread_id: int, post_id: int) -> tuple[Project, Post]:
    project = to_work_on(slug, actor(), "discussion.open")
    post = queries.post(queries.thread(project, thread_id), post_id, project)
    return project, post


def _sections(project: Project) -> dict[str, str]:
    """The other pages of the desk that this reader may open."""
    return {
        section.endpoint: str(section.label)
        for section in SECTIONS
        if not section.endpoint.startswith("discussion.") and allows(actor(), section.action, project)
    }


def _place(slug: str, post: Post) -> str:
    page = queries.page_of(post)
    return url_for(".show", slug=slug, thread_id=post.thread_id, page=page, _anchor=f"post-{post.id}")
