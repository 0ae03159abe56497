"""The newsletter at the desk: what goes out next, looked over, held back, tried out or sent."""

from collections.abc import Callable
from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from portal.core import bilingual, clock
from portal.core.bilingual import LANGUAGES
from portal.core.forms import PortalForm, answered, revise_once, submit_once
from portal.core.permissions import audience, require
from portal.core.texts import gettext as _
from portal.core.web import actor, pages
from portal.newsletter import operations, queries
from portal.newsletter.forms import EditionForm
from portal.newsletter.models import Edition, Frequency, SubscriberState
from portal.staff import desk

bp = pages("staff_newsletter", __name__, "/staff/newsletter")

EDITION = "/<int:edition_id>"
DECISIONS: dict[str, Callable[..., None]] = {
    "hold": operations.hold,
    "release": operations.release,
    "send": operations.send_now,
}


@bp.get("")
@audience("staff")
def index() -> ResponseReturnValue:
    require(actor(), "newsletter.manage", None)
    counted = queries.readers(actor())
    confirmed = [
        (frequency, language, counted[SubscriberState.CONFIRMED, frequency, language])
        for frequency in Frequency
        for language in LANGUAGES
    ]
    others = {
        state: sum(number for (one, _frequency, _language), number in counted.items() if one is state)
        for state in (SubscriberState.PENDING, SubscriberState.BOUNCED)
    }
    return desk.render(
        "staff/newsletter/index.html", editions=queries.editions(actor()), confirmed=confirmed, others=others
    )


@bp.route(EDITION, methods=["GET", "POST"])
@audience("staff")
def show(edition_id: int) -> ResponseReturnValue:
    edition = queries.edition(edition_id, actor())
    things = queries.told(edition, clock.now())
    form = EditionForm.of(edition, _names(things))

    def act() -> str:
        left_out = form.left_out.data or []
        operations.revise(edition, form.texts(), left_out, actor=actor(), now=clock.now())
        flash(_("Your changes are saved."), "success")
        return url_for(".show", edition_id=edition_id)

    def now() -> EditionForm:
        return EditionForm.of(queries.edition(edition_id, actor()), _names(things), formdata=None)

    if form.validate_on_submit():
        heading = _heading(edition)
        return revise_once(form, now, act, heading=heading, cancel=url_for(".show", edition_id=edition_id))
    page = desk.render(
        "staff/newsletter/show.html",
        edition=edition,
        heading=_heading(edition),
        things=things,
        form=form,
        is_open=edition.state in operations.OPEN,
        mailed=queries.mailed(edition),
        one=PortalForm(formdata=None),
    )
    return page, 422 if form.errors else 200


@bp.post(f"{EDITION}/<any(hold, release, send):decision>")
@audience("staff")
def decide(edition_id: int, decision: str) -> ResponseReturnValue:
    form = PortalForm()
    if done := answered(form):
        return done
    edition = queries.edition(edition_id, actor())

    def act() -> str:
        DECISIONS[decision](edition, actor=actor(), now=clock.now())
        return url_for(".show", edition_id=edition_id)

    return submit_once(form, act)


@bp.post(f"{EDITION}/try")
@audience("staff")
def try_out(edition_id: int) -> ResponseReturnValue:
    edition = queries.edition(edition_id, actor())

    def act() -> str:
        email = queries.own_address(actor())
        is_sent = operations.try_out(edition, email, bilingual.chosen(), actor=actor(), now=clock.now())
        flash(_("It is on its way to your mailbox.") if is_sent else _("There is nothing in it."), "success")
        return url_for(".show", edition_id=edition_id)

    return submit_once(PortalForm(), act)


def _names(things: list[queries.Told]) -> dict[int, str]:
    return {one.item.id: str(one.subject.text("title")) for one in things}


def _heading(edition: Edition) -> Any:
    return _("Daily newsletter") if edition.frequency is Frequency.DAILY else _("Weekly newsletter")
