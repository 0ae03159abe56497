"""What pages ask about webinars; every answer starts from what the actor may see now."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, bindparam, extract, literal, select, union_all
from sqlalchemy.orm import selectinload

from portal.core import clock, listing, slugs
from portal.core.db import NOW, AnySelect, any_of, db, read
from portal.core.errors import DomainError, Gone
from portal.core.generations import moments_in, remembered
from portal.core.labels import labels_of
from portal.core.listing import Choice, Facet, Listing, ListingPlan, Order
from portal.core.permissions import VISITOR, Actor
from portal.editorial.ties import Ties
from portal.partners.models import Partner
from portal.partners.permissions import seen_by as partner_seen_by
from portal.webinars import timing
from portal.webinars.models import (
    Series,
    State,
    Webinar,
    WebinarMunicipality,
    WebinarPartner,
    WebinarProject,
    WebinarTheme,
)
from portal.webinars.permissions import OUT, looked_inside_by, seen_by, was_public
from portal.webinars.series import queries as series
from portal.webinars.series.permissions import seen_by as series_seen_by
from portal.webinars.timing import Phase

FEED_LENGTH = 30
CALENDAR_LENGTH = 500

# What a row of a list shows. Columns, not objects: a list of twenty costs a third.
ROW = (
    Webinar.id,
    Webinar.slug,
    Webinar.title_da,
    Webinar.title_en,
    Webinar.abstract_da,
    Webinar.abstract_en,
    Webinar.state,
    Webinar.series_id,
    Webinar.held_on,
    Webinar.starts_at,
    Webinar.ends_at,
    Webinar.zone,
    Webinar.languages,
    Webinar.host_names,
    Webinar.recording_url,
)
NEWEST = (
    Webinar.held_on.desc().nulls_last(),
    Webinar.starts_at.desc().nulls_last(),
    Webinar.id.desc(),
)


def _phases(now: datetime) -> Any:
    """(webinar, phase); a recorded webinar is past as well."""
    undated = Webinar.held_on.is_(None) & Webinar.starts_at.is_(None)
    undecided = Webinar.state.not_in((*timing.CALLED_OFF, State.RECORDED))
    return union_all(
        _in_phase(Phase.UPCOMING, timing.is_coming(now)),
        _in_phase(Phase.PAST, timing.is_past(now)),
        _in_phase(Phase.RECORDED, Webinar.state == State.RECORDED),
        _in_phase(Phase.CANCELLED, Webinar.state == State.CANCELLED),
        _in_phase(Phase.POSTPONED, Webinar.state == State.POSTPONED),
        _in_phase(Phase.UNDATED, undated & undecided),
    )


def _in_phase(phase: Phase, condition: ColumnElement[bool]) -> Any:
    return select(Webinar.id.label("webinar_id"), literal(phase.value).label("phase")).where(condition)


TIES = Ties("webinar_id", WebinarTheme, WebinarPartner, WebinarProject, WebinarMunicipality)

themes_of = TIES.themes_of
projects_of = TIES.projects_of
municipalities_of = TIES.municipalities_of

FACETS = (
    TIES.theme_facet,
    Facet("year", _l("Year"), select(Webinar.id, extract("year", Webinar.held_on)), descending=True),
    *TIES.facets,
    Facet(
        "series",
        _l("Series"),
        select(Webinar.id, Series.slug).join(Series, Webinar.series_id == Series.id).where(series_seen_by(VISITOR)),
        series.names,
        by_count=True,
    ),
)


def plan(now: datetime) -> ListingPlan:
    """What can be listed and how, at a moment: what is upcoming is a matter of time."""
    state = Facet("state", _l("State"), _phases(now), lambda values: labels_of(Phase, values))
    return ListingPlan(
        key=Webinar.id,
        facets=(state, *FACETS),
        orders=(
            Order("upcoming", _l("Upcoming first"), timing.upcoming_first(now)),
            Order("newest", _l("Newest first"), NEWEST),
            Order("oldest", _l("Oldest first"), (Webinar.held_on.asc().nulls_last(), Webinar.starts_at)),
        ),
    )


def listing_of(choice: Choice, actor: Actor, path: str, now: datetime | None = None) -> Listing:
    """One page of webinars as chosen, with the counts of every filter value."""
    now = now or clock.now()
    return listing.show(plan(now), choice, select(*ROW), seen_by(actor, now), path, actor)


def all_of(choice: Choice, actor: Actor) -> Sequence[Any]:
    """Every webinar as chosen, in its order, for exports."""
    now = clock.now()
    chosen_ones = listing.condition(plan(now), choice, seen_by(actor, now))
    statement = select(*ROW, Webinar.speaker_names, Webinar.source_url, Webinar.retrieved).where(chosen_ones)
    return read(statement.order_by(*listing.order_of(plan(now), choice))).all()


def hosts_of(ids: Collection[int], actor: Actor) -> dict[int, list[Any]]:
    """Webinar → the partners that host it: slug and names."""
    statement = (
        select(WebinarPartner.webinar_id, Partner.slug, Partner.name, Partner.name_da, Partner.name_en)
        .join(Partner, WebinarPartner.partner_id == Partner.id)
        .where(WebinarPartner.webinar_id.in_(ids), WebinarPartner.is_host, partner_seen_by(actor))
        .order_by(Partner.sort_key)
    )
    found: dict[int, list[Any]] = {webinar_id: [] for webinar_id in ids}
    for row in read(statement):
        found[row.webinar_id].append(row)
    return found


def for_feed(choice: Choice, actor: Actor) -> Sequence[Webinar]:
    """The newest webinars as chosen, whole."""
    now = clock.now()
    statement = (
        select(Webinar)
        .where(listing.condition(plan(now), choice, seen_by(actor, now)))
        .order_by(*NEWEST)
        .limit(FEED_LENGTH)
        .options(selectinload(Webinar.themes))
    )
    return db.session.scalars(statement).all()


def for_calendar(choice: Choice, actor: Actor) -> Sequence[Webinar]:
    """The webinars as chosen that have a day, newest first."""
    now = clock.now()
    statement = (
        select(Webinar)
        .where(listing.condition(plan(now), choice, seen_by(actor, now)), Webinar.held_on.is_not(None))
        .order_by(*NEWEST)
        .limit(CALENDAR_LENGTH)
        .options(selectinload(Webinar.themes))
    )
    return db.session.scalars(statement).all()


def of_series(series_id: int, actor: Actor, now: datetime) -> Sequence[Any]:
    """The webinars of a series: what comes first, then what has been."""
    statement = select(*ROW).where(Webinar.series_id == series_id, seen_by(actor, now))
    return read(statement.order_by(*timing.upcoming_first(now), Webinar.id)).all()


def for_calendar_of_series(series_id: int, actor: Actor) -> Sequence[Webinar]:
    """The webinars of a series that have a day, whole, newest first."""
    statement = select(Webinar).where(Webinar.series_id == series_id, seen_by(actor), Webinar.held_on.is_not(None))
    newest = statement.order_by(*NEWEST).limit(CALENDAR_LENGTH)
    return db.session.scalars(newest.options(selectinload(Webinar.themes))).all()


def by_slug(slug: str, actor: Actor) -> Webinar:
    """The webinar with its themes. `Moved`, `Gone` or `NotFound` when it cannot be seen."""
    statement = select(Webinar).where(Webinar.slug == slug, seen_by(actor)).options(selectinload(Webinar.themes))
    if webinar := db.session.scalar(statement):
        return webinar
    raise unseen(slug)


def is_worked_on_by(webinar_id: int, actor: Actor) -> bool:
    """Whether somebody looks inside a webinar, whatever its state."""
    mine = select(Webinar.id).where(Webinar.id == webinar_id, looked_inside_by(actor))
    return actor.is_signed_in and read(mine).first() is not None


def unseen(slug: str) -> DomainError:
    """Why nothing can be seen under a slug: `Moved`, `Gone` or `NotFound`."""
    webinar = db.session.scalar(select(Webinar).where(Webinar.slug == slug))
    if webinar is not None and was_public(webinar, clock.now()):
        return Gone("webinar", slug)
    return slugs.missing("webinar", slug)


def partners_of(webinar_id: int, actor: Actor) -> Sequence[Any]:
    """The partners a webinar names, hosts first: slug, names, type, `is_host`."""
    statement = (
        select(Partner.slug, Partner.name, Partner.name_da, Partner.name_en, Partner.type, WebinarPartner.is_host)
        .join(WebinarPartner, WebinarPartner.partner_id == Partner.id)
        .where(WebinarPartner.webinar_id == webinar_id, partner_seen_by(actor))
        .order_by(WebinarPartner.is_host.desc(), Partner.sort_key)
    )
    return read(statement).all()


def upcoming(actor: Actor, limit: int, now: datetime | None = None) -> Sequence[Any]:
    """What comes, the soonest first."""
    now = now or clock.now()
    statement = (
        select(*ROW)
        .where(timing.is_coming(now), seen_by(actor, now))
        .order_by(Webinar.held_on.asc().nulls_last(), Webinar.starts_at.asc().nulls_last(), Webinar.id)
        .limit(limit)
    )
    return read(statement).all()


def recent(actor: Actor, limit: int, now: datetime | None = None) -> Sequence[Any]:
    """What has been held, the latest first."""
    now = now or clock.now()
    return read(_newest(actor, timing.is_past(now)), now=now, limit=limit).all()


def of_partner(partner_id: int, actor: Actor, limit: int = 5) -> Sequence[Any]:
    """Webinars that a partner hosts or is named in; newest first."""
    return read(_of_partner(actor), partner_id=partner_id, now=clock.now(), limit=limit).all()


def of_project(project_id: int, actor: Actor, limit: int = 5) -> Sequence[Any]:
    """Webinars about a project; newest first."""
    # Most projects have none, and each one's page asks.
    if project_id not in remembered("projects of webinars", _projects_named):
        return ()
    return read(_of_project(actor), project_id=project_id, now=clock.now(), limit=limit).all()


def _projects_named() -> frozenset[int]:
    return frozenset(read(select(WebinarProject.project_id).distinct()).scalars())


def of_municipality(municipality_id: int, actor: Actor, limit: int = 5) -> Sequence[Any]:
    """Webinars about a municipality or its own organisation; newest first."""
    return read(_of_municipality(actor), municipality_id=municipality_id, now=clock.now(), limit=limit).all()


# Put together once for each actor: that costs more than running them.
@lru_cache(maxsize=128)
def _of_partner(actor: Actor) -> AnySelect:
    named = _newest(actor, WebinarPartner.partner_id == bindparam("partner_id"))
    return named.join(WebinarPartner, WebinarPartner.webinar_id == Webinar.id)


@lru_cache(maxsize=128)
def _of_project(actor: Actor) -> AnySelect:
    named = _newest(actor, WebinarProject.project_id == bindparam("project_id"))
    return named.join(WebinarProject, WebinarProject.webinar_id == Webinar.id)


@lru_cache(maxsize=128)
def _of_municipality(actor: Actor) -> AnySelect:
    webinar_id, place = TIES.places.subquery().c
    return _newest(actor, Webinar.id.in_(select(webinar_id).where(place == bindparam("municipality_id"))))


def _newest(actor: Actor, about: ColumnElement[bool]) -> AnySelect:
    return select(*ROW).where(about, seen_by(actor, NOW)).order_by(*NEWEST).limit(bindparam("limit"))


def on_theme(webinar: Webinar, actor: Actor, limit: int = 4) -> Sequence[Any]:
    """Other webinars on its themes, with the most themes in common first: row columns and `shared`."""
    shared = TIES.sharing(webinar)
    statement = (
        select(*ROW, shared.c.shared)
        .join(shared, shared.c.owner == Webinar.id)
        .where(seen_by(actor))
        .order_by(shared.c.shared.desc(), *NEWEST)
        .limit(limit)
    )
    return read(statement).all() if webinar.themes else []


moments = moments_in(
    Webinar.publish_at,
    Webinar.starts_at,
    Webinar.ends_at,
    Webinar.registration_opens_at,
    Webinar.registration_closes_at,
    among=any_of(Webinar.state, OUT),
)
"""When time alone last changed what is said of a webinar, and when it next will."""
