"""Webinars from draft to recording, as members and editors work on them."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import undefer

from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.permissions import Role
from portal.webinars.models import State, Webinar
from portal.webinars.search import source
from tests.page import filled_in, names_of

JOIN = "https://meet.example.org/xqjoin"
VTT = """WEBVTT

1
00:00:01.000 --> 00:00:04.000
<v Ane>Welcome to the &amp; of pumps.

NOTE nobody reads this

00:01:30.000 --> 00:01:33.000
Thermoclines are slow.
"""
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def editor(client: Any, make: Any) -> Any:
    client.sign_in(make.account("Editor", roles=[Role.EDITOR]))
    return client


def filled(**given: Any) -> dict[str, Any]:
    """What a browser sends of a webinar's form."""
    return {
        "title_en": "Pumps",
        "abstract_en": "How **pumps** work.",
        "zone": "America/New_York",
        "starts_at": "2027-05-05T09:00",
        "ends_at": "2027-05-05T10:30",
        "retention_days": "60",
        "host_names": "DTU Wind",
        "join_url": JOIN,
        **given,
    }


def webinar(app: Any) -> Webinar:
    with app.app_context():
        return db.session.scalars(select(Webinar).options(undefer(Webinar.join_url))).one()


def event(client: Any, slug: str = "pumps") -> tuple[Any, Any]:
    made = Calendar.from_ical(client.get(f"/en/webinars/{slug}.ics").data)
    return made, made.walk("VEVENT")[0]


def test_an_editor_takes_a_webinar_from_draft_to_recording(app: Any, editor: Any, make: Any) -> None:
    make.series("Heat talks")
    editor.submit("/en/webinars/new", **filled(series_id="1", capacity="100", languages=["en"]))
    found = webinar(app)
    assert found.state is State.DRAFT
    assert (found.starts_at.isoformat(), found.held_on.isoformat()) == ("2027-05-05T13:00:00+00:00", "2027-05-05")
    assert (found.join_url, found.series_id, found.capacity, found.sequence) == (JOIN, 1, 100, 0)
    visitor = app.test_client()
    visitor.page("/en/webinars/pumps", status=404)
    editor.submit(
        "/en/webinars/pumps/programme/new",
        title_en="Opening",
        speakers="Ane Ager; DTU\nBo Bek",
        starts_at="2027-05-05T09:00",
        ends_at="2027-05-05T09:30",
    )
    editor.submit("/en/webinars/pumps/programme/new", title_en="Discussion")
    editor.submit("/en/webinars/pumps/programme/new", status=422, title_en="Late", starts_at="2027-05-05T11:00")
    editor.submit("/en/webinars/pumps/state/open")
    assert webinar(app).sequence == 1
    page = visitor.page("/en/webinars/pumps")
    assert "Ane Ager DTU" in page.text
    assert "How pumps work." in visitor.page("/en/webinars").text
    assert "15:00–15:30 Opening" in page.text  # Danish time, as all times on the page
    data = json.loads(next(e.text for e in page.all("script") if e.get("type") == "application/ld+json"))
    assert [one["name"] for one in data["subEvent"]] == ["Opening", "Discussion"]
    assert data["subEvent"][0]["performer"][0]["affiliation"]["name"] == "DTU"
    editor.submit("/en/webinars/pumps/state/postponed", status=422)
    editor.submit("/en/webinars/pumps/state/postponed", reason_da="Ane er syg.")
    assert "Ane er syg." in visitor.page("/da/webinars/pumps").text
    made, entry = event(visitor)
    assert (str(entry["STATUS"]), entry["SEQUENCE"], str(entry["UID"])) == ("TENTATIVE", 2, found.uid)
    assert editor.page("/en/webinars/pumps/state/announced").text.count("Announce the new time")
    moved = filled(starts_at="2027-06-02T09:00", ends_at="2027-06-02T10:30", title_en="Pumps", capacity="100")
    editor.submit("/en/webinars/pumps/edit", **moved)
    assert "The time above is the new one." in visitor.page("/en/webinars/pumps").text
    editor.submit("/en/webinars/pumps/state/announced")
    assert "This webinar has a new time." in visitor.page("/en/webinars/pumps").text
    made, entry = event(visitor)
    assert (str(entry["STATUS"]), entry["SEQUENCE"]) == ("CONFIRMED", 4)
    assert entry["DTSTART"].dt.isoformat() == "2027-06-02T09:00:00-04:00"
    editor.submit("/en/webinars/pumps/state/cancelled", reason_en="Too few.")
    made, entry = event(visitor)
    assert (str(made["METHOD"]), str(entry["STATUS"]), entry["SEQUENCE"]) == ("CANCEL", "CANCELLED", 5)
    editor.submit("/en/webinars/pumps/state/withdrawn", status=422)
    editor.submit("/en/webinars/pumps/state/withdrawn", reason="A mistake.")
    visitor.page("/en/webinars/pumps", status=410)
    with app.app_context():
        traced = db.session.scalars(select(AuditEntry)).all()
        assert not [one for one in traced if "xqjoin" in json.dumps(one.changes)]
        assert {"webinar.created", "webinar.revised", "webinar.moved", "session.added"} <= {o.action for o in traced}


