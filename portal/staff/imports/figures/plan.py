"""What the rows of a file would do to the figures there are: compared, nothing written."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from portal.core import clock, tables
from portal.core.db import db
from portal.core.intake import chunks
from portal.core.tables import Row
from portal.municipalities.models import Indicator, Missing, Municipality, Observation
from portal.municipalities.operations import Said
from portal.municipalities.words import LISTS, bounds, is_share
from portal.staff.imports.figures import fields
from portal.staff.imports.models import DecimalSign, ImportBatch, ImportRow, Outcome
from portal.staff.imports.targets import Changes, NamedColumns, Plain, Proposal

REQUIRED = ("municipality", "indicator", "period")
SAID = ("value", "missing", "source_url", "note", "via", "retrieved")
_ASIDE = ("via", "retrieved")
"""What alone makes no difference: a newer file says when it was read, and mostly the same figures."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Which figure a row is about: a municipality's, of an indicator, for a period."""

    municipality: Any
    indicator: Any
    period: str
    listed: str = ""

    @property
    def key(self) -> str:
        """Its id in the files."""
        key = f"{self.municipality.code}/{self.indicator.slug}/{self.period}"
        return f"{key}/{self.listed}" if self.listed else key

    @property
    def name(self) -> str:
        return f"{self.municipality.name_da} · {self.indicator.slug} · {self.period}"


def plain(said: Said) -> dict[str, Plain]:
    """What an observation says, field by field in plain values."""
    return {
        "value": _text(said.number) if said.number is not None else said.word,
        "missing": said.missing.value if said.missing else "",
        "source_url": said.source_url,
        "note": said.source_note,
        "via": said.via,
        "retrieved": said.retrieved,
    }


def said_by(values: Mapping[str, Any], is_number: bool) -> Said:
    """The same again from plain values."""
    value, missing = str(values["value"]), values["missing"]
    return Said(
        number=Decimal(value) if value and is_number else None,
        word="" if is_number else value,
        missing=Missing(missing) if missing else None,
        source_url=str(values["source_url"]),
        source_note=str(values["note"]),
        via=str(values["via"]),
        retrieved=str(values["retrieved"]),
    )


def _text(number: Decimal) -> str:
    return f"{number.normalize():f}"


class Register:
    """The municipalities, indicators and figures there are, by everything that a row may know one by."""

    def __init__(self) -> None:
        places = db.session.execute(
            select(Municipality.id, Municipality.code, Municipality.slug, Municipality.name_da, Municipality.name_en)
        ).all()
        self.by_id = {place.id: place for place in places}
        self.places: dict[str, Any] = {place.code: place for place in places}
        for place in places:
            named = (place.name_da, f"{place.name_da} kommune", f"{place.name_da}s kommune", place.name_en)
            self.places |= {spelling.casefold(): place for spelling in named if spelling}
        columns = (
            Indicator.id,
            Indicator.slug,
            Indicator.name_da,
            Indicator.name_en,
            Indicator.is_number,
            Indicator.unit,
            Indicator.least,
            Indicator.most,
            Indicator.source_url,
        )
        indicators = db.session.execute(select(*columns)).all()
        self.indicator_by_id = {one.id: one for one in indicators}
        self.indicators = {
            name.casefold(): one for one in indicators for name in (one.slug, one.name_da, one.name_en) if name
        }
        self.ids: dict[str, int] = {}
        self.words: dict[int, set[str]] = {}
        self.periods: dict[int, set[str]] = {}
        known = (Observation.id, Observation.municipality_id, Observation.indicator_id, Observation.period)
        for id, place_id, indicator_id, period, word in db.session.execute(select(*known, Observation.word)):
            indicator = self.indicator_by_id[indicator_id]
            listed = word if indicator.slug in LISTS else ""
            self.ids[Figure(self.by_id[place_id], indicator, period, listed).key] = id
            self.periods.setdefault(indicator_id, set()).add(period)
            if word:
                self.words.setdefault(indicator_id, set()).add(word)

    def place(self, cell: str) -> Any:
        return self.places.get(cell.zfill(4) if cell.isdecimal() else cell.casefold())


