"""The pages on which a partner's profile is worked on, in the order of their menu, and the frame they share."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask_babel import lazy_gettext as _l

from portal.core.permissions import allows
from portal.core.web import actor, path_for
from portal.partners.models import Partner


@dataclass(frozen=True)
class Section:
    """A page about a partner: where it is, what it is called, and what one must be allowed to do to open it."""

    endpoint: str
    label: Any
    action: str


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
    menu = [
        {
            "label": section.label,
            "url": path_for(section.endpoint, slug=partner.slug),
            "active": section.endpoint == request.endpoint,
        }
        for section in SECTIONS
        if allows(actor(), section.action, partner)
    ]
    return render_template(template, partner=partner, sections=menu, **values)
