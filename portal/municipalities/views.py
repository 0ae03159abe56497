"""Each municipality's page."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.permissions import audience
from portal.core.web import actor
from portal.municipalities import changes, labels, metadata, observations, queries
from portal.municipalities.blueprint import bp
from portal.municipalities.peers import queries as peers
from portal.news import queries as news
from portal.partners import queries as partners
from portal.progress import queries as progress
from portal.progress.ahead import queries as ahead
from portal.projects import queries as projects
from portal.webinars import queries as webinars

RELATED = 6


@bp.get("/<slug>")
@audience("everyone")
def show(slug: str) -> ResponseReturnValue:
    municipality = queries.by_slug(slug)
    day = clock.today()
    cells = queries.tiles()
    region, coming = _regions(municipality, day)
    here = partners.of_municipality(municipality.id, actor())
    figures = observations.figures_of(municipality.id, len(cells))
    stages = progress.cells_of(municipality.id, day, actor())
    return render_template(
        "municipalities/show.html",
        municipality=municipality,
        region=region,
        coming=coming,
        last_day=region.valid_to - timedelta(days=1) if region and region.valid_to else None,
        cells=[(tile.tile_col, tile.tile_row) for tile in cells],
        figures=_figures_by_theme(figures),
        answers=observations.answers_of(municipality.id),
        stages=stages,
        changes=[
            *changes.of_stages(stages, progress.STAGE_NAMES),
            *changes.of_population(municipality.populations),
            *changes.of_figures(figures),
        ],
        stage_names=progress.STAGE_NAMES,
        register=peers.register(day),
        steps=ahead.steps(municipality.id, day, actor()),
        own_partners=[row for row in here if row.is_own],
        partners=[row for row in here if not row.is_own],
        contacts=partners.contacts_in(municipality.id, actor()),
        projects=projects.of_municipality(municipality.id, actor()),
        news=news.of_municipality(municipality.id, actor(), limit=RELATED),
        webinars=webinars.of_municipality(municipality.id, actor(), limit=RELATED),
        words=labels,
        jsonld=metadata.jsonld(municipality, region.region if region else None),
    )


def _figures_by_theme(figures: Sequence[queries.Figure]) -> dict[str, list[queries.Figure]]:
    groups: dict[str, list[queries.Figure]] = {}
    for figure in figures:
        groups.setdefault(labels.theme(figure.about.theme), []).append(figure)
    return groups


def _regions(municipality: Any, day: date) -> tuple[Any, Any]:
    """The membership in force on a day, and the one that follows it."""
    stays = sorted(municipality.regions, key=lambda stay: stay.valid_from or date.min)
    now = next((one for one in stays if (one.valid_from or date.min) <= day < (one.valid_to or date.max)), None)
    coming = next((one for one in stays if one.valid_from and one.valid_from > day), None)
    return now, coming
