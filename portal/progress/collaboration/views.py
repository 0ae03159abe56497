"""Who works with whom: a picture to walk in, the same as a table, and as a file."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import listing
from portal.core.permissions import audience
from portal.core.web import actor, address, pages, table_download
from portal.progress.collaboration import queries
from portal.progress.collaboration.queries import Party

bp = pages("collaboration", __name__, "/municipalities/collaboration")


@bp.get("")
@audience("everyone")
def index() -> ResponseReturnValue:
    found = _chosen()
    chosen = found.choice.chosen.get("municipality", ())
    who = queries.collaboration(found, actor())
    return render_template(
        "progress/collaboration/index.html",
        listing=found,
        who=who,
        width=queries.WIDTH,
        height=queries.HEIGHT,
        first=next((at for at, node in enumerate(who.nodes) if node.is_municipality and node.slug in chosen), 0),
        has_chosen=bool(chosen),
    )


@bp.get(".<any(csv, xlsx):ending>")
@audience("everyone")
def export(ending: str) -> ResponseReturnValue:
    who = queries.collaboration(_chosen(), actor())
    return table_download("collaboration", ending, _columns(), _cells(who.pairs))


def _chosen() -> listing.Listing:
    choice = listing.read(queries.PLAN, [pair for pair in request.args.items(multi=True) if pair[0] != "page"])
    return queries.listing_of(choice, actor(), url_for(".index"))


def _columns() -> Sequence[str]:
    return (
        _("Municipality"),
        _("Address of the municipality"),
        _("Works with"),
        _("Type"),
        _("Address of the other"),
        _("Joint projects"),
        _("Names of the projects"),
    )


def _cells(pairs: Sequence[queries.Pair]) -> Iterator[Sequence[Any]]:
    for pair in pairs:
        yield (
            pair.one.name,
            _page(pair.one),
            pair.other.name,
            pair.other.kind or _("Municipality"),
            _page(pair.other),
            len(pair.projects),
            "; ".join(pair.projects),
        )


def _page(party: Party) -> str:
    return address("municipalities.show" if party.is_municipality else "partners.show", slug=party.slug)
