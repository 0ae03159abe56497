"""Importing figures of the municipalities: what a file may say, what is kept of what was said before, the way back."""

import io
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook
from sqlalchemy import select

from portal.accounts.models import Account
from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.permissions import Actor, Role, allows
from portal.municipalities.models import EarlierValue, Indicator, Missing, Observation
from portal.municipalities.permissions import edited_by
from portal.staff.imports.figures import fields
from portal.staff.imports.models import DecimalSign
from tests.make import Make
from tests.municipalities.conftest import register as register  # noqa: PLC0414  the fixture

FIGURES = "/en/staff/imports/figures"
SOURCE = "https://statistics.example/newer"


@pytest.fixture
def curator(client: Any, make: Make) -> Account:
    account = make.account("Curator", roles=[Role.CURATOR])
    client.sign_in(account)
    return account


def compared(client: Any, content: str | bytes, **columns: str) -> str:
    """Upload a file and take its columns as they are guessed; the address of what it would change."""
    data = content.encode() if isinstance(content, str) else content
    place = str(client.submit(FIGURES, file=(io.BytesIO(data), "figures.csv")).location).removesuffix("/columns")
    client.submit(f"{place}/columns", **columns)
    return place


def said(app: Flask, slug: str = "co2e_per_capita") -> dict[tuple[int, str], Any]:
    """(municipality, period) → number, word or reason, of one indicator."""
    with app.app_context():
        rows = db.session.scalars(select(Observation).join(Indicator).where(Indicator.slug == slug))
        return {(one.municipality_id, one.period): one.missing or one.word or one.number for one in rows}


def test_a_newer_file_adds_a_period_corrects_one_and_is_undone_as_a_whole(
    app: Flask, client: Any, make: Make, register: Any, curator: Account
) -> None:
    aarhus, ballerup, _aeroe, copenhagen = register.places
    before = said(app)
    place = compared(
        client,
        "kommunekode;indicator_id;value;unit;period;source_url;retrieved;missing\n"
        f"{aarhus.code};co2e_per_capita;1,5;t CO2e/inhabitant;2023;{SOURCE};2026-11;\n"
        f"Ballerup;Emissions på dansk;2,0;;2023;;;\n"
        f"{aarhus.code};co2e_per_capita;1,25;;2024;{SOURCE};2026-11;\n"
        f"{ballerup.code};co2e_per_capita;1,75;;2024;;;\n"
        f"Copenhagen;co2e_per_capita;;;2024;;;diskretioneret\n"
        f"{aarhus.code};dk2020;Round_1;;2019;;;\n",
    )
    assert said(app) == before
    page = client.page(place)
    assert ["New (3)" in page.text, "Changed (1)" in page.text, "Unchanged (2)" in page.text] == [True] * 3
    assert "confidential at the source" in page.text
    assert "Emissions, 2024: 2 municipalities, now 3." in page.text
    assert "1 → 1.5" in client.page(f"{place}?show=changed").text

    client.submit(place, f"{place}/choose", then="write")
    assert said(app) == before | {
        (aarhus.id, "2023"): Decimal("1.5"),
        (aarhus.id, "2024"): Decimal("1.25"),
        (ballerup.id, "2024"): Decimal("1.75"),
        (copenhagen.id, "2024"): Missing.CONFIDENTIAL,
    }
    visitor = app.test_client()
    assert "Corrected by the source on" not in visitor.page("/en/municipalities/ballerup").text
    shown = visitor.page("/en/municipalities/aarhus").text
    assert "1.25" in shown
    assert "confidential at the source" in visitor.page("/en/municipalities/koebenhavn").text
    with app.app_context():
        kept = db.session.scalars(select(EarlierValue)).one()
        assert (kept.number, kept.source_url) == (1, "https://statistics.example/table")
        trace = db.session.scalars(
            select(AuditEntry.changes).where(AuditEntry.action == "municipality.figures_imported")
        ).all()
        assert {"co2e_per_capita 2023": ["1", "1.5"], "co2e_per_capita 2024": ["", "1.25"]} in trace
        row = db.session.scalars(select(Observation).where(Observation.period == "2024")).first()
        assert row is not None
        assert (row.import_key, row.source_url) == (f"{aarhus.code}/co2e_per_capita/2024", SOURCE)

    again = client.page(
        compared(client, f"kommunekode,indicator_id,value,period\n{aarhus.code},co2e_per_capita,1.50,2023\n")
    )
    assert "Unchanged (1)" in again.text

    client.submit(f"{place}/undo")
    assert said(app) == before
    assert "Removed again: 3" in client.page(place).text
    assert "1.25" not in visitor.page("/en/municipalities/aarhus").text
    with app.app_context():
        assert db.session.scalars(select(EarlierValue)).all() == []


