"""Money: three things that are told apart, numbers written the Danish way, shares for those they are for."""

from decimal import Decimal
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core.db import db
from portal.core.permissions import VISITOR, Actor, allows
from portal.core.permissions import Role as Platform
from portal.projects import export
from portal.projects.models import Funding, FundingKind, FundingState, Participation, Project, Role, Visibility
from portal.projects.money.permissions import shares_seen_by
from portal.projects.money.sums import sums_of
from portal.projects.permissions import costs_seen_by, lessons_seen_by, seen_by
from portal.projects.search import source
from tests.make import Make
from tests.page import filled_in
from tests.projects.reading import actions

MONEY = "/en/projects/warm-homes/money"
DANISH = "/da/projects/warm-homes/money"


@pytest.fixture
def editor(client: Any, make: Make) -> Any:
    """A browser of an admin of the partner that coordinates the project “Warm homes”."""
    lead, other = make.partner("DTU"), make.partner("Vejle")
    make.project("Warm homes", partners=[(lead, Role.COORDINATOR), other])
    return client.sign_in(make.account(admin_of=[lead]))


def first_project(app: Flask) -> Project:
    with app.app_context():
        return db.session.scalars(select(Project).options(selectinload(Project.participations))).one()


def test_funding_is_added_changed_and_deleted(app: Flask, editor: Any) -> None:
    editor.submit(f"{MONEY}/funding/new", funder="EUDP", programme="Call 2026", amount="1,000,000", state="granted")
    page = app.test_client().page("/en/projects/warm-homes")
    assert "1,000,000 DKK" in page.text
    assert "Grant (granted) · EUDP" in page.text
    editor.submit(f"{MONEY}/funding/1/edit", amount="2,000,000")
    assert "2,000,000 DKK" in editor.page(MONEY).text
    editor.submit(f"{MONEY}/funding/1/delete")
    assert "EUDP" not in app.test_client().page("/en/projects/warm-homes").text
    assert actions(app) == ["funding.added", "funding.revised", "funding.removed"]


@pytest.mark.parametrize("written", ["1.234.567,50", "1 234 567,5", "1234567,50", "1234567.50"])
def test_danish_numbers_are_read_the_danish_way(app: Flask, editor: Any, written: str) -> None:
    editor.submit(f"{DANISH}/funding/new", funder="EUDP", amount=written)
    with app.app_context():
        assert db.session.scalars(select(Funding.amount)).one() == Decimal("1234567.50")
    assert 'value="1.234.567,5"' in editor.page(f"{DANISH}/funding/1/edit").html
    assert 'value="1,234,567.5"' in editor.page(f"{MONEY}/funding/1/edit").html


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"amount": "-1"}, "not below 0"),
        ({"amount": "a million"}, "Write a number"),
        ({"amount": "1.999"}, "at most 2 decimals"),
        ({"amount": "9" * 13}, "not above"),
        ({"amount": "100", "currency": ""}, "in which currency"),
        ({"currency": "kroner"}, "three letters"),
        ({"currency": "XYZ"}, "three letters"),
        ({"funder": " "}, "who gives the money"),
        ({"kind": "gift"}, "Choose one from the list"),
        ({"state": "lost"}, "Choose one from the list"),
    ],
)
def test_wrong_funding_is_told_at_its_field(app: Flask, editor: Any, fields: dict[str, str], reason: str) -> None:
    answer = editor.submit(f"{MONEY}/funding/new", status=422, **{"funder": "EUDP", "programme": "Kept", **fields})
    assert reason in answer.text
    assert 'value="Kept"' in answer.text
    assert actions(app) == []


def test_a_currency_is_taken_in_small_letters_and_dropped_without_an_amount(app: Flask, editor: Any) -> None:
    editor.submit(f"{MONEY}/funding/new", funder="EUDP", amount="5", currency="eur")
    editor.submit(f"{MONEY}/funding/new", funder="Unknown sum", currency="eur")
    with app.app_context():
        assert db.session.scalars(select(Funding.currency).order_by(Funding.id)).all() == ["EUR", ""]


