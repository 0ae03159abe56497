"""What pages ask about partners; every answer starts from what the actor may see."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, CompoundSelect, func, literal, select, union_all
from sqlalchemy.orm import joinedload, selectinload

from portal.core import listing, slugs
from portal.core.bilingual import chosen, text_of
from portal.core.db import AnySelect, db, read
from portal.core.errors import DomainError, Gone
from portal.core.generations import remembered
from portal.core.labels import labels_of
from portal.core.listing import Choice, Facet, Listing, ListingPlan, Order, among
from portal.core.permissions import VISITOR, Actor, require
from portal.core.themes import Theme
from portal.municipalities import queries as municipalities
from portal.municipalities.models import Municipality
from portal.partners.labels import countries
from portal.partners.models import (
    ContactPoint,
    Partner,
    PartnerInterest,
    PartnerNetwork,
    PartnerState,
    PartnerTheme,
    PartnerType,
)
from portal.partners.permissions import contacts_seen_by, seen_by

# What a row of a list shows. Columns, not objects: a list of twenty costs a third.
ROW = (
    Partner.id,
    Partner.slug,
    Partner.name,
    Partner.name_da,
    Partner.name_en,
    Partner.acronym,
    Partner.type,
    Partner.source_type,
    Partner.country,
    Partner.website,
    Partner.description_da,
    Partner.description_en,
    Municipality.slug.label("seat_slug"),
    Municipality.name_da.label("seat_da"),
    Municipality.name_en.label("seat_en"),
)


def is_municipality() -> ColumnElement[bool]:
    """The partner is a Danish municipality's own organisation."""
    return (Partner.type == PartnerType.MUNICIPALITY) & Partner.municipality_id.is_not(None)


def places(named: tuple[Any, Any], through: tuple[Any, Any]) -> CompoundSelect[Any]:
    """(thing, municipality) where it is named itself or through its own organisation; a pair may come twice.

    `named` are the columns of a thing and a municipality, `through` those of a thing and a partner.
    """
    own = select(through[0], Partner.municipality_id).join(Partner, through[1] == Partner.id).where(is_municipality())
    return union_all(select(*named), own)


def place_slugs(pairs: CompoundSelect[Any]) -> Any:
    """(thing, the municipality's slug) of such pairs, as a list's filter wants them."""
    thing, municipality_id = pairs.subquery().c
    return select(thing, Municipality.slug).join(Municipality, Municipality.id == municipality_id)


def alphabetical() -> Any:
    """The order a reader expects of the names as the page shows them: Danish letters last, or plain English."""
    if chosen() == "da":
        return Partner.sort_key
    return func.lower(func.coalesce(func.nullif(Partner.name_en, ""), Partner.name))


def names(values: Iterable[str]) -> dict[str, str]:
    """Slug → name in the page's language of the public partners among the values, in alphabetical order."""
    return among(values, remembered(("partner names", chosen()), _names))


def _names() -> dict[str, str]:
    statement = select(Partner.slug, Partner.name, Partner.name_da, Partner.name_en).where(seen_by(VISITOR))
    return {row.slug: called(row) for row in read(statement.order_by(alphabetical()))}


def called(row: object) -> str:
    """The name of a partner row (name, name_da, name_en) in the page's language."""
    return getattr(row, f"name_{chosen()}") or row.name  # type: ignore[attr-defined]


def plan(day: date, themes_elsewhere: Any | None = None) -> ListingPlan:
    """The directory as the regions are on a day.

    A partner's themes are its own and, given as (partner, theme), those of what it takes part in:
    the directory lies below the projects and cannot ask for them itself.
    """
    return ListingPlan(
        key=Partner.id,
        facets=(
            Facet("type", _l("Type"), select(Partner.id, Partner.type), lambda values: labels_of(PartnerType, values)),
            Facet("theme", _l("Theme"), _themes(themes_elsewhere), lambda values: labels_of(Theme, values)),
            Facet("region", _l("Region"), _regions(day), municipalities.region_names),
            Facet("municipality", _l("Municipality"), _seats(), municipalities.names),
            Facet("offers", _l("Offers"), _interests("offers"), lambda values: labels_of(Theme, values)),
            Facet("seeks", _l("Looks for"), _interests("seeks"), lambda values: labels_of(Theme, values)),
            Facet("country", _l("Country"), select(Partner.id, Partner.country), countries),
            Facet(
                "network",
                _l("Network"),
                select(PartnerNetwork.partner_id, PartnerNetwork.name),
                by_count=True,
            ),
        ),
        orders=(Order("name", _l("Name"), (alphabetical(),)),),
        extra=("view",),
    )


