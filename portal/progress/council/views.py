"""A municipality on one sheet of paper, for its council: as a page to print and as PDF. What everybody may see."""

from typing import Any

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core import clock, generations
from portal.core.bilingual import Shown, chosen
from portal.core.labels import label
from portal.core.permissions import VISITOR, audience
from portal.core.templating import day as day_
from portal.core.templating import number
from portal.core.web import address, pages
from portal.municipalities import observations
from portal.municipalities import queries as municipalities
from portal.partners import queries as partners
from portal.progress import queries
from portal.progress.council import content
from portal.progress.council.content import Line, Sheet
from portal.projects import queries as projects

bp = pages("council", __name__, "/municipalities")


@bp.get("/<slug>/sheet")
@audience("everyone")
def sheet(slug: str) -> ResponseReturnValue:
    municipality = municipalities.by_slug(slug)
    return render_template(
        "progress/council/sheet.html",
        municipality=municipality,
        sheet=_sheet(municipality),
        most_projects=content.PROJECTS,
        most_partners=content.PARTNERS,
    )


@bp.get("/<slug>/sheet.pdf")
@audience("everyone")
def pdf(slug: str) -> ResponseReturnValue:
    municipality = municipalities.by_slug(slug)
    here = address("municipalities.show", slug=municipality.slug)

    def make() -> bytes:
        from portal.progress.council import paper  # what draws it is a large library

        return paper.pdf(_sheet(municipality), here, chosen())

    body = generations.remembered(("council sheet", municipality.slug, chosen()), make)
    response = Response(body, content_type="application/pdf")
    name = f"{municipality.slug}-{clock.today().isoformat()}-{chosen()}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _sheet(municipality: Any) -> Sheet:
    day, in_all = clock.today(), len(municipalities.tiles())
    cells = queries.cells_of(municipality.id, day, VISITOR)
    figures = content.chosen_figures(observations.figures_of(municipality.id, in_all))
    stages, lines = [content.stage_line(cell) for cell in cells], [content.figure_line(one) for one in figures]
    found = [content.project_line(row) for row in projects.of_municipality(municipality.id, VISITOR)]
    return Sheet(
        name=str(municipality.text("name")),
        lead=_lead(municipality, len(found)),
        day=day,
        in_all=in_all,
        stages=stages,
        figures=lines,
        projects=found,
        partners=[_partner(row) for row in partners.of_municipality(municipality.id, VISITOR)],
        unknown=content.unknown_lines(stages, lines, bool(found)),
        sources=content.sources_of(municipality, figures, cells),
    )


def _lead(municipality: Any, count: int) -> str:
    """Who lives there, in which region, and how many projects there are."""
    parts = []
    if municipality.population and municipality.population_date:
        parts.append(
            _(
                "%(number)s people lived here on %(date)s.",
                number=number(municipality.population, 0),
                date=day_(municipality.population_date),
            )
        )
    if count:
        parts.append(
            ngettext(
                "One project that we know takes place here or has the municipality as a partner.",
                "%(num)d projects that we know take place here or have the municipality as a partner.",
                count,
            )
        )
    else:
        parts.append(_("We know of no project here yet."))
    return " ".join(parts)


def _partner(row: Any) -> Line:
    called = partners.called(row)
    aside = _("the municipality itself") if row.is_own else label(row.type)
    return Line(Shown(called, chosen(), chosen()), aside, row.slug)
