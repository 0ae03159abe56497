"""What is being written is kept for its writer alone, until it is sent or thrown away."""

from typing import Any
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import select

from portal.core.db import db
from portal.core.kept import KeptForm
from tests.make import Make
from tests.page import filled_in

DRAFTS = "/en/account/drafts"
PAGE = "/en/account/settings"


def save(client: Any, path: str = PAGE, **fields: str) -> Any:
    token = next(one.get("value") for one in client.page(PAGE).all("input") if one.get("name") == "csrf_token")
    data = {"path": path, "fields": urlencode(fields)}
    return client.post(DRAFTS, data=data, headers={"X-CSRFToken": token})


def test_a_draft_is_kept_without_its_secrets(app: Flask, client: Any, make: Make) -> None:
    client.sign_in(make.account())
    assert save(client, name="half a na", password="secret", csrf_token="x").status_code == 204
    assert save(client, name="half a name", locale="da").status_code == 204
    with app.app_context():
        draft = db.session.scalars(select(KeptForm)).one()
        assert draft.fields == [["name", "half a name"], ["locale", "da"]]
    assert 'value="half a name"' in client.page(f"{PAGE}?kept=draft").html


def test_only_pages_of_this_site_have_drafts(client: Any, make: Make) -> None:
    client.sign_in(make.account())
    for path in ("https://elsewhere.example/", "//elsewhere.example", "/da/account/nowhere", "/healthz", f"{PAGE}?a=b"):
        assert save(client, path, name="x").status_code == 400


def test_a_visitor_and_a_foreign_page_keep_nothing(app: Flask, client: Any, make: Make) -> None:
    assert client.post(DRAFTS, data={"path": PAGE, "fields": "name=x"}).status_code == 303
    client.sign_in(make.account())
    client.post(DRAFTS, data={"path": PAGE, "fields": "name=x"})
    with app.app_context():
        assert [one for one in db.session.scalars(select(KeptForm)) if one.account_id] == []


def test_too_much_is_refused(client: Any, make: Make) -> None:
    client.sign_in(make.account())
    assert save(client, **{f"f{n}": "x" for n in range(501)}).status_code == 400


def test_the_oldest_of_very_many_drafts_is_let_go(app: Flask, make: Make, monkeypatch: Any) -> None:
    monkeypatch.setattr("portal.core.kept.MOST_DRAFTS", 2)
    client = app.test_client().sign_in(make.account())
    for path in ("/en/about", "/en/privacy", PAGE):
        save(client, path, name="x")
    with app.app_context():
        assert set(db.session.scalars(select(KeptForm.path))) == {"/en/privacy", PAGE}


def test_whoever_comes_back_is_offered_the_draft(client: Any, make: Make) -> None:
    client.sign_in(make.account())
    assert "was not saved" not in client.page(PAGE).text
    save(client, name="half a name")
    page = client.page(PAGE)
    assert "You wrote something here that was not saved" in page.text
    assert f"{PAGE}?kept=draft" in page.links
    assert client.submit(PAGE, f"{DRAFTS}/drop").location == PAGE
    assert "was not saved" not in client.page(PAGE).text


def test_sending_the_form_ends_its_draft(app: Flask, client: Any, make: Make) -> None:
    client.sign_in(make.account())
    form = next(one for one in client.page(PAGE).all("form") if one.get("data-autosave"))
    save(client, **{**filled_in(form), "name": "half a name"})
    client.submit(f"{PAGE}?kept=draft", name="a whole name")
    with app.app_context():
        assert db.session.scalars(select(KeptForm)).all() == []
