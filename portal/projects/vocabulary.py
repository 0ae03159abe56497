"""The words that a project is described in: kinds, states, roles, and who may see what."""

from enum import StrEnum


class Kind(StrEnum):
    POLICY = "policy"
    DEMONSTRATION = "demonstration"
    RESEARCH = "research"
    STANDARDISATION = "standardisation"
    PROCUREMENT = "procurement"
    KNOWLEDGE_SHARING = "knowledge_sharing"


class Barrier(StrEnum):
    FINANCING = "financing"
    DATA_ACCESS = "data_access"
    LEGISLATION = "legislation"
    PROCUREMENT = "procurement"
    TECHNOLOGY = "technology"
    ORGANISATION = "organisation"
    CITIZENS = "citizens"


class State(StrEnum):
    IDEA = "idea"
    PROPOSED = "proposed"
    APPROVED = "approved"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Health(StrEnum):
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"


class Visibility(StrEnum):
    """Who sees a project or a part of it; a part may be narrower than its project, never wider."""

    PUBLIC = "public"
    PARTNERS = "partners"
    MEMBERS = "members"


class Role(StrEnum):
    COORDINATOR = "coordinator"
    PARTNER = "partner"
    CONTRACTOR = "contractor"
    IN_KIND = "in_kind"
    ASSOCIATE = "associate"
    FUNDER = "funder"
    OBSERVER = "observer"


class TeamRole(StrEnum):
    """What somebody of the project's team may do in it, beside what their partner's role gives."""

    MANAGER = "manager"
    CONTRIBUTOR = "contributor"
    READER = "reader"


class MunicipalityRole(StrEnum):
    LEAD = "lead"
    DEMONSTRATION_SITE = "demonstration_site"
    FOLLOWER = "follower"
    OBSERVER = "observer"


class FundingKind(StrEnum):
    GRANT = "grant"
    LOAN = "loan"
    OWN = "own"
    IN_KIND = "in_kind"


class FundingState(StrEnum):
    APPLIED = "applied"
    GRANTED = "granted"
    REFUSED = "refused"


class Severity(StrEnum):
    """How much a barrier stands in the way."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class BarrierState(StrEnum):
    OPEN = "open"
    MITIGATED = "mitigated"
    REMOVED = "removed"
