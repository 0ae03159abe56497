"""The directory and each partner's page."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core import clock, listing
from portal.core.bilingual import text_of
from portal.core.errors import Gone
from portal.core.forms import PortalForm
from portal.core.labels import label
from portal.core.listing import Choice, Listing, ListingPlan
from portal.core.permissions import Audience, admits, allows, audience
from portal.core.web import actor, address, pages, path_for, table_download
from portal.municipalities import queries as municipalities
from portal.municipalities.tiles import counted
from portal.news import queries as news
from portal.partners import labels, metadata, queries
from portal.partners.models import Partner
from portal.projects import queries as projects
from portal.webinars import queries as webinars

bp = pages("partners", __name__, "/partners")

RELATED = 6
COLLEAGUES = 500
MAP_LEVELS = (1, 2, 3, 5, 10)
"""The least number of partners of each colour on the map."""


@bp.get("")
@audience("everyone")
def index() -> ResponseReturnValue:
    plan, choice = _asked()
    found = queries.listing_of(plan, choice, actor(), url_for(".index"))
    return _map(found) if choice.extra.get("view") == "map" else _list(found)


@bp.get(".<any(csv, xlsx):ending>")
@audience("everyone")
def export(ending: str) -> ResponseReturnValue:
    rows = queries.all_of(*_asked(), actor())
    if not admits(Audience.MEMBERS, actor()):
        return table_download("partners", ending, _columns(), _cells(rows))
    with_contacts = (*_columns(), _("People to call"))
    return table_download("partners", ending, with_contacts, _cells_with_contacts(rows))


@bp.get("/<slug>")
@audience("everyone")
def show(slug: str) -> ResponseReturnValue:
    try:
        partner = queries.by_slug(slug, actor())
    except Gone:
        return _left(slug)
    contacts = queries.contacts_of(partner.id, actor())
    return render_template(
        "partners/show.html",
        partner=partner,
        projects=projects.of_partner(partner.id, actor()),
        colleagues=projects.colleagues_of(partner.id, actor(), COLLEAGUES),
        contacts=contacts,
        confirmer=next((one for one in contacts if one.id == partner.confirmed_contact_id), None),
        news=news.of_partner(partner.id, actor(), limit=RELATED),
        webinars=webinars.of_partner(partner.id, actor(), limit=RELATED),
        called=queries.called,
        words=labels,
        jsonld=metadata.jsonld(partner),
        tools=_tools(partner),
        may_confirm=allows(actor(), "partner.confirm", partner),
        one=PortalForm(formdata=None) if actor().is_signed_in else None,
    )


def _left(slug: str) -> ResponseReturnValue:
    """What is told of a partner that has left: its name and the projects that still name it. `Gone` without such."""
    partner = queries.left_by_slug(slug)
    named_by = projects.of_partner(partner.id, actor()) if partner else ()
    if partner is None or not named_by:
        raise Gone("partner", slug)
    return render_template("partners/left.html", partner=partner, projects=named_by), 410


def _tools(partner: Partner) -> list[tuple[str, str]]:
    """(label, address) of the pages on which the reader may work on the profile."""
    tools = []
    if allows(actor(), "partner.edit", partner):
        tools += [
            (_("Edit the profile"), path_for("profile.edit", slug=partner.slug)),
            (_("People to call"), path_for("contacts.index", slug=partner.slug)),
        ]
    if actor().is_staff:
        tools.append((_("Look after it"), path_for("staff_directory.show", slug=partner.slug)))
    return tools


def _asked() -> tuple[ListingPlan, Choice]:
    plan = queries.plan(clock.today(), projects.themes_of_partners(actor()))
    return plan, listing.read(plan, request.args.items(multi=True))


def _list(found: Listing) -> str:
    ids = [row.id for row in found.items]
    return render_template(
        "partners/index.html",
        listing=found,
        networks=queries.networks_of(ids),
        counts=projects.count_by_partner(ids, actor()),
        called=queries.called,
        words=labels,
        view="list",
    )


def _map(found: Listing) -> str:
    counts = queries.count_chosen_by_seat(found.plan, found.choice, actor())

    def narrowed(place: Any) -> str:
        """The list of those in the municipality; its own page where there are none."""
        if not counts.get(place.id):
            return path_for("municipalities.show", slug=place.slug)
        there = found.choice.without("municipality", place.slug).with_value("municipality", place.slug)
        return there.url(found.path, extra={})

    return render_template(
        "partners/map.html",
        listing=found,
        tiles=counted(
            municipalities.tiles(),
            counts,
            MAP_LEVELS,
            href=narrowed,
            said=lambda count: ngettext("%(num)d partner", "%(num)d partners", count),
        ),
        counts=counts,
        view="map",
    )


def _columns() -> Sequence[str]:
    return (
        _("Name"),
        _("Acronym"),
        _("Type"),
        _("The source’s word for the type"),
        _("Country"),
        _("Municipality"),
        _("Networks"),
        _("Projects"),
        _("Website"),
        _("Source"),
        _("Address"),
    )


def _cells_with_contacts(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """What only those get who work with partners: whom to call, with their addresses, as far as each agreed."""
    contacts = queries.contacts_by_partner([row.id for row in rows], actor())
    for row, cells in zip(rows, _cells(rows), strict=True):
        yield (*cells, "\n".join(_contact(one) for one in contacts[row.id]))


def _contact(one: Any) -> str:
    return ", ".join(filter(None, (one.name, str(text_of(one, "function")), one.email, one.phone)))


def _cells(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    ids = [row.id for row in rows]
    networks, counts = queries.networks_of(ids), projects.count_by_partner(ids, actor())
    for row in rows:
        yield (
            queries.called(row),
            row.acronym,
            label(row.type),
            row.source_type,
            labels.country(row.country),
            str(text_of(row, "seat")),
            "; ".join(networks[row.id]),
            counts.get(row.id, 0),
            row.website,
            row.source_url,
            address(".show", slug=row.slug),
        )
