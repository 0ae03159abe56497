"""Whose eyes a project's page is read with, and how long what was read is shown."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from flask import Flask

from portal.accounts import sessions
from portal.accounts.models import Account
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.permissions import VISITOR, Actor
from portal.projects import queries as projects
from portal.projects.models import Milestone, Project, ProjectRelation, TeamMember, TeamRole, Update, Visibility
from portal.projects.page import queries
from portal.search.outbox import touch
from tests.make import THEN, Make

PAGE = "/en/projects/heat"


@pytest.fixture
def project(make: Make, people: SimpleNamespace) -> Project:
    """A public project that says more to its partners and most to those who take part."""
    hidden = make.project("Unseen", visibility=Visibility.MEMBERS, partners=[people.mine], team=people.team)
    made = make.project(
        "Heat",
        partners=[people.mine],
        team=people.team,
        milestones=[
            Milestone(title_en=f"For {visibility.value}", visibility=visibility, position=place)
            for place, visibility in enumerate(Visibility)
        ],
        updates=[Update(title_en="Among us", dated=clock.today(), visibility=Visibility.MEMBERS)],
    )
    with make.writing():
        db.session.add(ProjectRelation(project_id=made.id, related_id=hidden.id, kind="continues"))
        touch("project", made.id)
    return made


def actor_of(account: Account) -> Actor:
    """The account as it acts in a session, its second factor given."""
    with transaction():
        token = sessions.begin(account, now=clock.now(), device="", with_second_factor=True)
    row = sessions.current(token, now=clock.now())
    assert row is not None
    return sessions.actor_of(row)


def test_only_who_sees_no_more_than_a_visitor_is_shown_what_was_read_for_one(
    app: Flask, people: SimpleNamespace, project: Project
) -> None:
    with app.app_context():
        public = queries.page("heat", VISITOR)
        assert projects.reader_of(VISITOR) == VISITOR
        for who, account in people.accounts.items():
            actor = actor_of(account)
            own, read_as = queries.page("heat", actor), queries.page("heat", projects.reader_of(actor))
            assert read_as == own, who
            assert (own == public) == (who in ("without a partner", "administrator")), who


def test_nobody_is_shown_what_was_read_for_somebody_else(
    people: SimpleNamespace, project: Project, browsers: Any
) -> None:
    asking = ("visitor", "without a partner", "foreign admin", "member", "team reader", "curator")
    for who in (*asking, *reversed(asking)):
        text = browsers(who).page(PAGE).text
        assert "For public" in text
        assert ("For partners" in text) == (who not in ("visitor", "without a partner")), who
        is_inside = who in ("member", "team reader", "curator")
        assert [words in text for words in ("For members", "Among us", "Unseen")] == [is_inside] * 3, who


def test_the_front_page_shows_each_what_is_theirs(people: SimpleNamespace, project: Project, browsers: Any) -> None:
    for who in ("visitor", "without a partner", "member", "without a partner", "visitor"):
        assert ("Unseen" in browsers(who).page("/en/").text) == (who == "member"), who


def test_a_change_is_on_the_page_with_the_next_request(
    make: Make, people: SimpleNamespace, project: Project, browsers: Any
) -> None:
    reader = browsers("without a partner")
    assert "Heat for all" not in reader.page(PAGE).text
    with make.writing():
        db.session.get_one(Project, project.id).title_en = "Heat for all"
        touch("project", project.id)
    assert "Heat for all" in reader.page(PAGE).text
    make.article("In the paper", projects=[project], publish_at=clock.now() + timedelta(minutes=10))
    assert "In the paper" not in reader.page(PAGE).text
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        assert "In the paper" in browsers("without a partner").page(PAGE).text


def test_who_joins_a_team_sees_its_project_with_the_next_request_though_nothing_public_changed(
    make: Make, people: SimpleNamespace, project: Project, browsers: Any
) -> None:
    reader = browsers("without a partner")
    assert "For members" not in reader.page(PAGE).text
    with make.writing():
        member = TeamMember(
            project_id=project.id, account_id=people.accounts["without a partner"].id, role=TeamRole.READER, since=THEN
        )
        db.session.add(member)
    assert "For members" in reader.page(PAGE).text
    with make.writing():
        db.session.delete(db.session.get_one(TeamMember, member.id))
    assert "For members" not in reader.page(PAGE).text
