"""Editors and hosts: who comes, taken out as a file, who came, and what they thought; and nobody else."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook, load_workbook
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.accounts import personal
from portal.accounts.models import Account
from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.permissions import VISITOR, Actor, Role
from portal.core.sheets import read
from portal.webinars.models import Webinar
from portal.webinars.registration import attendance
from portal.webinars.registration.models import Registration, RegistrationState
from portal.webinars.registration.permissions import managed_by, may_manage, may_read, read_by
from tests.make import Make
from tests.page import Page, filled_in, names_of

PAGE = "/en/webinars/heat-for-two-continents"
DESK = f"{PAGE}/registrations"


@pytest.fixture
def people(person: Any) -> dict[str, Any]:
    """Ann and Bo have the two places, Cy waits, Dea has not confirmed."""
    found = {name: person(name) for name in ("Ann", "Bo", "Cy", "Dea")}
    for name, one in found.items():
        one.register(organisation="=HYPERLINK(1)" if name == "Ann" else "")
        if name != "Dea":
            one.confirm()
    return found


def test_an_editor_keeps_the_list(
    app: Flask, client: Any, make: Make, webinar: Webinar, people: Any, states: Any, postbox: Any
) -> None:
    editor = client.sign_in(make.account("Editor", roles=[Role.EDITOR]))
    assert DESK in editor.page(PAGE).links
    page = editor.page(DESK)
    assert ["".join(cell.itertext()).strip() for cell in page.all("td")] == ["2", "1", "1", "0"]
    assert "1 who has not confirmed keeps a turn" in page.text
    # By hand: onto the waiting list as anybody, told by mail, once.
    editor.submit(DESK, f"{DESK}/add", status=422, name="", email="eva@example.org")
    editor.submit(DESK, f"{DESK}/add", name="Eva", email="Eva@example.org", language="da")
    editor.submit(DESK, f"{DESK}/add", status=422, name="Eva", email="eva@example.org")
    assert postbox.fetch("eva@example.org")[-1]["Subject"] == "Du er på ventelisten: Varme til to verdensdele"
    assert states()["Eva"] == "waitlisted"
    # Cancelled by hand: who waits moves up.
    place = next(one for one in _actions(editor.page(DESK)) if one.endswith("/cancel"))
    editor.submit(DESK, place)
    assert states() == {
        "Ann": "cancelled",
        "Bo": "confirmed",
        "Cy": "confirmed",
        "Dea": "unconfirmed",
        "Eva": "waitlisted",
    }
    assert "editors of the portal" in str(people["Ann"].postbox.fetch("ann@example.org")[-1])
    # More places, fewer places: nobody is thrown out. One turn is still kept for Dea.
    editor.submit(DESK, f"{DESK}/capacity", status=422, capacity="many")
    editor.submit(DESK, f"{DESK}/capacity", status=422, capacity="0")
    editor.submit(DESK, f"{DESK}/capacity", capacity="4")
    assert states()["Eva"] == "confirmed"
    editor.submit(DESK, f"{DESK}/capacity", capacity="1")
    assert list(states().values()).count("confirmed") == 3
    with app.app_context():
        actions = set(db.session.scalars(select(AuditEntry.action).where(AuditEntry.account_id.is_not(None))))
        assert {"registration.added", "registration.cancelled", "registration.capacity"} <= actions
        told = str([one.changes for one in db.session.scalars(select(AuditEntry))])
        assert "example.org" not in told
        assert "Ann" not in told


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_host_takes_the_list_along_and_leaves_a_trace(
    app: Flask, client: Any, make: Make, host: Any, webinar: Webinar, people: Any, ending: str
) -> None:
    admin = client.sign_in(make.account("Host", admin_of=[host]))
    assert f"{DESK}.{ending}" in admin.page(DESK).links
    body = admin.get(f"{DESK}.{ending}").data
    if ending == "csv":
        rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
        assert rows[1][4] == "'=HYPERLINK(1)"
    else:
        sheet = load_workbook(io.BytesIO(body)).active
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        assert sheet.cell(2, 5).data_type == "s"
    assert [row[3] for row in rows[1:]] == [f"{name}@example.org" for name in ("ann", "bo", "cy", "dea")]
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "registration.exported")).one()
        assert entry.actor_name == "Host"
        assert entry.changes == {"registrations": [None, 4]}
    # Reading is all: the list is the editors'.
    own = next(filled_in(one) for one in admin.page(DESK).all("form") if "csrf_token" in names_of(one))
    for address in ("add", "capacity", "1/cancel"):
        assert admin.post(f"{DESK}/{address}", data=own).status_code == 404
    assert f"{DESK}/add" not in _actions(admin.page(DESK))


def test_for_everybody_else_there_is_no_such_page(app: Flask, make: Make, host: Any, webinar: Webinar) -> None:
    strangers = [
        make.account(),
        make.account(editor_of=[host]),
        make.account(admin_of=[make.partner("Other")]),
        make.account(roles=[Role.CURATOR]),
        make.account(roles=[Role.ADMINISTRATOR]),
    ]
    for account in strangers:
        client = app.test_client().sign_in(account)
        for address in (DESK, f"{DESK}.csv", f"{PAGE}/attendance", "/en/webinars/none/registrations"):
            assert client.get(address).status_code == 404, address
    assert app.test_client().get(DESK).status_code == 303


def test_question_and_sql_agree(app: Flask, make: Make, host: Any, webinar: Webinar) -> None:
    actors = [
        VISITOR,
        Actor(account_id=1, partner_ids=frozenset({host.id})),
        Actor(account_id=1, partner_ids=frozenset({host.id}), admin_of=frozenset({host.id})),
        Actor(account_id=1, admin_of=frozenset({host.id + 1})),
        *(Actor(account_id=1, roles=frozenset({role})) for role in Role),
    ]
    with app.app_context():
        one = db.session.scalars(select(Webinar).options(selectinload(Webinar.partners))).one()
        for actor in actors:
            for question, sql in ((may_read, read_by), (may_manage, managed_by)):
                found = db.session.scalars(select(Webinar.id).where(sql(actor))).all()
                assert bool(found) is question(actor, one), (actor, question)


ZOOM = """Attendee Report
Report Generated:,"12/08/2026 10:12:00"
Topic,Webinar ID
Heat for two continents,123 456

