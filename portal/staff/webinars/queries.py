"""What the desk asks about webinars: every one in every state."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.core import listing
from portal.core.labels import labels_of
from portal.core.listing import Choice, Facet, Listing, ListingPlan, Order
from portal.core.permissions import Actor
from portal.webinars import timing
from portal.webinars.models import State, Webinar
from portal.webinars.permissions import looked_inside_by
from portal.webinars.queries import FACETS, ROW


def plan(now: datetime) -> ListingPlan:
    """What of the webinars the desk can list and how."""
    return ListingPlan(
        key=Webinar.id,
        facets=(
            Facet("state", _l("State"), select(Webinar.id, Webinar.state), lambda values: labels_of(State, values)),
            *(facet for facet in FACETS if facet.name in ("series", "partner")),
        ),
        orders=(
            Order("changed", _l("Last changed first"), (Webinar.updated_at.desc(), Webinar.id)),
            Order("upcoming", _l("Upcoming first"), timing.upcoming_first(now)),
        ),
        is_timeless=True,
    )


def listing_of(choice: Choice, actor: Actor, path: str, now: datetime) -> Listing:
    """One page of the webinars that the actor works on."""
    statement = select(*ROW, Webinar.updated_at, Webinar.revised_da_at, Webinar.revised_en_at)
    return listing.show(plan(now), choice, statement, looked_inside_by(actor), path, actor)
