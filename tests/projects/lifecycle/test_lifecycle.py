"""The life of a project: every step from every state, what it demands, who may take it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core.audit import AuditEntry
from portal.core.db import db, transaction
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.permissions import Actor
from portal.core.permissions import Role as Platform
from portal.projects.lifecycle import operations, rules
from portal.projects.models import Project, Result, Role, State, TeamRole
from tests.make import THEN, Make
from tests.page import filled_in

CURATOR = Actor(account_id=1, name="Curator", roles=frozenset({Platform.CURATOR}))


def whole(**more: Any) -> dict[str, Any]:
    """A project that meets every demand but its coordinator, and what is said otherwise."""
    met = {
        "starts_on": date(2024, 1, 1),
        "ends_on": date(2025, 12, 31),
        "actual_cost": Decimal(100),
        "actual_cost_currency": "DKK",
        "lessons_failed_da": "Pumpen.",
        "lessons_copy_en": "A larger pump.",
        "results": [Result(claim_en="Warmer")],
    }
    return {**met, **more}


def loaded() -> Project:
    loads = selectinload(Project.participations), selectinload(Project.team)
    return db.session.scalars(select(Project).options(*loads)).one()


def take(app: Flask, to: State, actor: Actor = CURATOR, reason: str = "Because.") -> None:
    with app.app_context(), transaction():
        operations.move(loaded(), to, reason=reason, actor=actor, now=THEN)


LEGAL = {
    (None, to) for to in (State.PROPOSED, State.APPROVED, State.RUNNING, State.PAUSED, State.COMPLETED, State.CANCELLED)
} | {
    (State.IDEA, State.PROPOSED),
    (State.PROPOSED, State.APPROVED),
    (State.PROPOSED, State.IDEA),
    (State.APPROVED, State.RUNNING),
    (State.RUNNING, State.PAUSED),
    (State.PAUSED, State.RUNNING),
    (State.RUNNING, State.COMPLETED),
    (State.COMPLETED, State.CLOSED),
    (State.COMPLETED, State.RUNNING),
    (State.CLOSED, State.COMPLETED),
    (State.CANCELLED, State.IDEA),
    *((state, State.CANCELLED) for state in rules.OPEN),
}


@pytest.mark.sqlite_only
def test_the_legal_steps_are_these_and_no_others() -> None:
    found = {(before, step.to) for before, steps in rules.STEPS.items() for step in steps}
    assert found == LEGAL


def test_a_step_that_is_none_is_refused(app: Flask, make: Make) -> None:
    make.project(partners=[(make.partner(), Role.COORDINATOR)], **whole(state=State.IDEA))
    for to in set(State) - {State.PROPOSED, State.CANCELLED}:
        with pytest.raises(Conflict):
            take(app, to)


@pytest.mark.parametrize(
    ("before", "to", "lacking"),
    [
        (State.APPROVED, State.RUNNING, {"starts_on": None}),
        (State.RUNNING, State.COMPLETED, {"ends_on": None}),
        (State.COMPLETED, State.CLOSED, {"results": []}),
        (State.COMPLETED, State.CLOSED, {"lessons_failed_da": ""}),
        (State.COMPLETED, State.CLOSED, {"lessons_copy_en": ""}),
        (State.COMPLETED, State.CLOSED, {"actual_cost": None}),
    ],
)
def test_a_step_waits_for_what_it_demands(
    app: Flask, make: Make, before: State, to: State, lacking: dict[str, Any]
) -> None:
    make.project(partners=[(make.partner(), Role.COORDINATOR)], **whole(state=before, **lacking))
    with pytest.raises(Invalid):
        take(app, to)


def test_nothing_is_approved_without_a_coordinator(app: Flask, make: Make) -> None:
    make.project(partners=[make.partner()], **whole(state=State.PROPOSED))
    with pytest.raises(Invalid):
        take(app, State.APPROVED)


def test_a_project_goes_the_whole_way(app: Flask, make: Make) -> None:
    make.project(partners=[(make.partner(), Role.COORDINATOR)], **whole(state=State.IDEA))
    for to in (*rules.WAY[1:4], State.PAUSED, State.RUNNING, *rules.WAY[4:]):
        take(app, to)
    with app.app_context():
        assert loaded().state is State.CLOSED


@pytest.mark.parametrize("before", [None, *State])
def test_whoever_does_not_manage_takes_no_step(app: Flask, make: Make, before: State | None) -> None:
    partner, foreign = make.partners(2)
    team = {role: make.account() for role in TeamRole}
    make.project(partners=[(partner, Role.COORDINATOR)], team=team, **whole(state=before))
    others = [
        Actor(account_id=999, partner_ids=frozenset({partner.id})),
        Actor(account_id=999, partner_ids=frozenset({foreign.id}), admin_of=frozenset({foreign.id})),
        Actor(account_id=team[TeamRole.CONTRIBUTOR].id),
        Actor(account_id=team[TeamRole.READER].id),
        Actor(account_id=999, roles=frozenset({Platform.EDITOR, Platform.ADMINISTRATOR})),
    ]
    for actor in others:
        for step in rules.STEPS[before]:
            with pytest.raises(Forbidden):
                take(app, step.to, actor)


def test_a_manager_proposes_and_the_coordinator_approves(app: Flask, make: Make) -> None:
    partner = make.partner()
    manager = make.account()
    make.project(partners=[(partner, Role.COORDINATOR)], team={TeamRole.MANAGER: manager}, **whole(state=State.IDEA))
    manages = Actor(account_id=manager.id)
    answers = Actor(account_id=999, partner_ids=frozenset({partner.id}), admin_of=frozenset({partner.id}))
    take(app, State.PROPOSED, manages)
    with pytest.raises(Forbidden):
        take(app, State.APPROVED, manages)
    take(app, State.APPROVED, answers)


def test_the_page_says_what_is_missing_and_where_to_mend_it(client: Any, make: Make) -> None:
    manager = make.account()
    client.sign_in(manager)
    make.project("Ours", state=State.COMPLETED, team={TeamRole.MANAGER: manager})
    page = client.page("/en/projects/ours/state")
    for words in ("At least one result", "What did not work", "What it really cost", "What others need to copy it"):
        assert words in page.text
    assert "/en/projects/ours/lessons#lessons_failed_da" in page.links
    answer = client.submit("/en/projects/ours/state/closed", status=422)
    assert "Before that, this is needed" in answer.text


def test_a_project_runs_after_one_click_and_only_once(app: Flask, client: Any, make: Make) -> None:
    manager = make.account()
    client.sign_in(manager)
    team = {TeamRole.MANAGER: manager}
    make.project("Ours", partners=[(make.partner(), Role.COORDINATOR)], team=team, **whole(state=State.APPROVED))
    client.submit("/en/projects/ours/state/running")
    assert "The project is now: running." in client.page("/en/projects/ours/state").text
    assert client.get("/en/projects/ours/state/running").location == "/en/projects/ours/state"
    written = filled_in(client.page("/en/projects/ours/state/cancelled").all("form")[-1])
    late = client.post("/en/projects/ours/state/closed", data={**written, "reason": "Done."})
    assert late.status_code == 409
    assert "The project is now: running. From there other steps lead on." in late.text
    assert "Done." in late.text
    assert client.get("/en/projects/ours/state/nonsense").status_code == 404
    with app.app_context():
        assert [entry.changes for entry in db.session.scalars(select(AuditEntry))] == [
            {"state": ["approved", "running"]}
        ]


def test_cancelling_wants_a_reason_that_stays_with_the_project(client: Any, make: Make) -> None:
    manager = make.account()
    client.sign_in(manager)
    make.project("Ours", state=State.IDEA, team={TeamRole.MANAGER: manager})
    assert "Say why" in client.submit("/en/projects/ours/state/cancelled", status=422).text
    client.submit("/en/projects/ours/state/cancelled", reason="The money went elsewhere.")
    assert "The money went elsewhere." in client.page("/en/projects/ours/state").text
    client.submit("/en/projects/ours/state/idea", reason="It came back.")
    assert "The money went elsewhere." not in client.page("/en/projects/ours/state").text


def test_health_is_a_word_a_sentence_and_a_day(app: Flask, client: Any, make: Make) -> None:
    manager = make.account()
    client.sign_in(manager)
    make.project("Ours", state=State.RUNNING, team={TeamRole.MANAGER: manager})
    assert "Say why" in client.submit("/en/projects/ours/state", status=422, health="at_risk").text
    client.submit("/en/projects/ours/state", health="at_risk", health_sentence_en="The pump is late.")
    assert "The pump is late." in client.page("/en/projects/ours/state").text
    assert "The pump is late." in client.page("/da/projects/ours/state").text  # until it is said in Danish
    client.submit("/en/projects/ours/state", health="off_track", health_sentence_da="Pumpen er forsinket.")
    shown = [one for one in client.page("/da/my").all("p") if "Pumpen er forsinket." in "".join(one.itertext())]
    assert len(shown) == 1
    assert "The pump is late." in client.page("/en/my").text
    with app.app_context():
        assert loaded().health_at is not None
    reader = make.account(roles=[Platform.EDITOR])
    assert "The pump is late." in app.test_client().sign_in(reader).page("/en/projects/ours/state").text
    assert app.test_client().sign_in(make.account()).get("/en/projects/ours/state").status_code == 404
