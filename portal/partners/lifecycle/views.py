"""Confirming a profile: by its own people with one press, or with the mailed link and without signing in."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts import queries as accounts
from portal.core import clock, freshness
from portal.core.errors import NotFound, Spent
from portal.core.forms import PortalForm, submit_once
from portal.core.permissions import Actor, allows, audience
from portal.core.web import actor, pages, uncached
from portal.partners import queries
from portal.partners.lifecycle import operations
from portal.partners.models import Partner

bp = pages("lifecycle_partners", __name__, "/partners")


@bp.post("/<slug>/confirm")
@audience("signed_in")
def confirm(slug: str) -> ResponseReturnValue:
    partner = queries.to_work_on(slug, actor(), "partner.confirm")

    def act() -> str:
        operations.confirm(partner, actor=actor(), now=clock.now())
        flash(_("Thank you. The profile is confirmed for a year."), "success")
        return url_for("partners.show", slug=partner.slug)

    return submit_once(PortalForm(), act)


@bp.route("/confirm/<token>", methods=["GET", "POST"])
@audience("everyone")
def confirm_by_link(token: str) -> ResponseReturnValue:
    """Shows what will be confirmed; the button confirms it. Opening the link alone does nothing."""
    uncached()
    person, partner = _opened(token)
    form = PortalForm()

    def act() -> str:
        operations.confirm(partner, actor=person, now=clock.now())
        return url_for(".confirm_by_link", token=token)

    if form.validate_on_submit():
        return submit_once(form, act)
    return render_template("partners/confirm.html", form=form, partner=partner), 422 if form.errors else 200


def _opened(token: str) -> tuple[Actor, Partner]:
    """The partner that a link is about, and the person it was mailed to, as long as they may say so."""
    link = freshness.link_of(operations.KIND, token, now=clock.now())
    partner = queries.public_by_id(link.subject_id) if link else None
    if link is None or partner is None:
        raise NotFound("confirmation", "link")
    person = accounts.by_mail(link.account_id)
    if not allows(person, "partner.confirm", partner):
        raise Spent
    return person, partner
