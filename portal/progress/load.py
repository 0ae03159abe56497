"""Taking in framework.csv and stage_rules.csv."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core import generations, intake, tables
from portal.core.db import db
from portal.core.intake import Intake
from portal.core.tables import Column, Row, Table
from portal.municipalities.load import INDICATORS
from portal.municipalities.models import Indicator
from portal.progress.models import STAGES, Assessment, Dimension, Framework, StageMeaning, StageRule
from portal.progress.operations import KIND

MEANINGS = tuple(f"level_{stage}_{language}" for stage in STAGES for language in ("en", "da"))

FRAMEWORK = Table(
    "framework.csv",
    (
        Column("version", tables.key(20), required=True),
        Column("valid_from", tables.day, required=True),
        Column("dimension", tables.key(), required=True),
        Column("name_en", tables.text(120), required=True),
        Column("name_da", tables.text(120), required=True),
        Column("asks_en", tables.text(), required=True),
        Column("asks_da", tables.text(), required=True),
        *(Column(name, tables.text(), required=True) for name in MEANINGS),
        Column("refers_to", tables.several(tables.text()), blank=()),
        Column("source_url", tables.addresses, required=True),
    ),
    key=("version", "dimension"),
)


def _reaches_a_stage(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if values["stage"] == 0:
        yield "stage", "is 0: that a register is silent does not tell that nothing happens"


RULES = Table(
    "stage_rules.csv",
    (
        Column("rule", tables.key(), required=True),
        Column("version", tables.key(20), required=True),
        Column("dimension", tables.key(), required=True),
        Column("indicator_id", tables.key(60), required=True),
        Column("values", tables.several(tables.text(120)), blank=()),
        Column("stage", tables.whole(0, 4), required=True),
        Column("holds_years", tables.whole(1, 20), required=True),
        Column("sentence_en", tables.text(), required=True),
        Column("sentence_da", tables.text(), required=True),
    ),
    key=("rule",),
    check=_reaches_a_stage,
)


def load_framework(rows: Sequence[Row], at: Intake) -> None:
    """Add dimensions with their stages. A version that assessments were made by stays as it is."""
    options = (selectinload(Dimension.stages),)
    there = intake.existing(Dimension, rows, Dimension.import_key, *options)
    rows = _of_one_day(_not_in_use(rows, there, at), at)
    frameworks = {one.version: one for one in db.session.scalars(select(Framework))}
    position = {row.key: number for number, row in enumerate(rows)}
    for row in rows:
        if row["version"] not in frameworks:
            frameworks[row["version"]] = Framework(version=row["version"], valid_from=row["valid_from"])
            db.session.add(frameworks[row["version"]])
    db.session.flush()

    def fill(dimension: Dimension, row: Row) -> Sequence[StageMeaning]:
        dimension.write(at.now, **{name: row[name] for name in ("name_da", "name_en", "asks_da", "asks_en")})
        dimension.position = position[row.key]
        dimension.refers_to = ";".join(row["refers_to"])
        dimension.source_url = row["source_url"]
        intake.keep(
            dimension.stages,
            {stage: partial(StageMeaning, stage=stage) for stage in STAGES},
            lambda meaning: meaning.stage,
        )
        for meaning in dimension.stages:
            meaning.meaning_da = row[f"level_{meaning.stage}_da"]
            meaning.meaning_en = row[f"level_{meaning.stage}_en"]
        return dimension.stages

    def make(row: Row) -> Dimension:
        return Dimension(framework_id=frameworks[row["version"]].id, slug=row["dimension"], stages=[])

    outcomes = at.upsert(rows, there, make, fill)
    at.record("dimension", outcomes)
    if outcomes:
        generations.bump(KIND)


def _not_in_use(rows: Sequence[Row], there: Mapping[str, Dimension], at: Intake) -> list[Row]:
    """The rows that do not say anew what assessments were made by."""
    used = set(
        db.session.scalars(
            select(Dimension.framework_id).join(Assessment, Assessment.dimension_id == Dimension.id).distinct()
        )
    )
    good = []
    for row in rows:
        known = there.get(row.key)
        if known is not None and known.framework_id in used and known.import_digest != row.digest():
            at.reject(row, "version", f"{row['version']} has been assessed by and stays as it is: give a new version")
        else:
            good.append(row)
    return good


def _of_one_day(rows: Sequence[Row], at: Intake) -> list[Row]:
    """The rows that begin on the day on which their version does."""
    begins = dict(db.session.execute(select(Framework.version, Framework.valid_from)).all())
    good = []
    for row in rows:
        if begins.setdefault(row["version"], row["valid_from"]) != row["valid_from"]:
            at.reject(row, "valid_from", f"is not the day on which {row['version']} begins: {begins[row['version']]}")
        else:
            good.append(row)
    return good


def load_rules(rows: Sequence[Row], at: Intake) -> None:
    """Add or change the rules by which registers count."""
    dimensions = {(version, slug): id for version, slug, id in _dimensions()}
    indicators = intake.keys_of(Indicator, Indicator.slug)
    rows = at.resolve(rows, "indicator_id", indicators, "indicator", INDICATORS.file)
    good = []
    for row in rows:
        if (row["version"], row["dimension"]) in dimensions:
            good.append(row)
        else:
            reason = at.unknown("dimension", f"{row['version']}/{row['dimension']}", FRAMEWORK.file)
            at.reject(row, "dimension", reason)
    there = intake.existing(StageRule, good, StageRule.slug)
    position = {row.key: number for number, row in enumerate(good)}

    def fill(rule: StageRule, row: Row) -> None:
        rule.write(at.now, sentence_da=row["sentence_da"], sentence_en=row["sentence_en"])
        rule.dimension_id = dimensions[row["version"], row["dimension"]]
        rule.indicator_id = indicators[row["indicator_id"]]
        rule.words = ";".join(row["values"])
        rule.position = position[row.key]
        rule.stage, rule.holds_years = row["stage"], row["holds_years"]

    outcomes = at.upsert(good, there, lambda row: StageRule(slug=row.key), fill)
    at.record("stage_rule", outcomes)
    if outcomes:
        generations.bump(KIND)


def _dimensions() -> Any:
    columns = Framework.version, Dimension.slug, Dimension.id
    return db.session.execute(select(*columns).join(Framework, Dimension.framework_id == Framework.id))
