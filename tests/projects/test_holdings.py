"""What projects keep about a person is given out, and what was only theirs goes with them."""

from typing import Any

from flask import Flask
from sqlalchemy import func, select

from portal.accounts import personal
from portal.accounts.models import Account
from portal.accounts.notices.models import Notice
from portal.core import clock
from portal.core.db import db, transaction
from portal.projects.discussion.models import Post
from portal.projects.models import Project, TeamMember, TeamRole
from portal.projects.watching.models import Watch


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
