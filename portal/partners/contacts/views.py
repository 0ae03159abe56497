"""People to call: looked after by the partner, agreed to by the people themselves, written to by readers."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock, strangers
from portal.core.errors import NotFound
from portal.core.forms import PortalForm, submit_once
from portal.core.permissions import audience
from portal.core.web import actor, asked_onward, pages, uncached
from portal.partners import queries, sections
from portal.partners.contacts import operations
from portal.partners.contacts.forms import ConsentForm, ContactForm, WriteForm
from portal.partners.models import ContactPoint, Partner

bp = pages("contacts", __name__, "/partners")


@bp.route("/<slug>/contacts", methods=["GET", "POST"])
@audience("signed_in")
def index(slug: str) -> ResponseReturnValue:
    """Everybody to call at a partner, with what they answered, and a form for one more."""
    partner = queries.to_work_on(slug, actor(), "partner.edit")
    form = ContactForm()

    def act() -> str:
        operations.add(partner, form.details(), actor=actor(), now=clock.now())
        flash(_("The person is asked by mail. The public sees them when they agree."), "success")
        return url_for(".index", slug=partner.slug)

    if form.validate_on_submit():
        return submit_once(form, act)
    page = sections.render(
        "partners/contacts/index.html",
        partner,
        form=form,
        contacts=operations.of_partner(partner.id, actor()),
        one=PortalForm(formdata=None),
    )
    return page, 422 if form.errors else 200


@bp.route("/<slug>/contacts/<int:contact_id>", methods=["GET", "POST"])
@audience("signed_in")
def edit(slug: str, contact_id: int) -> ResponseReturnValue:
    partner, point = _looked_after(slug, contact_id)
    form = ContactForm(obj=point)

    def act() -> str:
        operations.revise(point, partner, form.details(), actor=actor(), now=clock.now())
        flash(_("Saved. What was changed is shown when the person has agreed to it."), "success")
        return url_for(".index", slug=partner.slug)

    if form.validate_on_submit():
        return submit_once(form, act)
    return sections.render("partners/contacts/edit.html", partner, form=form), 422 if form.errors else 200


@bp.post("/<slug>/contacts/<int:contact_id>/ask")
@audience("signed_in")
def ask(slug: str, contact_id: int) -> ResponseReturnValue:
    partner, point = _looked_after(slug, contact_id)

    def act() -> str:
        operations.ask_again(point, partner, actor=actor(), now=clock.now())
        flash(_("The person is asked once more."), "success")
        return asked_onward() or url_for(".index", slug=partner.slug)

    return submit_once(PortalForm(), act)


@bp.post("/<slug>/contacts/<int:contact_id>/remove")
@audience("signed_in")
def remove(slug: str, contact_id: int) -> ResponseReturnValue:
    partner, point = _looked_after(slug, contact_id)

    def act() -> str:
        operations.remove(point, actor=actor(), now=clock.now())
        return url_for(".index", slug=partner.slug)

    return submit_once(PortalForm(), act)


@bp.route("/contact/<token>", methods=["GET", "POST"])
@audience("everyone")
def consent_by_link(token: str) -> ResponseReturnValue:
    """What is known of whoever holds the link, and their say in it, at any time."""
    uncached()
    point = operations.by_token(token)
    partner = queries.plain(point.partner_id)
    form = ConsentForm(data={"consent": point.consent.value})

    def act() -> str:
        operations.give(point, form.level(), now=clock.now())
        flash(_("Thank you. It is shown as you say."), "success")
        return url_for(".consent_by_link", token=token)

    if form.validate_on_submit():
        return submit_once(form, act)
    page = render_template(
        "partners/contacts/consent.html",
        form=form,
        point=point,
        partner=partner,
        token=token,
        one=PortalForm(formdata=None),
    )
    return page, 422 if form.errors else 200


@bp.post("/contact/<token>/withdraw")
@audience("everyone")
def withdraw_by_link(token: str) -> ResponseReturnValue:
    point = operations.by_token(token)

    def act() -> str:
        operations.withdraw(point, now=clock.now())
        flash(_("You are no longer shown anywhere. You can change your mind on this page."), "success")
        return url_for(".consent_by_link", token=token)

    return submit_once(PortalForm(), act)


@bp.route("/<slug>/write/<int:contact_id>", methods=["GET", "POST"])
@audience("everyone")
def write(slug: str, contact_id: int) -> ResponseReturnValue:
    """A message to somebody whose address is not given away."""
    partner = queries.by_slug(slug, actor())
    point = operations.reachable(partner.id, contact_id, actor())
    form = WriteForm()

    def act() -> str:
        strangers.note_stranger(clock.now())
        operations.write_to(
            point,
            partner,
            form.name.data,
            form.email.data,
            form.message.data,
            actor=actor(),
            now=clock.now(),
        )
        return url_for(".written", slug=partner.slug)

    if form.validate_on_submit():
        return submit_once(form, act)
    page = render_template("partners/contacts/write.html", form=form, partner=partner, point=point)
    return page, 422 if form.errors else 200


@bp.get("/<slug>/written")
@audience("everyone")
def written(slug: str) -> ResponseReturnValue:
    """Said to who has written; a visitor has no session in which it could be said elsewhere."""
    partner = queries.by_slug(slug, actor())
    return render_template("partners/contacts/written.html", partner=partner)


def _looked_after(slug: str, contact_id: int) -> tuple[Partner, ContactPoint]:
    partner = queries.to_work_on(slug, actor(), "partner.edit")
    for point in operations.of_partner(partner.id, actor()):
        if point.id == contact_id:
            return partner, point
    raise NotFound("contact", contact_id)
