"""The directory as its curators look after it: every partner in every state, and the decisions on each."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts import queries as accounts
from portal.core import clock, listing
from portal.core.bilingual import text_of
from portal.core.errors import Invalid
from portal.core.forms import PortalForm, answered, submit_once
from portal.core.labels import action_label, label
from portal.core.permissions import audience, require
from portal.core.web import actor, pages, table_download
from portal.municipalities import queries as municipalities
from portal.partners import labels as words
from portal.partners import operations as directory
from portal.partners import queries as partners
from portal.partners.lifecycle import operations as lifecycle
from portal.partners.models import ContactPoint, Partner
from portal.staff import desk
from portal.staff.directory import operations, queries
from portal.staff.directory.forms import NoteForm, PartnerForm, QuestionForm, ReasonForm
from portal.staff.merging import follow
from portal.staff.merging import queries as merging
from portal.staff.merging.duplicates import Likeness
from portal.staff.trail import labels as trail_labels

ENDINGS = (("CSV", "csv"), ("Excel", "xlsx"))
HISTORY = 20

bp = pages("staff_directory", __name__, "/staff/partners")


@bp.get("")
@audience("staff")
def index() -> ResponseReturnValue:
    choice = listing.read(queries.plan(), request.args.items(multi=True))
    found = queries.listing_of(choice, actor(), url_for(".index"))
    return desk.render(
        "staff/directory/index.html",
        listing=found,
        called=partners.called,
        words=words,
        q=choice.extra.get("q", ""),
        endings=[(name, choice.url(url_for(".export", ending=ending))) for name, ending in ENDINGS],
    )


@bp.get(".<any(csv, xlsx):ending>")
@audience("staff")
def export(ending: str) -> ResponseReturnValue:
    rows = queries.all_of(listing.read(queries.plan(), request.args.items(multi=True)), actor())
    columns = [_("Name"), _("Type"), _("State"), _("CVR number"), _("Country"), _("Website"), _("Confirmed")]
    consents = queries.consents([row.id for row in rows]) if actor().has(*desk.CURATORS) else None
    if consents is not None:
        columns.append(_("People to call, and their consent"))

    def cells() -> Iterator[Sequence[Any]]:
        for row in rows:
            confirmed = row.confirmed_at.date().isoformat() if row.confirmed_at else ""
            yield (
                partners.called(row),
                label(row.type),
                label(row.state),
                row.cvr or "",
                words.country(row.country),
                row.website,
                confirmed,
                *(() if consents is None else ("\n".join(_consent(one) for one in consents[row.id]),)),
            )

    return table_download("directory", ending, columns, cells())


def _consent(point: ContactPoint) -> str:
    """Somebody to call, and what they agreed to."""
    who = ", ".join(filter(None, (point.name, str(point.text("function")), point.email)))
    if point.is_agreed and point.consent_given_at is not None:
        return f"{who}: {label(point.consent)} ({point.consent_given_at.date().isoformat()})"
    return f"{who}: {_('Has not answered')}"


@bp.route("/new", methods=["GET", "POST"])
@audience("staff")
def new() -> ResponseReturnValue:
    """A partner by hand, unless it is there already."""
    require(actor(), "partner.curate", None)
    form = PartnerForm(municipalities=[(str(one.id), str(text_of(one, "name"))) for one in municipalities.tiles()])
    if answer := answered(form):
        return answer

    alike: list[Likeness] = []
    if form.validate_on_submit():
        alike = merging.like(form.name.data, form.country.data, form.cvr.data or "")
        if answer := _add(form, alike):
            return answer
    known = merging.by_ids([one.other for one in alike])
    found = [(one, known[one.other]) for one in alike]
    page = desk.render("staff/directory/new.html", form=form, alike=found, called=partners.called)
    return page, 422 if form.errors else 200


def _add(form: PartnerForm, alike: Sequence[Likeness]) -> ResponseReturnValue | None:
    """Add it, unless it is there already or may be; then the form says so."""

    def act() -> str:
        partner = directory.add(form.proposal(), actor=actor(), now=clock.now())
        flash(_("%(name)s is in the directory now.", name=partner.name), "success")
        return url_for(".show", slug=partner.slug)

    if alike and not form.is_another.data and alike[0].why != "cvr":
        form.is_another.errors = [_("These look like it. Look at them before you add another.")]
        return None
    try:
        return submit_once(form, act)
    except Invalid:
        form.cvr.errors = [_("An organisation with this number is known already.")]
        return None


@bp.get("/<slug>")
@audience("staff")
def show(slug: str) -> ResponseReturnValue:
    """One partner: what is known of it, and everything that can be decided about it."""
    if stays := queries.stays_for(slug):
        return redirect(url_for(".show", slug=stays))
    partner = queries.by_slug(slug)
    require(actor(), "partner.see", partner)
    return desk.render(
        "staff/directory/show.html",
        partner=partner,
        admins=accounts.admins_of(partner.id),
        form=PortalForm(formdata=None),
        words=words,
        may_curate=(may_curate := actor().has(*desk.CURATORS)),
        entries=[(one, follow.afterwards(one.changes)) for one in queries.history(partner, HISTORY)]
        if may_curate
        else (),
        compared=queries.compared(partner),
        action_label=action_label,
        trail=trail_labels,
    )


@bp.post("/<slug>/approve")
@audience("staff")
def approve(slug: str) -> ResponseReturnValue:
    def act(partner: Partner) -> str:
        operations.approve(partner, actor=actor(), now=clock.now())
        flash(_("%(name)s is in the directory now; its people are told by mail.", name=partner.name), "success")
        return _on("staff_queues.applications", partner)

    return _decide(slug, act)


@bp.post("/<slug>/cvr")
@audience("staff")
def verify_cvr(slug: str) -> ResponseReturnValue:
    def act(partner: Partner) -> str:
        operations.verify_cvr(partner, actor=actor(), now=clock.now())
        flash(_("It is noted that the number was checked."), "success")
        return url_for(".show", slug=partner.slug)

    return _decide(slug, act)


@bp.post("/<slug>/confirm")
@audience("staff")
def confirm(slug: str) -> ResponseReturnValue:
    def act(partner: Partner) -> str:
        lifecycle.confirm(partner, actor=actor(), now=clock.now())
        flash(_("The profile of %(name)s is confirmed.", name=partner.name), "success")
        return _on("staff_queues.confirmations", partner)

    return _decide(slug, act)


@bp.route("/<slug>/reject", methods=["GET", "POST"])
@audience("staff")
def reject(slug: str) -> ResponseReturnValue:
    def act(partner: Partner, reason: str) -> str:
        operations.reject(partner, reason, actor=actor(), now=clock.now())
        flash(_("The application of %(name)s is rejected; its people are told why.", name=partner.name), "success")
        return _on("staff_queues.applications", partner)

    return _with_words(slug, ReasonForm(), act, _("Reject the application"))


@bp.route("/<slug>/ask", methods=["GET", "POST"])
@audience("staff")
def ask(slug: str) -> ResponseReturnValue:
    def act(partner: Partner, question: str) -> str:
        operations.ask_back(partner, question, actor=actor(), now=clock.now())
        flash(_("Your question is on its way to the people of %(name)s.", name=partner.name), "success")
        return _on("staff_queues.applications", partner)

    return _with_words(slug, QuestionForm(), act, _("Ask the applicants"))


@bp.route("/<slug>/<any(dormant, left, restore):decision>", methods=["GET", "POST"])
@audience("staff")
def decide(slug: str, decision: str) -> ResponseReturnValue:
    heading = {
        "dormant": _("Mark as dormant"),
        "left": _("Take out of the directory"),
        "restore": _("Bring back"),
    }[decision]

    def act(partner: Partner, reason: str) -> str:
        operations.DECISIONS[decision](partner, reason, actor=actor(), now=clock.now())
        flash(_("%(name)s: %(state)s.", name=partner.name, state=label(partner.state)), "success")
        return url_for(".show", slug=partner.slug)

    return _with_words(slug, NoteForm(), act, heading)


def _on(queue: str, partner: Partner) -> str:
    """Where a decision leads: to the next that waits where it was taken in the queue, else back to the partner."""
    if request.args.get("back") == "queue":
        return url_for(queue, _anchor=desk.FIRST)
    return url_for(".show", slug=partner.slug)


def _decide(slug: str, act: Callable[[Partner], str]) -> ResponseReturnValue:
    """A decision that is one button."""
    require(actor(), "partner.curate", None)
    partner = queries.by_slug(slug)
    return submit_once(PortalForm(), lambda: act(partner))


def _with_words(slug: str, form: Any, act: Callable[[Partner, str], str], heading: str) -> ResponseReturnValue:
    """A decision that wants a reason or a question."""
    require(actor(), "partner.curate", None)
    partner = queries.by_slug(slug)
    if form.validate_on_submit():
        return submit_once(form, lambda: act(partner, form.reason.data))
    back = _on("staff_queues.applications", partner)
    page = desk.render("staff/directory/decide.html", form=form, partner=partner, heading=heading, back=back)
    return page, 422 if form.errors else 200
