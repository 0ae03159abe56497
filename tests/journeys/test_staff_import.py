"""A curator imports a workbook in a real browser: sees the differences, writes them, undoes them."""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portal import create_app
from portal.core.permissions import Role
from tests.journeys.conftest import Running
from tests.journeys.sound import prove
from tests.make import Make
from tests.page import LintingClient
from tests.staff.test_imports import workbook

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.timeout(300)]


@pytest.fixture
def staff(running_site: Running, visit: Callable[..., Page]) -> Callable[..., Page]:
    """A browser of somebody with a role, second factor given: how that is done has a journey of its own."""

    def enter(role: str, path: str, **look: Any) -> Page:
        app = create_app({k: v for k, v in running_site.environment.items() if k.startswith("PORTAL_")})
        app.test_client_class = LintingClient
        client: Any = app.test_client()
        client.sign_in(Make(app).account(f"{role} {secrets.token_hex(4)}", roles=[Role(role)]))
        page = visit("/en/about", **look)
        cookie = {"name": "session", "value": client.get_cookie("session").value, "url": running_site.address}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        page.goto(f"{running_site.address}{path}")
        return page

    return enter


def test_a_curator_imports_a_workbook_and_undoes_it(staff: Callable[..., Page], tmp_path: Path) -> None:
    file = tmp_path / "partners.xlsx"
    file.write_bytes(
        workbook(
            ["Navn", "Type", "Land", "Hjemmeside"],
            ["Fjordby Varme", "virksomhed", "Danmark", "www.fjordby-varme.example"],
            ["Danmarks Tekniske Universitet", "universitet", "Danmark", "https://www.dtu.dk/new"],
        )
    )
    page = staff("curator", "/en/staff/imports")
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
    page.get_by_role("button", name="Undo the whole import").click()
    expect(page.get_by_text("Removed again: 1")).to_be_visible()
    expect(page.get_by_text("Set back: 1")).to_be_visible()
