"""What readers call the words of projects."""

from flask_babel import lazy_gettext as _l

from portal.core.labels import enter, name_actions
from portal.core.texts import gettext
from portal.partners.labels import source_word
from portal.projects.models import (
    Barrier,
    BarrierState,
    FundingKind,
    FundingState,
    Health,
    Kind,
    MunicipalityRole,
    Role,
    Severity,
    State,
    TeamRole,
    Visibility,
)

enter(
    Kind,
    {
        Kind.POLICY: _l("Policy"),
        Kind.DEMONSTRATION: _l("Demonstration"),
        Kind.RESEARCH: _l("Research"),
        Kind.STANDARDISATION: _l("Standardisation"),
        Kind.PROCUREMENT: _l("Procurement"),
        Kind.KNOWLEDGE_SHARING: _l("Knowledge sharing"),
    },
)
enter(
    TeamRole,
    {
        TeamRole.MANAGER: _l("Manages the project"),
        TeamRole.CONTRIBUTOR: _l("Contributes"),
        TeamRole.READER: _l("Reads along"),
    },
)
enter(
    Barrier,
    {
        Barrier.FINANCING: _l("Financing"),
        Barrier.DATA_ACCESS: _l("Data access"),
        Barrier.LEGISLATION: _l("Legislation"),
        Barrier.PROCUREMENT: _l("Procurement"),
        Barrier.TECHNOLOGY: _l("Technology"),
        Barrier.ORGANISATION: _l("Organisation"),
        Barrier.CITIZENS: _l("Citizens"),
    },
)
enter(
    State,
    {
        State.IDEA: _l("Idea"),
        State.PROPOSED: _l("Proposed"),
        State.APPROVED: _l("Approved"),
        State.RUNNING: _l("Running"),
        State.PAUSED: _l("Paused"),
        State.COMPLETED: _l("Completed"),
        State.CLOSED: _l("Closed"),
        State.CANCELLED: _l("Cancelled"),
    },
)
enter(
    Health,
    {
        Health.ON_TRACK: _l("On track"),
        Health.AT_RISK: _l("At risk"),
        Health.OFF_TRACK: _l("Off track"),
    },
)
enter(
    Role,
    {
        Role.COORDINATOR: _l("Coordinator"),
        Role.PARTNER: _l("Partner"),
        Role.CONTRACTOR: _l("Contractor"),
        Role.IN_KIND: _l("In-kind contributor"),
        Role.ASSOCIATE: _l("Associate"),
        Role.FUNDER: _l("Funder"),
        Role.OBSERVER: _l("Observer"),
    },
)
enter(
    MunicipalityRole,
    {
        MunicipalityRole.LEAD: _l("Leads"),
        MunicipalityRole.DEMONSTRATION_SITE: _l("Demonstration site"),
        MunicipalityRole.FOLLOWER: _l("Follower"),
        MunicipalityRole.OBSERVER: _l("Observer"),
    },
)
enter(
    FundingKind,
    {
        FundingKind.GRANT: _l("Grant"),
        FundingKind.LOAN: _l("Loan"),
        FundingKind.OWN: _l("Own financing"),
        FundingKind.IN_KIND: _l("In kind"),
    },
)
enter(
    FundingState,
    {
        FundingState.APPLIED: _l("Applied for"),
        FundingState.GRANTED: _l("Granted"),
        FundingState.REFUSED: _l("Refused"),
    },
)
enter(
    Visibility,
    {
        Visibility.PUBLIC: _l("Everybody"),
        Visibility.PARTNERS: _l("Signed-in partners"),
        Visibility.MEMBERS: _l("Those who take part"),
    },
)
enter(
    Severity,
    {
        Severity.LOW: _l("Slows us down"),
        Severity.MEDIUM: _l("Stands in the way"),
        Severity.HIGH: _l("Stops us"),
    },
)
enter(
    BarrierState,
    {
        BarrierState.OPEN: _l("Open"),
        BarrierState.MITIGATED: _l("Worked around"),
        BarrierState.REMOVED: _l("Removed"),
    },
)

SOURCE_WORDS = {
    "open-ended or end unknown": _l("open-ended or end unknown"),
    "running or planned": _l("running or planned"),
    "co-funder": _l("co-funder"),
    "supplier": _l("supplier"),
    "supporting": _l("supporting"),
    "Danish coordinator": _l("Danish coordinator"),
    "demo site": _l("demo site"),
    "facilitator": _l("facilitator"),
    "host": _l("host"),
    "operator": _l("operator"),
    "problem owner": _l("problem owner"),
    "project management": _l("project management"),
    "secretariat": _l("secretariat"),
    "steering chair": _l("steering chair"),
    "authority": _l("authority"),
}


def source_words(words: str) -> str:
    """The source's own words for a state or a role: in the page's language if they are known ones."""
    return source_word(gettext(words) if words in SOURCE_WORDS else words)


name_actions({"project.read": _l("Read by staff while not public"), "project.confirmed": _l("Project confirmed")})
