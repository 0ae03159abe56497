"""The registrations of a webinar for its editors and hosts: who comes, who came, how it was."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock
from portal.core.db import transaction
from portal.core.forms import PortalForm, submit_once
from portal.core.labels import label
from portal.core.permissions import allows, audience, require
from portal.core.sheet_forms import SheetForm
from portal.core.texts import ngettext
from portal.core.web import LANGUAGE_NAMES, actor, pages, table_download
from portal.webinars import sections
from portal.webinars.models import Webinar
from portal.webinars.registration import attendance, mails, operations, queries, terms
from portal.webinars.registration.attendance import Found
from portal.webinars.registration.keeping.forms import AddForm, CapacityForm
from portal.webinars.registration.models import Registration, RegistrationState

bp = pages("registrations", __name__, "/webinars")

COUNTED = (
    RegistrationState.CONFIRMED,
    RegistrationState.WAITLISTED,
    RegistrationState.ATTENDED,
    RegistrationState.UNCONFIRMED,
)


@bp.get("/<slug>/registrations")
@audience("signed_in")
def index(slug: str) -> ResponseReturnValue:
    return _page(queries.kept_by(slug, actor()))


@bp.get("/<slug>/registrations.<any(csv, xlsx):ending>")
@audience("signed_in")
def export(slug: str, ending: str) -> ResponseReturnValue:
    webinar = queries.kept_by(slug, actor())
    people = [one for one in queries.of_webinar(webinar.id) if one.email]
    with transaction():
        operations.note_reading(webinar, actor=actor(), now=clock.now(), count=len(people))
    return table_download(f"{webinar.slug}-registrations", ending, _columns(), _cells(people))


@bp.post("/<slug>/registrations/add")
@audience("signed_in")
def add(slug: str) -> ResponseReturnValue:
    webinar = queries.kept_by(slug, actor())
    require(actor(), "registration.manage", webinar)
    form = AddForm()
    if form.validate_on_submit() and _is_new(webinar, form):

        def act() -> str:
            made = operations.add(webinar, form.details(), actor=actor(), now=clock.now())
            flash(_("%(name)s is told by mail.", name=made.name), "success")
            return url_for(".index", slug=webinar.slug)

        return submit_once(form, act)
    return _page(webinar, add_form=form), 422


def _is_new(webinar: Webinar, form: AddForm) -> bool:
    known = {one.email for one in queries.of_webinar(webinar.id) if one.state in COUNTED[:3]}
    if str(form.email.data).lower() not in known:
        return True
    form.email.errors = [_("This address is registered already.")]
    return False


@bp.post("/<slug>/registrations/capacity")
@audience("signed_in")
def capacity(slug: str) -> ResponseReturnValue:
    webinar = queries.kept_by(slug, actor())
    require(actor(), "registration.manage", webinar)
    form = CapacityForm()
    if form.validate_on_submit():

        def act() -> str:
            operations.change_capacity(webinar, form.capacity.data, actor=actor(), now=clock.now())
            flash(_("Saved. Who came from the waiting list is told by mail."), "success")
            return url_for(".index", slug=webinar.slug)

        return submit_once(form, act)
    return _page(webinar, capacity_form=form), 422


@bp.post("/<slug>/registrations/<int:registration_id>/cancel")
@audience("signed_in")
def cancel(slug: str, registration_id: int) -> ResponseReturnValue:
    webinar = queries.kept_by(slug, actor())
    require(actor(), "registration.manage", webinar)
    registration = queries.one_of(webinar, registration_id)

    def act() -> str:
        operations.cancel(registration, actor=actor(), now=clock.now())
        flash(_("The registration is cancelled, and its person told by mail."), "success")
        return url_for(".index", slug=webinar.slug)

    return submit_once(PortalForm(), act)


@bp.route("/<slug>/attendance", methods=["GET", "POST"])
@audience("signed_in")
def attended(slug: str) -> ResponseReturnValue:
    """Upload a list of who was there, and see what it says before anything is written."""
    webinar = queries.kept_by(slug, actor())
    form = SheetForm()
    lines: Sequence[attendance.Line] | None = None
    if form.validate_on_submit():
        lines = attendance.compared(form.upload, queries.of_webinar(webinar.id))
        if lines is None:
            form.file.errors = [_("No column of the file holds e-mail addresses.")]
    page = sections.render(
        "webinars/registration/attendance.html",
        webinar,
        form=form,
        has_begun=terms.has_begun(webinar, clock.now()),
        lines=lines,
        found=list(Found),
        one=PortalForm(formdata=None),
    )
    return page, 422 if form.errors else 200


@bp.post("/<slug>/attendance/take")
@audience("signed_in")
def take(slug: str) -> ResponseReturnValue:
    webinar = queries.kept_by(slug, actor())
    chosen = {
        int(one) for one in request.form.getlist("attended") if one.isascii() and one.isdecimal() and len(one) < 10
    }

    def act() -> str:
        count = operations.attend(webinar, chosen, actor=actor(), now=clock.now())
        flash(ngettext("%(num)d person attended", "%(num)d people attended", count), "success")
        return url_for(".index", slug=webinar.slug)

    return submit_once(PortalForm(), act)


def _page(webinar: Webinar, **forms: PortalForm) -> str:
    """The page, with what somebody has typed into one of its forms."""
    now = clock.now()
    people = [one for one in queries.of_webinar(webinar.id) if one.state in COUNTED]
    blank: Any = {"formdata": None} if forms else {}
    return sections.render(
        "webinars/registration/index.html",
        webinar,
        people=sorted(people, key=lambda one: (COUNTED.index(one.state), one.place)),
        numbers=queries.numbers(webinar),
        opinions=queries.opinions(webinar.id),
        when=mails.when(webinar),
        takes_place=terms.takes_place(webinar, now),
        has_begun=terms.has_begun(webinar, now),
        may_manage=allows(actor(), "registration.manage", webinar),
        form=PortalForm(formdata=None),
        **{
            "add_form": AddForm(**blank),
            "capacity_form": CapacityForm(**blank, data={"capacity": webinar.capacity}),
            **forms,
        },
    )


def _columns() -> Sequence[str]:
    return (
        _("Order"),
        _("State"),
        _("Name"),
        _("E-mail"),
        _("Organisation"),
        _("Language"),
        _("May be listed"),
        _("Registered"),
    )


def _cells(people: Sequence[Registration]) -> Iterator[Sequence[Any]]:
    for one in people:
        yield (
            one.place,
            label(one.state),
            one.name,
            one.email,
            one.organisation,
            LANGUAGE_NAMES[one.language],
            _("yes") if one.is_listed else _("no"),
            one.registered_at,
        )
