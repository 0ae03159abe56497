"""Things picked by their names, on a small page of its own: found, kept in order, and never what may not be seen."""

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, redirect, render_template_string

from portal.core.db import db
from portal.core.forms import RevisionForm, in_words
from portal.core.permissions import Role, audience
from portal.core.picking import PickerField
from portal.partners.models import PartnerName, PartnerState
from portal.projects.models import Visibility
from tests.make import Make
from tests.page import Page, filled_in

PAGE = """{% extends "layouts/form.html" %}{% from "components/forms.html" import field, submit %}
{% block heading %}Try{% endblock %}
{% block fields %}{{ field(form.partners) }}{{ field(form.projects) }}{{ submit("Save") }}{% endblock %}"""


class PickForm(RevisionForm):
    partners = PickerField("Partners", kind="partner", most=3)
    projects = PickerField("Projects", kind="project", description="What it tells of.")


@pytest.fixture
def saved(app: Flask) -> list[Any]:
    """A page at /en/try that saves what is picked; the last one is what was saved."""
    saved = [SimpleNamespace(partners=[], projects=[], version=1)]

    @audience("signed_in")
    def edit() -> Any:
        form = PickForm(obj=saved[-1])
        if form.validate_on_submit():
            saved.append(SimpleNamespace(partners=form.partners.data, projects=form.projects.data, version=1))
            return redirect("/en/try", 303)
        return render_template_string(PAGE, form=form), 422 if form.errors else 200

    app.add_url_rule("/<language:language>/try", "try", edit, methods=["GET", "POST"])
    return saved


def send(client: Any, status: int = 303, **fields: Any) -> Page:
    """Send the page's form with these fields, as a browser would with what is checked."""
    sent = {**filled_in(client.page("/en/try").all("form")[-1]), **fields}
    answer = client.post("/en/try", data={name: value for name, value in sent.items() if value is not None})
    assert answer.status_code == status
    return Page(answer)


def test_without_scripts_a_name_is_looked_for_and_checked(client: Any, make: Make, saved: list[Any]) -> None:
    aarhus = make.partner("Aarhus Kommune")
    vand = make.partner("Aarhus Vand")
    dtu = make.partner("Danmarks Tekniske Universitet", acronym="DTU", name_en="Technical University of Denmark")
    make.partner("Ørsted")
    client.sign_in(make.account(roles=[Role.EDITOR]))
    found = send(client, 422, **{"partners-find": "århus", "partners-look": "1"})
    assert "Check those you mean, then save." in found.text
    assert "Aarhus Kommune" in found.text
    assert "Ørsted" not in found.text
    client.post("/en/try", data={**filled_in(found.all("form")[-1]), "partners": [vand.id]})
    assert saved[-1].partners == [vand.id]
    # One thing of the name left in the box is meant: it comes last, after what was picked before.
    send(client, **{"partners-find": "dtu"})
    send(client, partners=[vand.id, dtu.id, aarhus.id])
    assert saved[-1].partners == [vand.id, dtu.id, aarhus.id]
    page = client.page("/en/try")
    assert page.text.index("Aarhus Vand") < page.text.index("Technical University") < page.text.index("Aarhus Kommune")
    send(client, partners=None)
    assert saved[-1].partners == []


@pytest.mark.sqlite_only
def test_what_cannot_be_taken_is_told_and_nothing_is_lost(client: Any, make: Make, saved: list[Any]) -> None:
    four = make.partners(4)
    client.sign_in(make.account(roles=[Role.EDITOR]))
    page = send(client, 422, partners=[four[0].id], **{"projects-find": "Nowhere"})
    assert "Nothing is called “Nowhere”." in page.text
    sent = filled_in(page.all("form")[-1])
    assert sent["partners"] == str(four[0].id)
    assert sent["projects-find"] == "Nowhere"
    for wrong, said in (
        ([one.id for one in four], "Choose at most 3."),
        ("x", "Choose from the names that are found."),
        ("99999999999999999999", "Choose from the names that are found."),
        ([four[0].id, 424242], "not there any more"),
    ):
        assert said in send(client, 422, partners=wrong).text
    added = send(client, 422, **{"partners-find": four[1].name, "partners-look": "1"})
    assert f"{four[1].name} is added. Save to keep it." in added.text
    assert filled_in(added.all("form")[-1])["partners"] == str(four[1].id)


def test_a_picker_offers_and_takes_only_what_its_user_may_see(
    app: Flask, client: Any, make: Make, saved: list[Any]
) -> None:
    mine = make.partner("Mine")
    make.partner("Hidden partner", state=PartnerState.SUGGESTED)
    hidden = make.project("Hidden work", visibility=Visibility.MEMBERS, acronym="HIDE")
    own = make.project("Hidden too", visibility=Visibility.MEMBERS, partners=[mine])
    with make.writing():
        db.session.add(PartnerName(partner_id=mine.id, name="Formerly Yours"))
    address = "/en/search/names/{}?q={}"
    assert client.get(address.format("project", "hid")).status_code == 303  # to the door
    member = client.sign_in(make.account(editor_of=[mine]))
    assert client.get(address.format("tree", "x")).status_code == 404
    assert client.get(address.format("partner", "")).json == [{"label": "", "items": []}]
    (named,) = client.get(address.format("partner", "yours")).json
    assert named["items"] == [{"id": mine.id, "title": "Mine", "note": "Company"}]
    assert client.get(address.format("partner", "hidden")).json[0]["items"] == []
    (projects,) = client.get(address.format("project", "hid")).json
    assert [one["id"] for one in projects["items"]] == [own.id]
    assert "not there any more" in send(member, 422, projects=[hidden.id]).text
    # What somebody else linked stays, though its name is not told.
    saved[-1].projects = [hidden.id]
    page = client.page("/en/try")
    assert "Something that is not shown to you" in page.text
    assert "Hidden work" not in page.html
    send(client)
    assert saved[-1].projects == [hidden.id]
    with app.test_request_context("/en/try"):
        assert in_words(PickForm().partners, [mine.id, 424242]) == "Mine"
