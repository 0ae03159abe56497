"""The plan of a project: written, ordered, done and deleted by those who may; shown as far as it is for all."""

import csv
import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.permissions import Role as Platform
from portal.projects.models import Deliverable, Milestone, Participation, Role, TeamRole, Visibility, WorkPackage
from tests.make import THEN, Make
from tests.page import Page, filled_in, problems

PLAN = "/en/projects/warm-homes/plan"


@pytest.fixture
def editor(client: Any, make: Make) -> Any:
    """A browser of an admin of the partner that coordinates the project “Warm homes”."""
    lead = make.partner("DTU")
    make.project("Warm homes", partners=[(lead, Role.COORDINATOR)])
    return client.sign_in(make.account("Plan keeper", admin_of=[lead]))


def packages(app: Flask) -> list[WorkPackage]:
    with app.app_context():
        return list(db.session.scalars(select(WorkPackage).order_by(WorkPackage.position)))


def entries(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        rows = db.session.execute(select(AuditEntry.action, AuditEntry.subject_kind).order_by(AuditEntry.id))
        return [tuple(row) for row in rows]


def add(browser: Any, kind: str, title: str, **fields: Any) -> None:
    browser.submit(f"{PLAN}/{kind}/new", title_en=title, **fields)


def test_a_work_package_is_added_with_its_lead_and_stands_on_the_public_page(app: Flask, editor: Any) -> None:
    answer = editor.submit(
        f"{PLAN}/work-packages/new",
        number="1",
        title_da="Varme",
        title_en="Heat",
        description_en="We mend *pipes*.",
        lead_id="1",
        starts_on="2026-01-01",
        ends_on="2026-12-31",
        weight="2.5",
        progress="40",
    )
    assert answer.location == f"{PLAN}#work-package-1"
    page = editor.page(PLAN)
    for words in ("1 Heat", "led by DTU", "weight 2.5", "40 %", "1 January 2026 – 31 December 2026"):
        assert words in page.text, words
    assert entries(app) == [("work_package.added", "project")]
    public = app.test_client().page("/en/projects/warm-homes")
    assert "1 Heat" in public.text
    assert "40 %" in public.text
    assert "1 Varme" in app.test_client().page("/da/projects/warm-homes").text


@pytest.mark.parametrize("kind", ["work-packages", "milestones", "deliverables"])
def test_a_part_is_changed_and_only_what_changed_is_recorded(app: Flask, editor: Any, kind: str) -> None:
    add(editor, kind, "First")
    editor.submit(f"{PLAN}/{kind}/1/edit", title_en="Second")
    assert "Second" in editor.page(PLAN).text
    with app.app_context():
        last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last.changes == {"part": ["Second", "Second"], "part_id": [1, 1], "title_en": ["First", "Second"]}


def test_what_was_written_of_a_part_that_is_gone_can_be_copied(client: Any, editor: Any, make: Make) -> None:
    add(editor, "milestones", "First house")
    page, address = editor.page(f"{PLAN}/milestones/1/edit"), f"{PLAN}/milestones/1/edit"
    sent = filled_in(next(form for form in page.all("form") if form.get("method") == "post" and not form.get("action")))
    sent["due_on"] = "2026-09-01"
    sent["verification_en"] = "The meter shows <20 °C>.\nTwice."
    editor.submit(f"{PLAN}/milestones/1/delete")
    answer = editor.post(address, data=sent)
    assert answer.status_code == 404
    shown = Page(answer)
    assert problems(shown) == []
    assert "What you wrote is here" in shown.text
    assert "Means of verification, English The meter shows <20 °C>. Twice." in shown.text
    assert "Title, English First house" in shown.text
    assert "Due 1 September 2026" in shown.text
    assert "Who may see it Everybody" in shown.text
    assert sent["once"] not in shown.text
    assert "What you wrote" not in editor.page(address, status=404).text
    assert "First house" in editor.page("/en/projects/warm-homes/history").text


def test_the_trace_names_what_a_part_hangs_on(editor: Any) -> None:
    add(editor, "work-packages", "Pipes", lead_id="1")
    add(editor, "milestones", "First house", work_package_id="1")
    history = editor.page("/en/projects/warm-homes/history").text
    assert "Led by" in history
    assert "Work package" in history
    assert "id" not in history.split()


def test_milestones_are_named_beneath_the_drawing(app: Flask, editor: Any) -> None:
    add(editor, "work-packages", "Pipes", starts_on="2026-01-01", ends_on="2026-12-31")
    for title, day in (("Second house", "2026-09-01"), ("First house", "2026-03-01")):
        add(editor, "milestones", title, work_package_id="1", due_on=day)
    page = app.test_client().page("/en/projects/warm-homes")
    names = next(one for one in page.all("ol") if one.get("class") == "schedule__names")
    assert re.findall(r"\w+ house", "".join(names.itertext())) == ["First house", "Second house"]


@pytest.mark.parametrize("kind", ["work-packages", "milestones", "deliverables"])
def test_a_part_is_deleted_after_a_question(editor: Any, kind: str) -> None:
    add(editor, kind, "Superfluous")
    assert "Superfluous" in editor.page(f"{PLAN}/{kind}/1/delete").text
    editor.submit(f"{PLAN}/{kind}/1/delete")
    assert "is deleted" in editor.page(PLAN).text
    assert editor.get(f"{PLAN}/{kind}/1/edit").status_code == 404


def test_milestones_outlive_their_work_package(app: Flask, editor: Any) -> None:
    add(editor, "work-packages", "Heat")
    add(editor, "milestones", "First house", work_package_id="1")
    editor.submit(f"{PLAN}/work-packages/1/delete")
    with app.app_context():
        assert db.session.scalars(select(Milestone.work_package_id)).one() is None


def test_a_part_moves_up_and_down_and_a_button_pressed_twice_moves_it_once(app: Flask, editor: Any) -> None:
    for title in ("One", "Two", "Three"):
        add(editor, "work-packages", title)
    page = editor.page(PLAN)
    up = next(form for form in page.all("form") if form.get("action") == f"{PLAN}/work-packages/3/move-up")
    sent = filled_in(up)
    for _ in range(2):
        assert editor.post(f"{PLAN}/work-packages/3/move-up", data=sent).location == f"{PLAN}#work-package-3"
    assert [one.title_en for one in packages(app)] == ["One", "Three", "Two"]
    editor.submit(PLAN, f"{PLAN}/work-packages/3/move-up")
    editor.submit(PLAN, f"{PLAN}/work-packages/1/move-down")
    assert [one.title_en for one in packages(app)] == ["Three", "Two", "One"]
    assert [one.position for one in packages(app)] == [1, 2, 3]


def test_the_first_does_not_move_up_nor_the_last_down(app: Flask, editor: Any) -> None:
    add(editor, "work-packages", "One")
    add(editor, "work-packages", "Two")
    page = editor.page(PLAN)
    actions = {form.get("action") for form in page.all("form")}
    assert f"{PLAN}/work-packages/1/move-up" not in actions
    token = filled_in(page.all("form")[-1])["csrf_token"]
    editor.post(f"{PLAN}/work-packages/1/move-up", data={"csrf_token": token})
    assert [one.title_en for one in packages(app)] == ["One", "Two"]


def test_milestones_are_put_in_order_by_date_with_one_press(app: Flask, editor: Any) -> None:
    for title, due in (("Last", "2027-05-01"), ("Undated", ""), ("First", "2026-05-01")):
        add(editor, "milestones", title, due_on=due)
    for _press in range(2):
        order = next(form for form in editor.page(PLAN).all("form") if form.get("action") == f"{PLAN}/milestones/order")
        editor.post(f"{PLAN}/milestones/order", data=filled_in(order))
        with app.app_context():
            titles = select(Milestone.title_en).order_by(Milestone.position)
            assert list(db.session.scalars(titles)) == ["First", "Last", "Undated"]
        if _press == 0:
            editor.submit(f"{PLAN}/milestones/1/edit", due_on="2026-04-01")
            editor.submit(f"{PLAN}/milestones/1/edit", due_on="2027-05-01")
            editor.submit(PLAN, f"{PLAN}/milestones/1/move-up")
    assert f"{PLAN}/milestones/order" not in {form.get("action") for form in editor.page(PLAN).all("form")}
    assert [action for action, _kind in entries(app)].count("milestone.ordered") == 2


def test_who_has_left_is_not_offered_to_lead(app: Flask, editor: Any, make: Make) -> None:
    gone = make.partner("Gone")
    with make.writing():
        db.session.add(Participation(project_id=1, partner_id=gone.id, role=Role.PARTNER, left_at=THEN))
    assert "Gone" not in editor.page(f"{PLAN}/work-packages/new").html
    assert "DTU" in editor.page(f"{PLAN}/work-packages/new").html


def test_a_button_pressed_after_the_session_ended_leads_back_to_its_page(app: Flask, editor: Any) -> None:
    add(editor, "milestones", "Reached")
    for came_from, back in ((PLAN, PLAN), ("/da/nowhere", "/en/"), ("", "/en/")):
        headers = (
            {"Referer": f"http://localhost{came_from}"} if came_from else {"Referer": f"http://other.example{PLAN}"}
        )
        answer = app.test_client().post(f"{PLAN}/milestones/1/done", headers=headers)
        assert (answer.status_code, answer.location) == (303, f"/en/account/sign-in?next={back}")


def test_who_changes_what_somebody_has_deleted_is_told_so_and_keeps_the_words(editor: Any) -> None:
    add(editor, "milestones", "Doomed")
    sent = filled_in(editor.page(f"{PLAN}/milestones/1/edit").all("form")[-1])
    editor.submit(f"{PLAN}/milestones/1/delete")
    answer = editor.post(f"{PLAN}/milestones/1/edit", data={**sent, "title_en": "Ten minutes of thought"})
    assert answer.status_code == 404
    assert "What you were changing is no longer there" in answer.text
    assert "Ten minutes of thought" in answer.text
    assert "What you were changing" not in editor.page(f"{PLAN}/milestones/1/edit", status=404).text


@pytest.mark.parametrize(
    ("kind", "model", "column"),
    [
        ("milestones", Milestone, "done_on"),
        ("deliverables", Deliverable, "delivered_on"),
    ],
)
def test_one_click_says_done_today_and_another_takes_it_back(
    app: Flask, editor: Any, kind: str, model: Any, column: str
) -> None:
    add(editor, kind, "Handbook")
    editor.submit(PLAN, f"{PLAN}/{kind}/1/done")
    with app.app_context():
        assert getattr(db.session.scalars(select(model)).one(), column) == clock.today()
    editor.submit(PLAN, f"{PLAN}/{kind}/1/reopen")
    with app.app_context():
        assert getattr(db.session.scalars(select(model)).one(), column) is None


def test_what_is_overdue_says_so_in_words_here_and_on_the_public_page(app: Flask, editor: Any) -> None:
    late, soon = clock.today() - timedelta(days=1), clock.today() + timedelta(days=9)
    add(editor, "milestones", "Late", due_on=late.isoformat())
    add(editor, "milestones", "Soon", due_on=soon.isoformat())
    add(editor, "milestones", "Today", due_on=clock.today().isoformat())
    page = editor.page(PLAN)
    assert "1 thing in the plan is overdue" in page.text
    assert page.text.count("Overdue since") == 1
    assert "1 thing in the plan is overdue" in app.test_client().page("/en/projects/warm-homes").text


WRONG = [
    ("work-packages", {"title_en": "", "title_da": ""}, "Write it in Danish or in English"),
    ("work-packages", {"title_en": "x" * 201}, "at most 200 characters"),
    ("work-packages", {"starts_on": "2026-05-02", "ends_on": "2026-05-01"}, "cannot end before it begins"),
    ("work-packages", {"starts_on": "yesterday"}, "Write a day"),
    ("work-packages", {"starts_on": "0001-01-01"}, "Write a year"),
    ("work-packages", {"progress": "101"}, "not above 100"),
    ("work-packages", {"progress": "-1"}, "not below 0"),
    ("work-packages", {"progress": "1.5"}, "at most 0 decimals"),
    ("work-packages", {"weight": "-1"}, "not below 0"),
    ("work-packages", {"weight": ""}, "Write a weight"),
    ("work-packages", {"weight": "9" * 50}, "not above"),
    ("work-packages", {"weight": "a lot"}, "Write a number"),
    ("work-packages", {"lead_id": "99"}, "Choose one from the list"),
    ("work-packages", {"lead_id": "one"}, "Choose one from the list"),
    ("work-packages", {"visibility": "world"}, "Choose who may see it"),
    ("milestones", {"done_on": "2199-01-01"}, "has not come yet"),
    ("milestones", {"work_package_id": "7"}, "Choose one from the list"),
    ("deliverables", {"url": "javascript:alert(1)"}, "Write a web address"),
    ("deliverables", {"url": "https://user:word@example.org"}, "Write a web address"),
    ("deliverables", {"url": "nothing"}, "Write a web address"),
]


@pytest.mark.parametrize(("kind", "fields", "reason"), WRONG)
def test_wrong_input_is_told_at_its_field_and_kept(
    app: Flask, editor: Any, kind: str, fields: dict[str, str], reason: str
) -> None:
    answer = editor.submit(f"{PLAN}/{kind}/new", status=422, **{"title_en": "Kept title", **fields})
    assert reason in answer.text
    kept = fields.get("title_en", "Kept title")
    assert f'value="{kept}"' in answer.text or not kept
    assert entries(app) == []


def test_two_work_packages_do_not_share_a_number(editor: Any) -> None:
    add(editor, "work-packages", "One", number="1")
    assert "has this number" in editor.submit(f"{PLAN}/work-packages/new", status=422, title_en="Two", number="1").text
    editor.submit(f"{PLAN}/work-packages/1/edit", title_en="Renamed")


def test_a_doi_becomes_its_address(editor: Any) -> None:
    add(editor, "deliverables", "Handbook", url="doi:10.1000/182")
    assert "https://doi.org/10.1000/182" in editor.page(PLAN).links


def test_a_part_may_be_narrower_than_its_project_and_never_wider(app: Flask, client: Any, make: Make) -> None:
    lead = make.partner("DTU")
    make.project("Warm homes", partners=[(lead, Role.COORDINATOR)], visibility=Visibility.PARTNERS)
    client.sign_in(make.account(admin_of=[lead]))
    answer = client.submit(f"{PLAN}/milestones/new", status=422, title_en="Wide", visibility="public")
    assert "cannot be open to more" in answer.text
    client.submit(f"{PLAN}/milestones/new", title_en="Narrow", visibility="members")
    with app.app_context():
        assert db.session.scalars(select(Milestone.visibility)).all() == [Visibility.MEMBERS]


def test_inner_parts_are_in_no_page_search_or_export_for_a_visitor_and_in_no_figure(app: Flask, editor: Any) -> None:
    add(editor, "work-packages", "Inner work", progress="90", visibility="members")
    add(editor, "work-packages", "Open work", progress="10")
    add(editor, "milestones", "Inner goal", visibility="partners")
    add(editor, "deliverables", "Inner paper", visibility="members")
    visitor = app.test_client()
    for address in ("/en/projects/warm-homes", f"{PLAN}.csv", "/en/projects", "/en/projects.csv"):
        text = visitor.get(address).get_data(as_text=True)
        assert "Inner" not in text, address
    assert "10 %" in visitor.page("/en/projects/warm-homes").text
    assert "50 %" in editor.page("/en/projects/warm-homes").text


def test_the_plan_is_a_table_to_take_away(app: Flask, editor: Any) -> None:
    add(editor, "work-packages", "=Heat", progress="10", weight="2")
    add(editor, "milestones", "House", work_package_id="1", due_on="2026-05-01")
    rows = list(csv.reader(io.StringIO(editor.get(f"{PLAN}.csv").data.decode("utf-8-sig"))))
    assert rows[1][:4] == ["Work package", "1", "'=Heat", ""]
    assert rows[2][:7] == ["Milestone", "1", "House", "", "", "", "2026-05-01"]
    assert editor.get(f"{PLAN}.xlsx").data.startswith(b"PK")
    assert editor.get("/en/projects/nothing/plan.csv").status_code == 404


ADDRESSES = (
    ("GET", ""),
    ("GET", "/work-packages/new"),
    ("GET", "/milestones/1/edit"),
    ("GET", "/milestones/1/delete"),
    ("POST", "/work-packages/new"),
    ("POST", "/milestones/1/edit"),
    ("POST", "/milestones/1/delete"),
    ("POST", "/milestones/1/done"),
    ("POST", "/milestones/1/reopen"),
    ("POST", "/milestones/1/move-down"),
)


@pytest.mark.parametrize("who", ["visitor", "foreign admin", "member", "reader", "platform editor", "administrator"])
def test_who_may_not_plan(app: Flask, make: Make, who: str) -> None:
    lead, foreign = make.partner("DTU"), make.partner("Elsewhere")
    people = {
        "visitor": None,
        "foreign admin": make.account(admin_of=[foreign]),
        "member": make.account(editor_of=[lead]),
        "reader": make.account("Reader"),
        "platform editor": make.account(roles=[Platform.EDITOR]),
        "administrator": make.account(roles=[Platform.ADMINISTRATOR]),
    }
    make.project(
        "Warm homes",
        partners=[(lead, Role.COORDINATOR)],
        team={TeamRole.READER: people["reader"]},
        milestones=[Milestone(title_en="First", position=1), Milestone(title_en="Second", position=2)],
    )
    browser = app.test_client()
    if people[who] is not None:
        browser.sign_in(people[who])
    token = filled_in(browser.page("/en/about").all("form")[-1]).get("csrf_token") if people[who] else ""
    for method, rest in ADDRESSES:
        answer = browser.open(f"{PLAN}{rest}", method=method, data={"csrf_token": token, "title_en": "Mine"})
        assert answer.status_code == (303 if who == "visitor" else 404), (method, rest)
    with app.app_context():
        milestones = db.session.scalars(select(Milestone).order_by(Milestone.position)).all()
        assert [(one.title_en, one.done_on) for one in milestones] == [("First", None), ("Second", None)]


@pytest.mark.parametrize("who", ["manager", "contributor", "curator"])
def test_who_may_plan_besides(app: Flask, make: Make, who: str) -> None:
    people = {
        "manager": make.account("Manager"),
        "contributor": make.account("Contributor"),
        "curator": make.account(roles=[Platform.CURATOR]),
    }
    team = {TeamRole.MANAGER: people["manager"], TeamRole.CONTRIBUTOR: people["contributor"]}
    make.project("Warm homes", team=team)
    add(app.test_client().sign_in(people[who]), "milestones", "Reached")
    assert entries(app) == [("milestone.added", "project")]


def test_the_parts_of_one_project_are_not_reached_through_another(editor: Any, make: Make) -> None:
    other = make.project("Other", milestones=[Milestone(title_en="Theirs")])
    assert other.milestones
    for rest in ("edit", "delete"):
        assert editor.get(f"{PLAN}/milestones/1/{rest}").status_code == 404
    assert editor.get(f"{PLAN}/milestones/99999999999999999999/edit").status_code == 404
    assert editor.get("/en/projects/other/plan").status_code == 404


def test_a_form_sent_twice_adds_once(app: Flask, editor: Any) -> None:
    page = editor.page(f"{PLAN}/work-packages/new")
    sent = {**filled_in(page.all("form")[-1]), "title_en": "Once"}
    first, second = (editor.post(f"{PLAN}/work-packages/new", data=sent) for _ in range(2))
    assert first.location == second.location
    assert len(packages(app)) == 1


def test_two_who_change_the_same_see_both_and_choose(app: Flask, editor: Any) -> None:
    add(editor, "milestones", "Start")
    sent = {**filled_in(editor.page(f"{PLAN}/milestones/1/edit").all("form")[-1]), "title_en": "Mine"}
    editor.submit(f"{PLAN}/milestones/1/edit", title_en="Theirs", due_on="2026-05-01")
    answer = editor.post(f"{PLAN}/milestones/1/edit", data={**sent, "due_on": "2026-06-01"})
    assert answer.status_code == 409
    assert "1 May 2026" in answer.text
    assert 'value="Mine"' in answer.text
    assert "Theirs" in answer.text
    with app.app_context():
        assert db.session.scalars(select(Milestone.title_en)).one() == "Theirs"


def test_two_who_change_different_fields_both_get_theirs(app: Flask, editor: Any) -> None:
    add(editor, "milestones", "Start")
    sent = {**filled_in(editor.page(f"{PLAN}/milestones/1/edit").all("form")[-1]), "title_en": "Mine"}
    editor.submit(f"{PLAN}/milestones/1/edit", due_on="2026-05-01")
    assert editor.post(f"{PLAN}/milestones/1/edit", data=sent).status_code == 303
    with app.app_context():
        milestone = db.session.scalars(select(Milestone)).one()
        assert (milestone.title_en, milestone.due_on) == ("Mine", date(2026, 5, 1))


def test_a_second_click_on_delete_finds_it_done(editor: Any) -> None:
    add(editor, "milestones", "Superfluous")
    sent = filled_in(editor.page(f"{PLAN}/milestones/1/delete").all("form")[-1])
    answers = [editor.post(f"{PLAN}/milestones/1/delete", data=sent) for _ in range(2)]
    assert [answer.location for answer in answers] == [PLAN, PLAN]
