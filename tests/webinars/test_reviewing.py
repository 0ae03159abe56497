"""A webinar before it is out: links for people without an account, comments, versions; and its host's own recording."""

from datetime import timedelta
from typing import Any

import pytest

from portal.core import clock, strangers
from portal.core.db import db
from portal.core.permissions import Role
from portal.webinars.models import State, Webinar, WebinarPartner

PUMPS = "/en/webinars/pumps"


@pytest.fixture
def editor(app: Any, make: Any) -> Any:
    return app.test_client().sign_in(make.account("Editor", roles=[Role.EDITOR]))


@pytest.fixture
def hosted(make: Any) -> Any:
    """A partner, and the draft of a webinar that it holds."""
    partner = make.partner("DTU")
    made = make.webinar("Pumps", state=State.DRAFT, abstract_en="Nobody **knows**.", partners=[partner])
    with make.writing():
        db.session.get(WebinarPartner, (made.id, partner.id)).is_host = True
        db.session.get_one(Webinar, made.id).join_url = "https://meet.example.org/xqjoin"
    return partner


@pytest.mark.usefixtures("hosted")
def test_a_reviewer_reads_and_comments_and_a_preview_only_reads(
    app: Any, editor: Any, postbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strangers.Pace, "least_s", 0.0)
    readers = f"{PUMPS}/readers"
    editor.submit(readers, status=422, email="rie@example.org")
    editor.submit(readers, name="Rie Reviewer", email="rie@example.org", language="en")
    link = postbox.link("rie@example.org")
    visitor = app.test_client()
    page = visitor.page(link)
    assert "Nobody knows." in page.text
    assert "xqjoin" not in page.response.text
    assert "pumps.ics" not in page.response.text
    assert page.response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.response.headers["Cache-Control"] == "no-store"
    visitor.submit(link, name="Rie Reviewer", body="The <second> line is wrong.")
    talk = editor.page(f"{PUMPS}/talk").text
    assert "Rie Reviewer (by link)" in talk
    assert "The <second> line is wrong." in talk
    editor.submit(f"{PUMPS}/talk", f"{PUMPS}/talk/1/settle")
    assert "dealt with" in editor.page(f"{PUMPS}/talk").text
    assert visitor.get(link.replace("/review/", "/preview/")).status_code == 410
    editor.submit(readers, f"{readers}/preview")
    shown = editor.page(readers).text
    preview = shown[shown.index("/en/webinars/preview/") :].split()[0]
    assert "What do you think" not in visitor.page(preview).text
    editor.submit(readers, f"{readers}/1/revoke")
    assert visitor.get(link).status_code == 410
    assert visitor.get("/en/webinars/review/nothing").status_code == 410
    # Once everybody may read it the link leads there, and nobody is asked any more.
    editor.submit(f"{PUMPS}/state/announced")
    assert visitor.get(preview).location == PUMPS
    assert editor.get(readers).status_code == 404


def test_versions_show_what_changed_and_bring_the_text_back_but_not_the_hour(
    app: Any, make: Any, editor: Any, hosted: Any
) -> None:
    edit, versions = f"{PUMPS}/edit", f"{PUMPS}/versions"
    assert "has not been changed here yet" in editor.page(versions).text
    editor.submit(edit, abstract_en="Nobody **knew** then.")
    editor.submit(edit, abstract_en="Everybody knew.", starts_at="2027-05-05T09:00", capacity="40", languages=["da"])
    editor.submit(edit)  # nothing changed, no version
    page = editor.page(versions)
    assert "[gone] Nobody" in page.text
    assert "Version 4" not in page.text
    assert "Begins" not in editor.page(f"{versions}/1").text  # it would stay as it is
    editor.submit(f"{versions}/1", f"{versions}/1/bring-back")
    with app.app_context():
        found = db.session.get_one(Webinar, 1)
        assert (found.abstract_en, found.capacity, found.languages) == ("Nobody **knows**.", 40, "")
        assert found.starts_at is not None
    assert "Version 4" in editor.page(versions).text
    assert "xqjoin" in editor.page(edit).response.text
    # Whoever looks inside reads them; only who may write brings one back.
    host = app.test_client().sign_in(make.account("Host", admin_of=[hosted]))
    stranger = app.test_client().sign_in(make.account("Stranger", admin_of=[make.partner("Other")]))
    assert "Nobody" in host.page(versions).text
    assert "Bring this version back" not in host.page(f"{versions}/2").text
    for client, path in ((host, "talk"), (host, "readers"), (stranger, "versions"), (editor, "versions/99")):
        assert client.get(f"{PUMPS}/{path}").status_code == 404


def test_an_administrator_of_the_host_writes_what_belongs_to_the_recording(
    app: Any, make: Any, editor: Any, hosted: Any
) -> None:
    host = app.test_client().sign_in(make.account("Host", admin_of=[hosted]))
    member = app.test_client().sign_in(make.account("Member", editor_of=[hosted]))
    for path in ("recording", "files", "questions"):
        assert host.get(f"{PUMPS}/{path}").status_code == 404
    with make.writing():
        found = db.session.get_one(Webinar, 1)
        found.state, found.starts_at = State.ANNOUNCED, clock.now() - timedelta(days=1)
        found.zone = "Europe/Copenhagen"
    film = {"recording_url": "https://film.example.org/1", "chapters_en": "0:00 Welcome"}
    host.submit(f"{PUMPS}/recording", **film)
    host.submit(f"{PUMPS}/questions/new", question_en="How deep?")
    assert f"{PUMPS}/files" in host.page(f"{PUMPS}/state").links
    assert host.get(f"{PUMPS}/state/recorded").status_code == 404
    assert member.get(f"{PUMPS}/recording").status_code == 404
    editor.submit(f"{PUMPS}/state/recorded")
    assert "How deep?" in app.test_client().page(PUMPS).text
    assert "the editors can take it off" in host.submit(f"{PUMPS}/recording", status=422, recording_url="").text
    host.submit(f"{PUMPS}/recording", duration="45:00")
    assert "Length: 45:00" in app.test_client().page(PUMPS).text
