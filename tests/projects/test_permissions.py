"""The two writings of who sees a project say the same, for every role and state."""

import itertools

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core.db import db
from portal.core.permissions import VISITOR, Actor, Role, allows
from portal.projects.models import Milestone, Project, Visibility
from portal.projects.permissions import may_see_part, part_seen_by, seen_by
from tests.make import Make


def test_question_and_sql_agree(app: Flask, make: Make) -> None:
    mine, foreign = make.partners(2)
    for visibility in Visibility:
        make.project(visibility=visibility, partners=[mine])
        make.project(visibility=visibility)
    actors = {
        "visitor": VISITOR,
        "member": Actor(account_id=1, partner_ids=frozenset({mine.id})),
        "foreign member": Actor(account_id=2, partner_ids=frozenset({foreign.id})),
        **{role.value: Actor(account_id=3, roles=frozenset({role})) for role in Role},
    }
    with app.app_context():
        projects = db.session.scalars(select(Project).options(selectinload(Project.participations))).all()
        for name, actor in actors.items():
            asked = {project.id for project in projects if allows(actor, "project.see", project)}
            found = set(db.session.scalars(select(Project.id).where(seen_by(actor))))
            assert asked == found, name


@pytest.mark.parametrize(("whole", "part"), list(itertools.product(Visibility, Visibility)))
def test_a_part_is_never_wider_than_its_project(app: Flask, make: Make, whole: Visibility, part: Visibility) -> None:
    mine, foreign = make.partners(2)
    make.project(visibility=whole, partners=[mine], milestones=[Milestone(title_en="Ready", visibility=part)])
    with app.app_context():
        project = db.session.scalars(
            select(Project).options(selectinload(Project.participations), selectinload(Project.milestones))
        ).one()
        for partner_ids in (frozenset(), frozenset({mine.id}), frozenset({foreign.id})):
            actor = Actor(account_id=1, partner_ids=partner_ids)
            asked = may_see_part(actor, project.milestones[0], project)
            rows = select(Milestone.id).join(Project, Milestone.project_id == Project.id)
            found = bool(db.session.scalars(rows.where(seen_by(actor), part_seen_by(actor, Milestone))).all())
            assert asked == found
            assert not asked or allows(actor, "project.see", project)
