"""Links that lead nowhere any more: where they stand, since when, and what to do about each."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock
from portal.core.errors import NotFound
from portal.core.forms import PortalForm, submit_once
from portal.core.permissions import audience, require
from portal.core.steps import steps
from portal.core.web import actor, page_number, pages, path_for
from portal.staff import desk
from portal.staff.links import operations, queries
from portal.staff.links.models import LinkState
from portal.staff.trail import queries as trail
from portal.staff.trail.labels import ENDPOINTS

bp = pages("links", __name__, "/staff/links")


@bp.get("")
@audience("staff")
def index() -> ResponseReturnValue:
    require(actor(), "link.manage", None)
    asked = request.args.get("state") or LinkState.BROKEN.value
    if asked not in list(LinkState):
        raise NotFound("state", asked)
    state = LinkState(asked)
    part = queries.page(state, actor(), page_number())
    return desk.render(
        "staff/links/index.html",
        form=PortalForm(),
        state=state,
        states=list(LinkState),
        counts=queries.counts(actor()),
        rows=part.rows,
        places=_places([row.url for row in part.rows]),
        steps=steps(part),
    )


@bp.post("/<int:address_id>/check")
@audience("staff")
def check(address_id: int) -> ResponseReturnValue:
    return _do(address_id, operations.check_now, _("The worker looks at it within a minute or two."))


@bp.post("/<int:address_id>/ignore")
@audience("staff")
def ignore(address_id: int) -> ResponseReturnValue:
    return _do(address_id, operations.ignore, _("The address is ignored from now on."))


@bp.post("/<int:address_id>/heed")
@audience("staff")
def heed(address_id: int) -> ResponseReturnValue:
    return _do(address_id, operations.heed, _("The address is looked after again."))


def _do(address_id: int, operation: Callable[..., None], said: str) -> ResponseReturnValue:
    address = queries.by_id(address_id, actor())
    state = address.state

    def act() -> str:
        operation(address, actor=actor(), now=clock.now())
        flash(said, "success")
        return url_for(".index", state=state.value)

    return submit_once(PortalForm(), act)


def _places(urls: list[str]) -> dict[str, list[tuple[str, str]]]:
    """Address → (name, path) of the pages that lead there."""
    found = queries.places_of(urls)
    things: Any = [
        SimpleNamespace(subject_kind=kind, subject_id=str(id)) for places in found.values() for kind, id in places
    ]
    named = trail.subjects(things)
    return {
        url: sorted(
            (subject.name, path_for(ENDPOINTS[kind], slug=subject.slug))
            for kind, id in places
            if (subject := named.get((kind, str(id))))
        )
        for url, places in found.items()
    }
