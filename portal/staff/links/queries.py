"""Where our pages lead to, what is due to be looked at, and what is broken."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from portal.core import paging
from portal.core.bilingual import LANGUAGES
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.intake import chunks
from portal.core.paging import Part
from portal.core.permissions import Actor
from portal.core.richtext import links
from portal.core.web import host_of
from portal.municipalities.models import Municipality
from portal.news.models import Article
from portal.news.models import State as ArticleState
from portal.partners.models import PUBLIC_STATES, Partner
from portal.projects.models import Deliverable, Project, Result, Update, Visibility, WorkPackage
from portal.staff.links.models import ExternalAddress, LinkState
from portal.staff.links.permissions import managed_by
from portal.webinars.models import Series, Webinar
from portal.webinars.models import State as WebinarState

PROSE = ("challenge", "objective", "expected_change", "lessons_failed", "lessons_copy")
HOST_REST = timedelta(minutes=1)


@dataclass(frozen=True)
class Source:
    """A column whose addresses are shown to readers. `owner` is the thing on whose page that is."""

    kind: str
    column: InstrumentedAttribute[str]
    owner: InstrumentedAttribute[int]
    shown: Any


_OPEN = select(Project.id).where(Project.visibility == Visibility.PUBLIC)


def _part(model: Any, *more: Any) -> Any:
    """Whether everybody sees a part of a project: it is public, and so is its project."""
    return and_(model.visibility == Visibility.PUBLIC, model.project_id.in_(_OPEN), *more)


def _texts(kind: str, owner: InstrumentedAttribute[int], shown: Any, *columns: InstrumentedAttribute[str]) -> Any:
    return tuple(Source(kind, column, owner, shown) for column in columns)


SOURCES: tuple[Source, ...] = (
    Source("partner", Partner.website, Partner.id, Partner.state.in_(PUBLIC_STATES)),
    Source("municipality", Municipality.website, Municipality.id, Municipality.website != ""),
    Source("project", Project.website, Project.id, Project.visibility == Visibility.PUBLIC),
    Source("project", Deliverable.url, Deliverable.project_id, _part(Deliverable)),
    Source("project", Result.evidence_url, Result.project_id, _part(Result)),
    Source("article", Article.origin_url, Article.id, Article.state == ArticleState.PUBLISHED),
    Source("webinar", Webinar.info_url, Webinar.id, Webinar.info_url != ""),
    Source("series", Series.info_url, Series.id, Series.info_url != ""),
    Source("webinar", Webinar.recording_url, Webinar.id, Webinar.recording_url != ""),
)
TEXTS: tuple[Source, ...] = (
    *_texts(
        "project",
        Project.id,
        Project.visibility == Visibility.PUBLIC,
        *(getattr(Project, f"{pair}_{code}") for pair in PROSE for code in LANGUAGES),
    ),
    *_texts(
        "project",
        WorkPackage.project_id,
        _part(WorkPackage),
        WorkPackage.description_da,
        WorkPackage.description_en,
    ),
    *_texts("project", Update.project_id, _part(Update, Update.withdrawn_at.is_(None)), Update.body_da, Update.body_en),
    *_texts("article", Article.id, Article.state == ArticleState.PUBLISHED, Article.body_da, Article.body_en),
    *_texts("webinar", Webinar.id, Webinar.state != WebinarState.DRAFT, Webinar.abstract_da, Webinar.abstract_en),
)
"""The same for columns of Markdown, which may lead to any number of addresses."""


def in_use() -> set[str]:
    """Every address that a page of ours leads to."""
    parts = [select(source.column).where(source.shown, source.column.like("http%")) for source in SOURCES]
    written = [select(source.column).where(source.shown, source.column.like("%](http%")) for source in TEXTS]
    texts = db.session.scalars(union_all(*written).execution_options(yield_per=500))
    return {*db.session.scalars(union_all(*parts)), *(url for text in texts for url in links(text))}


def places_of(urls: Collection[str]) -> dict[str, set[tuple[str, int]]]:
    """Address → (kind, id) of the things whose pages lead there."""
    found: dict[str, set[tuple[str, int]]] = {url: set() for url in urls}
    for source in SOURCES:
        for some in chunks(list(urls)):
            for url, owner in db.session.execute(select(source.column, source.owner).where(source.column.in_(some))):
                found[url].add((source.kind, owner))
    hosts = {host for url in urls if (host := host_of(url))}
    for source in TEXTS if hosts else ():
        names_one = or_(*(source.column.contains(host, autoescape=True) for host in sorted(hosts)))
        for text, owner in db.session.execute(select(source.column, source.owner).where(names_one)):
            for url in found.keys() & set(links(text)):
                found[url].add((source.kind, owner))
    return found


def known() -> dict[str, int]:
    """Digest → id of every address that is looked after."""
    rows = db.session.execute(select(ExternalAddress.digest, ExternalAddress.id))
    return {row.digest: row.id for row in rows}


def due(now: datetime, limit: int) -> Sequence[ExternalAddress]:
    """What is to be looked at now: the longest due first, one a host, and no host that was asked a moment ago."""
    asked = select(ExternalAddress.host).where(ExternalAddress.last_checked_at > now - HOST_REST)
    waiting = (
        select(ExternalAddress)
        .where(ExternalAddress.next_check_at <= now, ExternalAddress.host.not_in(asked))
        .order_by(ExternalAddress.next_check_at, ExternalAddress.id)
        .limit(limit * 20)
    )
    one_each: dict[str, ExternalAddress] = {}
    for address in db.session.scalars(waiting):
        one_each.setdefault(address.host, address)
    return list(one_each.values())[:limit]


def page(state: LinkState, actor: Actor, number: int) -> Part:
    """One page of the addresses in a state, those that fail longest first."""
    mine = select(ExternalAddress).where(managed_by(actor), ExternalAddress.state == state)
    order = (ExternalAddress.first_failed_at, ExternalAddress.host, ExternalAddress.id)
    return paging.read(mine.order_by(*order), number)


def counts(actor: Actor) -> dict[LinkState, int]:
    """State → addresses."""
    stmt = select(ExternalAddress.state, func.count()).where(managed_by(actor)).group_by(ExternalAddress.state)
    found = {row.state: row[1] for row in db.session.execute(stmt)}
    return {state: found.get(state, 0) for state in LinkState}


def broken_count(actor: Actor) -> int:
    return counts(actor)[LinkState.BROKEN]


def broken_since(actor: Actor) -> datetime | None:
    """Since when the longest broken address has been failing."""
    mine = (managed_by(actor), ExternalAddress.state == LinkState.BROKEN)
    return db.session.scalar(select(func.min(ExternalAddress.first_failed_at)).where(*mine))


def by_id(address_id: int, actor: Actor) -> ExternalAddress:
    found = db.session.scalar(select(ExternalAddress).where(ExternalAddress.id == address_id, managed_by(actor)))
    if found is None:
        raise NotFound("link", address_id)
    return found
