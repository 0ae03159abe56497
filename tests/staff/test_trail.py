"""The trace: filtered, readable in both languages, for administrators; nothing changes it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import audit
from portal.core.audit import AuditEntry
from portal.core.bilingual import LANGUAGES, speaking
from portal.core.db import db
from portal.core.labels import action_label
from portal.core.permissions import Actor, Role, allows
from portal.partners.models import Partner
from portal.staff.trail.permissions import read_of_by, seen_by
from tests.make import Make

TRAIL = "/en/staff/trail"
ROOT = Path(__file__).resolve().parent.parent.parent
ACTION = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")


@pytest.fixture
def administrator(client: Any, make: Make) -> None:
    client.sign_in(make.account("Administrator", roles=[Role.ADMINISTRATOR]))


def note(make: Make, action: str = "partner.imported", subject_id: object = 1, **more: Any) -> None:
    with make.writing():
        actor = more.pop("actor", Actor(account_id=7, name="Editor"))
        audit.record(actor, action, more.pop("kind", "partner"), subject_id, more)


def test_an_entry_says_who_did_what_to_which_thing(client: Any, make: Make, administrator: None) -> None:
    partner = make.partner("Aarhus Vand")
    note(make, subject_id=partner.id, website=("https://old.example", "https://new.example"))
    page = client.page(TRAIL)
    assert "Editor Partner added by an import Partner Aarhus Vand" in page.text
    assert "Website https://old.example → https://new.example" in page.text
    assert "/en/partners/aarhus-vand" in page.links


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("?who=editor", 1),
        ("?who=curator@example.org", 1),
        ("?who=%25", 0),
        ("?action=partner.removed", 1),
        ("?kind=project", 0),
        ("?subject=aarhus-vand", 2),
        ("?subject=/en/partners/aarhus-vand/", 2),
        ("?subject=nothing", 0),
        ("?since=2020-01-01", 2),
        ("?until=2020-01-01", 0),
        ("?since=yesterday", 0),
    ],
)
def test_the_trace_is_filtered(client: Any, make: Make, administrator: None, query: str, count: int) -> None:
    partner = make.partner("Aarhus Vand")
    curator = make.account("Curator", roles=[Role.CURATOR])
    note(make, subject_id=partner.id)
    note(make, "partner.removed", partner.id, actor=Actor(account_id=curator.id, name="Curator"))
    page = client.page(TRAIL + query)
    assert f"{count} entr" in page.text
    exported = client.get(f"{TRAIL}.csv{query}").get_data(as_text=True)
    assert len(exported.strip().splitlines()) == count + 1


@pytest.mark.sqlite_only
def test_a_wrong_date_is_told(client: Any, administrator: None) -> None:
    assert "yesterday is not a date" in client.page(f"{TRAIL}?since=yesterday").text


@pytest.mark.sqlite_only
def test_the_trace_has_pages(client: Any, make: Make, administrator: None) -> None:
    with make.writing():
        audit.record_all(Actor(name="x"), "partner.imported", "partner", {n: {} for n in range(60)})
    assert "60 entries" in client.page(f"{TRAIL}?page=2").text
    assert client.get(f"{TRAIL}?page=3").status_code == 404
    assert client.get(f"{TRAIL}?page=x").status_code == 404


@pytest.mark.sqlite_only
def test_a_page_costs_the_same_for_two_entries_as_for_forty(
    client: Any, make: Make, administrator: None, count_queries: Any
) -> None:
    def cost() -> int:
        with count_queries() as seen:
            client.page(TRAIL)
        return len(seen)

    partners = make.partners(40)
    for partner in partners[:2]:
        note(make, subject_id=partner.id)
    with_two = cost()
    for partner in partners[2:]:
        note(make, subject_id=partner.id)
    assert cost() == with_two


def test_formulas_in_names_do_not_calculate_in_the_export(client: Any, make: Make, administrator: None) -> None:
    note(make, actor=Actor(name="=CMD()"))
    assert "'=CMD()" in client.get(f"{TRAIL}.csv").get_data(as_text=True)
    assert client.get(f"{TRAIL}.xlsx").status_code == 200


def test_the_trace_is_the_administrators_only(app: Flask, make: Make) -> None:
    for roles in ([], [Role.EDITOR], [Role.CURATOR]):
        stranger = app.test_client().sign_in(make.account(roles=roles))
        for address in (TRAIL, f"{TRAIL}.csv"):
            assert stranger.get(address).status_code == 404
    assert app.test_client().get(TRAIL).status_code == 303


def test_a_partners_admins_read_the_trace_of_their_own_partner(app: Flask, make: Make) -> None:
    ours, foreign = make.partner("Gate"), make.partner("Wall")
    note(make, subject_id=ours.id, website=("https://old.example", "https://new.example"))
    note(make, "partner.merged", ours.id, actor=Actor(account_id=8, name="Curator"))
    note(make, subject_id=foreign.id)
    note(make, kind="project", subject_id=ours.id)
    admin = app.test_client().sign_in(make.account(admin_of=[ours], email="admin@example.org"))
    here = "/en/partners/gate/trace"
    page = admin.page(here)
    assert "2 entries" in page.text
    assert "Website https://old.example → https://new.example" in page.text
    assert here in admin.page("/en/partners/gate/edit").links
    assert "1 entry" in admin.page(f"{here}?who=curator").text
    assert "0 entries" in admin.page(f"{here}?who=admin@example.org").text
    assert "2 entries" in admin.page(f"{here}?kind=project&subject=wall").text
    exported = admin.get(f"{here}.csv?action=partner.merged").get_data(as_text=True)
    assert len(exported.strip().splitlines()) == 2
    assert admin.get(f"{here}?page=2").status_code == 404
    for stranger in (
        make.account(editor_of=[ours]), make.account(admin_of=[foreign]), make.account(roles=[Role.CURATOR])
    ):  # fmt: skip
        reader = app.test_client().sign_in(stranger)
        assert [reader.get(f"{here}{ending}").status_code for ending in ("", ".csv")] == [404, 404]
    administrator = app.test_client().sign_in(make.account(roles=[Role.ADMINISTRATOR]))
    assert "2 entries" in administrator.page("/da/partners/gate/trace".replace("/da/", "/en/")).text


def test_nothing_can_be_sent_to_the_trace(app: Flask) -> None:
    traces = [rule for rule in app.url_map.iter_rules() if "/staff/trail" in rule.rule or "/trace" in rule.rule]
    methods = {method for rule in traces for method in rule.methods}
    assert methods == {"GET", "HEAD", "OPTIONS"}


def test_the_rule_and_its_sql_agree(app: Flask, make: Make) -> None:
    note(make, subject_id=1)
    note(make, subject_id=2)
    note(make, kind="project", subject_id=1)
    note(make, actor=Actor(account_id=8, name="Other"), subject_id=3)
    actors = [
        Actor(),
        Actor(account_id=7),
        Actor(account_id=8),
        Actor(account_id=9, partner_ids=frozenset({1}), admin_of=frozenset({1})),
        Actor(account_id=9, partner_ids=frozenset({1})),
        *(Actor(account_id=9, roles=frozenset({role})) for role in Role),
    ]
    partners = make.partners(2)
    with app.app_context():
        entries = db.session.scalars(select(AuditEntry)).all()
        for actor in actors:
            found = set(db.session.scalars(select(AuditEntry.id).where(seen_by(actor))))
            assert found == {entry.id for entry in entries if allows(actor, "trail.see", entry)}
            readable = set(db.session.scalars(select(Partner.id).where(read_of_by(actor))))
            assert readable == {one.id for one in partners if allows(actor, "trail.of_partner", one)}


def recorded() -> Iterator[tuple[str, str]]:
    """(action, file) of everything that any code records: literals given to `record` and the like."""
    for path in sorted((ROOT / "portal").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
            if name.lstrip("_") in ("record", "record_all", "trace", "note_change"):
                for argument in ast.walk(node):
                    if isinstance(argument, ast.Constant) and ACTION.fullmatch(str(argument.value)):
                        yield str(argument.value), path.name


@pytest.mark.sqlite_only
def test_everything_that_is_recorded_has_a_name_in_both_languages(app: Flask) -> None:
    known = {*recorded(), *((f"{kind}.{act}", "load") for kind in KINDS for act in ("imported", "imported_again"))}
    assert len(known) > 10
    with app.test_request_context("/en/"):
        nameless = []
        for language in LANGUAGES:
            with speaking(language):
                nameless += [f"{file}: {action}" for action, file in sorted(known) if action_label(action) == action]
    assert nameless == []


KINDS = ("partner", "project", "article", "webinar", "municipality")
