"""What the trace calls what goes on before readers see a thing, for each kind of thing."""

from flask_babel import lazy_gettext as _l

from portal.core.labels import name_actions

KINDS = ("article", "webinar")

for _kind in KINDS:
    name_actions(
        {
            f"{_kind}.link_made": _l("Link to the draft made"),
            f"{_kind}.link_revoked": _l("Link to the draft revoked"),
            f"{_kind}.commented": _l("Draft commented on"),
            f"{_kind}.comment_settled": _l("Comment dealt with"),
            f"{_kind}.comment_reopened": _l("Comment taken up again"),
            f"{_kind}.assigned": _l("Given to somebody"),
            f"{_kind}.submitted": _l("Proposed by a partner"),
            f"{_kind}.taken_back": _l("Proposal taken back"),
            f"{_kind}.taken": _l("Proposal taken"),
            f"{_kind}.returned": _l("Proposal returned"),
            f"{_kind}.refused": _l("Proposal refused"),
        }
    )
