"""One step ahead: who among the most alike has come further, by what, and whom to ask there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.core.bilingual import chosen
from portal.core.db import read
from portal.core.errors import NotFound
from portal.core.generations import remembered, remembered_for
from portal.core.permissions import Actor
from portal.core.themes import Theme
from portal.municipalities.peers.distance import EVEN, Peer, Weights
from portal.municipalities.peers.queries import Register, register
from portal.partners import queries as partners
from portal.partners.models import Partner
from portal.partners.permissions import seen_by as partner_seen_by
from portal.progress.models import Evidence, EvidenceKind, StageMeaning
from portal.progress.queries import dimensions_on
from portal.progress.whole import queries as whole
from portal.progress.whole.queries import Standing
from portal.projects import queries as projects
from portal.projects.models import Participation, Role

MOST = 2
"""How many are named in each dimension, and how many projects of each."""
SUBJECTS: Mapping[str, frozenset[Theme]] = {
    "strategy": frozenset({Theme.GOVERNANCE, Theme.PLANNING}),
    "data": frozenset({Theme.DATA}),
    "technology": frozenset({Theme.DATA, Theme.BUILDINGS, Theme.WATER, Theme.WASTE}),
    "energy-climate": frozenset({Theme.ENERGY, Theme.HEAT, Theme.CLIMATE, Theme.BUILDINGS}),
    "mobility": frozenset({Theme.MOBILITY}),
    "citizens": frozenset({Theme.HEALTH, Theme.GOVERNANCE}),
    "collaboration": frozenset(Theme),
}
"""Which projects have to do with a dimension: those of one of its themes. Of a dimension that is not here, none do."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a stage means in a dimension."""

    meaning_da: str
    meaning_en: str