def test_sums_never_mix_currencies_kinds_or_states() -> None:
    def row(amount: int | None, currency: str, kind: FundingKind, state: FundingState | None) -> Any:
        return SimpleNamespace(amount=amount and Decimal(amount), currency=currency, kind=kind, state=state)

    grant, own, granted = FundingKind.GRANT, FundingKind.OWN, FundingState.GRANTED
    rows = [
        row(100, "DKK", grant, granted),
        row(50, "DKK", grant, granted),
        row(7, "EUR", grant, granted),
        row(30, "DKK", grant, FundingState.APPLIED),
        row(20, "DKK", own, granted),
        row(None, "", grant, granted),
    ]
    assert [(one.kind, one.state, one.currency, one.amount, one.count) for one in sums_of(rows)] == [
        (grant, FundingState.APPLIED, "DKK", 30, 1),
        (grant, granted, "DKK", 150, 2),
        (grant, granted, "EUR", 7, 1),
        (own, granted, "DKK", 20, 1),
    ]


def test_total_and_actual_cost_are_two_figures(app: Flask, editor: Any) -> None:
    editor.submit(f"{MONEY}/costs", total_cost="2,500,000", actual_cost="2,600,000.50", actual_cost_currency="EUR")
    text = app.test_client().page("/en/projects/warm-homes").text
    assert "Total cost2,500,000 DKK" in text.replace("Total cost ", "Total cost")
    assert "2,600,000 EUR" in text or "2,600,001 EUR" in text
    assert actions(app) == ["project.cost_revised"]
    answer = editor.submit(f"{MONEY}/costs", status=422, total_cost="5", total_cost_currency="")
    assert "in which currency" in answer.text


def test_two_who_change_the_costs_see_both(app: Flask, editor: Any) -> None:
    sent = {**filled_in(editor.page(f"{MONEY}/costs").all("form")[-1]), "total_cost": "1"}
    editor.submit(f"{MONEY}/costs", total_cost="2")
    answer = editor.post(f"{MONEY}/costs", data=sent)
    assert answer.status_code == 409
    assert 'value="1"' in answer.text
    assert first_project(app).total_cost == 2


def test_shares_are_for_those_who_take_part_until_the_project_opens_them(app: Flask, editor: Any) -> None:
    editor.submit(f"{MONEY}/shares", share_1="700,000", share_2="300,000.5")
    assert "1,000,000 DKK" in editor.page(MONEY).text or "1,000,001 DKK" in editor.page(MONEY).text
    visitor = app.test_client()
    assert "700,000" not in visitor.page("/en/projects/warm-homes").text
    assert "700,000 DKK" in editor.page("/en/projects/warm-homes").text
    editor.submit(f"{MONEY}/shares", visibility="public")
    assert "700,000 DKK" in visitor.page("/en/projects/warm-homes").text
    assert actions(app) == ["project.shares_revised", "project.shares_revised"]


def test_two_who_change_the_same_share_see_both(app: Flask, editor: Any) -> None:
    sent = {**filled_in(editor.page(f"{MONEY}/shares").all("form")[-1]), "share_1": "1"}
    editor.submit(f"{MONEY}/shares", share_1="2")
    assert editor.post(f"{MONEY}/shares", data=sent).status_code == 409
    editor.submit(f"{MONEY}/shares", share_1="")
    assert first_project(app).shares_currency == ""


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"share_1": "-5"}, "not below 0"),
        ({"share_1": "5", "currency": ""}, "in which currency"),
        ({"visibility": "none"}, "Choose who may see it"),
    ],
)
def test_wrong_shares_are_told(app: Flask, editor: Any, fields: dict[str, str], reason: str) -> None:
    assert reason in editor.submit(f"{MONEY}/shares", status=422, **fields).text
    assert actions(app) == []


