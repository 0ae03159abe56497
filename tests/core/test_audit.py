from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from portal.core import audit
from portal.core.audit import AuditEntry
from portal.core.db import db, transaction
from portal.core.permissions import SYSTEM, Actor, Role

NOW = datetime(2026, 11, 5, 9, tzinfo=UTC)


def entries(app) -> list[AuditEntry]:
    with app.app_context():
        return list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


def test_a_change_leaves_who_when_what_from_and_to(app):
    actor = Actor(account_id=4, name="An editor", roles=frozenset({Role.EDITOR}))
    with app.app_context(), transaction():
        audit.record(actor, "project.revised", "project", 12, {"title_da": ("Gammel", "Ny")}, now=NOW)
    (entry,) = entries(app)
    assert (entry.account_id, entry.actor_name, entry.at) == (4, "An editor", NOW)
    assert (entry.action, entry.subject_kind, entry.subject_id) == ("project.revised", "project", "12")
    assert entry.changes == {"title_da": ["Gammel", "Ny"]}


def test_any_value_can_be_noted(app):
    before = {
        "day": date(2026, 1, 2),
        "role": Role.EDITOR,
        "open": True,
        "n": 1.5,
        "none": None,
        "set": {1},
        "list": [NOW],
    }
    with app.app_context(), transaction():
        audit.record(
            SYSTEM, "thing.revised", "thing", "a-slug", {name: (value, None) for name, value in before.items()}
        )
    (entry,) = entries(app)
    assert entry.account_id is None
    assert {name: old for name, (old, _) in entry.changes.items()} == {
        "day": "2026-01-02",
        "role": "editor",
        "open": True,
        "n": 1.5,
        "none": None,
        "set": "{1}",
        "list": [str(NOW)],
    }


def test_a_change_that_fails_leaves_no_trace(app):
    def fail() -> None:
        with app.app_context(), transaction():
            audit.record(SYSTEM, "thing.revised", "thing", 1)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert entries(app) == []