def test_a_recording_with_chapters_captions_slides_and_answers_is_read_and_found(
    app: Any, editor: Any, make: Any
) -> None:
    past = clock.now() - timedelta(days=2)
    make.webinar(
        "Pumps", abstract_en="How.", host_names="DTU", starts_at=past, held_on=past.date(), zone="Europe/Copenhagen"
    )
    base, visitor = "/en/webinars/pumps", app.test_client()
    files = f"{base}/files"
    recording = {"recording_url": "https://www.youtube.com/watch?v=1", "duration": "45:00"}
    editor.submit(f"{base}/recording", status=422, **recording, chapters_en="Welcome")
    editor.submit(f"{base}/recording", **recording, chapters_en="0:00 Welcome\n12:30 Wells", chapters_da="12:30 Brønde")
    editor.submit(files, f"{files}/slides", title_en="Slides on pumps", file=(io.BytesIO(PDF), "pumps.pdf"))
    for content, name in ((b"WEBVTT\n\nhello", "a.vtt"), (b"hello", "b.txt"), (b"<html>", "c.vtt")):
        editor.submit(files, f"{files}/captions", status=422, language="en", captions=(io.BytesIO(content), name))
    editor.submit(files, f"{files}/captions", language="en", captions=(io.BytesIO(VTT.encode()), "pumps.vtt"))
    editor.submit(f"{base}/questions/new", question_en="How deep?", answer_en="As deep as *needed*.")
    for path in ("captions-en.vtt", "slides/1"):
        assert visitor.get(f"{base}/{path}").status_code == 404
    editor.submit(f"{base}/state/recorded")
    page = visitor.page(base)
    for words in ("Welcome to the & of pumps.", "12:30 Wells", "How deep?", "As deep as needed.", "Slides on pumps"):
        assert words in page.text
    assert "https://www.youtube.com/watch?v=1&t=750s" in page.links
    assert "Read along with the film" in page.text
    assert "https://www.youtube.com/watch?v=1&t=90s" in page.links
    assert "1:30 Thermoclines are slow." in page.text
    assert "12:30 Brønde" in visitor.page("/da/webinars/pumps").text
    data = json.loads(next(e.text for e in page.all("script") if e.get("type") == "application/ld+json"))
    assert [one["startOffset"] for one in data["recordedIn"]["hasPart"]] == [0, 750]
    assert data["recordedIn"]["caption"][0]["contentUrl"].endswith("/captions-en.vtt")
    answer = visitor.get(f"{base}/captions-en.vtt")
    assert (answer.status_code, answer.mimetype, answer.data.decode()) == (200, "text/vtt", VTT)
    assert visitor.get(f"{base}/slides/1").data == PDF
    with app.app_context():
        [document] = source.documents(None)
        for words in ("Wells", "How deep?", "Thermoclines"):
            assert words in document.body_en


