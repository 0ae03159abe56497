"""The pages on which a partner's profile is worked on, in the order of their menu, and the frame they share."""

from typing import Any

from flask import render_template
from flask_babel import lazy_gettext as _l

from portal.core.sections import Section, menu
from portal.partners.models import Partner

SECTIONS: list[Section] = [
    Section("partners.show", _l("Public page"), "partner.see"),
    Section("profile.edit", _l("Profile"), "partner.edit"),
    Section("profile.interests", _l("Offers and wishes"), "partner.edit"),
    Section("profile.logo", _l("Logo"), "partner.edit"),
    Section("contacts.index", _l("People to call"), "partner.edit"),
]


def enter(section: Section) -> None:
    """Let the menu lead to a page of a slice above, behind its own."""
    if section not in SECTIONS:
        SECTIONS.append(section)


def render(template: str, partner: Partner, **values: Any) -> str:
    """A page about a partner: `template` extends `partners/section.html`, whose menu shows what the actor may open."""
    return render_template(template, partner=partner, sections=menu(SECTIONS, partner), **values)
