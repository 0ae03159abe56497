"""What readers call what assessments rest on and how municipalities reply, and the trace what was done to them."""

from flask_babel import lazy_gettext as _l

from portal.core.labels import enter, name_actions
from portal.progress.models import EvidenceKind, Reply

enter(
    EvidenceKind,
    {
        EvidenceKind.REGISTER: _l("Register"),
        EvidenceKind.URL: _l("Web page"),
        EvidenceKind.DOCUMENT: _l("Document"),
        EvidenceKind.PROJECT: _l("Project in the portal"),
        EvidenceKind.DATASET: _l("Dataset"),
    },
)
enter(
    Reply,
    {
        Reply.CONFIRMED: _l("Confirmed by the municipality"),
        Reply.DISPUTED: _l("Disputed by the municipality"),
        Reply.NONE: _l("No reply from the municipality"),
    },
)
name_actions(
    {
        "assessment.begun": _l("Assessment begun"),
        "assessment.revised": _l("Draft of an assessment changed"),
        "assessment.dropped": _l("Draft of an assessment thrown away"),
        "assessment.evidence_added": _l("Evidence added"),
        "assessment.evidence_removed": _l("Evidence taken away"),
        "assessment.sent": _l("Assessment sent to the municipality"),
        "assessment.asked": _l("Municipality asked about the assessment"),
        "assessment.confirmed": _l("Assessment confirmed by the municipality"),
        "assessment.disputed": _l("Assessment disputed by the municipality"),
        "assessment.no_reply": _l("No reply from the municipality"),
        "assessment.dispute_answered": _l("Dispute answered"),
        "municipality.asked": _l("Municipality asked about its stages"),
        "municipality.mail_returned": _l("The mail to the municipality came back"),
        "municipality.reminded": _l("Municipality reminded of its stages"),
    }
)
