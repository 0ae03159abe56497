"""Writing series, publishing and withdrawing them: the only way they change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_hex
from typing import Any

from portal.core import audit, intake, slugs
from portal.core.bilingual import LANGUAGES
from portal.core.db import db
from portal.core.errors import Invalid
from portal.core.permissions import Actor, require
from portal.core.themes import Theme
from portal.search.outbox import touch
from portal.webinars.models import Series, SeriesPartner, SeriesProject, SeriesState, SeriesTheme
from portal.webinars.series.queries import KIND

TEXTS = tuple(f"{pair}_{language}" for pair in Series.pairs for language in LANGUAGES)
RESERVED = frozenset({"new"})


@dataclass(frozen=True)
class Content:
    """All of a series that its writers decide. `partner_ids` are those named besides the hosts."""

    texts: Mapping[str, str] = field(default_factory=dict)
    host_ids: tuple[int, ...] = ()
    host_names: str = ""
    partner_ids: tuple[int, ...] = ()
    project_ids: tuple[int, ...] = ()
    themes: tuple[Theme, ...] = ()
    info_url: str = ""


def content_of(series: Series) -> Content:
    """What a series says now; lists in a fixed order."""
    themes = {tie.theme for tie in series.themes}
    return Content(
        texts={column: getattr(series, column) or "" for column in TEXTS},
        host_ids=tuple(sorted(tie.partner_id for tie in series.partners if tie.is_host)),
        host_names=series.host_names,
        partner_ids=tuple(sorted(tie.partner_id for tie in series.partners if not tie.is_host)),
        project_ids=tuple(sorted(tie.project_id for tie in series.projects)),
        themes=tuple(theme for theme in Theme if theme in themes),
        info_url=series.info_url,
    )


def create(content: Content, *, actor: Actor, now: datetime) -> Series:
    """Begin a series; readers see it when it is published."""
    require(actor, "series.edit", None)
    title = content.texts.get("title_da") or content.texts.get("title_en", "")
    slug = slugs.free(title, token_hex(3), {*slugs.in_use(KIND, Series.slug), *RESERVED})
    series = Series(slug=slug, created_at=now, updated_at=now, speaker_names="", themes=[], partners=[], projects=[])
    _write(series, content, now)
    db.session.add(series)
    db.session.flush()
    _trace(series, "series.created", {"title": ("", title)}, actor, now)
    return series


def revise(series: Series, content: Content, *, actor: Actor, now: datetime) -> None:
    """Change what a series says. Nothing changed, nothing recorded."""
    require(actor, "series.edit", series)
    before = content_of(series)
    changes = {name: (before.texts[name], text) for name, text in content.texts.items() if before.texts[name] != text}
    for name in ("host_ids", "host_names", "partner_ids", "project_ids", "themes", "info_url"):
        old, new = getattr(before, name), getattr(content, name)
        if sorted(old) != sorted(new):
            changes[name] = (old, new)
    if not changes:
        return
    _write(series, content, now)
    series.updated_at = now
    db.session.flush()
    _trace(series, "series.revised", changes, actor, now)


def move(series: Series, to: SeriesState, *, actor: Actor, now: datetime) -> None:
    """Publish or withdraw a series. Its webinars stay as they are."""
    require(actor, "series.edit", series)
    before = series.state
    if before is to:
        return
    series.state, series.updated_at = to, now
    db.session.flush()
    _trace(series, "series.moved", {"state": (before, to)}, actor, now)


def _write(series: Series, content: Content, now: datetime) -> None:
    if not content.texts.get("title_da") and not content.texts.get("title_en"):
        raise Invalid("title_da", "a series needs a title in one language")
    series.write(now, **content.texts)
    series.host_names, series.info_url = content.host_names, content.info_url
    named = [*content.host_ids, *(one for one in content.partner_ids if one not in content.host_ids)]
    intake.tie(series.partners, "partner_id", named, SeriesPartner)
    for tie in series.partners:
        tie.is_host = tie.partner_id in content.host_ids
    intake.tie(series.projects, "project_id", content.project_ids, SeriesProject)
    intake.tie(series.themes, "theme", content.themes, SeriesTheme)


def _trace(series: Series, action: str, changes: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    audit.record(actor, action, KIND, series.id, changes, now=now)
    touch(KIND, series.id)
