"""The assessments of the municipalities as the interface for programs gives them out."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, false, select

from portal.api.registers import CODE
from portal.api.resources import Filter, Kind, Property, Resource, among
from portal.api.telling import OWN_RIGHTS, in_places
from portal.core.db import AnySelect, db
from portal.core.permissions import VISITOR
from portal.municipalities.models import Municipality
from portal.progress.models import Assessment, Dimension, Dispute, Evidence, Framework
from portal.progress.permissions import seen_by


def _assessments() -> AnySelect:
    columns = (
        Assessment.id,
        Assessment.stage,
        Assessment.is_least,
        Assessment.basis,
        Assessment.state,
        Assessment.reply,
        Assessment.assessed_on,
        Assessment.valid_until,
        Municipality.code,
        Dimension.slug.label("dimension"),
        Dimension.name_da.label("dimension_name_da"),
        Dimension.name_en.label("dimension_name_en"),
        Framework.version.label("framework"),
    )
    return (
        select(*columns)
        .join(Municipality, Assessment.municipality_id == Municipality.id)
        .join(Dimension, Assessment.dimension_id == Dimension.id)
        .join(Framework, Dimension.framework_id == Framework.id)
        .where(seen_by(VISITOR))
        .order_by(Municipality.code, Dimension.position, Assessment.assessed_on, Assessment.id)
    )


def _by_id(key: str) -> ColumnElement[bool]:
    is_id = key.isascii() and key.isdecimal() and len(key) < 10
    return Assessment.id == int(key) if is_id else false()


def _grounds(rows: Sequence[Any]) -> Mapping[int, Mapping[str, Any]]:
    """Assessment → what it rests on, and what the municipality says against it."""
    ids = [row.id for row in rows]
    found: dict[int, dict[str, list[dict[str, Any]]]] = {id: {"evidence": [], "disputes": []} for id in ids}
    rests = select(Evidence).where(Evidence.assessment_id.in_(ids)).order_by(Evidence.assessment_id, Evidence.position)
    for one in db.session.scalars(rests):
        found[one.assessment_id]["evidence"].append(
            {
                "kind": one.kind.value,
                "stage": one.stage,
                "sentence": {"da": one.sentence_da, "en": one.sentence_en},
                "indicator": one.indicator or None,
                "value": one.value or None,
                "period": one.period,
                "source_name": one.source_name,
                "source_url": one.url,
                "retrieved": one.retrieved,
            }
        )
    for said in db.session.scalars(select(Dispute).where(Dispute.assessment_id.in_(ids))):
        found[said.assessment_id]["disputes"].append(
            {
                "stage": said.stage,
                "reason": said.reason,
                "language": said.language,
                "urls": said.addresses,
                "on": said.at.date().isoformat(),
            }
        )
    return found


EVIDENCE = {
    "kind": Kind.TEXT,
    "stage": Kind.WHOLE,
    "sentence": Kind.PAIR,
    "indicator": Kind.TEXT,
    "value": Kind.TEXT,
    "period": Kind.TEXT,
    "source_name": Kind.TEXT,
    "source_url": Kind.ADDRESS,
    "retrieved": Kind.TEXT,
}
DISPUTE = {"stage": Kind.WHOLE, "reason": Kind.TEXT, "language": Kind.TEXT, "urls": Kind.WORDS, "on": Kind.DAY}

ASSESSMENTS = Resource(
    "assessments",
    _l("How far the municipalities have come"),
    _l(
        "Every assessment that holds or has held: municipality, dimension, stage 0 to 4, on what grounds, when and by "
        "which version of the framework. A municipality and dimension without one is unknown, never zero."
    ),
    _assessments,
    _by_id,
    lambda row: str(row.id),
    (
        CODE,
        Property("dimension", Kind.TEXT, _l("Dimension"), term="variableMeasured"),
        Property("dimension_name", Kind.PAIR, _l("Name of the dimension")),
        Property("stage", Kind.WHOLE, _l("Stage (0–4)"), term="value"),
        Property("is_least", Kind.FLAG, _l("It may have come further")),
        Property("basis", Kind.TEXT, _l("Basis"), term="measurementMethod"),
        Property("state", Kind.TEXT, _l("State")),
        Property("reply", Kind.TEXT, _l("What the municipality answered")),
        Property("assessed_on", Kind.DAY, _l("Assessed on"), term="observationDate"),
        Property("valid_until", Kind.DAY, _l("Holds until")),
        Property("framework", Kind.TEXT, _l("Version of the framework")),
    ),
    (
        Filter("municipality", _l("Municipality code"), in_places),
        Filter("dimension", _l("Dimension"), among(Dimension.slug)),
        Filter("state", _l("State"), among(Assessment.state)),
        Filter("framework", _l("Version of the framework"), among(Framework.version)),
    ),
    more=_grounds,
    details=(
        Property("evidence", Kind.LIST, _l("What it rests on"), holds=EVIDENCE),
        Property("disputes", Kind.LIST, _l("What the municipality says against it"), holds=DISPUTE),
    ),
    term="Observation",
    rights=OWN_RIGHTS,
    themes=("GOVE", "REGI"),
)