def listing_of(plan_: ListingPlan, choice: Choice, actor: Actor, path: str) -> Listing:
    """One page of partners as chosen, with the counts of every filter value."""
    return listing.show(plan_, choice, _rows(), seen_by(actor), path, actor)


def all_of(plan_: ListingPlan, choice: Choice, actor: Actor) -> Sequence[Any]:
    """Every partner as chosen, in its order, for exports; with its source."""
    chosen_ones = listing.condition(plan_, choice, seen_by(actor))
    statement = _rows().add_columns(Partner.source_url, Partner.retrieved)
    return db.session.execute(statement.where(chosen_ones).order_by(*listing.order_of(plan_, choice))).all()


def by_slug(slug: str, actor: Actor) -> Partner:
    """The partner with all its page shows. `Moved`, `Gone` or `NotFound` when it cannot be seen."""
    statement = (
        select(Partner)
        .where(Partner.slug == slug, seen_by(actor))
        .options(
            joinedload(Partner.municipality),
            selectinload(Partner.themes),
            selectinload(Partner.networks),
            selectinload(Partner.interests),
            selectinload(Partner.other_names),
        )
    )
    if "\x00" not in slug and (partner := db.session.scalar(statement)):
        return partner
    raise unseen(slug)


def left_by_slug(slug: str) -> Partner | None:
    """A partner that has left the directory, for the little that is still told of it."""
    has_left = (Partner.slug == slug, Partner.state == PartnerState.LEFT, Partner.merged_into_id.is_(None))
    return db.session.scalar(select(Partner).where(*has_left)) if "\x00" not in slug else None


def to_work_on(slug: str, actor: Actor, action: str) -> Partner:
    """The partner with all its page shows, if the actor may do this to it."""
    partner = by_slug(slug, actor)
    require(actor, action, partner)
    return partner


def plain(partner_id: int) -> Partner:
    """The partner behind something that is already known to be somebody's."""
    return db.session.scalars(select(Partner).where(Partner.id == partner_id)).one()


def public_by_id(partner_id: int) -> Partner | None:
    """A partner that everybody may see."""
    return db.session.scalar(select(Partner).where(Partner.id == partner_id, seen_by(VISITOR)))


def all_names() -> list[tuple[int, str]]:
    """(id, name in the page's language) of every public partner, alphabetical."""
    rows = select(Partner.id, Partner.name, Partner.name_da, Partner.name_en).where(seen_by(VISITOR))
    return [(row.id, called(row)) for row in db.session.execute(rows.order_by(alphabetical()))]


def all_seats() -> list[tuple[int, str]]:
    """(id, name in the page's language) of every municipality, alphabetical."""
    rows = select(Municipality.id, Municipality.name_da, Municipality.name_en).order_by(Municipality.sort_key)
    return [(row.id, str(text_of(row, "name"))) for row in db.session.execute(rows)]


def networks_of(ids: Collection[int]) -> dict[int, list[str]]:
    """Partner → the networks and large projects that the source names it under, in the source's order."""
    found: dict[int, list[str]] = {partner_id: [] for partner_id in ids}
    statement = (
        select(PartnerNetwork.partner_id, PartnerNetwork.name)
        .where(PartnerNetwork.partner_id.in_(ids))
        .order_by(PartnerNetwork.position)
    )
    for partner_id, name in db.session.execute(statement):
        found[partner_id].append(name)
    return found


def of_municipality(municipality_id: int, actor: Actor) -> Sequence[Any]:
    """Partners with their seat in a municipality: row columns and `is_own`, its own organisation first."""
    is_own = is_municipality().label("is_own")
    statement = (
        _rows()
        .add_columns(is_own)
        .where(Partner.municipality_id == municipality_id, seen_by(actor))
        .order_by(is_own.desc(), alphabetical())
    )
    return db.session.execute(statement).all()


def in_municipalities(ids: Collection[int], actor: Actor) -> dict[int, list[Any]]:
    """Municipality → the partners with their seat in it as `of_municipality` gives them, of several at once."""
    is_own = is_municipality().label("is_own")
    statement = (
        _rows()
        .add_columns(is_own, Partner.municipality_id)
        .where(Partner.municipality_id.in_(ids), seen_by(actor))
        .order_by(is_own.desc(), alphabetical())
    )
    found: dict[int, list[Any]] = {municipality_id: [] for municipality_id in ids}
    for row in db.session.execute(statement):
        found[row.municipality_id].append(row)
    return found


def count_by_seat(actor: Actor, admitted: ColumnElement[bool] | None = None) -> dict[int, int]:
    """Municipality id → how many partners have their seat in it; of those admitted, where a choice is given."""
    return dict(read(seats_counted(seen_by(actor) if admitted is None else admitted)).all())


