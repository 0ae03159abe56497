"""Who may do what, as one table: every rule of the portal, in every state that matters, for everybody.

The letters are those of the design: V a visitor · N somebody without a partner, and the person of its contact point ·
M a member and A an admin of our partner, which coordinates our project · F a member and B an admin of a foreign one ·
S the person of a partner that is not in the directory · T, U, R the project's manager, contributor and reader, each
without a partner · E editor, C curator, X administrator. That the SQL of each rule says the same is tested beside each
slice.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

import portal.app  # noqa: F401  enters every rule
from portal.accounts.models import Account, AskState, Invitation, JoinRequest, Membership
from portal.core import permissions
from portal.core.audit import AuditEntry
from portal.core.permissions import VISITOR, Actor, allows
from portal.core.permissions import Role as Staff
from portal.corrections.models import Correction
from portal.feeds.models import Feed, FeedEntry, FeedState
from portal.municipalities.models import Municipality, Observation
from portal.news.models import Article
from portal.news.models import State as ArticleState
from portal.partners.models import Consent, ContactPoint, Partner, PartnerState, PartnerType
from portal.progress.models import Assessment, Framework
from portal.progress.models import State as AssessmentState
from portal.projects.discussion.models import Post, Thread
from portal.projects.documents.models import Document
from portal.projects.models import Participation, Project, Role, State, TeamMember, TeamRole, Visibility
from portal.projects.partnerships.models import PartnershipProposal, Wish
from portal.webinars.models import Series, SeriesState, Webinar, WebinarPartner
from portal.webinars.models import State as WebinarState
from portal.workspace.models import SavedView

OURS, FOREIGN, OUTSIDE = 1, 2, 3
THEN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = datetime(9000, 1, 1, tzinfo=UTC)
EVERYBODY = "VNMAFBSTURECX"
SIGNED_IN = EVERYBODY.replace("V", "")
NUMBERS = {letter: number for number, letter in enumerate(SIGNED_IN, start=11)}


def _cast() -> dict[str, Actor]:
    ours, foreign = frozenset({OURS}), frozenset({FOREIGN})
    more: dict[str, dict[str, Any]] = {
        "M": {"partner_ids": ours},
        "A": {"partner_ids": ours, "admin_of": ours},
        "F": {"partner_ids": foreign},
        "B": {"partner_ids": foreign, "admin_of": foreign},
        "N": {"email": "person@example.org"},
        "S": {"applicant_of": frozenset({OUTSIDE})},
        "E": {"roles": frozenset({Staff.EDITOR})},
        "C": {"roles": frozenset({Staff.CURATOR})},
        "X": {"roles": frozenset({Staff.ADMINISTRATOR})},
    }
    people = {letter: Actor(account_id=NUMBERS[letter], **more.get(letter, {})) for letter in SIGNED_IN}
    return {"V": VISITOR, **people}


CAST = _cast()
TEAM = {"T": TeamRole.MANAGER, "U": TeamRole.CONTRIBUTOR, "R": TeamRole.READER}


def project(visibility: Visibility, part: Role = Role.COORDINATOR, **given: Any) -> Project:
    return Project(
        id=1,
        visibility=visibility,
        shares_visibility=Visibility.MEMBERS,
        participations=[Participation(partner_id=OURS, role=part)],
        team=[TeamMember(account_id=NUMBERS[letter], role=role) for letter, role in TEAM.items()],
        **{"costs_visibility": Visibility.PUBLIC, "lessons_visibility": Visibility.PUBLIC, **given},
    )


def shared(part: Role, visibility: Visibility = Visibility.MEMBERS, **given: Any) -> Project:
    """Our project with the foreign partner in it, for those who take part unless said otherwise."""
    found = project(visibility)
    found.participations.append(Participation(partner_id=FOREIGN, role=part, **given))
    return found


def partner(state: PartnerState, **given: Any) -> Partner:
    public = state in (PartnerState.PUBLISHED, PartnerState.DORMANT)
    return Partner(id=OURS if public else OUTSIDE, state=state, **given)


def municipality_partner() -> Partner:
    return partner(PartnerState.PUBLISHED, type=PartnerType.MUNICIPALITY, municipality_id=1)


def contact(consent: Consent | None, *, withdrawn: bool = False) -> ContactPoint:
    return ContactPoint(
        partner_id=OURS,
        email="Person@example.org",
        consent=consent or Consent.STAFF,
        consent_given_at=THEN if consent else None,
        consent_withdrawn_at=THEN if withdrawn else None,
    )


def proposal(wish: Wish) -> PartnershipProposal:
    return PartnershipProposal(partner_id=FOREIGN, wish=wish, project=project(Visibility.MEMBERS))


def document(visibility: Visibility, *, deleted: bool = False, of: Project | None = None) -> Document:
    of = of or project(Visibility.PUBLIC)
    return Document(project_id=1, visibility=visibility, project=of, deleted_at=THEN if deleted else None)


def article(state: ArticleState) -> Article:
    """From our partner, written by its member."""
    return Article(author_id=OURS, created_by_id=NUMBERS["M"], state=state, publish_at=THEN)


def webinar(state: WebinarState) -> Webinar:
    return Webinar(state=state, created_by_id=NUMBERS["M"], partners=[WebinarPartner(partner_id=OURS, is_host=True)])


def feed(state: FeedState) -> Feed:
    return Feed(partner_id=OURS, state=state)


PUBLIC, PARTNERS, MEMBERS = Visibility.PUBLIC, Visibility.PARTNERS, Visibility.MEMBERS
UNPUBLISHED = [state for state in AssessmentState if state not in ("published", "superseded")]
MEMBER, APPLICANT = NUMBERS["M"], NUMBERS["N"]


@dataclass(frozen=True)
class Case:
    """A rule asked of a thing in a state, and the letters of those it admits."""

    action: str
    what: str
    thing: Any
    admits: str

    def __str__(self) -> str:
        return f"{self.action}, {self.what}"


MATRIX = (
    Case("municipality.see", "any", Municipality(id=1), EVERYBODY),
    Case("observation.edit", "any", Observation(), "C"),
    # How far the municipalities have come
    *(Case("assessment.see", state, Assessment(state=state), "EC") for state in UNPUBLISHED),
    *(
        Case("assessment.see", f"{state}, ours", Assessment(state=state, partner_id=OURS), "MAEC")
        for state in UNPUBLISHED
    ),
    Case("assessment.see", "published", Assessment(state=AssessmentState.PUBLISHED), EVERYBODY),
    Case("assessment.see", "superseded", Assessment(state=AssessmentState.SUPERSEDED), EVERYBODY),
    *(Case("assessment.edit", state, Assessment(state=state), "C") for state in UNPUBLISHED),
    Case("assessment.edit", "published", Assessment(state=AssessmentState.PUBLISHED), "C"),
    Case("assessment.edit", "superseded", Assessment(state=AssessmentState.SUPERSEDED), ""),
    Case("assessment.own", "draft", Assessment(state=AssessmentState.DRAFT, partner_id=OURS), "MA"),
    Case("assessment.own", "draft of the editors", Assessment(state=AssessmentState.DRAFT), ""),
    Case("assessment.own", "published", Assessment(state=AssessmentState.PUBLISHED, partner_id=OURS), ""),
    Case("partner.assess", "municipality", municipality_partner(), "MA"),
    Case("partner.assess", "company", partner(PartnerState.PUBLISHED, type=PartnerType.COMPANY), ""),
    Case("framework.see", "draft", Framework(), "EC"),
    Case("framework.see", "in force", Framework(valid_from=THEN.date()), EVERYBODY),
    Case("framework.edit", "draft", Framework(), "C"),
    Case("framework.edit", "in force", Framework(valid_from=THEN.date()), ""),
    # Partners
    Case("partner.see", "published", partner(PartnerState.PUBLISHED), EVERYBODY),
    Case("partner.see", "dormant", partner(PartnerState.DORMANT), EVERYBODY),
    Case("partner.see", "suggested", partner(PartnerState.SUGGESTED), "SECX"),
    Case("partner.see", "rejected", partner(PartnerState.REJECTED), "SECX"),
    Case("partner.see", "left", partner(PartnerState.LEFT), "SECX"),
    Case("partner.see", "merged", partner(PartnerState.PUBLISHED, merged_into_id=FOREIGN), ""),
    Case("partner.name", "suggested", partner(PartnerState.SUGGESTED), "SECX"),
    Case("partner.name", "left", partner(PartnerState.LEFT), EVERYBODY),
    Case("partner.name", "merged", partner(PartnerState.LEFT, merged_into_id=FOREIGN), ""),
    Case("partner.edit", "published", partner(PartnerState.PUBLISHED), "AC"),
    Case("partner.edit", "suggested", partner(PartnerState.SUGGESTED), "SC"),
    Case("partner.edit", "rejected", partner(PartnerState.REJECTED), "C"),
    Case("partner.edit", "left", partner(PartnerState.LEFT), "C"),
    Case("partner.edit", "merged", partner(PartnerState.PUBLISHED, merged_into_id=FOREIGN), ""),
    Case("partner.confirm", "published", partner(PartnerState.PUBLISHED), "AC"),
    Case("partner.confirm", "suggested", partner(PartnerState.SUGGESTED), ""),
    Case("partner.curate", "published", partner(PartnerState.PUBLISHED), "C"),
    Case("partner.propose", "new", None, SIGNED_IN),
    Case("partner.see_people", "published", partner(PartnerState.PUBLISHED), "MACX"),
    Case("partner.invite", "published", partner(PartnerState.PUBLISHED), "AC"),
    Case("contact.see", "for everybody", contact(Consent.PUBLIC), EVERYBODY),
    Case("contact.see", "for partners", contact(Consent.PARTNERS), "MAFBECX"),
    Case("contact.see", "for staff", contact(Consent.STAFF), "AEC"),
    Case("contact.see", "not asked yet", contact(None), "AEC"),
    Case("contact.see", "withdrawn", contact(Consent.PUBLIC, withdrawn=True), ""),
    Case("contact.edit", "agreed", contact(Consent.PUBLIC), "AC"),
    Case("contact.own", "withdrawn", contact(Consent.PUBLIC, withdrawn=True), "N"),
    Case("contact.own", "not asked yet", contact(None), "N"),
    Case("contact.edit", "withdrawn", contact(Consent.PUBLIC, withdrawn=True), ""),
    # People
    Case("account.see", "the member's", Account(id=MEMBER), "MX"),
    Case("account.edit", "the member's", Account(id=MEMBER), "M"),
    Case("account.administer", "the member's", Account(id=MEMBER), "X"),
    Case("account.administer", "the administrator's own", Account(id=NUMBERS["X"]), ""),
    Case("account.see", "the administrator's own", Account(id=NUMBERS["X"]), "X"),
    Case("account.edit", "the administrator's own", Account(id=NUMBERS["X"]), "X"),
    Case("account.list", "all", None, "X"),
    Case("membership.manage", "the member's", Membership(account_id=MEMBER, partner_id=OURS), "ACX"),
    Case("membership.manage", "in a foreign partner", Membership(account_id=NUMBERS["F"], partner_id=FOREIGN), "BCX"),
    Case("membership.leave", "the member's", Membership(account_id=MEMBER, partner_id=OURS), "M"),
    Case("membership.leave", "the admin's", Membership(account_id=NUMBERS["A"], partner_id=OURS), "A"),
    *(
        Case("invitation.see", f"to our partner, {state}", Invitation(partner_id=OURS, state=state), "ACX")
        for state in AskState
    ),
    Case("invitation.see", "to a foreign partner", Invitation(partner_id=FOREIGN), "BCX"),
    Case("join_request.see", "to our partner", JoinRequest(account_id=APPLICANT, partner_id=OURS), "NACX"),
    Case("join_request.cancel", "to our partner", JoinRequest(account_id=APPLICANT, partner_id=OURS), "N"),
    Case("saved_view.use", "the member's", SavedView(account_id=MEMBER), "M"),
    # Projects
    Case("project.see", "public", project(PUBLIC), EVERYBODY),
    Case("project.see", "for partners", project(PARTNERS), "MAFBTUREC"),
    Case("project.see", "for members", project(MEMBERS), "MATUREC"),
    Case("project.edit", "public", project(PUBLIC), "ATUC"),
    Case("project.edit", "for members", project(MEMBERS), "ATUC"),
    Case("project.edit", "that our partner pays for", project(PUBLIC, Role.FUNDER), "TUC"),
    Case("project.manage", "that our partner coordinates", project(MEMBERS), "ATC"),
    Case("project.manage", "that our partner works in", project(MEMBERS, Role.PARTNER), "TC"),
    Case("project.answer_for", "that our partner coordinates", project(MEMBERS), "AC"),
    Case("project.look_inside", "public", project(PUBLIC), "MATUREC"),
    Case("project.enter", "public", project(PUBLIC), "MATUR"),
    Case("project.watch", "public", project(PUBLIC), SIGNED_IN),
    Case("project.watch", "for members", project(MEMBERS), "MATUREC"),
    Case("project.see_shares", "for members", project(PUBLIC), "MATUREC"),
    Case("project.see_costs", "for members", project(PUBLIC, costs_visibility=MEMBERS), "MATUREC"),
    Case("project.see_costs", "for all, of a project for members", project(MEMBERS), "MATUREC"),
    Case("project.see_lessons", "for members", project(PUBLIC, lessons_visibility=MEMBERS), "MATUREC"),
    Case("project.see_lessons", "for all, of a project for members", project(MEMBERS), "MATUREC"),
    *(
        Case(f"project.{action}", f"for members, {state}", project(MEMBERS, state=state), admits)
        for state in (None, *State)
        for action, admits in (("see", "MATUREC"), ("edit", "ATUC"), ("manage", "ATC"), ("answer_for", "AC"))
    ),
    # A foreign partner in it: its people come in, its admins work where it does, none of them manages.
    Case("project.see", "with a foreign partner", shared(Role.PARTNER), "MAFBTUREC"),
    Case("project.look_inside", "with a foreign partner", shared(Role.PARTNER), "MAFBTUREC"),
    Case("project.enter", "with a foreign partner", shared(Role.PARTNER), "MAFBTUR"),
    Case("project.edit", "with a foreign partner", shared(Role.PARTNER), "ABTUC"),
    Case("project.manage", "with a foreign partner", shared(Role.PARTNER), "ATC"),
    Case("project.answer_for", "with a foreign partner", shared(Role.PARTNER), "AC"),
    Case("project.see", "with a foreign observer", shared(Role.OBSERVER), "MAFBTUREC"),
    Case("project.edit", "with a foreign observer", shared(Role.OBSERVER), "ATUC"),
    Case("project.see", "that a foreign partner has left", shared(Role.PARTNER, left_at=THEN), "MATUREC"),
    Case("project.edit", "that a foreign partner has left", shared(Role.PARTNER, left_at=THEN), "ATUC"),
    Case("document.see", "for members, with a foreign partner", document(MEMBERS, of=shared(Role.PARTNER)), "MAFBTURC"),
    Case("document.see", "public in a project for members", document(PUBLIC, of=project(MEMBERS)), "MATUREC"),
    Case("document.delete", "public in a project for members", document(PUBLIC, of=project(MEMBERS)), "AT"),
    Case("documents.open", "with a foreign partner", shared(Role.PARTNER), "MAFBTURC"),
    Case("documents.keep", "with a foreign partner", shared(Role.PARTNER), "ABTU"),
    Case("documents.keep", "with a foreign observer", shared(Role.OBSERVER), "ATU"),
    Case("documents.restore", "with a foreign partner", shared(Role.PARTNER), "ABT"),
    *(
        Case(f"{action}", "that a foreign partner has left", shared(Role.PARTNER, left_at=THEN), admits)
        for action, admits in (
            ("documents.open", "MATURC"),
            ("documents.keep", "ATU"),
            ("documents.restore", "AT"),
            ("discussion.open", "MATUR"),
            ("discussion.write", "MATU"),
            ("project.look_inside", "MATUREC"),
        )
    ),
    Case("discussion.open", "with a foreign observer", shared(Role.OBSERVER), "MAFBTUR"),
    Case("document.see", "public", document(PUBLIC), EVERYBODY),
    Case("document.see", "for partners", document(PARTNERS), "MAFBTURC"),
    Case("document.see", "for members", document(MEMBERS), "MATURC"),
    Case("document.see", "deleted", document(PUBLIC, deleted=True), ""),
    Case("document.delete", "public", document(PUBLIC), "ATC"),
    Case("document.delete", "for members", document(MEMBERS), "AT"),
    Case("documents.open", "of a public project", project(PUBLIC), "MATURC"),
    Case("documents.keep", "of a public project", project(PUBLIC), "ATU"),
    Case("documents.restore", "of a public project", project(PUBLIC), "AT"),
    Case("discussion.open", "of a public project", project(PUBLIC), "MATUR"),
    Case("discussion.write", "of a public project", project(PUBLIC), "MATU"),
    Case(
        "post.remove", "of a contributor", Post(author_id=NUMBERS["U"], thread=Thread(project=project(PUBLIC))), "ATU"
    ),
    Case("proposal.see", "invitation", proposal(Wish.INVITATION), "MAFBTURC"),
    Case("proposal.answer", "invitation", proposal(Wish.INVITATION), "BC"),
    Case("proposal.answer", "request", proposal(Wish.REQUEST), "ATC"),
    Case("proposal.answer", "transfer", proposal(Wish.TRANSFER), "BC"),
    Case("proposal.see", "transfer", proposal(Wish.TRANSFER), "MAFBTURC"),
    Case("proposal.withdraw", "transfer", proposal(Wish.TRANSFER), "ATC"),
    Case("proposal.withdraw", "invitation", proposal(Wish.INVITATION), "ATC"),
    Case("proposal.withdraw", "request", proposal(Wish.REQUEST), "BC"),
    # Feeds
    Case("feed.see", "of our partner", feed(FeedState.SUGGESTED), "MAECX"),
    Case("feed.see", "of no partner", Feed(state=FeedState.ACTIVE), "ECX"),
    Case("feed.suggest", "for our partner", OURS, "AC"),
    Case("feed.suggest", "for no partner", None, "C"),
    Case("feed.edit", "of our partner", feed(FeedState.ACTIVE), "AC"),
    Case("feed.edit", "of no partner", Feed(state=FeedState.ACTIVE), "C"),
    Case("feed.approve", "of our partner", feed(FeedState.TESTED), "C"),
    Case("feed.fetch", "running", feed(FeedState.FAILING), "AC"),
    Case("feed.fetch", "suggested", feed(FeedState.SUGGESTED), ""),
    Case("feed.sift", "of our partner", feed(FeedState.ACTIVE), "AEC"),
    Case("entry.see", "of our partner", FeedEntry(feed=feed(FeedState.ACTIVE)), "AEC"),
    Case("entry.decide", "of our partner", FeedEntry(feed=feed(FeedState.ACTIVE)), "EC"),
    # News and webinars
    Case("article.see", "published", article(ArticleState.PUBLISHED), EVERYBODY),
    Case("article.see", "draft", article(ArticleState.DRAFT), "MAEC"),
    Case("article.see", "submitted", article(ArticleState.SUBMITTED), "MAEC"),
    Case("article.see", "scheduled, not yet out", Article(state=ArticleState.SCHEDULED, publish_at=LATER), "EC"),
    Case("article.see", "withdrawn", article(ArticleState.WITHDRAWN), "MAEC"),
    Case("article.look_inside", "published", article(ArticleState.PUBLISHED), "MAEC"),
    Case("article.create", "any", None, "MAFBE"),
    Case("article.edit", "draft", article(ArticleState.DRAFT), "ME"),
    Case("article.edit", "of the desk", Article(author_id=OURS, state=ArticleState.DRAFT), "E"),
    Case("article.edit", "submitted", article(ArticleState.SUBMITTED), "E"),
    Case("article.edit", "published", article(ArticleState.PUBLISHED), "E"),
    Case("article.edit", "withdrawn", article(ArticleState.WITHDRAWN), ""),
    Case("article.delete", "draft", article(ArticleState.DRAFT), "ME"),
    Case("article.delete", "submitted", article(ArticleState.SUBMITTED), ""),
    Case("article.delete", "published", article(ArticleState.PUBLISHED), ""),
    Case("article.submit", "draft", article(ArticleState.DRAFT), "M"),
    Case("article.submit", "in review", article(ArticleState.IN_REVIEW), ""),
    Case("article.take_back", "submitted", article(ArticleState.SUBMITTED), "M"),
    Case("article.take_back", "in review", article(ArticleState.IN_REVIEW), ""),
    Case("article.publish", "submitted", article(ArticleState.SUBMITTED), "E"),
    Case("article.discuss", "submitted", article(ArticleState.SUBMITTED), "MEC"),
    Case("webinar.see", "announced", webinar(WebinarState.ANNOUNCED), EVERYBODY),
    Case("webinar.see", "a member's draft", webinar(WebinarState.DRAFT), "MAEC"),
    Case("webinar.look_inside", "a member's draft", webinar(WebinarState.DRAFT), "MAEC"),
    Case("webinar.create", "new", None, "MAFBE"),
    Case("webinar.edit", "a member's draft", webinar(WebinarState.DRAFT), "ME"),
    Case("webinar.edit", "submitted by a member", webinar(WebinarState.SUBMITTED), "E"),
    Case("webinar.edit", "announced", webinar(WebinarState.ANNOUNCED), "E"),
    Case("webinar.edit", "withdrawn", webinar(WebinarState.WITHDRAWN), ""),
    Case("webinar.delete", "a member's draft", webinar(WebinarState.DRAFT), "ME"),
    Case("webinar.delete", "announced", webinar(WebinarState.ANNOUNCED), ""),
    Case("webinar.submit", "a member's draft", webinar(WebinarState.DRAFT), "M"),
    Case("webinar.take_back", "submitted by a member", webinar(WebinarState.SUBMITTED), "M"),
    Case("webinar.publish", "any", webinar(WebinarState.SUBMITTED), "E"),
    Case("webinar.record", "a member's draft", webinar(WebinarState.DRAFT), "E"),
    Case("webinar.record", "announced", webinar(WebinarState.ANNOUNCED), "AE"),
    Case("webinar.record", "recorded", webinar(WebinarState.RECORDED), "AE"),
    Case("webinar.record", "withdrawn", webinar(WebinarState.WITHDRAWN), ""),
    Case("webinar.discuss", "submitted by a member", webinar(WebinarState.SUBMITTED), "MEC"),
    Case("webinar.share", "submitted by a member", webinar(WebinarState.SUBMITTED), "E"),
    Case("webinar.share", "announced", webinar(WebinarState.ANNOUNCED), ""),
    Case("webinar.share", "refused", webinar(WebinarState.REFUSED), ""),
    Case("series.see", "published", Series(state=SeriesState.PUBLISHED), EVERYBODY),
    Case("series.see", "draft", Series(state=SeriesState.DRAFT), "EC"),
    Case("series.see", "withdrawn", Series(state=SeriesState.WITHDRAWN), "EC"),
    Case("series.edit", "any", Series(), "E"),
    # The newsletter
    Case("newsletter.manage", "as a whole", None, "E"),
    Case("registration.read", "any", webinar(WebinarState.OPEN), "AE"),
    Case("registration.manage", "any", webinar(WebinarState.OPEN), "E"),
    # The staff's desk
    Case("staff.read", "any", None, "EC"),
    Case("correction.answer", "any", Correction(), "EC"),
    Case("import.manage", "any", None, "C"),
    Case("link.manage", "any", None, "EC"),
    Case("system.manage", "any", None, "X"),
    Case("trail.open", "any", None, "X"),
    Case("trail.of_partner", "ours", partner(PartnerState.PUBLISHED), "AX"),
    Case("trail.see", "the member's own doing", AuditEntry(account_id=MEMBER, subject_kind="account"), "MX"),
    Case("trail.see", "what a member did in a project", AuditEntry(account_id=MEMBER, subject_kind="project"), "MX"),
    Case(
        "trail.see",
        "what an editor did to our partner",
        AuditEntry(account_id=NUMBERS["E"], subject_kind="partner", subject_id=str(OURS)),
        "AEX",
    ),
)

pytestmark = pytest.mark.sqlite_only


@pytest.mark.parametrize("case", MATRIX, ids=str)
def test_a_rule_admits_exactly_these(case: Case) -> None:
    admitted = {letter for letter, actor in CAST.items() if allows(actor, case.action, case.thing)}
    assert admitted == set(case.admits)


def test_no_rule_is_left_out() -> None:
    ours = {name for name, question in permissions._rules.items() if question.__module__.startswith("portal.")}
    assert {case.action for case in MATRIX} == ours
