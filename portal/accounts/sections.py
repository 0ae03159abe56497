"""The pages of one's own account, in the order of their menu, and the frame they share."""

from typing import Any

from flask import render_template
from flask_babel import lazy_gettext as _l

from portal.core.sections import Section, menu

SECTIONS: tuple[Section, ...] = (
    Section("accounts.settings", _l("Name, language and mail")),
    Section("accounts.notices", _l("Notices")),
    Section("accounts.partners", _l("Your partners")),
    Section("accounts.contacts", _l("You as a contact"), within=("accounts.contact",)),
    Section("accounts.email", _l("E-mail address")),
    Section("accounts.password", _l("Password")),
    Section("accounts.second_factors", _l("Second factor")),
    Section("accounts.devices", _l("Signed-in devices")),
    Section("accounts.data", _l("Your data")),
)


def render(template: str, **values: Any) -> str:
    """A page of the settings: `template` extends `accounts/section.html`, which shows the menu."""
    return render_template(template, sections=menu(SECTIONS), **values)