class Comparison(NamedColumns):
    """One pass over the rows of a file, in their order."""

    def __init__(self, batch: ImportBatch) -> None:
        super().__init__(batch.columns, fields.FIELDS, REQUIRED, _key, batch.same_for_all)
        self.register = Register()
        self.sign = batch.decimal_sign
        if self.sign is DecimalSign.AS_FOUND and "value" in batch.columns:
            self.sign = fields.sign_of(_column(batch.id, batch.columns.index("value")))
        self.today = clock.today()
        self.lines: dict[str, int] = {}

    def of(self, rows: Iterable[tuple[int, list[str]]]) -> dict[int, Proposal]:
        """Line → what that row would do."""
        good, found = self.read(rows)
        read = [(row, *self._read(row)) for row in good]
        known = _said({id for _row, figure, _values, _wrong in read if figure and (id := self._id(figure))})
        for row, figure, values, problems in read:
            found[row.line] = (
                Proposal(Outcome.BAD, problems=problems)
                if problems or figure is None
                else self._proposal(figure, values, known)
            )
        return found

    def name_of(self, cells: Sequence[str]) -> str:
        said = self.cells_of(cells)
        place = self.register.place(said.get("municipality", ""))
        indicator = self.register.indicators.get(said.get("indicator", "").casefold())
        parts = (
            place.name_da if place else said.get("municipality", ""),
            indicator.slug if indicator else said.get("indicator", ""),
            said.get("period", ""),
        )
        return " · ".join(filter(None, parts))

    def decided(self, _row: ImportRow, _decision: str, /) -> Proposal | None:
        """A figure is known by its municipality, indicator and period: nothing is in doubt."""
        return None

    def _id(self, figure: Figure) -> int | None:
        return self.register.ids.get(figure.key)

    def _read(self, row: Row) -> tuple[Figure | None, dict[str, Plain], list[list[str]]]:
        """What figure a row is about, what it says of it, and what is wrong with it."""
        place, indicator = self.register.place(row["municipality"]), self._indicator(row)
        wrong = []
        if place is None:
            wrong.append(["municipality", f"unknown municipality {row['municipality']!r}"])
        if indicator is None:
            wrong.append(["indicator", f"unknown indicator {row['indicator']!r}"])
            return None, {}, wrong
        values: dict[str, Plain] = {name: row.values.get(name) or "" for name in SAID}
        values["missing"] = row.values["missing"].value if row.values.get("missing") else ""
        looks: Mapping[str, Callable[[], str]] = {
            "period": lambda: self._period(row, indicator),
            "value": lambda: self._value(row, indicator),
            "unit": lambda: _same_unit(row, indicator),
        }
        read = {}
        for column, look in looks.items():
            try:
                read[column] = look()
            except ValueError as error:
                wrong.append([column, str(error)])
        if wrong:
            return None, {}, wrong
        values["value"] = read["value"]
        figure = Figure(place, indicator, read["period"], read["value"] if indicator.slug in LISTS else "")
        first = self.lines.setdefault(figure.key, row.line)
        return figure, values, [["period", f"is the same figure as line {first}"]] if first != row.line else []

    def _indicator(self, row: Row) -> Any:
        return self.register.indicators.get(row["indicator"].casefold())

    def _period(self, row: Row, indicator: Any) -> str:
        return fields.period(row["period"], self.register.periods.get(indicator.id, ()), self.today)

    def _value(self, row: Row, indicator: Any) -> str:
        cell, missing = row.values.get("value") or "", row.values.get("missing")
        if not cell:
            if missing is None:
                raise ValueError("is blank: say why there is no value")
            return ""
        if missing is not None:
            raise ValueError("is there although the row says why there is none")
        if indicator.is_number:
            return self._number(cell, indicator)
        known = {word.casefold(): word for word in self.register.words.get(indicator.id, ())}
        if indicator.slug in LISTS:
            return known.get(cell.casefold(), cell)
        if cell.casefold() not in known:
            raise ValueError(f"is not one of {', '.join(sorted(known.values()))}: {cell[:60]!r}")
        return known[cell.casefold()]

    def _number(self, cell: str, indicator: Any) -> str:
        if cell.endswith(fields.PER_CENT) and not is_share(indicator.unit):
            raise ValueError(f"is in per cent, but the indicator is in {indicator.unit}")
        read = fields.number(cell, self.sign)
        return _text(tables.number(*bounds(indicator.unit, indicator.least, indicator.most))(_text(read)))

    def _proposal(self, figure: Figure, values: dict[str, Plain], known: Mapping[int, Said]) -> Proposal:
        observation_id = self._id(figure)
        if observation_id is None:
            values["source_url"] = values["source_url"] or figure.indicator.source_url
            values["retrieved"] = values["retrieved"] or self.today.isoformat()
            return Proposal(
                Outcome.NEW, changes={name: ["", value] for name, value in values.items() if value}, key=figure.key
            )
        before = plain(known[observation_id])
        changes: Changes = {
            name: [before[name], value]
            for name, value in values.items()
            if value != before[name] and (value or name in ("value", "missing"))
        }
        if "value" in changes or "missing" in changes:
            changes.setdefault("retrieved", [before["retrieved"], self.today.isoformat()])
        if not set(changes) - set(_ASIDE):
            return Proposal(Outcome.UNCHANGED, observation_id=observation_id, key=figure.key)
        return Proposal(Outcome.CHANGED, observation_id=observation_id, changes=changes, key=figure.key)