def test_what_was_corrected_again_meanwhile_stays(
    app: Flask, client: Any, make: Make, register: Any, curator: Account
) -> None:
    code = register.places[0].code
    head = "kommunekode,indicator_id,value,period\n"
    first = compared(client, f"{head}{code},co2e_per_capita,1.5,2023\n")
    late = compared(client, f"{head}{code},co2e_per_capita,9.5,2023\n")
    client.submit(first, f"{first}/choose", then="write")
    client.submit(late, f"{late}/choose", then="write")
    assert "changed by somebody else meanwhile" in client.page(late).text
    with make.writing():
        row = db.session.scalars(select(Observation).where(Observation.number == Decimal("1.5"))).one()
        row.number = Decimal(7)
    client.submit(f"{first}/undo")
    assert "Set back in part" in client.page(first).text
    assert said(app)[register.places[0].id, "2023"] == 7


def test_bad_rows_are_told_by_line_and_the_good_ones_kept_or_none(
    app: Flask, client: Any, make: Make, register: Any, curator: Account
) -> None:
    with make.writing():
        db.session.scalars(select(Indicator).where(Indicator.slug == "co2e_per_capita")).one().unit = "km"
    code = register.places[3].code
    rows = (
        "9999,co2e_per_capita,1.5,,2023",
        f"{code},nothing_such,1.5,,2023",
        f"{code},ev_share,101.5,,2023",
        f"{code},co2e_per_capita,-1.5,,2023",
        f"{code},co2e_per_capita,12.5 %,,2023",
        f"{code},ev_share,12.5 %,,2023",
        f"{code},ev_share,12.5,,2023",
        f"{code},co2e_per_capita,many,,2023",
        f"{code},co2e_per_capita,1.5,t CO2e/inhabitant,2023",
        f"{code},co2e_per_capita,,,2023",
        f"{code},co2e_per_capita,1.5,,spring",
        f"{code},co2e_per_capita,1.5,,2190",
        f"{code},co2e_per_capita,=1+1,,2023",
        f"{code},dk2020,round_7,,2023",
    )
    content = "\n".join(("kommunekode,indicator_id,value,unit,period", *rows, ""))
    place = compared(client, content, taken="none")
    page = client.page(f"{place}?show=bad")
    for told in (
        "line 2 Municipality: there is no municipality '9999'",
        "line 3 Indicator: there is no indicator 'nothing_such'",
        "line 4 Value: is more than 100: 101.5",
        "line 5 Value: is less than 0: -1.5",
        "line 6 Value: is in per cent, but the indicator is in km",
        "line 8 Period: is the same figure as line 7",
        "line 9 Value: is not a number: 'many'",
        "line 10 Unit: is 't CO2e/inhabitant', but the indicator is in km",
        "line 11 Value: is blank: say why there is no value",
        "line 12 Period: is not a period such as 2025, 2025-06 or 2025-06-30: 'spring'",
        "line 13 Period: has not begun yet: '2190'",
        "line 14 Value: is a formula: write its value instead",
        "line 15 Value: is not a word we know: 'round_7'",
    ):
        assert told in page.text
    assert "Cannot be taken (13)" in page.text
    assert "Nothing can be written yet" in page.text
    client.submit(place, f"{place}/choose", then="write")
    assert said(app, "ev_share") == {}

    client.submit(f"{place}/columns", taken="good")
    client.submit(place, f"{place}/choose", then="write")
    assert said(app, "ev_share") == {(register.places[3].id, "2023"): Decimal("12.5")}


