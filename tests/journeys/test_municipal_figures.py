"""In a real browser: a curator takes a newer file of figures in and back again, and a council's sheet is printed."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.sound import prove

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.timeout(300)]

FILE = "kommunekode;indicator_id;værdi;periode\n0630;co2e_per_capita;9,87;2023\n0630;waste_kg;12 %;2023\n"


def test_a_newer_file_changes_a_public_figure_and_is_undone(
    people: Callable[..., str], sign_in: Callable[..., Page], visit: Callable[..., Page], tmp_path: Path
) -> None:
    file = tmp_path / "figures.csv"
    file.write_bytes(FILE.encode("cp1252"))
    page = sign_in(people("figures-curator@example.org", roles=("curator",)), "/en/staff/imports")
    page.get_by_role("navigation", name="What is imported").get_by_role("link", name="Figures").click()
    prove(page)
    page.set_viewport_size({"width": 768, "height": 900})
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Upload and name the columns").click()
    expect(page.get_by_label("værdi")).to_have_value("value")
    prove(page)
    page.set_viewport_size({"width": 390, "height": 900})
    page.get_by_role("button", name="Compare with the figures there are").click()
    expect(page.get_by_text("9.87")).to_be_visible()
    prove(page)
    page.get_by_role("link", name="Cannot be taken (1)").click()
    expect(page.get_by_text("is in per cent, but the indicator is in kg/inhabitant")).to_be_visible()
    page.get_by_role("link", name="Changed (1)").click()
    page.get_by_role("button", name="Write the chosen rows").click()
    expect(page.get_by_text("Written: 1")).to_be_visible()

    reader = visit("/en/municipalities/vejle")
    expect(reader.get_by_text("9.87", exact=True).first).to_be_visible()
    expect(reader.get_by_text("Corrected by the source on")).to_be_visible()
    page.get_by_role("link", name="See what undoing would do").click()
    page.get_by_role("button", name="Undo the whole import").click()
    expect(page.get_by_text("Set back: 1")).to_be_visible()
    reader.reload()
    expect(reader.get_by_text("9.87", exact=True)).to_have_count(0)


def test_the_fullest_council_sheet_prints_on_one_page(visit: Callable[..., Page]) -> None:
    for language, width, dark in (("da", 390, True), ("en", 1440, False)):
        prove(visit(f"/{language}/municipalities/data", width, dark=dark), f"{width} px")
        page = visit(f"/{language}/municipalities/koebenhavn/sheet", width, dark=dark)
        prove(page, f"{width} px")
        printed = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type /Page\b", printed)) == 1
