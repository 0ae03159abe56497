"""A partner's admins keep its profile; what says who it is waits for a curator."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.db import db
from portal.core.permissions import Role
from portal.partners.models import ChangeState, Partner, PartnerChange, PartnerState
from tests.make import Make
from tests.page import filled_in
from tests.uploads import picture

EDIT = "/en/partners/gate/edit"


@pytest.fixture
def partner(make: Make) -> Partner:
    return make.partner("Gate")


@pytest.fixture
def admin(client: Any, make: Make, partner: Partner) -> Any:
    return client.sign_in(make.account("Admin", admin_of=[partner]))


def _now(app: Flask, partner: Partner) -> Partner:
    with app.app_context():
        return db.session.get_one(Partner, partner.id)


def test_an_admin_describes_the_partner_and_everybody_reads_it(app: Flask, admin: Any, partner: Partner) -> None:
    admin.submit(
        EDIT,
        description_en="We open doors.",
        website="https://gate.example",
        themes=["energy", "water"],
        other_names="The Gate\nPorten",
        ror="https://ror.org/04qtj9h94",
    )
    page = app.test_client().page("/en/partners/gate")
    assert "We open doors." in page.text
    assert "Porten" in page.text
    assert _now(app, partner).ror == "04qtj9h94"


def test_who_it_is_waits_for_a_curator(app: Flask, admin: Any, partner: Partner) -> None:
    admin.submit(EDIT, name="Gate 21", cvr="10403782", acronym="G21")
    admin.submit(EDIT, type="cluster")
    now = _now(app, partner)
    assert (now.name, now.cvr, now.acronym) == ("Gate", None, "G21")
    page = admin.page(EDIT)
    assert "A change waits for a curator Name: Gate 21Type: ClusterCVR number: 10403782" in page.text
    with app.app_context():
        change = db.session.scalars(select(PartnerChange)).one()
    assert set(change.changes) == {"name", "cvr", "type"}
    assert change.state is ChangeState.PENDING


def test_what_waits_stands_in_the_form_and_is_taken_back_there(app: Flask, admin: Any, partner: Partner) -> None:
    old = filled_in(admin.page(EDIT).all("form")[-1])
    admin.submit(EDIT, name="Gate 21", type="cluster")
    admin.submit(EDIT, acronym="G21")
    with app.app_context():
        assert db.session.scalars(select(PartnerChange.changes)).one()["name"] == ["Gate", "Gate 21"]

    # Whoever opened the form before that does not take it back by saving something else.
    assert admin.post(EDIT, data={**old, "website": "https://gate.example.org"}).status_code == 303
    with app.app_context():
        assert db.session.scalars(select(PartnerChange.changes)).one()["name"] == ["Gate", "Gate 21"]

    admin.submit(EDIT, name="Gate")
    with app.app_context():
        assert set(db.session.scalars(select(PartnerChange.changes)).one()) == {"type"}
    admin.submit(EDIT, type=partner.type.value)
    with app.app_context():
        assert not db.session.scalars(select(PartnerChange)).all()
    assert "waits for a curator" not in admin.page(EDIT).text
    assert _now(app, partner).acronym == "G21"


def test_a_curator_changes_it_at_once(app: Flask, client: Any, make: Make, partner: Partner) -> None:
    client.sign_in(make.account(roles=[Role.CURATOR])).submit(EDIT, name="Gate 21", cvr="10403782")
    assert _now(app, partner).name == "Gate 21"


def test_an_application_can_be_put_right(app: Flask, client: Any, make: Make) -> None:
    applied = make.partner("Applied", state=PartnerState.SUGGESTED)
    client.sign_in(make.account(admin_of=[applied])).submit("/en/partners/applied/edit", name="Applied well")
    assert _now(app, applied).name == "Applied well"


@pytest.mark.parametrize(
    ("field", "wrong", "said"),
    [
        ("cvr", "12345678", "not a CVR number"),
        ("ror", "xyz", "not a ROR number"),
        ("wikidata", "42", "not a Wikidata number"),
        ("website", "javascript:alert(1)", "begins with https"),
        ("website", 'https://example.org/"><b>', "begins with https"),
        ("name", "", "Write the name"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_stays(admin: Any, field: str, wrong: str, said: str) -> None:
    answer = admin.submit(EDIT, status=422, **{field: wrong, "acronym": "Kept"})
    assert said in answer.text
    assert 'value="Kept"' in answer.text


def test_a_number_that_another_has_is_named(admin: Any, make: Make) -> None:
    make.partner("The other", cvr="10403782")
    assert "The other has this number already" in admin.submit(EDIT, status=422, cvr="10403782").text


def test_two_who_edit_see_each_other(app: Flask, admin: Any, make: Make, partner: Partner) -> None:
    form = next(one for one in admin.page(EDIT).all("form") if one.get("action") is None)
    mine = {**filled_in(form), "description_en": "Mine"}
    other = app.test_client().sign_in(make.account(admin_of=[partner]))
    other.submit(EDIT, description_en="Theirs")
    answer = admin.post(EDIT, data=mine)
    assert answer.status_code == 409
    assert "Theirs" in answer.text
    assert "Mine" in answer.text


def test_who_may_not(app: Flask, make: Make, partner: Partner) -> None:
    assert app.test_client().get(EDIT).location.startswith("/en/account/sign-in")
    for account in (
        make.account(editor_of=[partner]),
        make.account(admin_of=[make.partner()]),
        make.account(roles=[Role.EDITOR]),
        make.account(roles=[Role.ADMINISTRATOR]),
    ):
        browser = app.test_client().sign_in(account)
        for page in ("edit", "interests", "logo", "contacts"):
            assert browser.get(f"/en/partners/gate/{page}").status_code == 404
    assert app.test_client().sign_in(make.account(admin_of=[partner])).get("/en/partners/no/edit").status_code == 404


def test_offers_come_and_go(app: Flask, admin: Any) -> None:
    page = "/en/partners/gate/interests"
    admin.submit(page, status=422)
    admin.submit(page, direction="offers", theme="energy", line_en="Heat maps for everybody")
    assert "Heat maps" in app.test_client().page("/en/partners/gate").text
    form = next(
        one.get("action") for one in admin.page(page).all("form") if (one.get("action") or "").endswith("remove")
    )
    admin.submit(page, form)
    assert "Heat maps" not in app.test_client().page("/en/partners/gate").text


def test_a_logo_needs_words_and_is_drawn_by_us(app: Flask, admin: Any, partner: Partner) -> None:
    import io

    from werkzeug.datastructures import FileStorage

    def logo() -> FileStorage:
        return FileStorage(io.BytesIO(picture()), "logo.png")

    page = "/en/partners/gate/logo"
    admin.submit(page, status=422, logo=logo())
    admin.submit(page, logo=logo(), logo_alt_en="A gate")
    shown = app.test_client().page("/en/partners/gate")
    image = next(one for one in shown.all("img") if one.get("alt") == "A gate")
    assert app.test_client().get(image.get("src")).status_code == 200
    assert app.test_client().get("/en/partners/gate/logo/" + "0" * 64).status_code == 404
    admin.submit(page, f"{page}/remove")
    assert "A gate" not in app.test_client().page("/en/partners/gate").html
