"""Who works in a project: people of its partners, and single people from outside."""

from datetime import datetime, timedelta

from sqlalchemy import exists, select, update

from portal.accounts.models import Account, AskState, Membership, MembershipRole
from portal.accounts.queries import normal
from portal.core import throttle
from portal.core.db import db
from portal.core.errors import Forbidden, Invalid
from portal.core.permissions import Actor, require
from portal.core.tokens import digest_of, new_token
from portal.projects.models import Project, Role, TeamMember, TeamRole
from portal.projects.operations import note
from portal.projects.team.models import UNANSWERED, ProjectInvitation

OPEN_FOR = timedelta(days=14)
REMEMBERED_FOR = timedelta(days=30)
SENDING = throttle.Limit("project_invitation", 30, timedelta(days=1))
SHARED_AS = (TeamRole.READER, TeamRole.CONTRIBUTOR)
"""What somebody from outside can be let in as."""
RANK = {TeamRole.READER: 0, TeamRole.CONTRIBUTOR: 1, TeamRole.MANAGER: 2}


def set_role(project: Project, account: Account, role: TeamRole, *, actor: Actor, now: datetime) -> None:
    """Take somebody of the partners into the team, or change what they do in it."""
    require(actor, "project.manage", project)
    known = member_of(project, account.id)
    if known is None and not _acts_for_a_partner(project, account.id):
        raise Invalid("account", "acts for none of the partners that take part")
    if known is not None and known.role is role:
        return
    before = known.role if known else ""
    if known is None:
        project.team.append(TeamMember(account_id=account.id, role=role, since=now))
    else:
        known.role = role
    _keep_a_manager(project)
    changes = {"person": ("", account.name), "role": (before, role)}
    note(project, "project.person_set", changes, actor=actor, now=now)


def remove(project: Project, member: TeamMember, *, actor: Actor, now: datetime) -> None:
    """Take somebody out of the team; everybody may leave it."""
    if member.account_id != actor.account_id:
        require(actor, "project.manage", project)
    project.team.remove(member)
    _keep_a_manager(project)
    changes = {"person": (member.account.name, ""), "role": (member.role, "")}
    note(project, "project.person_removed", changes, actor=actor, now=now)


def _keep_a_manager(project: Project) -> None:
    """A project is never left without somebody who can manage it."""
    managers = [one.account_id for one in project.team if one.role is TeamRole.MANAGER]
    leads = [one.partner_id for one in project.participations if one.role is Role.COORDINATOR and not one.left_at]
    active = Account.suspended_at.is_(None), Account.erased_at.is_(None)
    admins = select(Membership.account_id).where(
        Membership.partner_id.in_(leads), Membership.role == MembershipRole.ADMIN
    )
    there = select(exists().where(Account.id.in_(managers) | Account.id.in_(admins), *active))
    with db.session.no_autoflush:
        if not db.session.scalar(there):
            raise Invalid("team", "nobody would be left to manage the project")


def _acts_for_a_partner(project: Project, account_id: int) -> bool:
    here = [one.partner_id for one in project.participations if one.left_at is None]
    theirs = exists().where(Membership.account_id == account_id, Membership.partner_id.in_(here))
    return bool(db.session.scalar(select(theirs)))


def share(
    project: Project, email: str, role: TeamRole, *, actor: Actor, now: datetime
) -> tuple[ProjectInvitation, str]:
    """Ask somebody from outside; the token is for the mail alone. Asking again renews the question."""
    require(actor, "project.manage", project)
    if role not in SHARED_AS:
        raise Invalid("role", "somebody from outside does not manage a project")
    throttle.check(SENDING, str(actor.account_id), now=now)
    throttle.note(SENDING, str(actor.account_id), now=now)
    here = ProjectInvitation.project_id == project.id, ProjectInvitation.email == normal(email)
    unanswered = ProjectInvitation.state.in_(UNANSWERED)
    asked = db.session.scalar(select(ProjectInvitation).where(*here, unanswered))
    if asked is None:
        asked = ProjectInvitation(project_id=project.id, email=normal(email), created_at=now)
        db.session.add(asked)
    token = new_token()
    asked.token_hash, asked.role, asked.invited_by_id = digest_of(token), role, actor.account_id
    asked.state, asked.handled_at, asked.expires_at = AskState.PENDING, None, now + OPEN_FOR
    db.session.flush()
    # The address stands in the question alone, and goes with it: the trace is read by more people.
    note(project, "project.shared", {"role": ("", role)}, actor=actor, now=now)
    return asked, token


def revoke(project: Project, asked: ProjectInvitation, *, actor: Actor, now: datetime) -> None:
    require(actor, "project.manage", project)
    _end(asked, AskState.CANCELLED, now)
    note(project, "project.sharing_revoked", {"role": (asked.role, "")}, actor=actor, now=now)


def accept(project: Project, asked: ProjectInvitation, *, actor: Actor, email: str, now: datetime) -> None:
    """Come into the project: only for the account that has proved the address that was asked."""
    if actor.account_id is None or normal(email) != asked.email:
        raise Forbidden("project.accept_sharing")
    known = member_of(project, actor.account_id)
    if known is None:
        project.team.append(TeamMember(account_id=actor.account_id, role=asked.role, since=now))
    elif RANK[asked.role] > RANK[known.role]:
        known.role = asked.role
    _end(asked, AskState.ACCEPTED, now)
    changes = {"person": ("", actor.name), "role": ("", asked.role)}
    note(project, "project.sharing_accepted", changes, actor=actor, now=now)


def decline(project: Project, asked: ProjectInvitation, *, actor: Actor, now: datetime) -> None:
    """Whoever holds the mail may say no."""
    _end(asked, AskState.REFUSED, now)
    note(project, "project.sharing_declined", {"role": (asked.role, "")}, actor=actor, now=now)


def sweep(now: datetime) -> None:
    """Let questions lapse that nobody has answered in time, and forget later whom they went to."""
    late = (ProjectInvitation.state == AskState.PENDING, ProjectInvitation.expires_at <= now)
    db.session.execute(update(ProjectInvitation).where(*late).values(state=AskState.EXPIRED, handled_at=now))
    long_ago = (ProjectInvitation.state == AskState.EXPIRED, ProjectInvitation.expires_at <= now - REMEMBERED_FOR)
    db.session.execute(update(ProjectInvitation).where(*long_ago, ProjectInvitation.email != "").values(email=""))


def _end(asked: ProjectInvitation, state: AskState, now: datetime) -> None:
    asked.state, asked.handled_at, asked.email = state, now, ""


def member_of(project: Project, account_id: int) -> TeamMember | None:
    return next((one for one in project.team if one.account_id == account_id), None)
