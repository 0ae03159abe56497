"""The framework at the desk: its versions, and the draft of the next one, compared with the one in force."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.errors import NotFound
from portal.core.forms import PortalForm, answered, revise_once, submit_once
from portal.core.permissions import Role, allows, audience, require
from portal.core.texts import gettext as _
from portal.core.web import actor, pages
from portal.progress.framework import operations, queries
from portal.progress.framework.forms import DimensionForm
from portal.progress.framework.labels import field
from portal.progress.labels import STAGES
from portal.progress.models import Framework
from portal.progress.queries import framework_on
from portal.staff import desk

bp = pages("staff_framework", __name__, "/staff/framework")


@bp.get("")
@audience("staff")
def index() -> ResponseReturnValue:
    require(actor(), "staff.read", None)
    versions = queries.versions(actor())
    return desk.render(
        "staff/framework/index.html",
        versions=versions,
        in_force=framework_on(clock.today()),
        draft=next((one for one in versions if one.is_draft), None),
        may_begin=actor().has(Role.CURATOR),
        form=PortalForm(),
    )


@bp.post("/begin")
@audience("staff")
def begin() -> ResponseReturnValue:
    require(actor(), "framework.edit", Framework())

    def act() -> str:
        return url_for(".show", version=operations.begin(actor=actor(), now=clock.now()).version)

    return submit_once(PortalForm(), act)


@bp.get("/<version>")
@audience("staff")
def show(version: str) -> ResponseReturnValue:
    require(actor(), "staff.read", None)
    framework = queries.by_version(version, actor())
    dimensions = queries.dimensions_of(framework.id)
    return desk.render(
        "staff/framework/show.html",
        framework=framework,
        dimensions=dimensions,
        unfinished={one.id for one in operations.unfinished(dimensions)},
        rules=queries.rules_in(framework.id),
        may_edit=allows(actor(), "framework.edit", framework),
        form=PortalForm(),
        stage_names=STAGES,
    )


@bp.get("/<version>/changes")
@audience("staff")
def changes(version: str) -> ResponseReturnValue:
    """What would change, and what that does to what has been judged."""
    framework = _draft(version)
    found = queries.compared(framework, clock.today())
    return desk.render(
        "staff/framework/changes.html",
        framework=framework,
        before=framework_on(clock.today()),
        differences=found,
        lost=sum(one.judged for one in found if one.begins_anew),
        kept=sum(one.judged for one in found if not one.begins_anew),
        unfinished=operations.unfinished(queries.dimensions_of(framework.id)),
        field=field,
        form=PortalForm(),
    )


@bp.route("/<version>/new", methods=["GET", "POST"])
@audience("staff")
def new(version: str) -> ResponseReturnValue:
    framework = _draft(version)
    form = DimensionForm.of(None)
    if done := answered(form):
        return done

    def act() -> str:
        operations.add_dimension(framework, form.wording(), actor=actor(), now=clock.now())
        return url_for(".show", version=version)

    if form.validate_on_submit():
        return submit_once(form, act)
    return _page(form, framework, _("Add a dimension"))


@bp.route("/<version>/<slug>/edit", methods=["GET", "POST"])
@audience("staff")
def edit(version: str, slug: str) -> ResponseReturnValue:
    framework = _draft(version)
    dimension = queries.dimension_of(framework, slug)
    form = DimensionForm.of(dimension)

    def now() -> DimensionForm:
        return DimensionForm.of(queries.dimension_of(framework, slug), formdata=None)

    def act() -> str:
        operations.revise_dimension(dimension, form.wording(), actor=actor(), now=clock.now())
        flash(_("Your changes are saved."), "success")
        return url_for(".show", version=version)

    heading = _("Change %(name)s", name=str(dimension.text("name")))
    if form.validate_on_submit():
        return revise_once(form, now, act, heading=heading, cancel=url_for(".show", version=version))
    return _page(form, framework, heading)


@bp.post("/<version>/<slug>/<any('move-up', 'move-down', remove):decision>")
@audience("staff")
def decide(version: str, slug: str, decision: str) -> ResponseReturnValue:
    form = PortalForm()
    if done := answered(form):
        return done
    dimension = queries.dimension_of(_draft(version), slug)

    def act() -> str:
        now = clock.now()
        if decision == "remove":
            operations.remove_dimension(dimension, actor=actor(), now=now)
        else:
            operations.move_dimension(dimension, up=decision == "move-up", actor=actor(), now=now)
        return url_for(".show", version=version)

    return submit_once(form, act)


@bp.post("/<version>/<any(drop, force):decision>")
@audience("staff")
def end(version: str, decision: str) -> ResponseReturnValue:
    """Throw the draft away, or put it in force."""
    form = PortalForm()
    if done := answered(form):
        return done
    framework = _draft(version)

    def act() -> str:
        if decision == "drop":
            operations.drop(framework, actor=actor(), now=clock.now())
            flash(_("The draft is thrown away."), "success")
        else:
            operations.put_in_force(framework, actor=actor(), now=clock.now())
            flash(_("Version %(version)s is in force.", version=version), "success")
        return url_for(".index")

    return submit_once(form, act)


def _page(form: DimensionForm, framework: Framework, heading: str) -> ResponseReturnValue:
    page = desk.render("staff/framework/dimension.html", form=form, framework=framework, page_heading=heading)
    return page, 422 if form.errors else 200


def _draft(version: str) -> Framework:
    """A version that is written yet, for those who write it."""
    framework = queries.by_version(version, actor())
    if not allows(actor(), "framework.edit", framework):
        raise NotFound("draft", version)
    return framework
