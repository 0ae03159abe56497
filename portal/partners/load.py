"""Taking in partners.csv."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core import intake, slugs, tables
from portal.core.db import db
from portal.core.intake import Intake
from portal.core.sorting import sort_key
from portal.core.tables import Column, Row, Table
from portal.municipalities.load import CODE, MUNICIPALITIES
from portal.municipalities.models import Municipality
from portal.partners.models import Partner, PartnerNetwork, PartnerState, PartnerType
from portal.partners.words import TYPES
from portal.search import outbox

KIND = "partner"
DENMARK = "DK"


def _own_municipality(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    is_municipality = values["type"].type is PartnerType.MUNICIPALITY
    if is_municipality and values["country"] == DENMARK and not values["municipality_code"]:
        yield "municipality_code", "is blank although this is a Danish municipality"


PARTNERS = Table(
    "partners.csv",
    (
        Column("partner_id", tables.key(), required=True),
        Column("name", tables.text(200), required=True),
        Column("name_da", tables.text(200), optional=True, blank=""),
        Column("name_en", tables.text(200), blank=""),
        Column("type", tables.word(TYPES), required=True),
        Column("country", tables.pattern("[A-Z]{2}", "a country code of two capital letters"), blank=""),
        Column("municipality_code", CODE),
        Column("website", tables.address, blank=""),
        Column("feed_url", tables.address, blank=""),
        Column("networks", tables.several(tables.text(120)), blank=()),
        Column("source_url", tables.addresses, blank=""),
        Column("note", tables.text(), blank=""),
        Column("retrieved", tables.text(200), blank=""),
    ),
    key=("partner_id",),
    check=_own_municipality,
)


def load_partners(rows: Sequence[Row], at: Intake) -> None:
    """Add or update partners. New ones are published; an existing one's state is left as it is here.

    What a file says of one that was merged into another since is not taken: it is told by that other's own row.
    """
    merged = merged_keys()
    for row in rows:
        if row.key in merged:
            at.count(row, "unchanged")
    rows = [row for row in rows if row.key not in merged]
    municipalities = intake.keys_of(Municipality, Municipality.code)
    rows = at.resolve(rows, "municipality_code", municipalities, "municipality", MUNICIPALITIES.file)
    there = intake.existing(Partner, rows, Partner.slug, selectinload(Partner.networks))
    taken = slugs.in_use(KIND, Partner.slug)
    outcomes = at.upsert(
        rows,
        there,
        lambda row: Partner(slug=slugs.free(row.key, row.key, taken), state=PartnerState.PUBLISHED, created_at=at.now),
        lambda partner, row: _fill(partner, row, municipalities),
    )
    outbox.touch_all(KIND, at.record(KIND, outcomes))


def _fill(partner: Partner, row: Row, municipalities: Mapping[str, int]) -> list[PartnerNetwork]:
    partner.name_da = row["name_da"] or (row["name"] if row["country"] == DENMARK else "")
    partner.sort_key = sort_key(row["name"])
    partner.type = row["type"].type
    partner.source_type = row["type"].source_word
    partner.municipality_id = municipalities[row["municipality_code"]] if row["municipality_code"] else None
    partner.source_note = row["note"]
    for column in ("name", "name_en", "country", "website", "feed_url", "source_url", "retrieved"):
        setattr(partner, column, row[column])
    positions = {name: position for position, name in enumerate(row["networks"])}
    intake.keep(
        partner.networks, {name: partial(PartnerNetwork, name=name) for name in positions}, lambda network: network.name
    )
    for network in partner.networks:
        network.position = positions[network.name]
    return partner.networks


def keys() -> dict[str, int]:
    """Key → id of every partner that a file may name; one that was merged into another is that other."""
    merged = select(Partner.id, Partner.merged_into_id).where(Partner.merged_into_id.is_not(None))
    stays = {goes: stays for goes, stays in db.session.execute(merged)}  # noqa: C416  a row is no pair to `dict`
    return {key: stays.get(id) or id for key, id in intake.keys_of(Partner, Partner.slug).items()}


def merged_keys() -> set[str]:
    """The keys under which files know partners that were merged into another."""
    merged = select(Partner.import_key, Partner.slug).where(Partner.merged_into_id.is_not(None))
    return {import_key or slug for import_key, slug in db.session.execute(merged)}


def own_organisations() -> dict[int, int]:
    """Partner id → municipality id of the Danish municipalities' own organisations."""
    stmt = select(Partner.id, Partner.municipality_id).where(
        Partner.type == PartnerType.MUNICIPALITY, Partner.country == DENMARK
    )
    return {partner_id: own for partner_id, own in db.session.execute(stmt) if own is not None}