def seats_counted(admitted: ColumnElement[bool]) -> AnySelect:
    """(municipality, how many of the admitted partners have their seat there)."""
    statement = select(Partner.municipality_id, func.count()).where(Partner.municipality_id.is_not(None), admitted)
    return statement.group_by(Partner.municipality_id)


def count_chosen_by_seat(plan_: ListingPlan, choice: Choice, actor: Actor) -> dict[int, int]:
    """Municipality id → how many of the chosen partners have their seat in it."""
    return count_by_seat(actor, listing.condition(plan_, choice, seen_by(actor)))


def name_of(partner_id: int) -> str:
    """What the page calls a partner; empty for one that is not there."""
    row = db.session.execute(
        select(Partner.name, Partner.name_da, Partner.name_en).where(Partner.id == partner_id)
    ).one_or_none()
    return called(row) if row else ""


def seats(ids: Collection[int | None]) -> list[tuple[int, str]]:
    """(id, name in the page's language) of those municipalities."""
    wanted = [one for one in ids if one is not None]
    found = select(Municipality.id, Municipality.name_da, Municipality.name_en).where(Municipality.id.in_(wanted))
    return [(row.id, str(text_of(row, "name"))) for row in db.session.execute(found)]


def contacts_of(partner_id: int, actor: Actor) -> Sequence[Any]:
    """Whom to ask at a partner that may be seen, as far as they agree to be shown; `reach` says whether to write to."""
    return db.session.execute(_contacts(actor).where(ContactPoint.partner_id == partner_id)).all()


def contacts_in(municipality_id: int, actor: Actor) -> Sequence[Any]:
    """Whom to ask in a municipality's own organisation."""
    here = is_municipality() & (Partner.municipality_id == municipality_id)
    statement = _contacts(actor).join(Partner, ContactPoint.partner_id == Partner.id)
    return db.session.execute(statement.where(here, seen_by(actor))).all()


def contacts_by_partner(ids: Collection[int], actor: Actor) -> dict[int, list[Any]]:
    """Partner → whom to ask, as far as the actor sees them."""
    found: dict[int, list[Any]] = {partner_id: [] for partner_id in ids}
    for row in db.session.execute(_contacts(actor).where(ContactPoint.partner_id.in_(ids))):
        found[row.partner_id].append(row)
    return found


def of_actor(actor: Actor) -> Sequence[Any]:
    """The partners that the actor acts for, or has applied for, by name."""
    mine = Partner.id.in_(actor.partner_ids | actor.applicant_of)
    rows = select(Partner.id, Partner.slug, Partner.name, Partner.name_da, Partner.name_en, Partner.state).where(mine)
    return db.session.execute(rows.order_by(Partner.sort_key)).all()


def newest(actor: Actor, limit: int) -> Sequence[Any]:
    """The partners that came last."""
    statement = _rows().where(seen_by(actor)).order_by(Partner.created_at.desc(), Partner.sort_key).limit(limit)
    return db.session.execute(statement).all()


def _rows() -> Any:
    return select(*ROW).select_from(Partner).outerjoin(Municipality, Partner.municipality_id == Municipality.id)


def _themes(elsewhere: Any | None) -> Any:
    own = select(PartnerTheme.partner_id, PartnerTheme.theme)
    return own if elsewhere is None else union_all(own, elsewhere)


def _seats() -> Any:
    return select(Partner.id, Municipality.slug).join(Municipality, Partner.municipality_id == Municipality.id)


def _regions(day: date) -> Any:
    of_municipalities = municipalities.regions_on(day).subquery()
    municipality_id, slug = of_municipalities.c
    return select(Partner.id, slug).join(of_municipalities, Partner.municipality_id == municipality_id)


def _interests(direction: str) -> Any:
    return select(PartnerInterest.partner_id, PartnerInterest.theme).where(PartnerInterest.direction == direction)


def _contacts(actor: Actor) -> Any:
    """Addresses are for those who work with partners; everybody else writes by the form."""
    shows_address = actor.is_staff or bool(actor.partner_ids)
    return (
        select(
            ContactPoint.id,
            ContactPoint.partner_id,
            ContactPoint.name,
            ContactPoint.function_da,
            ContactPoint.function_en,
            ContactPoint.languages,
            ContactPoint.phone,
            (ContactPoint.email if shows_address else literal("")).label("email"),
            (ContactPoint.email != "").label("can_be_written_to"),
        )
        .where(ContactPoint.consent_given_at.is_not(None), contacts_seen_by(actor))
        .order_by(ContactPoint.id)
    )


def unseen(slug: str) -> DomainError:
    """A partner that has left says so; one that was merged leads on; one that was never public is not there."""
    if left_by_slug(slug) is not None:
        return Gone("partner", slug)
    return slugs.missing("partner", slug)
