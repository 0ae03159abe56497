"""What projects keep about a person is given out, and what was only theirs goes with them."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts import personal
from portal.accounts.models import Account, AskState
from portal.accounts.notices.models import Notice
from portal.core import clock
from portal.core.db import db, transaction
from portal.projects.discussion.models import Post
from portal.projects.models import Project, TeamMember, TeamRole
from portal.projects.team.models import ProjectInvitation
from portal.projects.watching.models import Watch
from tests.make import THEN, Make, counted


def test_posts_stay_without_a_name_and_the_rest_goes(app: Flask, browsers: Any, people: Any, project: Project) -> None:
    leaver = people.team[TeamRole.CONTRIBUTOR]
    browser = browsers("team contributor")
    thread = browser.submit("/en/projects/heat/discussion/new", title="Budget", body="My words").location
    browsers("admin").submit(thread, body="@Team contributor, thanks")
    browser.submit("/en/projects/heat", "/en/projects/heat/watch?on=no")
    with app.app_context(), transaction():
        account = db.session.get(Account, leaver.id)
        assert account is not None
        held = personal.everything_about(account)
        assert [one["body"] for one in held["posts"]] == ["My words"]
        assert [one["kind"] for one in held["notices"]] == ["mention"]
        assert len(held["watched_projects"]) == len(held["project_teams"]) == 1
        personal.erase(account, now=clock.now())
        for model in (Notice, Watch, TeamMember):
            theirs = select(func.count()).where(model.account_id == leaver.id)
            assert db.session.scalar(theirs) == 0, model
        assert db.session.scalar(select(func.count()).where(Post.author_id == leaver.id)) == 1
    page = browsers("admin").page(thread)
    assert "My words" in page.text
    assert "Somebody who has left" in page.text


@pytest.mark.parametrize("proven", [True, False])
def test_invitations_are_given_to_who_has_proven_the_address_and_forgotten(
    app: Flask, make: Make, proven: bool
) -> None:
    first, second = make.projects(2)
    guest = make.account("Guest", email_verified_at=THEN if proven else None)
    with make.writing():
        for number, (project, state) in enumerate(((first, AskState.PENDING), (second, AskState.REFUSED))):
            values = {"role": TeamRole.READER, "state": state, "created_at": THEN, "expires_at": THEN}
            db.session.add(
                ProjectInvitation(token_hash=str(number), project_id=project.id, email="guest@example.org", **values)
            )
    with make.writing():
        account = db.session.get_one(Account, guest.id)
        given = [one["state"] for one in personal.everything_about(account)["project_invitations"]]
        assert given == (["pending", "refused"] if proven else [])
        personal.erase(account, now=clock.now())
    with app.app_context():
        assert db.session.scalars(select(ProjectInvitation.email)).all() == [""]


def test_a_project_is_read_anew_when_one_of_its_team_goes(app: Flask, make: Make) -> None:
    account = make.account()
    make.project(team={TeamRole.MANAGER: account})
    with app.app_context():
        before = counted()["project"].number
    with make.writing():
        personal.erase(db.session.get_one(Account, account.id), now=clock.now())
    with app.app_context():
        assert counted()["project"].number > before
