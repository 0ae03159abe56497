"""An article is written with the keyboard alone: names in its text are linked, a picture is added, and the form says
what may be better."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys.sound import prove
from tests.journeys.test_plan import arrived, press, reach

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.timeout(300)]

TEXT = "# The plan\n\nDTU's heat pumps warm 400 homes near Ørsted, more [here](https://example.org/plan)."


def test_an_article_is_written_linked_and_given_a_picture(
    people: Callable[..., str], sign_in: Callable[..., Page], tmp_path: Path
) -> None:
    writer = people("writer@example.org", roles=("editor",))
    page = sign_in(writer, "/en/staff/news/new")
    for name, text in (
        ("Title in English", "Heat by keyboard"),
        ("Standfirst in English", "Warm."),
        ("Text in English", TEXT),
    ):
        reach(page, name)
        page.keyboard.type(text)
    # What may be better is said while it is written.
    expect(page.get_by_text("The link “here” does not say where it leads.")).to_be_visible()
    expect(page.get_by_text("The standfirst is very short.")).to_be_visible()
    expect(page.get_by_text("Nothing is written in Danish yet.")).to_be_visible()
    # A partner by part of its name …
    reach(page, "Partners it names: Search by name")
    page.keyboard.type("energin")
    expect(page.get_by_role("option", name="Energinet State body")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    picked = page.get_by_role("group", name="Partners it names").locator(".picker__one")
    expect(picked).to_contain_text(["Energinet"])
    # … and those that the text names, with one key each.
    reach(page, "Add + Technical University of Denmark Partner · “DTU's”")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(picked).to_have_count(3)
    expect(page.get_by_text("Nothing that is not linked already.")).to_be_visible()
    prove(page, "the form while it is written")
    press(page, "Save", "/edit")
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    expect(picked).to_have_count(3)

    press(page, "Add a picture", "/pictures")
    file = tmp_path / "tower.png"
    Image.new("RGB", (1800, 900), "teal").save(file)
    with page.expect_file_chooser() as chosen:
        # Reached in here: a key overtakes the request to hand the chooser over, unless the page has answered since.
        reach(page, "Picture")
        page.keyboard.press("Enter")
    chosen.value.set_files(file)
    for name, text in (("What it shows, in Danish", "Et tårn"), ("What it shows, in English", "A tower")):
        reach(page, name)
        page.keyboard.type(text)
    reach(page, "The point that matters 50 %, 50 %")
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowUp"):
        page.keyboard.press(key)
    expect(page.get_by_label("From the left, in per cent")).to_have_value("56")
    expect(page.get_by_label("From the top, in per cent")).to_have_value("48")
    reach(page, "Add the picture")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The picture is added.")).to_be_visible()
    expect(page.locator(".picture-list img")).to_have_js_property("complete", value=True)
    assert page.locator(".picture-list img").evaluate("one => one.naturalWidth") > 0
    prove(page, "the pictures of an article")
    press(page, "Change A tower", "/pictures/")
    prove(page, "one picture")
    expect(page.get_by_label("From the left, in per cent")).to_have_value("56")
    page.go_back()
    press(page, "Back to the text", "/edit")
    expect(page.get_by_role("link", name="1 picture")).to_be_visible()
    arrived(page, "/edit")