@dataclass(frozen=True, slots=True)
class Thin:
    """A period that would become an indicator's latest although fewer municipalities have a number of it."""

    indicator: Any
    period: str
    municipalities: int
    before: int


def thin_periods(batch_id: int) -> list[Thin]:
    """What readers would lose by the new rows of an import: the pages show each indicator's latest period."""
    new: dict[tuple[str, str], set[str]] = {}
    rows = select(ImportRow.import_key, ImportRow.changes)
    theirs = rows.where(ImportRow.batch_id == batch_id, ImportRow.outcome == Outcome.NEW)
    for key, changes in db.session.execute(theirs):
        code, slug, period = key.split("/", 2)
        if "value" in changes:
            new.setdefault((slug, period), set()).add(code)
    numbers = (Indicator.id, Indicator.slug, Indicator.name_da, Indicator.name_en, Observation.period, func.count())
    known = db.session.execute(
        select(*numbers)
        .join(Observation, Observation.indicator_id == Indicator.id)
        .where(Indicator.slug.in_({slug for slug, _period in new}), Observation.number.is_not(None))
        .group_by(*numbers[:-1])
        .order_by(Observation.period)
    ).all()
    latest = {row.slug: row for row in known}
    return [
        Thin(latest[slug], period, len(codes), latest[slug][-1])
        for (slug, period), codes in sorted(new.items())
        if slug in latest and period > latest[slug].period and len(codes) < latest[slug][-1]
    ]


def _same_unit(row: Row, indicator: Any) -> str:
    unit = str(row.values.get("unit") or "")
    if unit and unit.casefold() != indicator.unit.casefold():
        raise ValueError(f"is {unit!r}, but the indicator is in {indicator.unit or '-'}")
    return unit


def _column(batch_id: int, position: int) -> Iterator[str]:
    """The cells of one column of a file."""
    for cells in db.session.scalars(select(ImportRow.cells).where(ImportRow.batch_id == batch_id)):
        yield cells[position]


def _said(ids: Iterable[int]) -> dict[int, Said]:
    """Observation → what it says now."""
    return {one.id: Said.by(one) for one in load(sorted(ids)).values()}


def load(ids: Sequence[int], *, is_locked: bool = False) -> dict[int, Observation]:
    """Observations; `is_locked`: as they are now, and nobody changes them meanwhile."""
    found: dict[int, Observation] = {}
    for some in chunks(ids):
        stmt = select(Observation).where(Observation.id.in_(some))
        if is_locked:
            stmt = stmt.with_for_update().execution_options(populate_existing=True)
        found |= {one.id: one for one in db.session.scalars(stmt)}
    return found


def _key(values: Mapping[str, Any]) -> str:
    return "/".join(str(values.get(name) or "").casefold() for name in ("municipality", "indicator", "period", "value"))