Attendee Details
Attended,"User Name (Original Name)",First Name,Last Name,Email,Join Time
Yes,Ann A.,Ann,A.,ANN@example.org,"12/08/2026 09:01:00"
Yes,Ann A.,Ann,A.,ann@example.org,"12/08/2026 09:30:00"
No,Bo,Bo,,bo@example.org,--
Yes,Guest,Guest,,guest@example.net,"12/08/2026 09:05:00"
Yes,Phone,,,,"12/08/2026 09:05:00"
"""
TEAMS = (
    "1. Summary\nMeeting title\tHeat\nAttended participants\t3\n\n2. Participants\n"
    "Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole\n"
    "Ann\t12/8/26, 9:00:00 AM\t12/8/26, 10:00:00 AM\t1h\tann@example.org\tann@example.org\tAttendee\n"
    "Cy\t12/8/26, 9:00:00 AM\t12/8/26, 10:00:00 AM\t1h\t\tcy@example.org\tAttendee\n"
).encode("utf-16")


def _registered() -> list[Registration]:
    states = {"ann": RegistrationState.CONFIRMED, "bo": RegistrationState.CONFIRMED, "cy": RegistrationState.WAITLISTED}
    return [
        Registration(id=n, email=f"{name}@example.org", state=state) for n, (name, state) in enumerate(states.items())
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (ZOOM.encode(), {"attended": ["ann"], "absent": ["bo"], "stranger": ["guest"], "nameless": [""]}),
        (TEAMS, {"attended": ["ann", "cy"]}),
        (
            b"Navn;E-mail;Deltog\nAnn;ann@example.org;Ja\nBo;bo@example.org;Nej\n",
            {"attended": ["ann"], "absent": ["bo"]},
        ),
    ],
)
def test_the_reports_of_webinar_tools_are_understood(content: bytes, said: dict[str, list[str]]) -> None:
    lines = attendance.compared(read(content), _registered())
    assert lines is not None
    found: dict[str, list[str]] = {}
    for line in lines:
        found.setdefault(line.found.value, []).append(line.email.partition("@")[0])
    assert found == said


def test_a_list_without_addresses_is_no_list() -> None:
    assert attendance.compared(read(b"Name;Minutes\nAnn;12\n"), _registered()) is None


def test_who_attended_is_looked_at_before_it_is_noted(
    app: Flask, client: Any, make: Make, host: Any, webinar: Webinar, revise: Any, people: Any, states: Any
) -> None:
    admin = client.sign_in(make.account("Host", admin_of=[host]))
    address = f"{PAGE}/attendance"
    assert "has not begun" in admin.page(address).text
    now = clock.now()
    revise(starts_at=now - timedelta(hours=2), ends_at=now - timedelta(hours=1))
    admin.submit(address, status=422)
    admin.submit(address, status=422, file=(io.BytesIO(b"Name;Minutes\nAnn;12\n"), "list.csv"))
    book = Workbook()
    for row in (("Name", "Email"), ("Ann", "Ann@example.org"), ("Cy", "cy@example.org"), ("<i>X</i>", "x@example.net")):
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    target.seek(0)
    seen = Page(admin.submit(address, status=200, file=(target, "list.xlsx")))
    assert "2 people attended" in seen.text
    assert "<i>X</i>, x@example.net" in seen.text
    assert states()["Ann"] == "confirmed"
    form = next(one for one in seen.all("form") if one.get("action") == f"{address}/take")
    for _ in range(2):
        assert admin.post(f"{address}/take", data=filled_in(form)).status_code == 303
    assert states() == {"Ann": "attended", "Bo": "confirmed", "Cy": "attended", "Dea": "unconfirmed"}
    assert "How was it?" in people["Cy"].page().text


def test_a_person_is_given_their_registrations_and_takes_them_along(
    app: Flask, make: Make, webinar: Webinar, people: Any, states: Any
) -> None:
    ann = make.account("Ann A", email="ann@example.org")
    claimed = make.account("Bo B", email="bo@example.org", email_verified_at=None)
    with make.writing():
        account = db.session.get_one(Account, ann.id)
        told = personal.everything_about(account)["webinar_registrations"]
        assert [(one["webinar"], one["state"]) for one in told] == [("heat-for-two-continents", "confirmed")]
        assert personal.everything_about(db.session.get_one(Account, claimed.id))["webinar_registrations"] == []
        personal.erase(account, now=clock.now())
    assert states() == {"": "cancelled", "Bo": "confirmed", "Cy": "confirmed", "Dea": "unconfirmed"}
    with app.app_context():
        assert db.session.scalars(select(Registration.id).where(Registration.email == "ann@example.org")).all() == []


def _actions(page: Any) -> list[str]:
    return [one.get("action", "") for one in page.all("form")]
