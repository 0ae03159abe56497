"""What the page of who works with whom asks, and the graph that it draws."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam, select

from portal.core import bilingual, listing
from portal.core.bilingual import text_of
from portal.core.db import read
from portal.core.generations import remembered_for
from portal.core.labels import label
from portal.core.listing import Choice, Listing, ListingPlan, Order
from portal.core.permissions import Actor
from portal.municipalities import queries as municipalities
from portal.partners.models import Partner, PartnerType
from portal.partners.permissions import seen_by as partner_seen_by
from portal.partners.queries import called
from portal.progress.collaboration import graph, layout
from portal.progress.collaboration.graph import Key, Member, Side
from portal.projects import queries as projects
from portal.projects.models import Participation, Project, ProjectMunicipality
from portal.projects.permissions import seen_by

ROOM = 150
"""As many as a picture holds."""

WIDTH, HEIGHT, MARGIN = 1200, 760, 40
LETTER, LINE = 10, 18
"""About what a letter of a name takes, and a line of it, in units of the picture."""


class Where(StrEnum):
    """On which side of its sign a name stands."""

    RIGHT = "right"
    LEFT = "left"
    OVER = "over"
    UNDER = "under"

    @property
    def side(self) -> int:
        """Whether it grows to the right, to the left, or to both sides."""
        return {Where.RIGHT: 1, Where.LEFT: -1}.get(self, 0)


WHERE = {Where.RIGHT: (14, 0), Where.LEFT: (-14, 0), Where.OVER: (0, -24), Where.UNDER: (0, 24)}
"""How far from its sign, in the order in which they are tried."""

# The projects that are looked at: those of a theme, of a municipality. All of them at once, for all are drawn.
PLAN = ListingPlan(
    key=Project.id,
    facets=tuple(facet for facet in projects.PLAN.facets if facet.name in ("theme", "municipality")),
    orders=(Order("name", _l("Name"), (Project.sort_key,)),),
    per_page=10_000,
    is_timeless=True,
)


@dataclass(frozen=True, slots=True)
class Node:
    """A municipality or a partner with its place in the picture."""

    key: Key
    name: str
    slug: str
    kind: str
    projects: int
    near: Sequence[tuple[int, int]]
    """(place of another among the nodes, how many projects they share), most first."""

    x: int
    y: int
    named: Where | None
    """Where its name has room; the others tell theirs when asked."""

    @property
    def is_municipality(self) -> bool:
        return self.key[0] is Side.MUNICIPALITY

    @property
    def label(self) -> tuple[int, int, str]:
        """Where its name stands, and which end of it stands there."""
        where = self.named or (Where.LEFT if self.x > WIDTH * 0.7 else Where.RIGHT)
        dx, dy = WHERE[where]
        return self.x + dx, self.y + dy + LINE // 3, {-1: "end", 0: "middle", 1: "start"}[where.side]


@dataclass(frozen=True, slots=True)
class Row:
    """A municipality or a partner in the table: with whom it shares how many projects, most first."""

    name: str
    slug: str
    kind: str
    is_municipality: bool
    projects: int
    near: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Party:
    """One of two that work together."""

    name: str
    slug: str
    kind: str
    is_municipality: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Two that work together, and what their joint projects are called."""

    one: Party
    other: Party
    projects: Sequence[str]


@dataclass(frozen=True)
class Collaboration:
    """Who works with whom in the chosen projects."""

    nodes: Sequence[Node]
    ties: Sequence[tuple[int, int]]
    rows: Sequence[Row]
    pairs: Sequence[Pair]
    alone: int
    """How many take part in a project without anybody whom they could be tied to."""

    @property
    def left_out(self) -> int:
        """How many have ties and no room in the picture."""
        return len(self.rows) - len(self.nodes)


def listing_of(choice: Choice, actor: Actor, path: str) -> Listing:
    """The chosen projects, with what else could be chosen."""
    return listing.show(PLAN, choice, projects.IDS, seen_by(actor), path, actor)


def collaboration(found: Listing, actor: Actor) -> Collaboration:
    """Who works with whom in the projects of a listing."""
    ids = [row.id for row in found.items]
    key = ("collaboration", bilingual.chosen(), tuple(found.choice.chosen.items()))
    return remembered_for(actor, key, lambda: _collaboration(ids, actor))


def _collaboration(ids: Collection[int], actor: Actor) -> Collaboration:
    named = Names(actor)
    members = graph.members(named.taking_part(ids))
    shown = graph.shown(members, ROOM)
    nodes, ties = _drawn(shown, named)
    tied = sorted((one for one in members.values() if one.shared), key=lambda one: named.sorting(one.key))
    return Collaboration(nodes, ties, [_row(one, named) for one in tied], _pairs(tied, named), len(members) - len(tied))


