"""The two writings of who sees a project say the same, for every role and state."""

import itertools

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core.db import db
from portal.core.permissions import VISITOR, Actor, Role, allows
from portal.projects.models import Milestone, Participation, Project, State, TeamRole, Visibility
from portal.projects.models import Role as Part
from portal.projects.permissions import (
    answered_for_by,
    edited_by,
    entered_by,
    looked_inside_by,
    managed_by,
    may_see_part,
    part_seen_by,
    seen_by,
)
from portal.projects.watching.permissions import watchable_by
from tests.make import THEN, Make

TWINS = {
    "project.see": seen_by,
    "project.edit": edited_by,
    "project.manage": managed_by,
    "project.answer_for": answered_for_by,
    "project.look_inside": looked_inside_by,
    "project.enter": entered_by,
    "project.watch": watchable_by,
}


@pytest.mark.parametrize("action", TWINS)
def test_question_and_sql_agree(app: Flask, make: Make, action: str) -> None:
    mine, foreign = make.partners(2)
    team = {role: make.account() for role in TeamRole}
    for visibility in Visibility:
        for part in Part:
            make.project(visibility=visibility, partners=[(mine, part)])
        make.project(visibility=visibility)
        make.project(visibility=visibility, team=team)
    for state in State:
        make.project(state=state, partners=[mine], team=team)
    for part in Part:
        left = Participation(partner_id=mine.id, role=part, left_at=THEN)
        make.project(visibility=Visibility.MEMBERS, participations=[left])
    actors = {
        "visitor": VISITOR,
        "without a partner": Actor(account_id=999),
        "applicant": Actor(account_id=999, applicant_of=frozenset({mine.id})),
        "member": Actor(account_id=999, partner_ids=frozenset({mine.id})),
        "admin": Actor(account_id=999, partner_ids=frozenset({mine.id}), admin_of=frozenset({mine.id})),
        "foreign member": Actor(account_id=999, partner_ids=frozenset({foreign.id})),
        "foreign admin": Actor(account_id=999, partner_ids=frozenset({foreign.id}), admin_of=frozenset({foreign.id})),
        **{f"team {role.value}": Actor(account_id=account.id) for role, account in team.items()},
        **{role.value: Actor(account_id=998, roles=frozenset({role})) for role in Role},
    }
    with app.app_context():
        whole = selectinload(Project.participations), selectinload(Project.team)
        projects = db.session.scalars(select(Project).options(*whole)).all()
        for name, actor in actors.items():
            asked = {project.id for project in projects if allows(actor, action, project)}
            found = set(db.session.scalars(select(Project.id).where(TWINS[action](actor))))
            assert asked == found, name


@pytest.mark.parametrize(("whole", "part"), list(itertools.product(Visibility, Visibility)))
def test_a_part_is_never_wider_than_its_project(app: Flask, make: Make, whole: Visibility, part: Visibility) -> None:
    mine, foreign = make.partners(2)
    make.project(visibility=whole, partners=[mine], milestones=[Milestone(title_en="Ready", visibility=part)])
    with app.app_context():
        project = db.session.scalars(
            select(Project).options(
                selectinload(Project.participations), selectinload(Project.team), selectinload(Project.milestones)
            )
        ).one()
        for partner_ids in (frozenset(), frozenset({mine.id}), frozenset({foreign.id})):
            actor = Actor(account_id=1, partner_ids=partner_ids)
            asked = may_see_part(actor, project.milestones[0], project)
            rows = select(Milestone.id).join(Project, Milestone.project_id == Project.id)
            found = bool(db.session.scalars(rows.where(seen_by(actor), part_seen_by(actor, Milestone))).all())
            assert asked == found
            assert not asked or allows(actor, "project.see", project)
