"""Importing partners: named columns, differences before anything is written, and the way back."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Account
from portal.core import sheets
from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.permissions import Role, allows
from portal.core.slugs import OldAddress
from portal.core.themes import Theme
from portal.partners.models import Partner, PartnerState, PartnerTheme, PartnerType
from portal.staff.imports import jobs, operations
from portal.staff.imports.models import BatchState, ImportBatch, ImportRow
from portal.staff.imports.partners.fields import FIELDS
from portal.staff.imports.permissions import managed_by
from portal.staff.imports.targets import guessed
from tests.make import THEN, Make
from tests.test_worker import queue as queue  # noqa: PLC0414  the fixture
from tests.uploads import workbook, workbooks

IMPORTS = "/en/staff/imports"
LIST = "Navn;Type;Land;CVR-nummer;Hjemmeside\nVejle Varme;virksomhed;Danmark;;www.vejlevarme.example\n"


@pytest.fixture
def curator(client: Any, make: Make) -> Account:
    """The client belongs to a curator."""
    account = make.account("Curator", roles=[Role.CURATOR])
    client.sign_in(account)
    return account


def upload(client: Any, content: str | bytes, name: str = "partners.csv") -> str:
    """Upload a file; the address of its import."""
    data = content.encode() if isinstance(content, str) else content
    answer = client.submit(IMPORTS, file=(io.BytesIO(data), name))
    return str(answer.location).removesuffix("/columns")


def compared(client: Any, content: str | bytes, **columns: str) -> str:
    """Upload a file and take its columns as they are guessed; the address of what it would change."""
    place = upload(client, content)
    client.submit(f"{place}/columns", **columns)
    return place


def write(client: Any, place: str) -> None:
    client.submit(place, f"{place}/choose", then="write")


def named(app: Flask, name: str) -> Any:
    with app.app_context():
        return db.session.scalar(select(Partner).where(Partner.name == name))


def test_a_list_is_imported(app: Flask, client: Any, curator: Account) -> None:
    place = compared(client, LIST)
    page = client.page(place)
    assert "New (1)" in page.text
    assert "https://www.vejlevarme.example" in page.text
    assert named(app, "Vejle Varme") is None
    write(client, place)
    partner = named(app, "Vejle Varme")
    assert (partner.type, partner.country, partner.name_da) == (PartnerType.COMPANY, "DK", "Vejle Varme")
    assert partner.state is PartnerState.PUBLISHED
    assert "Vejle Varme" in app.test_client().page("/en/partners").text
    with app.app_context():
        entry = db.session.scalar(select(AuditEntry).where(AuditEntry.action == "partner.imported"))
        assert entry is not None
        assert entry.account_id == curator.id


def test_the_same_file_again_changes_nothing(app: Flask, client: Any, curator: Account) -> None:
    write(client, compared(client, LIST))
    version = named(app, "Vejle Varme").version
    page = client.page(compared(client, LIST))
    assert "Unchanged (1)" in page.text
    assert "New" not in page.text.split("What the rows would change")[1].split("Unchanged")[0]
    assert named(app, "Vejle Varme").version == version


def test_differences_are_shown_field_by_field_and_blank_cells_change_nothing(
    app: Flask, client: Any, make: Make, curator: Account
) -> None:
    make.partner("Aarhus Vand", website="https://old.example", acronym="AAV")
    place = compared(client, "name,website,acronym,themes\nAarhus Vand,https://new.example,,water; klima\n")
    page = client.page(place)
    assert "https://old.example → https://new.example" in page.text
    assert "Acronym" not in page.text
    assert "Water, Climate" in page.text or "Climate, Water" in page.text
    write(client, place)
    partner = named(app, "Aarhus Vand")
    assert (partner.website, partner.acronym) == ("https://new.example", "AAV")


def test_a_list_as_people_keep_it_is_read(app: Flask, client: Any, make: Make, curator: Account) -> None:
    """A cover and a title above the headers, themes parted by commas, no column for what all of them are."""
    make.partner("Danmarks Tekniske Universitet")
    content = workbooks(
        {
            "Forside": [["Udfyld arket Partnere"], ["Slet ikke rækker"]],
            "Partnere": [
                ["Partnerliste 2026"],
                [],
                ["Navn", "Tema", "CVR-nr."],
                ["Ærø Varme A/S", "Energi, Klima", 25313763],
                ["Danmarks Tekniske Universitet (DTU)", "", ""],
                ["Danmarks Tekniske Univeristet", "", ""],
            ],
        }
    )
    place = upload(client, content, "liste.xlsx")
    assert "liste.xlsx: Partnere has 3 rows." in client.page(f"{place}/columns").text
    client.submit(f"{place}/columns")
    assert "Type: is blank" in client.page(place).text
    client.submit(f"{place}/columns", same_type="utility")
    page = client.page(place).text
    assert "New (1) Possible duplicates (2)" in page.replace("(1)P", "(1) P")
    write(client, place)
    partner = named(app, "Ærø Varme A/S")
    with app.app_context():
        themes = db.session.scalars(select(PartnerTheme.theme).where(PartnerTheme.partner_id == partner.id)).all()
    assert (partner.type, partner.cvr) == (PartnerType.UTILITY, "25313763")
    assert set(themes) == {Theme.ENERGY, Theme.CLIMATE}


def test_what_was_edited_after_an_import_is_left_when_it_is_undone(
    app: Flask, client: Any, make: Make, curator: Account
) -> None:
    partner = make.partner("Aarhus Vand", website="https://old.example", acronym="OLD")
    place = compared(client, "name,website,acronym\nAarhus Vand,https://new.example,NEW\n")
    write(client, place)
    with make.writing():
        db.session.get_one(Partner, partner.id).acronym = "EDITED"
    before = client.page(f"{place}/undo").text
    assert "Set back in part: 1" in before
    assert "What stays Aarhus VandSet back in part: Acronym" in before
    client.submit(f"{place}/undo")
    partner = named(app, "Aarhus Vand")
    assert (partner.website, partner.acronym) == ("https://old.example", "EDITED")
    page = client.page(place)
    assert "Set back in part" in page.text
    assert "Acronym" in page.text


def test_undoing_removes_new_partners_but_keeps_those_that_something_hangs_on(
    app: Flask, client: Any, make: Make, curator: Account
) -> None:
    place = compared(client, "name,type\nAlone,company\nIn a project,company\nEdited,company\n")
    write(client, place)
    make.project(partners=[named(app, "In a project")])
    with make.writing():
        db.session.scalar(select(Partner).where(Partner.name == "Edited")).acronym = "X"  # type: ignore[union-attr]
    before = client.page(f"{place}/undo").text
    assert "Removed again: 1" in before
    assert "has left”: somebody has used it since: 2" in before
    client.submit(f"{place}/undo")
    assert named(app, "Alone") is None
    assert named(app, "In a project").state is PartnerState.LEFT
    assert named(app, "Edited").state is PartnerState.LEFT
    assert client.get("/en/partners/alone").status_code == 410
    with app.app_context():
        assert db.session.get(OldAddress, ("partner", "alone")) is not None


def test_an_import_is_undone_once(client: Any, curator: Account) -> None:
    place = compared(client, LIST)
    write(client, place)
    client.submit(f"{place}/undo")
    page = client.page(place)
    assert [form for form in page.all("form") if form.get("action", "").endswith("/undo")] == []
    token = client.page(IMPORTS).all("form")[-1]
    csrf = next(e.get("value") for e in token.iter() if e.get("name") == "csrf_token")
    assert client.post(f"{place}/undo", data={"csrf_token": csrf, "once": "another"}).status_code == 409


def test_a_row_whose_partner_was_changed_meanwhile_is_left_out(
    app: Flask, client: Any, make: Make, curator: Account
) -> None:
    partner = make.partner("Aarhus Vand", website="https://old.example")
    place = compared(client, "name,website\nAarhus Vand,https://new.example\n")
    with make.writing():
        db.session.get_one(Partner, partner.id).website = "https://edited.example"
    write(client, place)
    assert named(app, "Aarhus Vand").website == "https://edited.example"
    assert "changed by somebody else meanwhile" in client.page(place).text


def test_some_rows_can_be_chosen(app: Flask, client: Any, curator: Account) -> None:
    place = compared(client, "name,type\nFirst,company\nSecond,company\n")
    with app.app_context():
        first = db.session.scalar(select(ImportRow.id).where(ImportRow.name == "First"))
    client.submit(place, f"{place}/choose", chosen=[str(first)], then="write")
    assert named(app, "First") is not None
    assert named(app, "Second") is None


def test_nothing_is_written_when_no_row_is_chosen(app: Flask, client: Any, curator: Account) -> None:
    place = compared(client, LIST)
    client.submit(place, f"{place}/choose", chosen=None, then="write")
    assert "Choose at least one row" in client.page(place).text
    assert named(app, "Vejle Varme") is None


@pytest.mark.parametrize(("decision", "count"), [("known", 1), ("new", 2), ("", 1)])
def test_a_possible_duplicate_is_decided_on(
    app: Flask, client: Any, make: Make, curator: Account, decision: str, count: int
) -> None:
    make.partner("Aarhus Vand A/S", website="https://old.example")
    place = compared(client, "name,type,website\nAarhus Vand,company,https://new.example\n")
    assert "Looks like Aarhus Vand A/S" in client.page(place).text
    with app.app_context():
        row = db.session.scalar(select(ImportRow.id))
    client.submit(place, f"{place}/choose", then="write", **{f"decision-{row}": decision})
    with app.app_context():
        partners = db.session.scalars(select(Partner)).all()
        assert len(partners) == count
        assert ("https://new.example" in {one.website for one in partners}) is bool(decision)


def test_an_acronym_may_be_the_same_partner(client: Any, make: Make, curator: Account) -> None:
    make.partner("Danmarks Tekniske Universitet", acronym="DTU")
    assert (
        "Looks like Danmarks Tekniske Universitet" in client.page(compared(client, "name,type\nDTU,university\n")).text
    )


def test_bad_rows_are_told_by_line_column_and_reason(client: Any, make: Make, curator: Account) -> None:
    make.partner("Aarhus Vand", cvr="25313763")
    content = (
        "name,type,cvr,municipality,website\n"
        ",company,,,\n"
        "No type,,,,\n"
        "Bad number,company,12345678,,\n"
        "Bad place,company,,Atlantis,\n"
        "Sum,company,,,=1+1\n"
        "Twice,company,,,\n"
        "Twice,company,,,\n"
    )
    page = client.page(f"{compared(client, content)}?show=bad")
    assert "Cannot be taken (6)" in page.text
    for said in (
        "line 2 Name: is blank",
        "line 3 Type: is blank",
        "CVR number: is not a CVR number: '12345678'",
        "Municipality: there is no municipality 'Atlantis'",
        "Website: is a formula: write its value instead",
        "The row: is already on line 7",
    ):
        assert said in page.text


def test_reasons_are_told_in_danish_too(client: Any, curator: Account) -> None:
    place = compared(client, "name,type\n,company\n")
    assert "is blank" not in client.page(place.replace("/en/", "/da/")).text


@pytest.mark.sqlite_only
def test_formulas_of_a_workbook_are_not_calculated(client: Any, curator: Account) -> None:
    place = compared(client, workbook(["name", "type", "acronym"], ["One", "company", "=CMD()"]))
    assert "is a formula" in client.page(place).text


@pytest.mark.sqlite_only
def test_the_form_says_what_is_wrong_with_a_file(client: Any, curator: Account) -> None:
    for content, said in ((b"", "no rows under its header"), (b"\x7fELF\x00", "neither a CSV file nor")):
        answer = client.submit(IMPORTS, status=422, file=(io.BytesIO(content), "../../etc/passwd"))
        assert said in answer.text
    assert "Choose a file" in client.submit(IMPORTS, status=422).text


def test_columns_are_corrected_and_remembered(app: Flask, client: Any, curator: Account) -> None:
    content = "Firma;Art\nVejle Varme;virksomhed\n"
    place = upload(client, content)
    answer = client.submit(f"{place}/columns", status=422)
    assert "Say which column holds this: Name." in answer.text
    client.submit(f"{place}/columns", column_0="name")
    assert "New (1)" in client.page(place).text
    again = upload(client, content)
    assert 'selected value="name"' in client.page(f"{again}/columns").html


@pytest.mark.sqlite_only
def test_two_columns_cannot_be_the_same_field(client: Any, curator: Account) -> None:
    place = upload(client, "name;other\nOne;Two\n")
    answer = client.submit(f"{place}/columns", status=422, column_1="name")
    assert "Another column is this already" in answer.text


@pytest.mark.sqlite_only
@pytest.mark.parametrize("language", ["da", "en"])
def test_the_empty_template_explains_itself_to_us(client: Any, curator: Account, language: str) -> None:
    for ending in ("csv", "xlsx"):
        answer = client.get(f"/{language}/staff/imports/template.{ending}")
        header = sheets.read(answer.data + b"x\r\n").header if ending == "csv" else None
        assert answer.status_code == 200
        with client.application.test_request_context():
            assert header is None or guessed(header, FIELDS) == [field.name for field in FIELDS]


def test_an_import_is_the_curators_business_only(app: Flask, client: Any, make: Make, curator: Account) -> None:
    place = compared(client, LIST)
    for other in (make.account(roles=[Role.EDITOR]), make.account(roles=[Role.ADMINISTRATOR])):
        stranger = app.test_client().sign_in(other)
        for address in (IMPORTS, place, f"{place}/columns", f"{IMPORTS}/template.csv", f"{IMPORTS}/figures"):
            assert stranger.get(address).status_code == 404
    assert app.test_client().sign_in(make.account()).get(IMPORTS).status_code == 404
    assert app.test_client().get(IMPORTS).status_code == 303


def test_the_rule_and_its_sql_agree(app: Flask, make: Make, curator: Account, client: Any) -> None:
    place = upload(client, LIST)
    from portal.core.permissions import Actor

    with app.app_context():
        batch = db.session.get_one(ImportBatch, int(place.rpartition("/")[2]))
        for roles in ([], *([role] for role in Role)):
            actor = Actor(account_id=1, roles=frozenset(roles))
            found = db.session.scalar(select(ImportBatch.id).where(managed_by(actor)))
            assert (found is not None) is allows(actor, "import.manage", batch)


@pytest.mark.sqlite_only
def test_an_unknown_import_or_page_of_it_is_not_there(client: Any, curator: Account) -> None:
    place = compared(client, LIST)
    for address in (f"{IMPORTS}/999", f"{place}?page=9", f"{place}?show=nothing", f"{place}?page=x"):
        assert client.get(address).status_code == 404


def test_an_import_that_is_discarded_is_gone(app: Flask, client: Any, curator: Account) -> None:
    place = compared(client, LIST)
    client.submit(place, f"{place}/discard")
    assert client.get(place).status_code == 404
    with app.app_context():
        assert db.session.scalars(select(ImportRow)).all() == []


def test_a_large_import_is_the_workers(
    app: Flask, client: Any, curator: Account, queue: Any, count_queries: Callable[[], Any]
) -> None:
    count = 2_000
    lines = "".join(f"Partner number {n},company,DK\n" for n in range(count))
    place = upload(client, f"name,type,country\n{lines}")
    client.submit(f"{place}/columns")
    page = client.page(place)
    assert "Being compared" in page.text
    assert "0 of 2,000 rows" in page.text
    with count_queries() as seen:
        queue.sync()
    assert len(seen) < count / 20
    assert "New (2,000)" in client.page(place).text
    write(client, place)
    assert "Being written" in client.page(place).text
    with app.app_context(), count_queries() as seen:
        jobs.work()
    assert len(seen) < count * 1.05  # one statement adds a partner, a few the rest
    assert "Written: 2,000" in client.page(place).text
    client.submit(f"{place}/undo")
    with app.app_context(), count_queries() as seen:
        jobs.work()
    assert len(seen) < count / 5
    with app.app_context():
        assert db.session.scalar(select(Partner.id)) is None


def test_what_cannot_be_written_is_given_back_with_nothing_of_it_done(
    app: Flask, client: Any, curator: Account
) -> None:
    place = compared(client, LIST)
    batch_id = int(place.rpartition("/")[2])
    with app.app_context():
        from portal.core.db import transaction

        with transaction():
            batch = db.session.get_one(ImportBatch, batch_id)
            batch.state, batch.account_id = BatchState.WRITING, None  # who ordered it is no curator any more
        jobs.work()
        jobs.work()
    assert named(app, "Vejle Varme") is None
    assert "Nothing was written" in client.page(place).text


def test_uploads_that_nobody_wrote_are_forgotten(app: Flask, client: Any, make: Make, curator: Account) -> None:
    place = upload(client, LIST)
    with make.writing():
        db.session.get_one(ImportBatch, int(place.rpartition("/")[2])).created_at = THEN
    with make.writing():
        from portal.core import clock

        operations.sweep(clock.now())
    assert client.get(place).status_code == 404
