"""The pages on which a partner describes itself."""

from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock, uploads
from portal.core.bilingual import LANGUAGES, is_stale, other
from portal.core.errors import NotFound
from portal.core.forms import PortalForm, revise_once, submit_once
from portal.core.permissions import audience
from portal.core.themes import Theme
from portal.core.web import actor, pages
from portal.partners import queries, sections
from portal.partners.models import Partner, PartnerChange
from portal.partners.profile import operations
from portal.partners.profile.forms import InterestForm, LogoForm, ProfileForm, as_filled

bp = pages("profile", __name__, "/partners")


@bp.route("/<slug>/edit", methods=["GET", "POST"])
@audience("signed_in")
def edit(slug: str) -> ResponseReturnValue:
    partner = queries.to_work_on(slug, actor(), "partner.edit")
    form = _profile_form(partner)

    def act() -> str:
        waits = operations.revise(partner, form.details(), actor=actor(), now=clock.now())
        flash(_("Your changes are saved."), "success")
        if waits:
            flash(_("What changes who the organisation is waits until a curator has looked at it."), "info")
        return url_for("partners.show", slug=partner.slug)

    if form.validate_on_submit() and _is_free(form, partner):
        return revise_once(
            form,
            lambda: _profile_form(partner, formdata=None),
            act,
            heading=partner.called(),
            cancel=url_for("partners.show", slug=partner.slug),
        )
    page = sections.render(
        "partners/profile/edit.html",
        partner,
        form=form,
        states=_text_states(partner),
        waits=_told(form, operations.waiting_change(partner.id)),
        is_held_back=operations.is_held_back(partner, actor()),
    )
    return page, 422 if form.errors else 200


def _profile_form(partner: Partner, **options: Any) -> ProfileForm:
    waits = operations.waiting_change(partner.id) if operations.is_held_back(partner, actor()) else None
    form = ProfileForm(obj=as_filled(partner, waits), **options)
    form.offer(queries.all_seats(), [one for one in queries.all_names() if one[0] != partner.id])
    return form


def _told(form: ProfileForm, change: PartnerChange | None) -> list[tuple[str, str]]:
    """What waits for a curator: each control's label and what was proposed for it, in words."""
    told = []
    for field, (_before, after) in change.changes.items() if change else ():
        choices = {str(one.value): str(one.label) for one in getattr(form[field], "choices", ())}
        value = "" if after is None else str(after)
        told.append((str(form[field].label.text), choices.get(value, value) or _("none")))
    return told


def _is_free(form: ProfileForm, partner: Partner) -> bool:
    """Whether no other partner has these numbers; says at the control which one does."""
    for field in (form.cvr, form.ror, form.wikidata):
        owner = operations.owner_of(field.short_name, field.data, partner.id) if field.data else None
        if owner:
            field.errors = [_("%(name)s has this number already.", name=owner)]
    return not form.errors


def _text_states(partner: Partner) -> dict[str, str]:
    """What the writer is told of each language of the description."""
    said: dict[str, str] = {}
    for language in LANGUAGES:
        mine = getattr(partner, f"description_{language}")
        theirs = getattr(partner, f"description_{other(language)}")
        if not mine and theirs:
            said[language] = _("Missing: readers of this language get the other one.")
        elif mine and theirs and is_stale(partner, language):
            said[language] = _("The other language was revised later: look whether this still says the same.")
    return said


@bp.route("/<slug>/interests", methods=["GET", "POST"])
@audience("signed_in")
def interests(slug: str) -> ResponseReturnValue:
    """What the partner offers and looks for: one line each."""
    partner = queries.to_work_on(slug, actor(), "partner.edit")
    form = InterestForm()

    def act() -> str:
        operations.add_interest(
            partner,
            form.direction.data,
            Theme(form.theme.data),
            form.line_da.data or "",
            form.line_en.data or "",
            actor=actor(),
            now=clock.now(),
        )
        return url_for(".interests", slug=partner.slug)

    if form.validate_on_submit():
        return submit_once(form, act)
    page = sections.render("partners/profile/interests.html", partner, form=form, one=PortalForm(formdata=None))
    return page, 422 if form.errors else 200


@bp.post("/<slug>/interests/<int:interest_id>/remove")
@audience("signed_in")
def drop_interest(slug: str, interest_id: int) -> ResponseReturnValue:
    partner = queries.to_work_on(slug, actor(), "partner.edit")

    def act() -> str:
        operations.drop_interest(partner, interest_id, actor=actor(), now=clock.now())
        return url_for(".interests", slug=partner.slug)

    return submit_once(PortalForm(), act)


@bp.route("/<slug>/logo", methods=["GET", "POST"])
@audience("signed_in")
def logo(slug: str) -> ResponseReturnValue:
    partner = queries.to_work_on(slug, actor(), "partner.edit")
    form = LogoForm(obj=partner)

    def act() -> str:
        upload = form.logo.upload
        assert upload is not None
        operations.set_logo(
            partner,
            upload,
            form.logo_alt_da.data or "",
            form.logo_alt_en.data or "",
            actor=actor(),
            now=clock.now(),
        )
        return url_for(".logo", slug=partner.slug)

    if form.validate_on_submit():
        return submit_once(form, act)
    return sections.render("partners/profile/logo.html", partner, form=form, one=PortalForm(formdata=None)), form.status


@bp.post("/<slug>/logo/remove")
@audience("signed_in")
def drop_logo(slug: str) -> ResponseReturnValue:
    partner = queries.to_work_on(slug, actor(), "partner.edit")

    def act() -> str:
        operations.drop_logo(partner, actor=actor(), now=clock.now())
        return url_for(".logo", slug=partner.slug)

    return submit_once(PortalForm(), act)


@bp.get("/<slug>/logo/<digest>")
@audience("everyone")
def logo_file(slug: str, digest: str) -> ResponseReturnValue:
    """The logo itself; its address changes with it."""
    partner = queries.by_slug(slug, actor())
    if partner.logo_digest is None or partner.logo_digest != digest:
        raise NotFound("logo", slug)
    return uploads.sent(digest, partner.slug, is_public=partner.is_public, inline=True)
