"""A project is planned with the keyboard alone, and its news is seen as readers will see it while it is written."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.sound import prove, prove_all

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.timeout(300)]

MOST_TABS = 120
FOCUSED = """() => {
  const one = document.activeElement;
  const label = one.labels && one.labels.length ? one.labels[0].textContent : "";
  return (label || one.textContent || "").trim().replace(/\\s+/g, " ");
}"""


def reach(page: Page, name: str) -> None:
    """Press Tab until the control with this name has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) == name:
            return
    pytest.fail(f"the keyboard does not reach {name!r} on {page.url}")


def press(page: Page, name: str, at: str) -> str:
    """Reach a link or button by keyboard and press it; return the end of the next address from `at` on."""
    reach(page, name)
    page.keyboard.press("Enter")
    return arrived(page, at)


def arrived(page: Page, at: str) -> str:
    """Wait for an address with `at` in it and return it from there on: numbers depend on what other stories made."""
    page.wait_for_url(f"**{at}**")
    return at + page.url.partition(at)[2]


@pytest.fixture(scope="module")
def planner(people: Callable[..., str]) -> str:
    return people("planner@example.org", partner="dtu", admin=True)


def test_a_plan_is_made_with_the_keyboard_alone(sign_in: Callable[..., Page], planner: str) -> None:
    plan = "/en/projects/e2flex/plan"
    page = sign_in(planner, plan)
    packages = []
    for number, title in ((1, "Measure"), (2, "Mend")):
        press(page, "Add a work package", "/work-packages/new")
        reach(page, "Title in English")
        page.keyboard.type(title)
        reach(page, "Begins on")
        reach(page, "Progress in per cent")
        page.keyboard.type(str(number * 10))
        page.keyboard.press("Enter")
        packages.append(arrived(page, "#work-package-"))
    names = page.locator("#work-packages ~ .parts h3")
    expect(names).to_contain_text(["1 Measure", "2 Mend"])
    # The browser goes on from the part that was acted on: its own buttons come next.
    press(page, "Move up 2 Mend", packages[1])
    expect(names).to_contain_text(["2 Mend", "1 Measure"])
    press(page, "Add a milestone", "/milestones/new")
    reach(page, "Title in English")
    page.keyboard.type("First house")
    page.keyboard.press("Enter")
    milestone = arrived(page, "#milestone-")
    press(page, "Reached today First house", milestone)
    expect(page.get_by_text("Reached", exact=False).first).to_be_visible()
    expect(page.get_by_text("15 %").first).to_be_visible()
    package_id, milestone_id = packages[0].rpartition("-")[2], milestone.rpartition("-")[2]
    edits = f"/work-packages/{package_id}/edit", f"/milestones/{milestone_id}/delete"
    prove_all(page, [f"/projects/e2flex/plan{path}" for path in ("", *edits)] + ["/projects/e2flex"])


def test_news_is_previewed_while_it_is_written_and_without_scripts_by_a_button(
    sign_in: Callable[..., Page], planner: str
) -> None:
    updates = "/en/projects/e2flex/updates"
    page = sign_in(planner, f"{updates}/new")
    page.get_by_label("Text in English").fill("It is **warm**. <script>alert(1)</script>")
    preview = page.get_by_role("region", name="Preview in English")
    expect(preview.locator("strong")).to_have_text("warm")
    expect(preview.locator("script")).to_have_count(0)
    expect(page.get_by_role("button", name="Preview")).to_have_count(0)
    prove(page, "with a preview")
    plain: Any = sign_in(planner, f"{updates}/new", scripts=False)
    plain.get_by_label("Text in English").fill("It is **warm**.")
    plain.get_by_role("button", name="Preview").click()
    assert "<strong>warm</strong>" in plain.content()
    assert "It is **warm**." in plain.get_by_label("Text in English").input_value()
    plain.get_by_label("Title in English").fill("First house")
    plain.get_by_role("button", name="Publish").click()
    plain.wait_for_url(f"**{updates}#update-*")
    prove_all(page, [f"/projects/e2flex/updates/{plain.url.rpartition('-')[2]}"])
