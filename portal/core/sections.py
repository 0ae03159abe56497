"""The pages on which one thing is worked on: the entries of their menu, those that the actor may open."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from portal.core.permissions import allows
from portal.core.web import actor, path_for


@dataclass(frozen=True)
class Section:
    """A page of a desk: where it is, what it is called, what one must be allowed to do to open it, the pages in it.

    `group` names what it has in common with its neighbours, where a menu is long.
    """

    endpoint: str
    label: Any
    action: str = ""
    within: tuple[str, ...] = ()
    group: Any = ""


def menu(sections: Sequence[Section], thing: Any = None) -> list[dict[str, Any]]:
    """The menu beside the page being made, for `layouts/desk.html`; `thing` is what the pages are about."""
    here = _here(sections)
    about = {"slug": thing.slug} if thing is not None else {}
    return [
        {
            "endpoint": section.endpoint,
            "label": section.label,
            "url": path_for(section.endpoint, **about),
            "active": section.endpoint == here,
            "group": section.group,
        }
        for section in sections
        if not section.action or allows(actor(), section.action, thing)
    ]


def _here(sections: Sequence[Section]) -> str:
    """The section of the page being made: its own, the one it is within, or the only one of its blueprint."""
    for section in sections:
        if request.endpoint in section.within:
            return section.endpoint
    kin = [section.endpoint for section in sections if section.endpoint.partition(".")[0] == request.blueprint]
    return kin[0] if len(kin) == 1 else str(request.endpoint)
