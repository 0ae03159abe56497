"""A member's proposal of a webinar: handed in, taken back, taken by the desk, returned, or refused."""

from portal.accounts.notices.telling import Place, register
from portal.core.web import address
from portal.editorial.proposals import Proposals
from portal.webinars.editing.operations import note
from portal.webinars.models import State, Webinar
from portal.webinars.states import rules

_WEBINARS = Proposals(
    kind="webinar",
    model=Webinar,
    states=State,
    missing=lambda webinar, now: rules.missing(webinar, State.IN_REVIEW, now),
    note=note,
    address=lambda webinar, language: address("webinar_states.index", slug=webinar.slug, language=language),
    place=lambda webinar: Place("webinar_states.index", {"slug": webinar.slug}),
)
register("webinar", _WEBINARS.tell)
submit, take_back = _WEBINARS.submit, _WEBINARS.take_back
take, give_back, refuse = _WEBINARS.take, _WEBINARS.give_back, _WEBINARS.refuse
