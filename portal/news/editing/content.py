"""What an article says, as one bundle: what forms hand over, what revisions keep, what the trace compares."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import selectinload

from portal.core.bilingual import LANGUAGES
from portal.core.themes import Theme
from portal.news.models import Article, Kind

TEXTS = tuple(f"{pair}_{language}" for pair in Article.pairs for language in LANGUAGES)
LOADS = tuple(
    selectinload(children) for children in (Article.themes, Article.partners, Article.projects, Article.municipalities)
)
"""What has to be loaded with an article whose content is read or written."""


@dataclass(frozen=True)
class Content:
    """All of an article that its writers decide. `texts` by column."""

    texts: Mapping[str, str] = field(default_factory=dict)
    kind: Kind = Kind.NEWS
    themes: tuple[Theme, ...] = ()
    author_id: int | None = None
    partner_ids: tuple[int, ...] = ()
    project_ids: tuple[int, ...] = ()
    municipality_ids: tuple[int, ...] = ()
    publish_at: datetime | None = None
    expire_at: datetime | None = None
    origin_url: str = ""

    def but(self, **changes: Any) -> "Content":
        """The same with some of it changed."""
        return replace(self, **changes)


def content_of(article: Article) -> Content:
    """What an article says now; lists in a fixed order."""
    themes = {tie.theme for tie in article.themes}
    return Content(
        texts={column: getattr(article, column) or "" for column in TEXTS},
        kind=article.kind or Kind.NEWS,
        themes=tuple(theme for theme in Theme if theme in themes),
        author_id=article.author_id,
        partner_ids=tuple(sorted(tie.partner_id for tie in article.partners)),
        project_ids=tuple(sorted(tie.project_id for tie in article.projects)),
        municipality_ids=tuple(sorted(tie.municipality_id for tie in article.municipalities)),
        publish_at=article.publish_at,
        expire_at=article.expire_at,
        origin_url=article.origin_url or "",
    )


def to_json(content: Content) -> dict[str, Any]:
    """The content as a revision keeps it and the trace tells it: field → plain value."""
    return {
        **content.texts,
        "kind": content.kind.value,
        "themes": [theme.value for theme in content.themes],
        "author": content.author_id,
        "partners": list(content.partner_ids),
        "projects": list(content.project_ids),
        "municipalities": list(content.municipality_ids),
        "publish_at": _written(content.publish_at),
        "expire_at": _written(content.expire_at),
        "origin_url": content.origin_url,
    }


def from_json(kept: Mapping[str, Any]) -> Content:
    """The content that `to_json` wrote. What a revision of an older release does not know is empty."""
    return Content(
        texts={column: str(kept.get(column) or "") for column in TEXTS},
        kind=Kind(kept.get("kind", Kind.NEWS)),
        themes=tuple(Theme(word) for word in kept.get("themes", ()) if word in list(Theme)),
        author_id=kept.get("author"),
        partner_ids=tuple(kept.get("partners", ())),
        project_ids=tuple(kept.get("projects", ())),
        municipality_ids=tuple(kept.get("municipalities", ())),
        publish_at=_read(kept.get("publish_at")),
        expire_at=_read(kept.get("expire_at")),
        origin_url=str(kept.get("origin_url") or ""),
    )


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _read(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
