"""The queues of the directory: what waits, the oldest first, each row one decision."""

from datetime import datetime
from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock
from portal.core.bilingual import text_of
from portal.core.forms import PortalForm, submit_once
from portal.core.labels import label
from portal.core.permissions import audience, require
from portal.core.templating import day
from portal.core.web import actor, page_number, pages
from portal.corrections import operations as correcting
from portal.corrections import queries as hints
from portal.corrections.models import Correction
from portal.partners import queries as partners
from portal.partners.models import PartnerType
from portal.staff import desk
from portal.staff.directory import operations, queries
from portal.staff.directory.forms import OutcomeForm, ReasonForm
from portal.staff.merging import queries as merging
from portal.staff.merging.labels import FIELDS
from portal.staff.queues.rows import Decision, Row, page

bp = pages("staff_queues", __name__, "/staff")


def _next(queue: str) -> str:
    """Where a decision that another page takes leads back to: what waits next."""
    return url_for(queue, _anchor=desk.FIRST)


def _since(moment: datetime) -> str:
    return _("since %(date)s", date=day(moment))


def _everything() -> tuple[str, str]:
    return _("Look through the whole directory"), url_for("staff_directory.index")


@bp.get("/applications")
@audience("staff")
def applications() -> ResponseReturnValue:
    require(actor(), "partner.curate", None)
    part = queries.applications(page_number())
    applicants = queries.applicants([one.id for one in part.rows])
    alike = merging.like_each([one.id for one in part.rows])
    rows = [
        Row(
            one.called(),
            url_for("staff_directory.show", slug=one.slug),
            [
                label(one.type),
                _("CVR %(number)s", number=one.cvr) if one.cvr else _("no CVR number"),
                one.website,
                _("applied for by %(people)s", people=", ".join(applicants[one.id])) if applicants[one.id] else "",
                _since(one.created_at),
                _("asked back on %(date)s", date=day(one.asked_at)) if one.asked_at else "",
            ],
            str(one.text("description")),
            warning=_("Looks like %(name)s, which is in the directory.", name=partners.called(twin)) if twin else "",
            decisions=_on_application(one.slug, twin.slug if twin else ""),
        )
        for one in part.rows
        for twin in (alike.get(one.id),)
    ]
    return page(
        _("Applications"),
        _("Organisations that want to be in the directory. Look at their website and number before you decide."),
        part,
        rows,
        _("No application waits."),
        _everything(),
    )


def _on_application(slug: str, twin: str) -> list[Decision]:
    def to(decision: str) -> str:
        return url_for(f"staff_directory.{decision}", slug=slug, back="queue")

    decisions = [
        Decision(_("Approve"), to("approve"), is_first=not twin),
        Decision(_("Ask the applicants"), to("ask"), asks=True),
        Decision(_("Reject"), to("reject"), asks=True),
    ]
    if twin:
        pair = url_for("staff_merging.preview", stays=twin, goes=slug)
        return [Decision(_("Look at them side by side"), pair, asks=True), *decisions]
    return decisions


@bp.get("/changes")
@audience("staff")
def changes() -> ResponseReturnValue:
    require(actor(), "partner.curate", None)
    part = queries.changes(page_number())
    rows = [
        Row(
            one.partner.called(),
            url_for("partners.show", slug=one.partner.slug),
            [_("proposed by %(name)s", name=one.proposed_by), _since(one.created_at)],
            changes=[_change(name, *both) for name, both in one.changes.items()],
            decisions=[
                Decision(_("Accept"), url_for(".accept_change", change_id=one.id), is_first=True),
                Decision(_("Refuse"), url_for(".refuse_change", change_id=one.id), asks=True),
            ],
        )
        for one in part.rows
    ]
    return page(
        _("Changes to who a partner is"),
        _("Name, type, CVR number and what it is part of: the profile shows them when you have accepted them."),
        part,
        rows,
        _("No change waits."),
        _everything(),
    )


def _change(name: str, before: Any, after: Any) -> tuple[str, str, str]:
    def shown(value: Any) -> str:
        if name == "type" and value:
            return label(PartnerType(value))
        if name == "parent_id" and value:
            return partners.name_of(value)
        return str(value or "")

    return str(FIELDS.get(name, name)), shown(before), shown(after)