def test_times_that_the_clocks_skip_or_show_twice(app: Any, editor: Any) -> None:
    spring = {"zone": "Europe/Copenhagen", "starts_at": "2027-03-28T02:30", "ends_at": ""}
    assert "does not exist" in editor.submit("/en/webinars/new", status=422, **filled(**spring)).text
    autumn = {"zone": "Europe/Copenhagen", "starts_at": "2026-10-25T02:30", "ends_at": "2026-10-25T03:30"}
    assert "Which of the two?" in editor.submit("/en/webinars/new", status=422, **filled(**autumn)).text
    editor.submit("/en/webinars/new", **filled(**{**autumn, "starts_at": ["2026-10-25T02:30", "first"]}))
    found = webinar(app)
    assert found.ends_at - found.starts_at == timedelta(hours=2)
    wrong = filled(zone="Europe/Atlantis", ends_at="2027-05-05T08:00", title_en="")
    page = editor.submit("/en/webinars/new", status=422, **wrong)
    assert "There is no such time zone." in page.text


def test_a_member_proposes_and_the_staff_take_return_or_refuse(app: Any, client: Any, make: Any, postbox: Any) -> None:
    dtu, other = make.partner("DTU"), make.partner("Other")
    member = make.account("Member", email="member@example.org", editor_of=[dtu])
    client.sign_in(member)
    client.submit("/en/webinars/new", status=422, **filled(host_ids=None))
    client.submit("/en/webinars/new", **filled(abstract_en=""))
    state, submit = "/en/webinars/pumps/state", "/en/my/webinars/pumps/submit"
    assert "Something is missing first" in client.submit(state, submit, status=422).text
    client.submit("/en/webinars/pumps/edit", **filled())
    client.submit(state, submit)
    assert state in client.page("/en/my/webinars").links
    for path in ("edit", "programme", "recording", "state/announced", "questions/new"):
        assert client.get(f"/en/webinars/pumps/{path}").status_code == 404
    stranger = app.test_client().sign_in(make.account("Stranger", admin_of=[other]))
    for path in ("state", "edit", "delete"):
        assert stranger.get(f"/en/webinars/pumps/{path}").status_code == 404
    editor = app.test_client().sign_in(make.account("Editor", roles=[Role.EDITOR]))
    assert "Webinars proposed by partners" in editor.page("/en/staff").text
    assert "Pumps" in editor.page("/en/staff/webinars?state=submitted").text
    editor.submit("/en/my/webinars/pumps/return", reason="Say who speaks.")
    assert postbox.fetch("member@example.org")[-1]["Subject"]
    assert "Webinar to work over" in client.page("/en/my").text
    assert "Say who speaks." in client.page(state).text
    client.submit(state, submit)
    editor.submit(state, "/en/my/webinars/pumps/take")
    editor.submit("/en/webinars/pumps/state/announced")
    app.test_client().page("/en/webinars/pumps")
    assert client.get("/en/webinars/pumps/edit").status_code == 404


def test_two_editors_meet_field_by_field(app: Any, editor: Any) -> None:
    editor.submit("/en/webinars/new", **filled())
    address = "/en/webinars/pumps/edit"
    form = next(one for one in editor.page(address).all("form") if "title_da" in names_of(one))
    mine = {**filled_in(form), "title_en": "Heat pumps"}
    editor.submit(address, **filled(title_da="Pumper"))
    assert editor.post(address, data=mine).status_code == 303
    found = webinar(app)
    assert (found.title_da, found.title_en) == ("Pumper", "Heat pumps")
    mine = {**filled_in(form), "title_da": "Varmepumper"}
    answer = editor.post(address, data=mine)
    assert answer.status_code == 409
    assert "Pumper" in answer.text
