"""What every form does, on a small page of its own: once, kept, cleaned, and met by another editor."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask, render_template_string
from sqlalchemy import select
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired

from portal.core import kept
from portal.core.db import db, transaction
from portal.core.errors import NotFound
from portal.core.forms import RevisionForm, submit_once
from portal.core.permissions import audience
from portal.core.slugs import OldAddress
from tests.make import THEN, Make
from tests.page import filled_in

PAGE = """{% extends "layouts/form.html" %}{% from "components/forms.html" import field, submit %}
{% block heading %}Try{% endblock %}
{% block fields %}{{ field(form.name) }}{{ field(form.text) }}{{ submit("Save") }}{% endblock %}
{% block after %}<p>both: {{ both | join(",") }}</p>{% endblock %}"""


class Thing:
    """Something that two people edit."""

    def __init__(self) -> None:
        self.name, self.text, self.version = "name", "text", 1
        self.last = 9  # the version after which there is no such thing any more


class ThingForm(RevisionForm):
    name = StringField("Name", [InputRequired()])
    text = TextAreaField("Text")


@pytest.fixture
def thing(app: Flask) -> Thing:
    """A page at /en/try that edits the thing it stands for."""
    thing = Thing()
    taken: list[str] = []

    @audience("signed_in")
    def edit() -> Any:
        if thing.version > thing.last:
            raise NotFound("thing", 1)
        form = ThingForm(obj=thing)
        both: list[str] = []
        if form.validate_on_submit():
            both = [one.field.short_name for one in form.meet(ThingForm(formdata=None, obj=thing))]
            if not both:

                def act() -> str:
                    taken.append(form.name.data)
                    db.session.add(OldAddress(kind="try", slug=f"{len(taken)}", target=form.name.data, since=THEN))
                    thing.name, thing.text, thing.version = form.name.data, form.text.data, thing.version + 1
                    return f"/en/try?done={len(taken)}"

                return submit_once(form, act)
        return render_template_string(PAGE, form=form, both=both), 409 if both else (422 if form.errors else 200)

    app.add_url_rule("/<language:language>/try", "try", edit, methods=["GET", "POST"])
    return thing


def test_the_same_form_sent_twice_is_taken_once(app: Flask, client: Any, make: Make, thing: Thing) -> None:
    client.sign_in(make.account())
    page = client.page("/en/try")
    sent = {**filled_in(page.all("form")[-1]), "name": "new"}
    first, second = client.post("/en/try", data=sent), client.post("/en/try", data=sent)
    assert first.location == second.location == "/en/try?done=1"
    with app.app_context():
        assert len(db.session.scalars(select(OldAddress)).all()) == 1


def test_a_form_that_was_taken_and_is_sent_with_something_else_in_it_is_neither_done_nor_lost(
    app: Flask, client: Any, make: Make, thing: Thing
) -> None:
    client.sign_in(make.account())
    sent = {**filled_in(client.page("/en/try").all("form")[-1]), "name": "new"}
    client.post("/en/try", data=sent)
    again = client.post("/en/try", data={**sent, "text": "what I thought of then"})
    assert again.status_code == 409
    assert "what I thought of then" in again.text
    assert "/en/try?done=1" in again.text
    assert thing.text == "text"
    # The same as at first goes where it went at first, also when the thing or the session is gone by then.
    assert client.post("/en/try", data={**sent, "name": ""}).status_code == 422
    assert client.post("/en/try", data=sent).location == "/en/try?done=1"
    thing.last = 1
    assert client.post("/en/try", data={**sent, "text": "late"}).status_code == 404
    assert client.post("/en/try", data=sent).location == "/en/try?done=1"
    client.delete_cookie("session")
    assert client.post("/en/try", data=sent).location == "/en/try?done=1"


def test_what_was_typed_outlives_the_session(client: Any, make: Make, thing: Thing) -> None:
    account = make.account()
    client.sign_in(account)
    page = client.page("/en/try")
    sent = {**filled_in(page.all("form")[-1]), "name": "a name", "text": "a long text\nof two lines"}
    client.delete_cookie("session")
    answer = client.post("/en/try", data=sent)
    assert answer.location.startswith("/en/account/sign-in?next=/en/try?kept%3D")
    client.sign_in(account)
    back = client.page(parse_qs(urlsplit(answer.location).query)["next"][0])
    assert "Your text is still here" in back.text
    assert "a long text\nof two lines" in back.html.replace("\r", "")
    assert thing.version == 1


def test_a_form_from_another_session_comes_back_filled_in(client: Any, make: Make, thing: Thing) -> None:
    client.sign_in(make.account())
    answer = client.post("/en/try", data={"csrf_token": "stale", "name": "typed"})
    assert answer.status_code == 303
    assert 'value="typed"' in client.page(answer.location).html


def test_control_characters_and_space_are_taken_off(client: Any, make: Make, thing: Thing) -> None:
    client.sign_in(make.account())
    client.submit("/en/try", name="  a\x00b\x07 \r\nBcc: c\u2028d", text="one\r\ntwo")
    assert (thing.name, thing.text) == ("ab Bcc: c d", "one\ntwo")


def test_two_who_change_different_fields_do_not_meet(client: Any, make: Make, thing: Thing) -> None:
    client.sign_in(make.account())
    page = client.page("/en/try")
    thing.name, thing.version = "theirs", 2
    answer = client.post("/en/try", data={**filled_in(page.all("form")[-1]), "text": "mine"})
    assert answer.status_code == 303
    assert (thing.name, thing.text) == ("theirs", "mine")


def test_two_who_change_the_same_field_are_told(client: Any, make: Make, thing: Thing) -> None:
    client.sign_in(make.account())
    page = client.page("/en/try")
    thing.name, thing.version = "theirs", 2
    answer = client.post("/en/try", data={**filled_in(page.all("form")[-1]), "name": "mine"})
    assert answer.status_code == 409
    assert "both: name" in answer.text
    assert 'value="mine"' in answer.text
    assert thing.name == "theirs"


def test_a_draft_is_found_again_by_its_account_only(app: Flask, make: Make, thing: Thing) -> None:
    mine, other = make.account(), make.account()
    with app.app_context(), transaction():
        kept.save_draft(mine.id, "/en/try", [("name", "from the draft")])
    assert "from the draft" in app.test_client().sign_in(mine).page("/en/try?kept=draft").html
    assert "from the draft" not in app.test_client().sign_in(other).page("/en/try?kept=draft").html
