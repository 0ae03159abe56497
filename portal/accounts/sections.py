"""The pages of one's own account, in the order of their menu, and the frame they share."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask_babel import lazy_gettext as _l

from portal.core.web import path_for


@dataclass(frozen=True)
class Section:
    """A page of the settings: where it is and what it is called."""

    endpoint: str
    label: Any


SECTIONS: tuple[Section, ...] = (
    Section("accounts.settings", _l("Name, language and mail")),
    Section("accounts.notices", _l("Notices")),
    Section("accounts.partners", _l("Your partners")),
    Section("accounts.contacts", _l("You as a contact")),
    Section("accounts.email", _l("E-mail address")),
    Section("accounts.password", _l("Password")),
    Section("accounts.second_factors", _l("Second factor")),
    Section("accounts.devices", _l("Signed-in devices")),
    Section("accounts.data", _l("Your data")),
)

WITHIN = {"accounts.contact": "accounts.contacts"}
"""A page within a section → the section."""


def render(template: str, **values: Any) -> str:
    """A page of the settings: `template` extends `accounts/section.html`, which shows the menu."""
    menu = [
        {
            "label": section.label,
            "url": path_for(section.endpoint),
            "active": section.endpoint == WITHIN.get(request.endpoint or "", request.endpoint),
        }
        for section in SECTIONS
    ]
    return render_template(template, sections=menu, **values)
