"""What the rows of a file would do to the directory: compared, nothing written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core.db import db
from portal.core.intake import chunks
from portal.core.tables import Row
from portal.municipalities.models import Municipality
from portal.partners.load import DENMARK
from portal.partners.models import Partner, PartnerType
from portal.staff.imports.models import ImportRow, Outcome
from portal.staff.imports.partners import fields
from portal.staff.imports.partners.fields import KEY
from portal.staff.imports.targets import Changes, NamedColumns, Plain, Proposal
from portal.staff.merging import queries as merging
from portal.staff.merging.duplicates import Known, Names


class Directory:
    """The partners there are, by everything that a row may know one by."""

    def __init__(self) -> None:
        self.by_key: dict[str, int] = {}
        self.by_cvr: dict[str, int] = {}
        self.by_name: dict[str, set[int]] = {}
        self.names = Names(merging.known())
        columns = (Partner.id, Partner.slug, Partner.import_key, Partner.cvr, Partner.merged_into_id)
        names = (Partner.name, Partner.name_da, Partner.name_en)
        for id, slug, import_key, cvr, merged_into_id, *called in db.session.execute(select(*columns, *names)):
            living = merged_into_id or id
            self.by_key.update({key: living for key in (import_key, slug) if key})
            if cvr:
                self.by_cvr[cvr] = living
            for name in filter(None, called if merged_into_id is None else ()):
                self.by_name.setdefault(name.casefold(), set()).add(id)
        places = db.session.execute(select(Municipality.id, Municipality.code, Municipality.name_da)).all()
        self.codes: dict[int, str] = {id: code for id, code, _name in places}
        self.place_ids: dict[str, int] = {code: id for id, code, _name in places}
        self.places: dict[str, str] = {code: code for _id, code, _name in places} | {
            spelling: code
            for _id, code, name in places
            for spelling in (name.casefold(), f"{name} kommune".casefold(), f"{name}s kommune".casefold())
        }

    def known(self, values: Mapping[str, Any]) -> tuple[int | None, int | None]:
        """(the partner that a row is about, one that it may be about)."""
        name, cvr = str(values["name"]).casefold(), values.get("cvr")
        found = self.by_key.get(values.get(KEY) or "") or self.by_cvr.get(cvr or "")
        if found:
            return found, None
        same = self.by_name.get(name, set())
        cvr_of = {id: number for number, id in self.by_cvr.items()} if cvr and same else {}
        if len(same) == 1 and not (same & cvr_of.keys()):
            return next(iter(same)), None
        if same:
            return None, min(same)
        called = tuple(filter(None, (str(values.get(one) or "") for one in ("name", "name_da", "name_en"))))
        alike = self.names.like(Known(0, called, values.get("country") or ""))
        return None, alike[0].other if alike else None


class Comparison(NamedColumns):
    """One pass over the rows of a file, in their order. `of_new`: what holds for new partners whose row is silent."""

    def __init__(self, columns: Sequence[str], of_new: Mapping[str, str]) -> None:
        super().__init__(columns, fields.FIELDS, ("name",), _key)
        self.directory = Directory()
        self.new_type = PartnerType(of_new["type"]) if "type" in of_new else None
        self.lines_of: dict[object, int] = {}

    def of(self, rows: Iterable[tuple[int, list[str]]]) -> dict[int, Proposal]:
        """Line → what that row would do."""
        good, found = self.read(rows)
        partners = self._partners(good)
        return found | {row.line: self._proposal(row, partners) for row in good}

    def name_of(self, cells: Sequence[str]) -> str:
        return self.cells_of(cells)["name"]

    def compared(self, values: Mapping[str, Any], partner: Partner) -> Proposal:
        """What a row would change in a partner. Blank cells change nothing."""
        before = fields.state_of(partner, self.directory.codes)
        after = self._after(values)
        changes: Changes = {name: [before[name], value] for name, value in after.items() if before[name] != value}
        if "type" in changes and partner.source_type:
            changes["source_type"] = [partner.source_type, ""]
        outcome = Outcome.CHANGED if changes else Outcome.UNCHANGED
        return Proposal(outcome, partner_id=partner.id, changes=changes)

    def decided(self, row: ImportRow, decision: str) -> Proposal | None:
        """A possible duplicate is a partner of its own after all, or the one that it looks like."""
        if decision == "new":
            return Proposal(Outcome.NEW, twin_id=row.twin_id, changes=row.changes, key=row.import_key)
        values = self.values_of(row.line, row.cells)
        twin = load([row.twin_id or 0]).get(row.twin_id or 0)
        return self.compared(values.values, twin) if values is not None and twin is not None else None

    def values_of(self, line: int, cells: list[str]) -> Row | None:
        """A row read by itself."""
        return next(iter(self.read([(line, cells)])[0]), None)

    def _partners(self, rows: Sequence[Row]) -> dict[int, Partner]:
        known = {partner_id for row in rows if (partner_id := self.directory.known(row.values)[0])}
        return load(sorted(known))

    def _proposal(self, row: Row, partners: Mapping[int, Partner]) -> Proposal:
        partner_id, twin_id = self.directory.known(row.values)
        problems = [*self._wrong_place(row), *self._twice(row, partner_id), *self._foreign_cvr(row, partner_id)]
        if problems:
            return Proposal(Outcome.BAD, problems=problems)
        if partner_id:
            return self.compared(row.values, partners[partner_id])
        if self.new_type and not row.values.get("type"):
            row = replace(row, values={**row.values, "type": self.new_type})
        problems = list(_missing(row))
        if problems:
            return Proposal(Outcome.BAD, problems=problems)
        changes = self._new(row)
        outcome = Outcome.DUPLICATE if twin_id else Outcome.NEW
        return Proposal(outcome, twin_id=twin_id, changes=changes, key=row.values.get(KEY) or "")

    def _new(self, row: Row) -> Changes:
        after = self._after(row.values)
        if after.get("country") == DENMARK and not after.get("name_da"):
            after["name_da"] = after["name"]
        return {name: [[] if isinstance(value, list) else "", value] for name, value in after.items()}

    def _after(self, values: Mapping[str, Any]) -> dict[str, Plain]:
        """The plain values of the cells that are not blank."""
        after = {name: fields.plain(values.get(name)) for name in fields.WRITTEN}
        after = {name: value for name, value in after.items() if value}
        if "municipality" in after:
            after["municipality"] = self.directory.places[str(after["municipality"]).casefold()]
        if "themes" in after:
            after["themes"] = sorted(after["themes"])
        return after

    def _wrong_place(self, row: Row) -> Iterable[list[str]]:
        place = row.values.get("municipality")
        if place and place.casefold() not in self.directory.places:
            yield ["municipality", f"unknown municipality {place!r}"]

    def _twice(self, row: Row, partner_id: int | None) -> Iterable[list[str]]:
        """A line that is about the same partner as one before it; each partner once."""
        marks = [partner_id, row.values.get("cvr"), None if partner_id else ("name", row["name"].casefold())]
        for mark in filter(None, marks):
            first = self.lines_of.setdefault(mark, row.line)
            if first != row.line:
                yield ["name", f"is the same partner as line {first}"]
                return

    def _foreign_cvr(self, row: Row, partner_id: int | None) -> Iterable[list[str]]:
        owner = self.directory.by_cvr.get(row.values.get("cvr") or "")
        if owner and owner != partner_id:
            yield ["cvr", "belongs to another partner"]


def load(ids: Sequence[int], *, is_locked: bool = False) -> dict[int, Partner]:
    """Partners with what their plain values need; `is_locked`: as they are now, and nobody changes them meanwhile."""
    found: dict[int, Partner] = {}
    options = (selectinload(Partner.themes), selectinload(Partner.networks))
    for some in chunks(ids):
        stmt = select(Partner).where(Partner.id.in_(some)).options(*options)
        if is_locked:
            stmt = stmt.with_for_update().execution_options(populate_existing=True)
        for partner in db.session.scalars(stmt):
            found[partner.id] = partner
    return found


def _missing(row: Row) -> Iterable[list[str]]:
    """What a new partner cannot do without."""
    if not row.values.get("type"):
        yield ["type", "is blank"]
    is_danish = row.values.get("type") is PartnerType.MUNICIPALITY and row.values.get("country") == DENMARK
    if is_danish and not row.values.get("municipality"):
        yield ["municipality", "is blank although this is a Danish municipality"]


def _key(values: Mapping[str, Any]) -> str:
    return str(values.get(KEY) or values.get("cvr") or values.get("name") or "").casefold()
