"""What the council sheet says of a municipality: the same on the page and on paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.core.bilingual import Shown, text_of
from portal.core.provenance import addresses
from portal.core.templating import day as day_
from portal.core.templating import number
from portal.core.texts import gettext as _
from portal.core.web import host_of
from portal.municipalities import labels as words
from portal.progress.labels import STAGES
from portal.projects import wording

KEY_FIGURES = (
    "co2e_per_capita",
    "final_energy_gj",
    "re_self_sufficiency",
    "oil_gas_heated_dwellings",
    "district_heating_fossil",
    "ev_share",
    "public_transport_access",
    "commute_km",
    "waste_kg",
    "recycling_share",
)
"""The indicators that a council asks of first, in this order."""

PROJECTS = 8
PARTNERS = 12


@dataclass(frozen=True)
class StageLine:
    """A dimension: the stage reached, or none, and what says so."""

    name: Shown
    stage: int | None
    stage_name: str
    is_old: bool = False
    is_disputed: bool = False
    dated: str = ""
    source: str = ""


@dataclass(frozen=True)
class FigureLine:
    """An indicator: this municipality's figure beside the median of those that are known."""

    name: Shown
    unit: str
    ours: str
    middle: str
    known: int
    period: str
    source: str


@dataclass(frozen=True)
class Line:
    """A project or a partner, with a few words beside its name."""

    name: Shown
    aside: str
    slug: str


@dataclass(frozen=True)
class Sheet:
    """All that stands on the sheet."""

    name: str
    lead: str
    day: date
    in_all: int
    stages: Sequence[StageLine]
    figures: Sequence[FigureLine]
    projects: Sequence[Line]
    partners: Sequence[Line]
    unknown: Sequence[str]
    """One sentence each about what nobody has told."""

    sources: Sequence[str]

    @property
    def known_stages(self) -> int:
        return sum(line.stage is not None and not line.is_old for line in self.stages)


def stage_line(cell: Any) -> StageLine:
    """A dimension as the sheet says it. `cell`: progress.queries.Cell."""
    name = cell.dimension.text("name")
    if cell.stage is None:
        return StageLine(name, None, "")
    said = str(STAGES[cell.stage])
    first = cell.now.evidence[0] if cell.now.evidence else None
    return StageLine(
        name,
        cell.stage,
        _("%(stage)s, at least", stage=said) if cell.now.is_least else said,
        cell.is_old,
        cell.now.dispute is not None,
        words.period(first.period) if first and first.period else day_(cell.now.assessed_on),
        (words.source_name(first.source_name) or host_of(first.url)) if first else "",
    )


def figure_line(figure: Any) -> FigureLine:
    """An indicator as the sheet says it. `figure`: municipalities.queries.Figure."""
    spread, places = figure.spread, figure.spread.decimals if figure.spread.known else 0
    return FigureLine(
        figure.name,
        _unit(words.unit(figure.about.unit), str(figure.name)),
        "" if figure.ours is None else number(figure.ours, places),
        number(spread.middle, places) if spread.known else "",
        len(spread.known),
        words.period(figure.period),
        words.source_name(figure.about.source_name) or host_of(figure.source_url),
    )


def _unit(unit: str, name: str) -> str:
    """What a unit says besides the name: of tonnes per inhabitant, where the name says per inhabitant, the tonnes."""
    for per in (" per ", " pr. "):
        whole, said, part = unit.partition(per)
        if said and f"{per}{part}".lower() in name.lower():
            return whole
    return "" if unit.lower() in name.lower() else unit


def unknown_lines(stages: Sequence[StageLine], figures: Sequence[FigureLine], has_projects: bool) -> list[str]:
    """What nobody has told, in sentences."""
    lines = []
    if missing := [str(line.name) for line in stages if line.stage is None]:
        lines.append(_("How far it has come in: %(dimensions)s.", dimensions=_listed(missing)))
    if old := [str(line.name) for line in stages if line.is_old]:
        lines.append(_("Out of date: %(dimensions)s.", dimensions=_listed(old)))
    if disputed := [str(line.name) for line in stages if line.is_disputed]:
        lines.append(_("Disputed by the municipality: %(dimensions)s.", dimensions=_listed(disputed)))
    if missing := [str(line.name) for line in figures if not line.ours]:
        lines.append(_("Figures: %(indicators)s.", indicators=_listed(missing)))
    if not has_projects:
        lines.append(_("No source that we know names a project here. That is not to say that there is none."))
    return lines


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def chosen_figures(figures: Sequence[Any]) -> list[Any]:
    """The key figures in their order; where a register has others, its first ones."""
    by_slug: Mapping[str, Any] = {figure.about.slug: figure for figure in figures}
    return [by_slug[slug] for slug in KEY_FIGURES if slug in by_slug] or list(figures[: len(KEY_FIGURES)])


def project_line(row: Any) -> Line:
    state = wording.project_state(row.state, row.source_state)
    years = wording.project_years(row.starts_on, row.ends_on)
    return Line(text_of(row, "title"), ", ".join(filter(None, (state, years))) or _("not reported"), row.slug)


def sources_of(municipality: Any, figures: Sequence[Any], cells: Sequence[Any]) -> list[str]:
    """The sources by name, each once, those of the stages first."""
    evidence = [one for cell in cells if cell.now and cell.stage is not None for one in cell.now.evidence]
    named = [words.source_name(one.source_name) or host_of(one.url) for one in evidence]
    named += [words.source_name(figure.about.source_name) or host_of(figure.source_url) for figure in figures]
    named += [host_of(url) for url in addresses(municipality.source_url)]
    return [name for name in dict.fromkeys(part for one in named for part in one.split("; ")) if name]