class Names:
    """What the members and their projects are called, read once."""

    def __init__(self, actor: Actor) -> None:
        self.places = {row.id: row for row in municipalities.tiles()}
        self.order = {place: position for position, place in enumerate(self.places)}
        self.partners: dict[int, Any] = {}
        self.titles: dict[int, str] = {}
        self.actor = actor

    def taking_part(self, ids: Collection[int]) -> list[tuple[int, Key]]:
        """(project, who takes part in it). A municipality's own organisation stands for the municipality."""
        found: list[tuple[int, Key]] = []
        for row in read(_participations(self.actor), ids=list(ids)):
            self.titles[row.project_id] = row.acronym or str(text_of(row, "title"))
            if row.type == PartnerType.MUNICIPALITY and row.municipality_id in self.places:
                found.append((row.project_id, (Side.MUNICIPALITY, row.municipality_id)))
            else:
                self.partners[row.id] = row
                found.append((row.project_id, (Side.PARTNER, row.id)))
        for row in read(_places(self.actor), ids=list(ids)):
            self.titles[row.project_id] = row.acronym or str(text_of(row, "title"))
            found.append((row.project_id, (Side.MUNICIPALITY, row.municipality_id)))
        return found

    def row(self, key: Key) -> Any:
        return (self.places if key[0] is Side.MUNICIPALITY else self.partners)[key[1]]

    def name(self, key: Key) -> str:
        row = self.row(key)
        return str(text_of(row, "name")) if key[0] is Side.MUNICIPALITY else called(row)

    def kind(self, key: Key) -> str:
        return "" if key[0] is Side.MUNICIPALITY else label(PartnerType(self.row(key).type))

    def party(self, key: Key) -> Party:
        return Party(self.name(key), self.row(key).slug, self.kind(key), key[0] is Side.MUNICIPALITY)

    def sorting(self, key: Key) -> tuple[Side, int, str]:
        """Municipalities first, in the reader's order; then partners by their sort key."""
        is_place = key[0] is Side.MUNICIPALITY
        return key[0], self.order[key[1]] if is_place else 0, "" if is_place else self.row(key).sort_key


def _participations(actor: Actor) -> Any:
    return (
        select(
            Participation.project_id,
            Project.acronym,
            Project.title_da,
            Project.title_en,
            Partner.id,
            Partner.slug,
            Partner.name,
            Partner.name_da,
            Partner.name_en,
            Partner.type,
            Partner.municipality_id,
            Partner.sort_key,
        )
        .join(Partner, Participation.partner_id == Partner.id)
        .join(Project, Participation.project_id == Project.id)
        .where(_CHOSEN, partner_seen_by(actor), seen_by(actor))
    )


def _places(actor: Actor) -> Any:
    columns = Project.acronym, Project.title_da, Project.title_en
    return (
        select(ProjectMunicipality.project_id, ProjectMunicipality.municipality_id, *columns)
        .join(Project, ProjectMunicipality.project_id == Project.id)
        .where(_CHOSEN, seen_by(actor))
    )


_CHOSEN = Project.id.in_(bindparam("ids", expanding=True))


def _drawn(shown: Sequence[Member], named: Names) -> tuple[list[Node], list[tuple[int, int]]]:
    place = {one.key: position for position, one in enumerate(shown)}
    ties = sorted(
        (place[one.key], place[other])
        for one in shown
        for other in one.shared
        if other in place and place[one.key] < place[other]
    )
    begins = [_begin(one.key, named) for one in shown]
    points = layout.placed(len(shown), ties, begins, WIDTH, HEIGHT, MARGIN)
    with_room = _with_room(shown, points, named)
    nodes = [
        Node(
            one.key,
            named.name(one.key),
            named.row(one.key).slug,
            named.kind(one.key),
            len(one.projects),
            sorted(
                ((place[other], len(joint)) for other, joint in one.shared.items() if other in place),
                key=lambda near: (-near[1], near[0]),
            ),
            x,
            y,
            with_room.get(one.key),
        )
        for one, (x, y) in zip(shown, points, strict=True)
    ]
    return nodes, ties


def _begin(key: Key, named: Names) -> tuple[float, float] | None:
    """Where a municipality lies in the country, so that the picture has west on the left."""
    if key[0] is Side.PARTNER:
        return None
    row = named.row(key)
    return float(row.tile_col), float(row.tile_row)


def _with_room(shown: Sequence[Member], points: Sequence[tuple[int, int]], named: Names) -> dict[Key, Where]:
    """Those whose names can stand beside them without covering another, and where: most ties first."""
    taken = [(x - 9, y - 9, x + 9, y + 9) for x, y in points]
    found: dict[Key, Where] = {}
    for position in sorted(range(len(shown)), key=lambda at: shown[at].weight, reverse=True):
        x, y = points[position]
        length = LETTER * len(named.name(shown[position].key))
        for where, (dx, dy) in WHERE.items():
            middle = x + dx + where.side * length // 2
            box = (middle - length // 2, y + dy - LINE // 2, middle + length // 2, y + dy + LINE // 2)
            if box[0] > 0 and box[2] < WIDTH and not any(_meet(box, other) for other in taken):
                taken.append(box)
                found[shown[position].key] = where
                break
    return found


def _meet(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _row(one: Member, named: Names) -> Row:
    near = sorted(one.shared, key=lambda other: (-len(one.shared[other]), named.sorting(other)))
    return Row(
        named.name(one.key),
        named.row(one.key).slug,
        named.kind(one.key),
        one.key[0] is Side.MUNICIPALITY,
        len(one.projects),
        [(named.name(other), len(one.shared[other])) for other in near],
    )


def _pairs(tied: Sequence[Member], named: Names) -> list[Pair]:
    return [
        Pair(named.party(one.key), named.party(other), sorted(named.titles[project] for project in one.shared[other]))
        for one in tied
        for other in sorted(one.shared, key=named.sorting)
        if one.key < other
    ]
