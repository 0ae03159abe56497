"""What partners show of somebody as their contact: read, put right and withdrawn by that person, signed in."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.blueprint import bp
from portal.accounts.sections import render
from portal.core import clock
from portal.core.errors import NotFound
from portal.core.forms import PortalForm, revise_once, submit_once
from portal.core.permissions import audience
from portal.core.texts import gettext as _
from portal.core.web import actor
from portal.partners.contacts import operations
from portal.partners.contacts.forms import OwnForm
from portal.partners.models import ContactPoint, Partner

CONTACT = "<int:contact_id>"


@bp.get("/contacts")
@audience("signed_in")
def contacts() -> ResponseReturnValue:
    return render("accounts/contacts/index.html", contacts=operations.own(actor()), form=PortalForm(formdata=None))


@bp.route(f"/contacts/{CONTACT}", methods=["GET", "POST"])
@audience("signed_in")
def contact(contact_id: int) -> ResponseReturnValue:
    point, partner = _own(contact_id)
    form = OwnForm(obj=point)

    def act() -> str:
        operations.correct(point, form.details(), actor=actor(), now=clock.now())
        flash(_("Thank you. It is shown as you say."), "success")
        return url_for(".contacts")

    if form.validate_on_submit():
        return revise_once(
            form,
            lambda: OwnForm(formdata=None, obj=point),
            act,
            heading=_("What the portal shows about you"),
            cancel=url_for(".contacts"),
        )
    page = render("accounts/contacts/edit.html", form=form, point=point, partner=partner)
    return page, 422 if form.errors else 200


@bp.post(f"/contacts/{CONTACT}/withdraw")
@audience("signed_in")
def withdraw_contact(contact_id: int) -> ResponseReturnValue:
    point, _partner = _own(contact_id)

    def act() -> str:
        operations.take_back(point, actor=actor(), now=clock.now())
        return url_for(".contacts")

    return submit_once(PortalForm(), act)


def _own(contact_id: int) -> tuple[ContactPoint, Partner]:
    for point, partner in operations.own(actor()):
        if point.id == contact_id:
            return point, partner
    raise NotFound("contact", contact_id)