def test_money_barriers_and_lessons_can_be_for_fewer_than_the_project(app: Flask, editor: Any) -> None:
    place, visitor = "/en/projects/warm-homes", app.test_client()
    editor.submit(f"{MONEY}/funding/new", funder="Quiet fund", amount="77,700", visibility="members")
    editor.submit(f"{MONEY}/funding/new", funder="Loud fund", amount="55,500")
    editor.submit(f"{MONEY}/costs", total_cost="123,456", actual_cost="234,567", costs_visibility="members")
    editor.submit(f"{place}/facts", barriers="legislation")
    editor.submit(f"{place}/barriers/legislation/edit", note_en="A quiet ministry", visibility="members")
    editor.submit(f"{place}/lessons", lessons_failed_en="A quiet failure", lessons_visibility="members")
    theirs = ("Quiet fund", "77,700", "123,456", "234,567", "A quiet ministry", "A quiet failure")
    page, mine = visitor.page(place), editor.page(place).text
    assert [words for words in theirs if words in page.text] == []
    assert [words for words in theirs if words not in mine] == []
    assert "Loud fund" in page.text
    given = [visitor.get(one).get_data(as_text=True) for one in ("/api/v1/projects/warm-homes", "/en/projects.csv")]
    assert not [words for words in ("Quiet", "quiet", "123456", "234567") if any(words in text for text in given)]
    assert "Loud fund" in given[0]
    assert "Quiet fund" not in visitor.page("/en/projects").html
    assert "123456" in editor.get("/en/projects.csv").get_data(as_text=True)
    with app.app_context():
        [row] = export.rows()
        assert (row["funder"], row["budget_amount"], row["budget_currency"]) == ("Loud fund", None, "")
        [document] = source.documents(None)
        assert "Quiet fund" not in document.body_en
        assert "quiet failure" not in document.body_en

    hidden = editor.page(f"{place}/settings").text.partition("For fewer people than the project")[2]
    for there in ("Money (2)", "Barriers (1)", "Lessons (1)"):
        assert there in hidden

    editor.submit(f"{place}/settings", visibility="partners")
    for desk, name in ((f"{MONEY}/costs", "costs_visibility"), (f"{place}/lessons", "lessons_visibility")):
        assert "cannot be open to more" in editor.submit(desk, status=422, **{name: "public"}).text
    assert "cannot be open to more" in editor.submit(f"{MONEY}/funding/1/edit", status=422, visibility="public").text


def test_who_sees_a_section_is_said_twice_the_same(app: Flask, make: Make) -> None:
    mine, foreign = make.partners(2)
    for whole in Visibility:
        for part in Visibility:
            sections = dict.fromkeys(("shares_visibility", "costs_visibility", "lessons_visibility"), part)
            make.project(visibility=whole, partners=[mine], **sections)
    actors = [
        VISITOR,
        Actor(account_id=1),
        Actor(account_id=1, partner_ids=frozenset({mine.id})),
        Actor(account_id=1, partner_ids=frozenset({foreign.id})),
        *(Actor(account_id=1, roles=frozenset({role})) for role in Platform),
    ]
    with app.app_context():
        loads = selectinload(Project.participations), selectinload(Project.team)
        projects = db.session.scalars(select(Project).options(*loads)).all()
        rules = {"shares": shares_seen_by, "costs": costs_seen_by, "lessons": lessons_seen_by}
        for actor, (section, section_seen_by) in product(actors, rules.items()):
            asked = {one.id for one in projects if allows(actor, f"project.see_{section}", one)}
            rows = select(Project.id).where(seen_by(actor), section_seen_by(actor))
            assert asked == set(db.session.scalars(rows)), (actor, section)


@pytest.mark.parametrize("who", ["visitor", "foreign admin", "member", "platform editor"])
def test_who_may_not_touch_the_money(app: Flask, make: Make, who: str) -> None:
    lead, foreign = make.partner("DTU"), make.partner("Elsewhere")
    people = {
        "visitor": None,
        "foreign admin": make.account(admin_of=[foreign]),
        "member": make.account(editor_of=[lead]),
        "platform editor": make.account(roles=[Platform.EDITOR]),
    }
    make.project("Warm homes", partners=[(lead, Role.COORDINATOR)], funding=[Funding(funder="Theirs")])
    browser = app.test_client()
    if people[who] is not None:
        browser.sign_in(people[who])
    token = filled_in(browser.page("/en/about").all("form")[-1]).get("csrf_token") if people[who] else ""
    for rest in ("", "/funding/new", "/funding/1/edit", "/funding/1/delete", "/costs", "/shares"):
        for method in ("GET", "POST") if rest else ("GET",):
            answer = browser.open(f"{MONEY}{rest}", method=method, data={"csrf_token": token, "funder": "Mine"})
            assert answer.status_code == (303 if who == "visitor" else 404), (method, rest)
    with app.app_context():
        assert db.session.scalars(select(Funding.funder)).all() == ["Theirs"]
        assert db.session.scalars(select(Participation.budget_share)).all() == [None]


def test_unknown_funding_is_not_found_and_a_form_sent_twice_adds_once(app: Flask, editor: Any) -> None:
    assert editor.get(f"{MONEY}/funding/7/edit").status_code == 404
    sent = {**filled_in(editor.page(f"{MONEY}/funding/new").all("form")[-1]), "funder": "Once"}
    assert {editor.post(f"{MONEY}/funding/new", data=sent).location for _ in range(2)} == {f"{MONEY}#funding-1"}
    assert actions(app) == ["funding.added"]
