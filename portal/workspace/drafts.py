"""What somebody wrote and has not saved, called by what it says rather than by its address."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.core import kept
from portal.core.bilingual import Shown, text_of
from portal.core.db import read
from portal.core.permissions import Actor
from portal.core.richtext import excerpt
from portal.core.texts import gettext as _
from portal.core.web import path_for
from portal.partners import queries as partners
from portal.partners.models import Partner
from portal.partners.sections import SECTIONS as PARTNER_PAGES
from portal.projects.models import Project
from portal.projects.permissions import seen_by
from portal.projects.sections import SECTIONS as PROJECT_PAGES

LENGTH = 80
SHORTEST = 3
NAMING = ("title", "name", "heading", "subject")
"""How the controls begin that say what a text is called."""
NO_TEXT = ("version", "once", "visibility", "dated", "partner", "language", "kind", "theme")
_LANGUAGE = re.compile(r"^/(da|en)")
_ABOUT = re.compile(r"/(?:da|en)/(projects|partners)/([a-z0-9-]+)/")


@dataclass(frozen=True)
class Draft:
    """A draft as the workspace lists it: how it begins, what it is about, and where to go on."""

    title: str
    about: str
    url: str
    saved_at: datetime


def of_actor(actor: Actor) -> Iterator[Draft]:
    """The actor's drafts, the oldest first."""
    mine = kept.drafts_of(actor.account_id) if actor.account_id else ()
    abouts = [_ABOUT.match(one.path) for one in mine]
    titles = _titles((found.groups() for found in abouts if found), actor)
    for draft, found in zip(mine, abouts, strict=True):
        about = _page(draft.path, *found.groups()) if found else ""
        if found and found.groups() in titles:
            about = f"{titles[found.groups()]}, {about}" if about else str(titles[found.groups()])
        yield Draft(_beginning(draft.fields) or _("Without a title"), about, _place(draft.path), draft.saved_at)


def _page(path: str, kind: str, slug: str) -> str:
    """What the page is called in the menu of its desk."""
    pages = PROJECT_PAGES if kind == "projects" else PARTNER_PAGES
    fitting = {
        place: str(one.label)
        for one in pages
        if _LANGUAGE.sub("", path).startswith(place := _LANGUAGE.sub("", path_for(one.endpoint, slug=slug)))
    }
    return fitting[max(fitting, key=len)] if fitting else ""


def _place(path: str) -> str:
    return f"{path}?{kept.ASKED}={kept.DRAFT}"


def _beginning(fields: Iterable[Any]) -> str:
    """The title that was typed, or else how the first text begins."""
    texts = [(name, value.strip()) for name, value in fields if len(value.strip()) >= SHORTEST]
    named = [value for name, value in texts if name.startswith(NAMING)]
    rest = [value for name, value in texts if not name.startswith(NO_TEXT)]
    return excerpt((named or rest or [""])[0], LENGTH)


def _titles(wanted: Iterable[tuple[str | Any, ...]], actor: Actor) -> dict[tuple[str | Any, ...], str | Shown]:
    """What the projects and partners are called that drafts are about, as far as the actor sees them."""
    slugs: dict[str, set[str]] = {"projects": set(), "partners": set()}
    for kind, slug in wanted:
        slugs[kind].add(slug)
    projects = select(Project.slug, Project.title_da, Project.title_en).where(
        Project.slug.in_(slugs["projects"]), seen_by(actor)
    )
    found: dict[tuple[str | Any, ...], str | Shown] = {}
    if slugs["projects"]:
        found |= {("projects", row.slug): text_of(row, "title") for row in read(projects)}
    mine = Partner.id.in_(actor.partner_ids | actor.applicant_of)
    profiles = select(Partner.slug, Partner.name, Partner.name_da, Partner.name_en).where(mine)
    if slugs["partners"]:
        found |= {("partners", row.slug): partners.called(row) for row in read(profiles)}
    return found