@bp.post("/changes/<int:change_id>/accept")
@audience("staff")
def accept_change(change_id: int) -> ResponseReturnValue:
    require(actor(), "partner.curate", None)
    change = queries.change(change_id)

    def act() -> str:
        operations.accept_change(change, actor=actor(), now=clock.now())
        flash(_("The change is published."), "success")
        return url_for(".changes", _anchor=desk.FIRST)

    return submit_once(PortalForm(), act)


@bp.route("/changes/<int:change_id>/refuse", methods=["GET", "POST"])
@audience("staff")
def refuse_change(change_id: int) -> ResponseReturnValue:
    require(actor(), "partner.curate", None)
    change = queries.change(change_id)
    form = ReasonForm()

    def act() -> str:
        operations.refuse_change(change, form.reason.data, actor=actor(), now=clock.now())
        flash(_("The change is refused; the partner’s people are told why."), "success")
        return url_for(".changes", _anchor=desk.FIRST)

    if form.validate_on_submit():
        return submit_once(form, act)
    shown = desk.render(
        "staff/directory/decide.html",
        form=form,
        partner=change.partner,
        heading=_("Refuse the change"),
        back=url_for(".changes"),
    )
    return shown, 422 if form.errors else 200


@bp.get("/confirmations")
@audience("staff")
def confirmations() -> ResponseReturnValue:
    require(actor(), "partner.curate", None)
    part = queries.unconfirmed(clock.now(), page_number())
    rows = [
        Row(
            partners.called(one),
            url_for("partners.show", slug=one.slug),
            [
                _("confirmed on %(date)s", date=day(one.confirmed_at)) if one.confirmed_at else _("never confirmed"),
                _("asked on %(date)s", date=day(one.confirmation_asked_at)) if one.confirmation_asked_at else "",
                "" if one.can_ask else _("has no admin who could be asked"),
            ],
            decisions=[
                Decision(_("It is right: confirm"), url_for("staff_directory.confirm", slug=one.slug, back="queue"))
            ],
        )
        for one in part.rows
    ]
    return page(
        _("Profiles to confirm"),
        _("A year has passed since somebody said that they are right. Partners with admins are asked by mail."),
        part,
        rows,
        _("No profile is due to be confirmed."),
        _everything(),
    )


@bp.get("/project-confirmations")
@audience("staff")
def project_confirmations() -> ResponseReturnValue:
    require(actor(), "partner.curate", None)
    part = queries.unconfirmed_projects(clock.now(), page_number())
    here = _next(".project_confirmations")
    rows = [
        Row(
            str(text_of(one, "title")),
            url_for("projects.show", slug=one.slug),
            [
                label(one.state) if one.state else "",
                _("confirmed on %(date)s", date=day(one.confirmed_at)) if one.confirmed_at else _("never confirmed"),
                _("asked on %(date)s", date=day(one.confirmation_asked_at)) if one.confirmation_asked_at else "",
            ],
            decisions=[Decision(_("It is right: confirm"), url_for("freshness.confirm", slug=one.slug, next=here))],
        )
        for one in part.rows
    ]
    return page(
        _("Projects to confirm"),
        _("A year has passed since somebody said that they are right. Those who run them are asked by mail."),
        part,
        rows,
        _("No project is due to be confirmed."),
        (_("Look through the portfolio"), url_for("projects.index")),
    )


@bp.get("/consents")
@audience("staff")
def consents() -> ResponseReturnValue:
    require(actor(), "partner.curate", None)
    part = queries.without_consent(page_number())
    rows = [
        Row(
            one.name or str(text_of(one, "function")),
            url_for("partners.show", slug=one.slug),
            [
                one.partner_name,
                one.email,
                _("asked on %(date)s", date=day(one.consent_asked_at)) if one.consent_asked_at else _("never asked"),
            ],
            decisions=[
                Decision(
                    _("Ask by mail"), url_for("contacts.ask", slug=one.slug, contact_id=one.id, next=_next(".consents"))
                )
            ],
        )
        for one in part.rows
    ]
    return page(
        _("People who have not agreed to be shown"),
        _("Nobody but the partner’s admins and you sees them until they do."),
        part,
        rows,
        _("Everybody has answered."),
        _everything(),
    )


