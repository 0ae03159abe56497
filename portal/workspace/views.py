"""A partner's desk: what is due, my projects, saved views."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts import standing
from portal.core import clock, listing
from portal.core.bilingual import text_of
from portal.core.forms import PortalForm, submit_once
from portal.core.labels import label
from portal.core.listing import Choice, Listing
from portal.core.permissions import audience
from portal.core.texts import gettext as _
from portal.core.themes import Theme
from portal.core.web import actor, address, pages, table_download
from portal.partners import queries as partners
from portal.progress.assessing import queries as assessing
from portal.projects import queries as projects
from portal.workspace import due, operations, queries, timeline
from portal.workspace.forms import DropViewForm, SaveViewForm
from portal.workspace.models import QUERY_LENGTH
from portal.workspace.queries import Line

bp = pages("workspace", __name__, "/my")

SHOWN = 5


@bp.get("")
@audience("signed_in")
def index() -> ResponseReturnValue:
    mine = queries.portfolio(Choice(), actor(), url_for(".portfolio"))
    return render_template(
        "workspace/index.html",
        waiting=due.waiting_for(actor(), clock.now()),
        coming=due.coming_to(actor(), clock.now()),
        once=PortalForm(),
        lines=queries.lines([row.id for row in mine.items[:SHOWN]], actor()),
        total=mine.total,
        partners=partners.of_actor(actor()),
        called=partners.called,
        judges_itself=bool(assessing.own_places(actor())),
        standing=standing.of(actor()),
    )


@bp.post("/due/<any(milestones, deliverables):kind>/<int:part_id>/done")
@audience("signed_in")
def done(kind: str, part_id: int) -> ResponseReturnValue:
    """One press of a button settles what was overdue."""

    def act() -> str:
        title = operations.reach(kind, part_id, actor=actor(), now=clock.now())
        flash(_("“%(title)s” is reached today. In the plan that can be changed.", title=title), "success")
        return url_for(".index")

    return submit_once(PortalForm(), act)


@bp.route("/projects", methods=["GET", "POST"])
@audience("signed_in")
def portfolio() -> ResponseReturnValue:
    choice = listing.read(queries.PLAN, request.args.items(multi=True))
    form = SaveViewForm()
    if form.validate_on_submit():
        return submit_once(form, lambda: _save_view(str(form.name.data), choice))
    found = queries.portfolio(choice, actor(), url_for(".portfolio"))
    group = choice.extra.get("group", "")
    view = "timeline" if choice.extra.get("view") == "timeline" else "list"
    values: dict[str, Any] = {"lines": (), "groups": ()}
    if view == "timeline" or group in GROUPS:
        lines = queries.all_lines(choice, actor())
        values["groups"] = GROUPS[group](lines) if group in GROUPS else [("", lines)]
        if view == "timeline":
            values |= _timeline(lines, choice.extra.get("years", ""))
    else:
        values["lines"] = queries.lines([row.id for row in found.items], actor())
    views = queries.saved_views(actor())
    return render_template(
        "workspace/portfolio.html",
        listing=found,
        form=form,
        drop=DropViewForm(),
        views=views,
        here=_query_of(choice),
        group=group if group in GROUPS else "",
        view=view,
        years=choice.extra.get("years", ""),
        grouped_by=_group_links(found),
        address_with=lambda **extra: _with(found, **extra),
        **values,
    ), 422 if form.errors else 200


def _timeline(lines: Sequence[Line], years: str) -> dict[str, Any]:
    milestones = queries.milestones_of([one.project.id for one in lines])
    today = clock.today()
    return {
        "timeline": timeline.drawn(lines, milestones, today, years),
        "table_columns": timeline.columns(),
        "table_rows": timeline.table(lines, milestones, today),
    }


@bp.post("/views/<int:view_id>/drop")
@audience("signed_in")
def drop_view(view_id: int) -> ResponseReturnValue:
    def drop() -> str:
        operations.drop_view(view_id, actor=actor())
        return url_for(".portfolio")

    return submit_once(DropViewForm(), drop)


@bp.get("/projects.<any(csv, xlsx):ending>")
@audience("signed_in")
def export(ending: str) -> ResponseReturnValue:
    choice = listing.read(queries.PLAN, request.args.items(multi=True))
    return table_download("my-projects", ending, _columns(), _cells(queries.all_lines(choice, actor())))


def _save_view(name: str, choice: Choice) -> str:
    operations.keep_view(name, _query_of(choice), actor=actor(), now=clock.now())
    flash(_("The view “%(name)s” is saved.", name=name), "success")
    return choice.url(url_for(".portfolio"))


def _query_of(choice: Choice) -> str:
    """The choice as a saved view keeps it. Too long for one: without its filters, rather than half of them."""
    query = choice.url()[1:]
    return query if len(query) <= QUERY_LENGTH else choice.url(chosen={})[1:]


Groups = list[tuple[str, list[Line]]]


def _by_state(lines: Sequence[Line]) -> Groups:
    return _grouped(lines, lambda one: [label(one.project.state) if one.project.state else _("State not reported")])


def _by_theme(lines: Sequence[Line]) -> Groups:
    themes = projects.themes_of([one.project.id for one in lines])
    order = {label(theme): place for place, theme in enumerate(Theme)}
    named = _grouped(lines, lambda one: [label(theme) for theme in themes[one.project.id]] or [_("Without a theme")])
    return sorted(named, key=lambda group: order.get(group[0], len(order)))


def _by_partner(lines: Sequence[Line]) -> Groups:
    leads = projects.coordinators_of([one.project.id for one in lines], actor())
    return _grouped(
        lines, lambda one: [leads[one.project.id][0] if one.project.id in leads else _("Coordinator not reported")]
    )


GROUPS: dict[str, Callable[[Sequence[Line]], Groups]] = {"state": _by_state, "theme": _by_theme, "partner": _by_partner}


def _grouped(lines: Sequence[Line], names: Callable[[Line], Sequence[str]]) -> Groups:
    groups: dict[str, list[Line]] = {}
    for one in lines:
        for name in names(one):
            groups.setdefault(name, []).append(one)
    return list(groups.items())


def _group_links(found: Listing) -> list[tuple[str, str, str]]:
    names = {"": _("Nothing"), "state": _("State"), "theme": _("Theme"), "partner": _("Coordinator")}
    return [(name, words, _with(found, group=name)) for name, words in names.items()]


def _with(found: Listing, **extra: str) -> str:
    """The same choice with some of the page's own parameters changed, without empty ones."""
    wanted = {**found.choice.extra, **extra}
    return found.choice.url(found.path, extra={name: value for name, value in wanted.items() if value})


def _columns() -> Sequence[str]:
    return (
        _("Title"),
        _("State"),
        _("How it goes"),
        _("How it goes, in words"),
        _("Start"),
        _("End"),
        _("Next milestone"),
        _("Due"),
        _("Total cost"),
        _("Currency"),
        _("Granted"),
        _("Last update"),
        _("Address"),
    )


def _cells(lines: Sequence[Line]) -> Iterator[Sequence[Any]]:
    for line in lines:
        project, milestone = line.project, line.next_milestone
        yield (
            str(text_of(project, "title")),
            label(project.state) if project.state else project.source_state,
            label(project.health) if project.health else "",
            str(text_of(project, "health_sentence")),
            str(timeline.starts_of(project) or ""),
            str(timeline.ends_of(project) or ""),
            str(text_of(milestone, "title")) if milestone else "",
            milestone.due_on if milestone else None,
            project.total_cost,
            project.total_cost_currency,
            "; ".join(f"{amount} {currency}" for currency, amount in line.granted.items()),
            line.last_update,
            address("projects.show", slug=project.slug),
        )
