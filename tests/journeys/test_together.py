"""Two people of a project: one uploads a document and names the other, who gets a mail and follows its link."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.sound import prove
from tests.postbox import Letters
from tests.uploads import PDF

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

PROJECT = "/en/projects/cities"


def test_a_document_a_mention_and_the_mail_about_it(
    people: Callable[..., str], sign_in: Callable[..., Page], letters: Letters, tmp_path: Path
) -> None:
    writer = people("discussing-writer@example.org", "Writing Officer", partner="dtu", admin=True)
    colleague = people("colleague@example.org", "Sønder Ærlig", partner="dtu")
    reader = sign_in(colleague, "/en/account/settings", width=390)
    reader.get_by_label("At once").check()
    reader.get_by_role("button", name="Save").click()
    expect(reader.get_by_text("Your changes are saved")).to_be_visible()

    plan = tmp_path / "Plan for 2027.pdf"
    plan.write_bytes(PDF)
    page = sign_in(writer, f"{PROJECT}/documents")
    prove(page)
    page.get_by_role("link", name="Add a document").click()
    page.get_by_label("File").set_input_files(plan)
    page.get_by_label("Those who take part").check()
    prove(page)
    page.get_by_role("button", name="Add the document").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Plan for 2027")
    prove(page)
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Fetch the newest version").click()
    assert fetched.value.suggested_filename == "Plan for 2027.pdf"
    assert Path(fetched.value.path()).read_bytes() == PDF

    page.get_by_role("link", name="Discussion").click()
    prove(page)
    page.get_by_role("link", name="Start a discussion").click()
    page.get_by_label("What is it about?").fill("The plan")
    page.get_by_label("Your text").press_sequentially("Please read it, @søn")
    expect(page.get_by_role("option", name="Sønder Ærlig")).to_be_visible()
    prove(page)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your text")).to_have_value("Please read it, @Sønder Ærlig ")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The plan")
    prove(page)

    [letter] = letters.to(colleague, about="mentioned you in “The plan”")
    reader.goto(re.findall(r"https?://\S+", letter.get_content())[0])
    expect(reader.get_by_role("heading", level=1)).to_have_text("The plan")
    prove(reader)
    reader.goto(reader.url.partition("/projects")[0] + "/account/notices")
    expect(reader.get_by_text("Writing Officer mentioned you in “The plan”")).to_be_visible()
    prove(reader)
