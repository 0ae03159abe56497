"""Two to six municipalities side by side: stages, figures, projects and partners, each with source and period."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock
from portal.core.bilingual import text_of
from portal.core.labels import label
from portal.core.permissions import audience
from portal.core.provenance import addresses
from portal.core.web import actor, address, host_of, pages, path_for, table_download
from portal.municipalities import labels
from portal.municipalities import queries as municipalities
from portal.municipalities.comparing import choice, queries
from portal.municipalities.peers import queries as peers
from portal.municipalities.peers.distance import Measure
from portal.partners import queries as partners
from portal.progress import queries as progress
from portal.progress.ahead import queries as ahead
from portal.projects import queries as projects

bp = pages("comparing", __name__, "/municipalities/compare")

OFFERED = 5


class Page:
    """What the page and its file are made of."""

    def __init__(self) -> None:
        self.day: date = clock.today()
        self.names = municipalities.names(place.slug for place in municipalities.tiles())
        self.choice = choice.read(request.args.getlist("m"), self.names)
        self.places = queries.places(self.choice.chosen) if self.choice.chosen else []
        self.ids = [place.id for place in self.places]
        self.register = peers.register(self.day)

    @property
    def path(self) -> str:
        return path_for("comparing.index")

    @cached_property
    def lines(self) -> Sequence[queries.Line]:
        return queries.lines(self.ids)

    @cached_property
    def dimensions(self) -> Sequence[ahead.Looked]:
        return ahead.looked_at(self.day)

    @cached_property
    def standing(self) -> ahead.Cells:
        return ahead.standing(self.day)

    @cached_property
    def projects(self) -> dict[int, list[Any]]:
        return projects.in_municipalities(self.ids, actor())

    @cached_property
    def partners(self) -> dict[int, list[Any]]:
        return partners.in_municipalities(self.ids, actor())

    @cached_property
    def regions(self) -> dict[str, str]:
        facts = (self.register.facts[one].values for one in self.ids)
        return municipalities.region_names({str(one[Measure.REGION]) for one in facts if Measure.REGION in one})

    def named(self, slugs: Sequence[str]) -> str:
        """Municipalities by their names, in one line."""
        return ", ".join(self.names[slug] for slug in slugs)

    def fact(self, place: Any, measure: str) -> Any:
        """A value that municipalities are compared by; nothing where it is unknown."""
        value = self.register.facts[place.id].values.get(Measure(measure))
        return self.regions.get(str(value)) if measure == Measure.REGION and value else value

    @property
    def shared(self) -> list[Any]:
        """The projects that more than one of them have a part in."""
        rows = [row for place in self.ids for row in self.projects[place]]
        seen = [row.id for row in rows]
        return list({row.id: row for row in rows if seen.count(row.id) > 1}.values())

    def groups(self) -> dict[str, list[queries.Line]]:
        """Theme as readers call it → its indicators."""
        found: dict[str, list[queries.Line]] = {}
        for line in self.lines:
            found.setdefault(labels.theme(line.about.theme), []).append(line)
        return found

    @staticmethod
    def host_of(url: str) -> str:
        """The short name of a source: beside many figures there is no room for the long one."""
        return host_of(url)

    def offered(self) -> list[Any]:
        """Whom to add: those most like the first that is chosen."""
        if not self.ids or self.choice.is_full:
            return []
        near = (self.register.facts[peer.id].place for peer in self.register.nearest(self.ids[0]))
        return [place for place in near if place.slug not in self.choice.chosen][:OFFERED]


@bp.get("")
@audience("everyone")
def index() -> ResponseReturnValue:
    page = Page()
    return render_template(
        "municipalities/comparing/index.html",
        page=page,
        choice=page.choice,
        most=choice.MOST,
        stage_names=progress.STAGE_NAMES,
        words=labels,
    )


@bp.get(".<any(csv, xlsx):ending>")
@audience("everyone")
def export(ending: str) -> ResponseReturnValue:
    page = Page()
    if not page.choice.is_enough:
        return redirect(page.choice.url(page.path))
    return table_download("compared", ending, _columns(page), _rows(page))


def _columns(page: Page) -> Sequence[str]:
    named = [str(text_of(place, "name")) for place in page.places]
    return (_("Group"), _("What"), *named, _("Unit"), _("Period"), _("Other periods"), _("Source"))


def _rows(page: Page) -> Iterator[Sequence[Any]]:
    yield from _facts(page)
    stages = _("How far it has come")
    for dimension in page.dimensions:
        said = [page.standing.get((place.id, dimension.id)) for place in page.places]
        dated = [(place, str(one.assessed_on)) for place, one in zip(page.places, said, strict=True) if one]
        cells = [_stage(one) if one else None for one in said]
        yield (stages, str(text_of(dimension, "name")), *cells, "", *_periods(dated, ""), address("progress.method"))
    for group, lines in page.groups().items():
        for line in lines:
            said_here = [line.said.get(place.id) for place in page.places]
            cells = [_said(one) if one else None for one in said_here]
            dated = [(place, one.period) for place, one in zip(page.places, said_here, strict=True) if one]
            yield (
                group,
                str(line.name),
                *cells,
                labels.unit(line.about.unit),
                *_periods(dated, line.period),
                line.source_url,
            )
    for what, rows_of in ((_("Projects"), page.projects), (_("Partners"), page.partners)):
        named = ["; ".join(_title(row) for row in rows_of[place.id]) for place in page.places]
        yield (what, what, *named, "", page.day.isoformat(), "", "")


def _facts(page: Page) -> Iterator[Sequence[Any]]:
    group = labels.theme("context")
    counted = [(place, str(place.population_date)) for place in page.places if place.population_date]
    source = next((url for place in page.places for url in addresses(place.source_url)), "")
    usual = counted[0][1] if counted else ""
    yield (group, _("Region"), *(page.fact(place, "region") for place in page.places), "", page.day.isoformat(), "", "")
    people = [place.population for place in page.places]
    yield (group, _("Population"), *people, labels.unit("inhabitants"), *_periods(counted, usual), source)
    yield (group, _("Area"), *(place.area_km2 for place in page.places), "km²", "", "", source)


def _periods(dated: Sequence[tuple[Any, str]], usual: str) -> tuple[str, str]:
    """The period of most, and where a municipality's is another: which."""
    usual = usual or max((period for _place, period in dated), default="")
    return usual, "; ".join(f"{text_of(place, 'name')}: {period}" for place, period in dated if period != usual)


def _stage(said: Any) -> str:
    name = progress.STAGE_NAMES[said.stage]
    told = f"{said.stage} " + (_("%(stage)s, at least", stage=name) if said.is_least else str(name))
    return f"{told} ({label(said.reply)})" if said.reply else told


def _said(said: queries.Said) -> Any:
    return said.number if said.number is not None else ", ".join(labels.word(word) for word in said.words)


def _title(row: Any) -> str:
    return str(text_of(row, "title")) if hasattr(row, "title_da") else partners.called(row)
