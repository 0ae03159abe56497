"""A curator imports a workbook in a real browser: sees the differences, writes them, undoes them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.sound import prove
from tests.staff.test_imports import workbook

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.timeout(300)]


def test_a_curator_imports_a_workbook_and_undoes_it(
    people: Callable[..., str], sign_in: Callable[..., Page], tmp_path: Path
) -> None:
    file = tmp_path / "partners.xlsx"
    file.write_bytes(
        workbook(
            ["Navn", "Type", "Land", "Hjemmeside"],
            ["Fjordby Varme", "virksomhed", "Danmark", "www.fjordby-varme.example"],
            ["Danmarks Tekniske Universitet", "universitet", "Danmark", "https://www.dtu.dk/new"],
        )
    )
    page = sign_in(people("importing-curator@example.org", roles=("curator",)), "/en/staff/imports")
    prove(page)
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Upload and name the columns").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Name the columns")
    expect(page.get_by_label("Hjemmeside")).to_have_value("website")
    prove(page)
    page.get_by_role("button", name="Compare with the directory").click()
    expect(page.get_by_role("link", name="New (1)")).to_be_visible()
    prove(page)
    page.get_by_role("link", name="Changed (1)").click()
    expect(page.get_by_text("https://www.dtu.dk/new")).to_be_visible()
    prove(page)
    page.get_by_role("button", name="Write the chosen rows").click()
    expect(page.get_by_text("Written: 2")).to_be_visible()
    prove(page)
    page.get_by_role("link", name="See what undoing would do").click()
    expect(page.locator("h1")).to_have_text("What undoing would do")
    prove(page)
    page.get_by_role("button", name="Undo the whole import").click()
    expect(page.locator("h1")).not_to_have_text("What undoing would do")
    expect(page.get_by_text("Removed again: 1")).to_be_visible()
    expect(page.get_by_text("Set back: 1")).to_be_visible()
