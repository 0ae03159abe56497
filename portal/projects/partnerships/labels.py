"""What readers call the questions between projects and partners."""

from flask_babel import lazy_gettext as _l

from portal.core.labels import enter, name_actions
from portal.projects.partnerships.models import ProposalState, Wish

enter(
    Wish,
    {
        Wish.INVITATION: _l("Invitation to take part"),
        Wish.REQUEST: _l("Wish to take part"),
        Wish.TRANSFER: _l("Coordination is offered"),
    },
)
enter(
    ProposalState,
    {
        ProposalState.PENDING: _l("Waits for an answer"),
        ProposalState.ACCEPTED: _l("Accepted"),
        ProposalState.REFUSED: _l("Refused"),
        ProposalState.WITHDRAWN: _l("Withdrawn"),
    },
)
name_actions(
    {
        "partnership.invitation_sent": _l("Partner invited"),
        "partnership.invitation_accepted": _l("Invitation accepted"),
        "partnership.invitation_refused": _l("Invitation refused"),
        "partnership.invitation_withdrawn": _l("Invitation withdrawn"),
        "partnership.request_sent": _l("Partner asked to take part"),
        "partnership.request_accepted": _l("Partner let in"),
        "partnership.request_refused": _l("Partner not let in"),
        "partnership.request_withdrawn": _l("Wish to take part withdrawn"),
        "partnership.transfer_sent": _l("Coordination offered"),
        "partnership.transfer_accepted": _l("Coordination passed on"),
        "partnership.transfer_refused": _l("Coordination declined"),
        "partnership.transfer_withdrawn": _l("Offer of coordination withdrawn"),
        "partnership.transfer_forced": _l("Coordination passed on by the staff"),
        "partnership.revised": _l("Part of a partner changed"),
        "partnership.ended": _l("Partner left"),
    }
)
