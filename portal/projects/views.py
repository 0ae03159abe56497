"""The portfolio and each project's page."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import listing
from portal.core.bilingual import text_of
from portal.core.dates import PartialDate
from portal.core.labels import label
from portal.core.permissions import audience
from portal.core.provenance import addresses
from portal.core.texts import gettext as _
from portal.core.web import actor, address, pages, path_for, table_download
from portal.municipalities import queries as municipalities
from portal.municipalities.tiles import counted
from portal.news import queries as news
from portal.partners import queries as partners
from portal.projects import metadata, queries, wording
from portal.projects.labels import source_words
from portal.webinars import queries as webinars

bp = pages("projects", __name__, "/projects")

RELATED = 6

for words in (wording.project_years, wording.project_state, wording.state_tone, source_words):
    bp.add_app_template_global(words)


@bp.get("")
@audience("everyone")
def index() -> ResponseReturnValue:
    choice = listing.read(queries.PLAN, request.args.items(multi=True))
    found = queries.listing_of(choice, actor(), url_for(".index"))
    view = {"timeline": _timeline, "map": _map}.get(choice.extra.get("view", ""), _list)
    return view(found)


@bp.get(".<any(csv, xlsx):ending>")
@audience("everyone")
def export(ending: str) -> ResponseReturnValue:
    choice = listing.read(queries.PLAN, request.args.items(multi=True))
    return table_download("projects", ending, _columns(), _cells(queries.all_of(choice, actor())))


@bp.get("/<slug>")
@audience("everyone")
def show(slug: str) -> ResponseReturnValue:
    page = queries.page(slug, actor())
    project = page.project
    return render_template(
        "projects/show.html",
        page=page,
        project=project,
        called=partners.called,
        sources=addresses(project.source_url),
        related=queries.related_to(project.id, actor()),
        neighbours=queries.sharing_partners_with(project.id, actor(), RELATED),
        news=news.of_project(project.id, actor(), limit=RELATED),
        webinars=webinars.of_project(project.id, actor(), limit=RELATED),
        jsonld=metadata.jsonld(page),
    )


def _list(found: listing.Listing) -> str:
    return render_template("projects/index.html", listing=found, items=_rows(found.items), view="list")


def _rows(projects: Sequence[Any]) -> list[dict[str, Any]]:
    """What each row of the list says; see `rows` in components/rows.html."""
    ids = [project.id for project in projects]
    themes, coordinators = queries.themes_of(ids), queries.coordinators_of(ids, actor())
    shown = {theme for chosen in themes.values() for theme in chosen}
    tags = {theme: (label(theme), path_for(".index", theme=theme.value)) for theme in shown}
    coordinator, years, state = _("Coordinator"), _("Years"), _("State")
    return [
        {
            "title": (title := text_of(project, "title")),
            "href": path_for(".show", slug=project.slug),
            "summary": text_of(project, "summary"),
            "kind": "" if project.acronym in str(title) else project.acronym,
            "facts": (
                (coordinator, *_link_to(coordinators.get(project.id))),
                (years, wording.project_years(project.starts_on, project.ends_on)),
                (state, wording.project_state(project.state, project.source_state)),
            ),
            "state": None,
            "tags": [tags[theme] for theme in themes[project.id]],
            "more": None,
        }
        for project in projects
    ]


def _link_to(partner: tuple[str, str] | None) -> tuple[str, str]:
    return (partner[0], path_for("partners.show", slug=partner[1])) if partner else ("", "")


def _timeline(found: listing.Listing) -> str:
    rows = [row for row in queries.all_of(found.choice, actor()) if row.starts_on]
    years = [row.starts_on.year for row in rows] + [row.ends_on.year + 1 for row in rows if row.ends_on]
    return render_template(
        "projects/timeline.html",
        listing=found,
        dated=sorted(rows, key=lambda row: row.starts_on),
        first=min(years, default=0),
        last=max(years, default=0),
        view="timeline",
    )


def _map(found: listing.Listing) -> str:
    return render_template(
        "projects/map.html",
        listing=found,
        tiles=counted(
            municipalities.tiles(),
            queries.count_by_municipality(found.choice, actor()),
            wording.MAP_LEVELS,
            href=lambda place: path_for(".index", municipality=place.slug),
            said=wording.projects_counted,
        ),
        view="map",
    )


def _columns() -> Sequence[str]:
    return (
        _("Acronym"),
        _("Title"),
        _("Summary"),
        _("State"),
        _("Start"),
        _("End"),
        _("Themes"),
        _("Coordinator"),
        _("Total cost"),
        _("Currency"),
        _("Website"),
        _("Source"),
        _("Address"),
    )


def _cells(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    ids = [row.id for row in rows]
    themes, coordinators = queries.themes_of(ids), queries.coordinators_of(ids, actor())
    for row in rows:
        coordinator = coordinators.get(row.id)
        yield (
            row.acronym,
            str(text_of(row, "title")),
            str(text_of(row, "summary")),
            label(row.state) if row.state else row.source_state,
            str(PartialDate.of(row.starts_on, row.starts_precision) or ""),
            str(PartialDate.of(row.ends_on, row.ends_precision) or ""),
            "; ".join(label(theme) for theme in themes[row.id]),
            coordinator[0] if coordinator else "",
            row.total_cost,
            row.total_cost_currency,
            row.website,
            row.source_url,
            address(".show", slug=row.slug),
        )
