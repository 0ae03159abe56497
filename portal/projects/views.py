"""The portfolio and each project's page."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from flask import get_template_attribute, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import bilingual, clock, listing
from portal.core.bilingual import text_of
from portal.core.dates import PartialDate
from portal.core.forms import PortalForm
from portal.core.generations import remembered_each
from portal.core.labels import label
from portal.core.permissions import audience
from portal.core.provenance import addresses
from portal.core.schedule import Schedule
from portal.core.texts import gettext as _
from portal.core.themes import Theme
from portal.core.web import actor, address, pages, path_for, table_download
from portal.municipalities import queries as municipalities
from portal.municipalities.tiles import counted
from portal.news import queries as news
from portal.partners import queries as partners
from portal.projects import metadata, queries, readings, wording
from portal.projects.documents import queries as documents
from portal.projects.labels import source_words
from portal.projects.models import State
from portal.projects.money import queries as money
from portal.projects.plan import drawing, progress
from portal.projects.plan.queries import Plan
from portal.projects.watching import queries as watching
from portal.webinars import queries as webinars

bp = pages("projects", __name__, "/projects")

RELATED = 6
ENDED = (State.COMPLETED, State.CLOSED, State.CANCELLED)

for words in (wording.project_years, wording.project_state, wording.state_tone, wording.health_tone, source_words):
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
    readings.note(actor(), project, now=clock.now())
    return render_template(
        "projects/show.html",
        page=page,
        project=project,
        ways=queries.ways_on(project.id, actor()),
        plan=_plan(page),
        # A currency without shares is taken off; so most projects are not even asked for theirs.
        shares=money.shares_of(project.id, actor()) if project.shares_currency else (),
        themes=[(label(theme), path_for("projects.index", theme=theme.value)) for theme in page.themes],
        barriers=[(label(barrier), path_for("projects.index", barrier=barrier.value)) for barrier in page.barriers],
        places=[_place(one) for one in page.municipalities],
        partners=[_partner(one) for one in page.participations],
        called=partners.called,
        sources=addresses(project.source_url),
        projects=[
            *(_link(one, "projects.show", wording.relation(one.relation, one.is_origin)) for one in page.related),
            *(
                _link(one, "projects.show", wording.partners_in_common(one.shared))
                for one in queries.sharing_partners_with(project.id, actor(), RELATED)
            ),
        ],
        news=[_link(one, "news.show") for one in news.of_project(project.id, actor(), limit=RELATED)],
        webinars=[_link(one, "webinars.show") for one in webinars.of_project(project.id, actor(), limit=RELATED)],
        documents=documents.shown_of(project.id, actor()),
        is_watching=actor().is_signed_in and watching.is_watching(project.id, actor()),
        once=PortalForm() if actor().is_signed_in else None,
        jsonld=metadata.jsonld(page),
    )


def _plan(page: queries.ProjectPage) -> dict[str, Any]:
    """How far the project is, as far as its reader may see: see `plan_section` in projects/plan/public.html."""
    plan = Plan(page.work_packages, page.milestones, page.deliverables)
    if not plan and not page.updates:
        return {}
    today = clock.today()
    # What was left undone when a project ended is not late any more.
    due_day = date.min if page.project.state in ENDED else today
    how_far = progress.overview(plan.packages, plan.milestones, plan.deliverables, due_day)
    return {
        "plan": plan,
        "how_far": how_far,
        "schedule": drawing.drawn(plan, how_far, today, due_day) if plan.packages else Schedule(),
        "columns": drawing.columns(),
        "rows": drawing.rows(plan, how_far, due_day) if plan.packages else (),
        "moments": drawing.moments(plan.milestones, page.updates, page.project.slug, due_day),
    }


def _place(one: Any) -> tuple[str, str]:
    return f"{text_of(one, 'name')} ({label(one.role).lower()})", path_for("municipalities.show", slug=one.slug)


def _partner(one: Any) -> tuple[str, str, str]:
    """A partner's name, its page and its role, in our words and the source's."""
    role = " – ".join(filter(None, (label(one.role) if one.role else "", source_words(one.source_role))))
    if one.left_at:
        role = f"{role} · {_('has left')}"
    return partners.called(one), path_for("partners.show", slug=one.slug), role


def _link(one: Any, endpoint: str, why: str = "") -> dict[str, Any]:
    """What `related` in components/rows.html says of something."""
    return {"title": text_of(one, "title"), "href": path_for(endpoint, slug=one.slug), "why": why}


def _list(found: listing.Listing) -> str:
    ids = [row.id for row in found.items]
    rows = remembered_each(("project row", bilingual.chosen(), actor()), ids, _rows)
    return render_template("projects/index.html", listing=found, rows=rows, view="list")


def _rows(ids: list[int]) -> list[str]:
    """The row of each project, rendered: the same under every filter and order and on every page of the list."""
    render = get_template_attribute("components/rows.html", "rows")
    themes, coordinators = queries.themes_of(ids), queries.coordinators_of(ids, actor())
    projects = {project.id: project for project in queries.rows(ids, actor())}
    # One that has gone since its id was read leaves no row.
    return [render([_row(projects[one], themes[one], coordinators.get(one))]) if one in projects else "" for one in ids]


def _row(project: Any, themes: Sequence[Theme], coordinator: tuple[str, str] | None) -> dict[str, Any]:
    """What a row of the list says; see `rows` in components/rows.html."""
    title = text_of(project, "title")
    leads = (coordinator[0], path_for("partners.show", slug=coordinator[1])) if coordinator else ("", "")
    return {
        "title": title,
        "href": path_for("projects.show", slug=project.slug),
        "summary": text_of(project, "summary"),
        "kind": "" if project.acronym in str(title) else project.acronym,
        "facts": (
            (_("Coordinator"), *leads),
            (_("Years"), wording.project_years(project.starts_on, project.ends_on)),
            (_("State"), wording.project_state(project.state, project.source_state)),
        ),
        "state": None,
        "tags": [(label(theme), path_for("projects.index", theme=theme.value)) for theme in themes],
        "more": None,
    }


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
            href=lambda place: path_for("projects.index", municipality=place.slug),
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