@bp.get("/descriptions")
@audience("staff")
def descriptions() -> ResponseReturnValue:
    require(actor(), "staff.read", None)
    part = queries.undescribed(page_number())
    rows = [
        Row(
            partners.called(one),
            url_for("partners.show", slug=one.slug),
            [
                _("Danish is missing") if not one.description_da else "",
                _("English is missing") if not one.description_en else "",
            ],
            decisions=[Decision(_("Describe it"), url_for("profile.edit", slug=one.slug), asks=True)]
            if actor().has(*desk.CURATORS)
            else (),
        )
        for one in part.rows
    ]
    return page(
        _("Profiles to describe"),
        _("They lack a description in Danish or English; those that have one of the two come first."),
        part,
        rows,
        _("Every profile is described in both languages."),
        _everything(),
    )


@bp.get("/silent")
@audience("staff")
def silent() -> ResponseReturnValue:
    require(actor(), "staff.read", None)
    part = queries.silent(clock.now(), page_number())
    rows = [
        Row(
            str(text_of(one, "title")),
            url_for("projects.show", slug=one.slug),
            [
                label(one.state),
                _("silent for more than 180 days") if one.for_long else _("silent for more than 90 days"),
            ],
            decisions=[
                Decision(_("It is right: confirm"), url_for("freshness.confirm", slug=one.slug, next=_next(".silent")))
            ]
            if actor().has(*desk.CURATORS)
            else (),
        )
        for one in part.rows
    ]
    return page(
        _("Projects gone silent"),
        _("They are under way, and nobody has updated, edited or confirmed them for 90 days or more."),
        part,
        rows,
        _("No project is silent."),
        (_("Look through the portfolio"), url_for("projects.index")),
    )


@bp.get("/join-requests")
@audience("staff")
def join_requests() -> ResponseReturnValue:
    require(actor(), "partner.curate", None)
    part = queries.join_requests(page_number())
    rows = [
        Row(
            _("%(name)s wants to act for %(partner)s", name=one.account.name, partner=one.partner.called()),
            url_for("partners.show", slug=one.partner.slug),
            [one.account.email or "", _since(one.created_at)],
            one.message,
            decisions=[
                Decision(
                    _("Answer"),
                    url_for("accounts.decide_request", request_id=one.id, next=_next(".join_requests")),
                    asks=True,
                )
            ],
        )
        for one in part.rows
    ]
    return page(
        _("Requests to join a partner without admins"),
        _("Nobody at these partners can answer. Make sure that the person works there before you accept."),
        part,
        rows,
        _("No request waits."),
        _everything(),
    )


@bp.get("/corrections")
@audience("staff")
def corrections() -> ResponseReturnValue:
    require(actor(), "correction.answer", None)
    part = hints.waiting(page_number())
    rows = [
        Row(
            correcting.called(one),
            _about(one),
            [
                _since(one.created_at),
                _("wants an answer") if one.email else "",
                _("to be checked at: %(where)s", where=one.evidence) if one.evidence else "",
            ],
            one.text,
            decisions=[Decision(_("Answer and close"), url_for(".answer", correction_id=one.id), asks=True)],
        )
        for one in part.rows
    ]
    return page(
        _("Hints from readers"),
        _("Somebody found something wrong. Put it right where it stands, then say what was done."),
        part,
        rows,
        _("No hint waits."),
        _everything(),
    )


def _about(correction: Correction) -> str:
    if correction.partner is not None:
        return url_for("partners.show", slug=correction.partner.slug)
    assert correction.project is not None
    return url_for("projects.show", slug=correction.project.slug)


def _mended_at(correction: Correction) -> str:
    if correction.partner is not None:
        return url_for("profile.edit", slug=correction.partner.slug)
    assert correction.project is not None
    return url_for("editing.texts", slug=correction.project.slug)


@bp.route("/corrections/<int:correction_id>", methods=["GET", "POST"])
@audience("staff")
def answer(correction_id: int) -> ResponseReturnValue:
    require(actor(), "correction.answer", None)
    correction = hints.by_id(correction_id)
    form = OutcomeForm()

    def act() -> str:
        correcting.close(correction, form.reason.data, actor=actor(), now=clock.now())
        flash(_("The hint is closed."), "success")
        return url_for(".corrections", _anchor=desk.FIRST)

    if form.validate_on_submit():
        return submit_once(form, act)
    shown = desk.render(
        "staff/queues/correction.html",
        form=form,
        correction=correction,
        name=correcting.called(correction),
        url=_about(correction),
        mend=_mended_at(correction) if actor().has(*desk.CURATORS) else "",
    )
    return shown, 422 if form.errors else 200
