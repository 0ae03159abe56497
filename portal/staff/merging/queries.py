"""What the curators' pages ask about partners that may be one and the same."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from stdnum.dk import cvr as cvr_numbers

from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.generations import remembered
from portal.core.permissions import Actor
from portal.partners.models import DistinctPartners, Partner, PartnerName, PartnerState
from portal.staff.merging import duplicates
from portal.staff.merging.duplicates import Known, Likeness

TAKEN_IN = (PartnerState.PUBLISHED, PartnerState.DORMANT)
ALIVE = (PartnerState.SUGGESTED, PartnerState.PUBLISHED, PartnerState.DORMANT)


def suggested() -> list[Likeness]:
    """The pairs of the directory that look like one, the surest first; found once for each state of the content."""
    return remembered("partners that look alike", _suggested)


def _suggested() -> list[Likeness]:
    distinct = db.session.execute(select(DistinctPartners.one_id, DistinctPartners.other_id)).all()
    return duplicates.suggestions(known(), [(one, other) for one, other in distinct])


def like(name: str, country: str, cvr: str) -> list[Likeness]:
    """The partners, as `other`, that an organisation which is not in the directory yet may be."""
    return duplicates.like(Known(0, (name,), country, cvr_numbers.compact(cvr) or None), known())


def known() -> list[Known]:
    """What is compared of every partner in the directory."""
    others: dict[int, list[str]] = {}
    for partner_id, name in db.session.execute(select(PartnerName.partner_id, PartnerName.name)):
        others.setdefault(partner_id, []).append(name)
    rows = db.session.execute(
        select(
            Partner.id,
            Partner.slug,
            Partner.name,
            Partner.name_da,
            Partner.name_en,
            Partner.acronym,
            Partner.country,
            Partner.cvr,
        ).where(Partner.state.in_(ALIVE), Partner.merged_into_id.is_(None))
    )
    return [
        Known(
            row.id,
            tuple(filter(None, (row.name, row.name_da, row.name_en, row.acronym, row.slug, *others.get(row.id, ())))),
            row.country,
            row.cvr,
        )
        for row in rows
    ]


def count_suggested(_actor: Actor) -> int:
    return len(suggested())


def like_each(ids: Sequence[int]) -> dict[int, Any]:
    """Of these partners, those that look like one that was taken in: id → what a row about that one shows."""
    pairs = [(one, other) for pair in suggested() for one, other in ((pair.one, pair.other), (pair.other, pair.one))]
    known = by_ids([other for one, other in pairs if one in ids])
    found: dict[int, Any] = {}
    for one, other in pairs:  # the surest first
        if one in ids and other in known and known[other].state in TAKEN_IN:
            found.setdefault(one, known[other])
    return found


def oldest_suggested(_actor: Actor) -> datetime | None:
    """Since when two of them stand beside each other: since the younger one came."""
    known = by_ids([id for pair in suggested() for id in (pair.one, pair.other)])
    both = [max(known[pair.one].created_at, known[pair.other].created_at) for pair in suggested()]
    return min(both, default=None)


def by_ids(ids: Sequence[int]) -> dict[int, Any]:
    """Id → what a row about a partner shows."""
    columns = (
        Partner.id,
        Partner.slug,
        Partner.name,
        Partner.name_da,
        Partner.name_en,
        Partner.type,
        Partner.state,
        Partner.cvr,
        Partner.website,
        Partner.created_at,
    )
    return {row.id: row for row in db.session.execute(select(*columns).where(Partner.id.in_(ids)))}


def to_merge(slug: str) -> Partner:
    """One of the two; NotFound for one that is not there or was merged already."""
    found = None
    if "\x00" not in slug:
        found = db.session.scalar(select(Partner).where(Partner.slug == slug, Partner.merged_into_id.is_(None)))
    if found is None:
        raise NotFound("partner", slug)
    return found


def choices() -> list[tuple[str, str]]:
    """(slug, name) of every partner that can be merged, alphabetical."""
    alive = select(Partner.slug, Partner.name).where(Partner.merged_into_id.is_(None), Partner.state.in_(ALIVE))
    return [(slug, name) for slug, name in db.session.execute(alive.order_by(Partner.sort_key))]
