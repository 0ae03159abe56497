"""What a webinar says, as one bundle: what forms hand over, what revisions keep, what the trace compares."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import selectinload, undefer

from portal.core.bilingual import LANGUAGES
from portal.core.themes import Theme
from portal.webinars.models import RETENTION_DAYS, Webinar

TEXTS = tuple(f"{pair}_{language}" for pair in Webinar.pairs for language in LANGUAGES)
TIES = (Webinar.themes, Webinar.partners, Webinar.projects, Webinar.municipalities)
LOADS = (*(selectinload(children) for children in TIES), undefer(Webinar.join_url))
"""What has to be loaded with a webinar whose content is read or written."""

PLAIN = (
    "series_id",
    "starts_at",
    "ends_at",
    "held_on",
    "zone",
    "host_names",
    "info_url",
    "capacity",
    "registration_opens_at",
    "registration_closes_at",
    "retention_days",
    "publish_at",
)
"""Fields that are columns of the same name."""


@dataclass(frozen=True)
class Content:
    """All of a webinar that its writers decide. `texts` by column; `partner_ids` are those named besides the hosts."""

    texts: Mapping[str, str] = field(default_factory=dict)
    series_id: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    held_on: date | None = None
    zone: str = "Europe/Copenhagen"
    languages: tuple[str, ...] = ()
    host_ids: tuple[int, ...] = ()
    host_names: str = ""
    partner_ids: tuple[int, ...] = ()
    project_ids: tuple[int, ...] = ()
    municipality_ids: tuple[int, ...] = ()
    themes: tuple[Theme, ...] = ()
    info_url: str = ""
    join_url: str = ""
    capacity: int | None = None
    registration_opens_at: datetime | None = None
    registration_closes_at: datetime | None = None
    retention_days: int = RETENTION_DAYS
    publish_at: datetime | None = None

    def but(self, **changes: Any) -> "Content":
        """The same with some of it changed."""
        return replace(self, **changes)


def content_of(webinar: Webinar) -> Content:
    """What a webinar says now; lists in a fixed order."""
    themes = {tie.theme for tie in webinar.themes}
    return Content(
        texts={column: getattr(webinar, column) or "" for column in TEXTS},
        **{name: getattr(webinar, name) for name in PLAIN},
        languages=tuple(webinar.languages.replace(";", " ").split()),
        host_ids=tuple(sorted(tie.partner_id for tie in webinar.partners if tie.is_host)),
        partner_ids=tuple(sorted(tie.partner_id for tie in webinar.partners if not tie.is_host)),
        project_ids=tuple(sorted(tie.project_id for tie in webinar.projects)),
        municipality_ids=tuple(sorted(tie.municipality_id for tie in webinar.municipalities)),
        themes=tuple(theme for theme in Theme if theme in themes),
        join_url=webinar.join_url,
    )


def to_json(content: Content) -> dict[str, Any]:
    """The content as a revision keeps it and the trace tells it: field → plain value. Where to join is left out."""
    told = {name: getattr(content, name) for name in PLAIN}
    return {
        **content.texts,
        **{name: value.isoformat() if isinstance(value, date) else value for name, value in told.items()},
        "languages": list(content.languages),
        "hosts": list(content.host_ids),
        "partners": list(content.partner_ids),
        "projects": list(content.project_ids),
        "municipalities": list(content.municipality_ids),
        "themes": [theme.value for theme in content.themes],
    }


LEFT = frozenset(
    (
        *("starts_at", "ends_at", "held_on", "zone", "capacity", "publish_at", "retention_days"),
        *("registration_opens_at", "registration_closes_at", "reason_da", "reason_en", "hosts"),
    )
)
"""What bringing back a revision leaves as it is: when it is held and by whom, who may come, why it was called off."""


def from_json(kept: Mapping[str, Any], present: Content) -> Content:
    """The content that `to_json` wrote. Where to join, what is in `LEFT` and what it does not know stay as now."""
    texts = {column: str(kept.get(column) or "") for column in TEXTS if column not in LEFT}
    plain = {name: kept.get(name, getattr(present, name)) for name in PLAIN if name not in LEFT}
    return present.but(
        texts={**present.texts, **texts},
        **plain,
        languages=tuple(kept.get("languages", present.languages)),
        partner_ids=tuple(kept.get("partners", ())),
        project_ids=tuple(kept.get("projects", ())),
        municipality_ids=tuple(kept.get("municipalities", ())),
        themes=tuple(Theme(word) for word in kept.get("themes", ()) if word in list(Theme)),
    )
