"""The council sheet: what it says, in both languages, and that the paper is one page whatever there is to tell."""

import re
from dataclasses import replace
from datetime import date

import pytest

from portal.core.bilingual import Shown, speaking
from portal.progress.council import paper
from portal.progress.council.content import FigureLine, Line, Sheet, StageLine, unknown_lines
from tests.municipalities.conftest import register as register  # noqa: PLC0414  the fixture


def said(text: str) -> Shown:
    return Shown(text, "en", "en")


def pages_of(body: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", body))


def test_a_municipality_is_told_of_on_one_sheet(client, make, register):
    aarhus = register.places[0]
    water = make.partner("Aarhus Vand", municipality_id=aarhus.id)
    for number in range(8):
        make.partner(f"Company {number}", municipality_id=aarhus.id)
    make.project("Wave power", partners=[make.partner("Aarhus", type="municipality", municipality_id=aarhus.id)])
    page = client.page("/en/municipalities/aarhus/sheet")
    assert page.h1 == "Aarhus on one sheet"
    rows = ["|".join("".join(cell.itertext()) for cell in row) for row in page.all("tr")]
    assert "Emissions (tonnes of CO₂e per inhabitant)|1|2 (3 known)|2023|Statistics Denmark" in rows
    assert "Electric cars (%)|not reported|– (0 known)|2023|Statistics Denmark" in rows
    assert "Wave power" in page.text
    assert "Figures: Electric cars." in page.text
    assert f"/en/partners/{water.slug}" in page.links
    assert "/en/municipalities/aarhus/sheet.pdf" in client.page("/en/municipalities/aarhus").links

    for language, slug in (("da", "aeroe"), ("en", "koebenhavn")):
        client.page(f"/{language}/municipalities/{slug}/sheet")
        answer = client.get(f"/{language}/municipalities/{slug}/sheet.pdf")
        assert answer.content_type == "application/pdf"
        assert pages_of(answer.data) == 1
        assert f"/Lang ({language})".encode() in answer.data
        assert f"{slug}-" in answer.headers["Content-Disposition"]
        again = client.get(
            f"/{language}/municipalities/{slug}/sheet.pdf", headers={"If-None-Match": answer.headers["ETag"]}
        )
        assert again.status_code == 304
    for ending in ("", ".pdf"):
        assert client.get(f"/en/municipalities/atlantis/sheet{ending}").status_code == 404


def test_the_sheet_tells_what_is_private_to_nobody(client, make, register):
    make.project("Secret harbour", visibility="members", partners=[make.partner(municipality_id=register.places[0].id)])
    client.sign_in(make.account("Editor", roles=["editor"]))
    assert "Secret harbour" not in client.page("/en/municipalities/aarhus/sheet").text


@pytest.mark.sqlite_only
@pytest.mark.parametrize("language", ["da", "en"])
def test_the_fullest_municipality_fits_on_one_page(reference, language):
    body = reference.test_client().get(f"/{language}/municipalities/koebenhavn/sheet.pdf").data
    assert pages_of(body) == 1
    text = reference.test_client().page(f"/{language}/municipalities/koebenhavn/sheet").text
    assert len(re.findall(r"2023|2024|2026", text)) >= 10


def test_too_much_to_tell_makes_the_text_smaller_and_never_a_second_page():
    long = "Vedvarende energi, varmelagring og fleksibelt forbrug i hele kommunen og dens naboer " * 2
    stages = [
        StageLine(said(long), n % 5 or None, "Follow up", is_old=True, dated="2019", source=long) for n in range(9)
    ]
    figures = [FigureLine(said(f"{long} {n}"), "GJ", "", "12.345", 97, "2023", long) for n in range(12)]
    many = [Line(said(long), long, "x") for _ in range(300)]
    sheet = Sheet(long[:60], long, date(2026, 11, 28), 98, stages, figures, many, many, [], [long[:80]] * 5)
    sheet = replace(sheet, unknown=unknown_lines(stages[:3], figures[:3], has_projects=True))
    with speaking("da"):
        laid = paper.laid_out(sheet, "https://smart.example.org/da/municipalities/x", "da")
    assert laid.fits
    assert laid.scale < 1
    assert pages_of(bytes(laid.output())) == 1


def test_an_empty_register_still_makes_a_sheet():
    sheet = Sheet("Læsø", "", date(2026, 11, 28), 1, [], [], [], [], [], [])
    assert paper.laid_out(sheet, "https://smart.example.org", "en").fits