@pytest.mark.sqlite_only
def test_what_spreadsheets_make_of_numbers_is_read_right_or_not_at_all(
    app: Flask, client: Any, register: Any, curator: Account
) -> None:
    head = "Kommune;Indikator;Værdi;Periode"
    latin = f"{head}\nÆrø;ev_share;0,123;2022\nKøbenhavn;co2e_per_capita;1.234;2022\n".encode("cp1252")
    page = client.page(compared(client, latin))
    assert "Ærø · ev_share · 2022" in page.text
    assert "1,234" in page.text  # the file's other number has a comma: this point parts thousands
    marked = f"{head}\nÆrø;ev_share;1.234;2022\n".encode("utf-8-sig")
    assert "can be read in two ways: '1.234'" in client.page(compared(client, marked)).text
    assert "Cannot be taken" not in client.page(compared(client, marked, decimal_sign="point")).text

    book = Workbook()
    book.active.append(head.split(";"))
    book.active.append(["Ærø", "ev_share", 0.125, 2022])
    book.active["C2"].number_format = "0.0%"
    book.active.append(["København", "co2e_per_capita", 1.234, 2022])
    target = io.BytesIO()
    book.save(target)
    page = client.page(compared(client, target.getvalue()))
    assert "12.5" in page.text
    assert "1.234" in page.text

    mixed = f"{head}\nÆrø;ev_share;1;2022\n".encode() + "København;ev_share;1;2022\n".encode("cp1252")
    answer = client.submit(FIGURES, status=422, file=(io.BytesIO(mixed), "mixed.csv"))
    assert "a mixture of two encodings" in answer.text


def test_a_file_of_one_indicator_and_period_need_not_say_so_in_each_row(
    app: Flask, client: Any, register: Any, curator: Account
) -> None:
    content = "område;tal\nAarhus;12,5\nBallerup;13,25\n"
    place = str(client.submit(FIGURES, file=(io.BytesIO(content.encode()), "ev.csv")).location)
    named = {"column_0": "municipality", "column_1": "value"}
    assert "Say which column holds this: Indicator, Period." in client.submit(place, status=422, **named).text
    twice = {**named, "column_0": "period", "same_period": "2022"}
    assert "A column holds this already." in client.submit(place, status=422, **twice).text
    client.submit(place, **named, same_indicator="ev_share", same_period="2022")
    place = place.removesuffix("/columns")
    assert "Aarhus · ev_share · 2022" in client.page(place).text
    client.submit(place, f"{place}/choose", then="write")
    aarhus, ballerup = register.places[:2]
    assert said(app, "ev_share") == {(aarhus.id, "2022"): Decimal("12.5"), (ballerup.id, "2022"): Decimal("13.25")}


@pytest.mark.parametrize(
    ("cells", "sign"),
    [
        (["1.234", "1,234"], DecimalSign.AS_FOUND),
        (["1.234", "12,5"], DecimalSign.COMMA),
        (["1,234", "12.5 %"], DecimalSign.POINT),
        (["1.234.567"], DecimalSign.COMMA),
        (["1.234,5", "1,234.5"], DecimalSign.AS_FOUND),
        (["0.123", "−3.25"], DecimalSign.POINT),
        (["many", "", "12"], DecimalSign.AS_FOUND),
    ],
)
def test_a_files_decimal_sign_is_told_by_what_can_be_read_in_one_way_only(cells: list[str], sign: DecimalSign) -> None:
    assert fields.sign_of(cells) is sign


def test_the_rule_and_its_sql_agree(app: Flask, register: Any) -> None:
    with app.app_context():
        row = db.session.scalars(select(Observation)).first()
        for roles in ([], *([role] for role in Role)):
            actor = Actor(account_id=1, roles=frozenset(roles))
            found = db.session.scalar(select(Observation.id).where(edited_by(actor)).limit(1))
            assert (found is not None) is allows(actor, "observation.edit", row)
