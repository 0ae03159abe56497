"""The partners as the interface for programs gives them out."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.api.resources import Kind, More, Property, Resource, filters_of
from portal.api.telling import (
    CONFIRMATION,
    LANGUAGE_STATES,
    OWN_RIGHTS,
    SOURCES,
    THEMES,
    filled,
    gathered,
    pair,
    slugs_of_places,
    states_of,
    together,
)
from portal.core import clock
from portal.core.db import AnySelect, joined
from portal.core.listing import ListingPlan
from portal.core.permissions import VISITOR
from portal.core.web import address
from portal.municipalities.models import Municipality
from portal.partners import queries
from portal.partners.models import PUBLIC_STATES, Partner, PartnerInterest, PartnerName, PartnerTheme
from portal.partners.permissions import seen_by
from portal.projects import queries as projects

Parent = aliased(Partner)


def _plan() -> ListingPlan:
    return queries.plan(clock.today(), projects.themes_of_partners(VISITOR))


def _partners() -> AnySelect:
    columns = (
        Partner.id,
        Partner.slug,
        Partner.name.label("own_name"),
        *filled(Partner.name_da, Partner.name_en, Partner.name),
        Partner.acronym,
        Partner.type,
        Partner.source_type,
        Partner.state,
        Partner.country,
        Municipality.code.label("municipality"),
        Parent.slug.label("parent"),
        Partner.cvr,
        Partner.ror,
        Partner.wikidata,
        Partner.website,
        Partner.description_da,
        Partner.description_en,
        Partner.logo_digest,
        Partner.logo_alt_da,
        Partner.logo_alt_en,
        Partner.confirmed_at,
        Partner.confirmed_by,
        Partner.source_url,
        Partner.source_note,
        Partner.retrieved,
        joined(PartnerTheme.theme).where(PartnerTheme.partner_id == Partner.id).label("themes"),
        *states_of(Partner),
    )
    parent_is_public = Parent.merged_into_id.is_(None) & Parent.state.in_(PUBLIC_STATES)
    return (
        select(*columns)
        .select_from(Partner)
        .outerjoin(Municipality, Partner.municipality_id == Municipality.id)
        .outerjoin(Parent, (Partner.parent_id == Parent.id) & parent_is_public)
        .where(seen_by(VISITOR))
    )


def _logo(row: Any) -> str | None:
    return address("profile.logo_file", slug=row.slug, digest=row.logo_digest) if row.logo_digest else None


def _more(rows: Sequence[Any]) -> More:
    ids = [row.id for row in rows]
    own_names = {row.id: {row.own_name} - {row.name_da, row.name_en} for row in rows}
    others = gathered(
        select(PartnerName.partner_id.label("owner"), PartnerName.name).where(PartnerName.partner_id.in_(ids)),
        lambda row: row.name,
    )
    wishes = {direction: _interests(ids, direction) for direction in ("offers", "seeks")}
    people = queries.contacts_by_partner(ids, VISITOR)
    return together(
        rows,
        other_names={id: sorted(own | set(others.get(id, ()))) for id, own in own_names.items()},
        networks=queries.networks_of(ids),
        contacts={row.id: [_contact(row.slug, one) for one in people[row.id]] for row in rows},
        **wishes,
    )


def _interests(ids: Sequence[int], direction: str) -> dict[int, list[Any]]:
    columns = PartnerInterest.partner_id.label("owner"), PartnerInterest.theme, *_LINE
    of_these = PartnerInterest.partner_id.in_(ids), PartnerInterest.direction == direction
    statement = select(*columns).where(*of_these).order_by(PartnerInterest.id)
    return gathered(statement, lambda row: {"theme": row.theme, "line": pair(row, "line")})


_LINE = (PartnerInterest.line_da, PartnerInterest.line_en)


def _contact(slug: str, one: Any) -> dict[str, Any]:
    """Whom to ask, as the page tells visitors: who can be written to is reached by the form."""
    form = address("contacts.write", slug=slug, contact_id=one.id) if one.can_be_written_to else None
    return {
        "name": one.name,
        "function": pair(one, "function"),
        "languages": one.languages,
        "phone": one.phone,
        "write_to": form,
    }


INTEREST = {"theme": Kind.TEXT, "line": Kind.PAIR}
CONTACT = {
    "name": Kind.TEXT,
    "function": Kind.PAIR,
    "languages": Kind.TEXT,
    "phone": Kind.TEXT,
    "write_to": Kind.ADDRESS,
}

PARTNERS = Resource(
    "partners",
    _l("Partners of the smart society"),
    _l("Municipalities, authorities, companies, universities and associations that take part."),
    _partners,
    lambda key: Partner.slug == key,
    lambda row: row.slug,
    (
        Property("name", Kind.PAIR, _l("Name"), term="name"),
        Property("url", Kind.ADDRESS, _l("Page"), lambda row: address("partners.show", slug=row.slug), "url"),
        Property("acronym", Kind.TEXT, _l("Acronym"), term="alternateName"),
        Property("type", Kind.TEXT, _l("Type")),
        Property("source_type", Kind.TEXT, _l("The source’s word for the type")),
        Property("state", Kind.TEXT, _l("State")),
        Property("country", Kind.TEXT, _l("Country")),
        Property("municipality", Kind.TEXT, _l("Municipality code")),
        Property("parent", Kind.TEXT, _l("Belongs to")),
        Property("cvr", Kind.TEXT, _l("CVR number"), term="taxID"),
        Property("ror", Kind.TEXT, "ROR"),
        Property("wikidata", Kind.TEXT, "Wikidata"),
        Property("website", Kind.ADDRESS, _l("Website"), term="sameAs"),
        Property("description", Kind.PAIR, _l("Description"), term="description"),
        THEMES,
        Property("logo", Kind.ADDRESS, _l("Logo"), _logo, "logo"),
        Property("logo_alt", Kind.PAIR, _l("What the logo shows, in words")),
        LANGUAGE_STATES,
        *CONFIRMATION,
        *SOURCES,
    ),
    filters_of(_plan, {"municipality": slugs_of_places}),
    plan=_plan,
    more=_more,
    details=(
        Property("other_names", Kind.LIST, _l("Also known as")),
        Property("networks", Kind.LIST, _l("Networks and larger projects")),
        Property("offers", Kind.LIST, _l("What it offers"), holds=INTEREST),
        Property("seeks", Kind.LIST, _l("What it looks for"), holds=INTEREST),
        Property("contacts", Kind.LIST, _l("People to call"), holds=CONTACT),
    ),
    missing=queries.unseen,
    sheet="partners",
    kind="partner",
    term="Organization",
    rights=OWN_RIGHTS,
    themes=("GOVE", "ECON"),
)
