"""What helps whoever writes an article: names found in it and things to look at, with scripts and without."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.db import db
from portal.core.permissions import Role
from portal.core.themes import Theme
from portal.news.models import ArticlePartner, State
from portal.projects.models import Visibility
from tests.make import Make
from tests.page import Page, filled_in


def test_names_found_in_a_text_are_linked_by_their_buttons(app: Flask, client: Any, make: Make) -> None:
    harbour, heat = make.partner("Harbour Heat"), make.partner("Nordic Water")
    make.project("Secret work", visibility=Visibility.MEMBERS, acronym="SECRET")
    article = make.article("Warm", body_en="Harbour Heat and Nordic Water began SECRET.", state=State.DRAFT)
    client.sign_in(make.account(roles=[Role.EDITOR]))
    address = f"/en/staff/news/{article.id}/edit"
    page = client.page(address)
    offered = [one.get("value") for one in page.all("button") if one.get("name") == "partner_ids"]
    assert offered == [str(harbour.id), str(heat.id)]
    # The button sends the form with one more id: that links the partner, and the page offers the other one.
    sent = {**filled_in(page.all("form")[-1]), "partner_ids": [str(heat.id)], "title_en": "Warm water"}
    assert client.post(address, data=sent).status_code == 303
    with app.app_context():
        assert db.session.scalars(select(ArticlePartner.partner_id)).all() == [heat.id]
    page = client.page(address)
    assert [one.get("value") for one in page.all("button") if one.get("name") == "partner_ids"] == [str(harbour.id)]
    assert "Warm water" in page.title


def test_what_is_typed_is_looked_over_for_its_writer_only(app: Flask, client: Any, make: Make) -> None:
    partner = make.partner("Harbour Heat")
    make.project("Secret work", visibility=Visibility.MEMBERS, acronym="SECRET")
    texts = {"title_en": "Warm", "body_en": "## Heat\n\nHarbour Heats SECRET: see [here](/x)."}
    address = "/en/news/writing/aids"
    assert client.post(address, data=texts).status_code in (302, 303)  # to the door
    client.sign_in(make.account(editor_of=[partner]))
    texts["csrf_token"] = filled_in(client.page("/en/my/news/new").all("form")[-1])["csrf_token"]
    answer = client.post(address, data=texts)
    assert answer.status_code == 200
    page = Page(answer)
    buttons = {(one.get("name"), one.get("value")) for one in page.all("button")}
    assert buttons == {("partner_ids", str(partner.id))}
    for said in (
        "Nothing is written in Danish yet.",
        "single #: “Heat”",
        "The link “here”",
        "The standfirst is missing",
    ):
        assert said in page.text
    assert "SECRET" not in page.text
    answer = client.post(address, data={**texts, "partner_ids": [str(partner.id), "x"], "body_en": "Harbour Heat"})
    assert not Page(answer).all("button")
    assert client.post(address, data={**texts, "body_en": "x" * 200_000}).status_code == 200


@pytest.mark.sqlite_only
def test_what_is_open_is_shown_before_publishing_and_keeps_nobody_from_it(client: Any, make: Make) -> None:
    texts = {"standfirst_en": "The harbour's network is ready for four hundred homes.", "body_en": "See [here](/x)."}
    article = make.article("Warm", state=State.DRAFT, themes=[Theme.HEAT], publish_at=None, **texts)
    client.sign_in(make.account(roles=[Role.EDITOR]))
    step = f"/en/staff/news/{article.id}/to/published"
    steps = [link for link in client.page(f"/en/staff/news/{article.id}").links if link.endswith("published")]
    page = client.page(steps[0] if steps else step)
    assert "The link “here” does not say where it leads." in page.text
    assert "Nothing is written in Danish yet." in page.text
    client.submit(steps[0] if steps else step)
    assert client.page(f"/en/news/{article.slug}").h1.startswith("Warm")