@dataclass(frozen=True, slots=True)
class Looked:
    """A dimension, as a page that is remembered may keep it."""

    id: int
    slug: str
    name_da: str
    name_en: str
    meanings: Mapping[int, Meaning]


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to ask, and the partner they answer for."""

    row: Any
    partner: Any


@dataclass(frozen=True, slots=True)
class Around:
    """What there is around municipalities, by municipality: own organisation, projects, people; and who leads each
    project."""

    own: Mapping[int, Any]
    projects: Mapping[int, Sequence[Any]]
    leads: Mapping[int, Any]
    contacts: Mapping[int, Sequence[Contact]]


@dataclass(frozen=True, slots=True)
class Ahead:
    """A municipality that has come further in a dimension, by what took it to its stage.

    `leads`: project → the partner that coordinates it.
    """

    place: Any
    peer: Peer
    assessment: Standing
    evidence: Sequence[Any]
    projects: Sequence[Any]
    leads: Mapping[int, Any]
    own: Any | None
    contacts: Sequence[Contact]


@dataclass(frozen=True, slots=True)
class Step:
    """A dimension, how far ours has come in it, and the most alike of those who have come further.

    `known` says of how many others a stage is known.
    """

    dimension: Looked
    ours: Standing | None
    ahead: Sequence[Ahead]
    known: int

    @property
    def stage(self) -> int | None:
        return self.ours.stage if self.ours else None


Cells = Mapping[tuple[int, int], Standing]
"""Municipality and dimension → the assessment in force, where the stage is known."""


def standing(day: date) -> Cells:
    """How far all municipalities have come in all dimensions, as far as everybody knows it on a day."""
    return remembered(("cells", day), lambda: _cells(day))


def looked_at(day: date) -> Sequence[Looked]:
    """The dimensions in force on a day."""
    return [_looked(dimension) for dimension in dimensions_on(day)]


def steps(municipality_id: int, day: date, actor: Actor, weights: Weights = EVEN) -> Sequence[Step]:
    """Dimension by dimension, who is ahead of a municipality."""
    reader = projects.reader_of(actor)
    if weights != EVEN:
        return _steps(municipality_id, register(day), day, reader, weights)
    key = ("ahead", municipality_id, day, chosen())
    return remembered_for(reader, key, lambda: _steps(municipality_id, register(day), day, reader, EVEN))


def contact_in(municipality_id: int, contact_id: int, actor: Actor) -> Contact:
    """Somebody who may be asked about a municipality: of its own, or of who leads a project there. `NotFound` else."""
    for contact in _around([municipality_id], actor).contacts[municipality_id]:
        if contact.row.id == contact_id:
            return contact
    raise NotFound("contact", contact_id)


def _cells(day: date) -> Cells:
    return {
        (one.municipality_id, dimension): one for dimension, all_of in whole.standing(day).items() for one in all_of
    }


def _looked(dimension: Any) -> Looked:
    meanings: Sequence[StageMeaning] = dimension.stages
    said = {one.stage: Meaning(one.meaning_da, one.meaning_en) for one in meanings}
    return Looked(dimension.id, dimension.slug, dimension.name_da, dimension.name_en, said)


def _steps(municipality_id: int, all_of_them: Register, day: date, actor: Actor, weights: Weights) -> Sequence[Step]:
    known = standing(day)
    near = all_of_them.nearest(municipality_id, weights)
    found = []
    for dimension in looked_at(day):
        ours = known.get((municipality_id, dimension.id))
        others = [(peer, said) for peer in near if (said := known.get((peer.id, dimension.id)))]
        further = [(peer, said) for peer, said in others if said.stage > (ours.stage if ours else 0)]
        found.append((dimension, ours, further[:MOST], len(others)))
    named = [one for _dimension, _ours, further, _known in found for one in further]
    around = _around(sorted({peer.id for peer, _said in named}), actor)
    themes = projects.themes_of({row.id for rows in around.projects.values() for row in rows})
    evidence = _evidence(said.assessment_id for _peer, said in named)

    def ahead(dimension: Looked, peer: Peer, said: Standing) -> Ahead:
        why = [one for one in evidence.get(said.assessment_id, ()) if one.stage in (None, said.stage)]
        return Ahead(
            all_of_them.facts[peer.id].place,
            peer,
            said,
            why,
            _about(dimension.slug, around.projects[peer.id], themes, why)[:MOST],
            around.leads,
            around.own.get(peer.id),
            around.contacts[peer.id],
        )

    return [
        Step(dimension, ours, [ahead(dimension, peer, said) for peer, said in further], count)
        for dimension, ours, further, count in found
    ]


def _about(
    dimension: str, rows: Sequence[Any], themes: Mapping[int, Sequence[Theme]], evidence: Sequence[Any]
) -> list[Any]:
    """The projects that have to do with a dimension, those that the evidence names before the others."""
    named = {one.value for one in evidence if one.kind is EvidenceKind.PROJECT}
    subjects = SUBJECTS.get(dimension, frozenset())
    about = [row for row in rows if row.slug in named or not subjects.isdisjoint(themes[row.id])]
    return sorted(about, key=lambda row: row.slug not in named)


def _evidence(assessment_ids: Iterable[int]) -> dict[int, list[Any]]:
    """Assessment → what it rests on, the strongest first."""
    statement = select(Evidence.__table__).where(Evidence.assessment_id.in_(sorted(set(assessment_ids))))
    found: dict[int, list[Any]] = {}
    for row in read(statement.order_by(Evidence.assessment_id, Evidence.position)):
        found.setdefault(row.assessment_id, []).append(row)
    return found


def _around(ids: Sequence[int], actor: Actor) -> Around:
    own = {one: rows[0] for one, rows in partners.in_municipalities(ids, actor).items() if rows and rows[0].is_own}
    there = projects.in_municipalities(ids, actor)
    leads = _leads({row.id for rows in there.values() for row in rows}, actor)
    people = partners.contacts_by_partner({one.id for one in (*own.values(), *leads.values())}, actor)
    contacts = {}
    for one in ids:
        asked = [own[one]] if one in own else []
        asked += [leads[row.id] for row in there[one] if row.id in leads]
        by_partner = {partner.id: partner for partner in asked}
        contacts[one] = [
            Contact(row, partner)
            for partner in by_partner.values()
            for row in people[partner.id]
            if row.can_be_written_to
        ]
    return Around(own, there, leads, contacts)


def _leads(project_ids: Iterable[int], actor: Actor) -> dict[int, Any]:
    """Project → the partner that coordinates it."""
    columns = Participation.project_id, Partner.id, Partner.slug, Partner.name, Partner.name_da, Partner.name_en
    statement = (
        select(*columns)
        .join(Partner, Participation.partner_id == Partner.id)
        .where(
            Participation.project_id.in_(sorted(project_ids)),
            Participation.role == Role.COORDINATOR,
            partner_seen_by(actor),
        )
    )
    return {row.project_id: row for row in read(statement)}
