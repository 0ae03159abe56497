"""What projects hold about a person: their places in teams, and the questions mailed to them."""

from typing import Any

from sqlalchemy import delete, select, update

from portal.accounts.models import Account, AskState
from portal.accounts.personal import Holder
from portal.core.db import db
from portal.projects.models import Project, TeamMember
from portal.projects.team.models import ProjectInvitation
from portal.search.outbox import touch


def give_out(account_id: int) -> list[dict[str, Any]]:
    """The projects in whose teams the account is."""
    stmt = select(Project.slug, TeamMember.role, TeamMember.since).join(Project, Project.id == TeamMember.project_id)
    rows = db.session.execute(stmt.where(TeamMember.account_id == account_id).order_by(TeamMember.id))
    return [{"project": slug, "role": role.value, "since": since.isoformat()} for slug, role, since in rows]


def erase(account_id: int) -> None:
    """Take the account out of every team, and its address out of what was mailed to it."""
    mine = TeamMember.account_id == account_id
    for project_id in db.session.scalars(select(TeamMember.project_id).where(mine)):
        touch("project", project_id)
    db.session.execute(delete(TeamMember).where(mine))
    to_them = ProjectInvitation.email == select(Account.email).where(Account.id == account_id).scalar_subquery()
    db.session.execute(delete(ProjectInvitation).where(to_them, ProjectInvitation.state == AskState.PENDING))
    db.session.execute(update(ProjectInvitation).where(to_them).values(email=""))


holder = Holder("projects", give_out, erase)
