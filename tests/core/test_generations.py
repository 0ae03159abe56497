from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from portal import create_app
from portal.core import generations
from portal.core.db import db, transaction
from portal.core.generations import bump
from portal.core.permissions import VISITOR, Actor
from tests.make import counted


def numbers(app) -> dict[str, int]:
    with app.app_context():
        return {kind: row.number for kind, row in counted().items()}


def test_a_bump_counts_each_kind_once(app):
    with app.app_context(), transaction():
        bump("thing", "other", "thing")
    with app.app_context(), transaction():
        bump("thing")
        bump("thing")
    assert numbers(app) == {"other": 1, "thing": 3}


def test_a_bump_tells_when(app):
    moment = datetime(2026, 11, 5, 9, tzinfo=UTC)
    with time_machine.travel(moment, tick=False), app.app_context(), transaction():
        bump("thing")
    with app.app_context():
        assert counted()["thing"].changed_at == moment


def test_no_kind_is_no_change(app):
    with app.app_context(), transaction():
        bump()
    assert numbers(app) == {}


def test_a_transaction_that_fails_counts_nothing(app):
    def fail() -> None:
        with app.app_context(), transaction():
            bump("thing")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert numbers(app) == {}


def test_a_change_by_somebody_else_is_neither_missed_nor_lost(app):
    def elsewhere() -> None:
        with app.app_context(), transaction():
            bump("thing")

    with ThreadPoolExecutor(1) as another, app.app_context():
        another.submit(elsewhere).result()
        seen = counted()
        assert seen["thing"].number == 1
        db.session.rollback()
        another.submit(elsewhere).result()
        with transaction():
            bump("thing")
        assert counted()["thing"].number == 3


def test_simultaneous_first_bumps_all_count(app):
    def first(kinds: list[str]) -> None:
        with app.app_context(), transaction():
            bump(*kinds)

    with ThreadPoolExecutor(4) as crowd:
        list(crowd.map(first, [["a", "b"], ["b", "a"], ["a"], ["b"]] * 3))
    assert numbers(app) == {"a": 9, "b": 9}


def test_what_is_remembered_is_made_again_after_a_change(app):
    made = iter(range(10))

    def asked() -> int:
        with app.app_context():
            return generations.remembered("number", lambda: next(made))

    assert (asked(), asked()) == (0, 0)
    with app.app_context(), transaction():
        bump("thing")
    assert (asked(), asked()) == (1, 1)


def test_what_was_remembered_of_a_change_that_failed_is_never_shown(app):
    def remembered(value: str) -> str:
        return generations.remembered("what", lambda: value)

    def fail() -> None:
        with transaction():
            bump("thing")
            assert remembered("never committed") == "never committed"
            raise KeyError

    with app.app_context():
        with pytest.raises(KeyError):
            fail()
        assert remembered("before") == "before"
    with app.app_context(), transaction():
        bump("thing")  # counts to the same number as the change that failed
    with app.app_context():
        assert remembered("after") == "after"


def test_what_an_old_transaction_sees_is_not_remembered_as_news(app):
    """A transaction that began before a change may still see what was: that must not pass for what is."""

    def seen() -> int:
        return generations.remembered("seen", lambda: sum(row.number for row in counted().values()))

    def change_elsewhere() -> None:
        with app.app_context(), transaction():
            bump("thing")

    with ThreadPoolExecutor(1) as another, app.app_context():
        assert counted() == {}
        another.submit(change_elsewhere).result()
        assert seen() in (0, 1)  # as the database keeps it: one state for all, or each statement its own
    with app.app_context():
        assert seen() == 1


def test_the_generations_read_in_a_transaction_are_those_that_the_watch_sees(app):
    with app.app_context(), transaction():
        bump("thing")
    with app.app_context():
        watched = generations._stamp()
    with app.app_context():
        assert counted()
        assert generations._stamp() is watched


def test_only_what_a_visitor_reads_is_remembered_for_all(app):
    made = iter(range(10))

    def asked(reader: Actor) -> int:
        with app.app_context():
            return generations.remembered_for(reader, "read", lambda: next(made))

    member = Actor(account_id=1)
    assert [asked(VISITOR), asked(member), asked(VISITOR), asked(member)] == [0, 1, 0, 2]


@pytest.mark.sqlite_only
def test_nothing_is_remembered_where_that_is_switched_off(settings):
    made = iter(range(10))
    with create_app({**settings, "PORTAL_REMEMBER": "off"}).app_context():
        assert [generations.remembered("number", lambda: next(made)) for _ in range(2)] == [0, 1]


@pytest.fixture
def moments(monkeypatch):
    monkeypatch.setattr(generations, "_moments", [])
    return generations._moments


def test_a_page_is_valid_until_danish_midnight_at_the_latest(app, moments):
    with app.app_context():
        for asked, until in (((1, 21, 59), (1, 22)), ((1, 22, 0), (2, 22))):
            assert generations.valid_until(datetime(2026, 7, *asked, tzinfo=UTC)) == datetime(
                2026, 7, *until, tzinfo=UTC
            )


def test_a_page_is_valid_until_the_next_moment_that_a_slice_knows(app, moments):
    now = datetime(2026, 7, 1, 9, tzinfo=UTC)
    soon = now + timedelta(minutes=5)

    def embargo(_now):
        return None, soon

    generations.register_moments(embargo)
    generations.register_moments(embargo)
    generations.register_moments(lambda _now: (None, None))
    assert len(moments) == 2
    with app.app_context():
        assert generations.valid_until(now) == soon
