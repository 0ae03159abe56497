"""A project in a real browser: from a partner that applies to the project's end; and written by two at once."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PASSWORD
from tests.journeys.sound import prove, prove_all
from tests.postbox import Letters
from tests.uploads import PDF

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.timeout(300)]

FOUNDER, COLLEAGUE, PARTNER = "newcomer@example.org", "joiner@example.org", "Fjord Laboratory"
DESK = (
    "",
    "/state",
    "/state/completed",
    "/edit",
    "/facts",
    "/places",
    "/plan",
    "/plan/milestones/new",
    "/updates",
    "/money",
    "/money/costs",
    "/money/shares",
    "/money/funding/new",
    "/results",
    "/results/new",
    "/barriers",
    "/partners",
    "/partners/invite",
    "/team",
    "/lessons",
    "/documents",
    "/documents/new",
    "/discussion",
    "/discussion/new",
    "/settings",
    "/history",
    "/transfer",
    "/delete",
)
WORKSPACE = (
    "/my",
    "/my/projects",
    "/my/projects?view=timeline",
    "/projects/new",
    "/projects/proposals",
    "/account/notices",
)


def begin(page: Page, title: str) -> str:
    """Begin a project from the demonstration's outline; its address."""
    page.goto(re.sub(r"/en/.*", "/en/projects/new", page.url))
    page.get_by_label("Title in English").fill(title)
    page.get_by_label("Demonstration", exact=True).check()
    page.get_by_role("button", name="Begin the project").click()
    expect(page.get_by_text("Your project is begun")).to_be_visible()
    return page.url.removesuffix("/edit")


def test_a_partner_is_approved_and_runs_a_project_to_its_end(
    site: str,
    visit: Callable[..., Page],
    people: Callable[..., str],
    sign_in: Callable[..., Page],
    letters: Letters,
) -> None:
    lead = _registers_and_proposes(visit, site, letters)
    _is_approved(sign_in(people("approving-curator@example.org", roles=("curator",)), "/en/staff"), site, letters)
    _invites_a_colleague(lead, visit, site, letters)
    second = people("second-admin@example.org", partner="aarhus-kommune", admin=True)
    desk = begin(lead, "Warm streets")
    _invites_a_partner(lead, desk)
    other = sign_in(second)
    _joins(other, site, letters.link(second))
    lead.goto(f"{desk}/settings")
    lead.get_by_label("Everybody", exact=True).check()
    lead.get_by_role("button", name="Save").first.click()
    expect(lead.get_by_text("Your changes are saved.")).to_be_visible()
    _writes(lead, desk)
    _runs_to_its_end(lead, desk)

    reader = visit(desk.removeprefix(site))
    expect(reader.get_by_role("main")).to_contain_text("Closed")
    expect(reader.get_by_role("main")).to_contain_text("A third less heat was lost")
    other.goto(f"{desk}/history")
    for what in ("Invitation accepted", "State changed", "Result added"):
        expect(other.get_by_role("heading", name=what).first).to_be_visible()
    prove_all(lead, [*(f"{desk.removeprefix(f'{site}/en')}{page}" for page in DESK), *WORKSPACE])


def _registers_and_proposes(visit: Callable[..., Page], site: str, letters: Letters) -> Page:
    page = visit("/en/account/sign-in")
    page.get_by_role("link", name="Create an account").click()
    page.get_by_label("Name").fill("Newcomer")
    page.get_by_label("E-mail").fill(FOUNDER)
    page.get_by_label("Password", exact=True).fill("password1234")
    page.get_by_role("button", name="Create the account").click()
    expect(page.get_by_role("alert")).to_contain_text("too easy to guess")
    prove(page, "with an error")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Show the password").click()
    expect(page.get_by_label("Password", exact=True)).to_have_attribute("type", "text")
    page.get_by_role("button", name="Create the account").click()
    expect(page.locator("h1")).to_have_text("Look in your mail")

    page.goto(site + letters.link(FOUNDER))
    prove(page, "verify")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Yes, it is mine").click()
    expect(page.get_by_role("status")).to_contain_text("verified")
    page.get_by_role("link", name="Propose a new partner").click()
    page.get_by_label("Name of the organisation").fill(PARTNER)
    page.get_by_label("Type").select_option(label="Company")
    page.get_by_label("CVR number").fill("12345678")
    page.get_by_role("button", name="Send the proposal").click()
    expect(page.get_by_role("alert")).to_contain_text("CVR number")
    page.get_by_label("CVR number").fill("10150817")
    page.get_by_role("button", name="Send the proposal").click()
    expect(page.get_by_role("main")).to_contain_text(PARTNER)
    prove(page, "your partners")
    return page


def _is_approved(staff: Page, site: str, letters: Letters) -> None:
    staff.get_by_role("link", name="Applications").click()
    staff.get_by_role("button", name=f"Approve {PARTNER}").click()
    expect(staff.get_by_role("status")).to_contain_text(f"{PARTNER} is in the directory now")
    assert letters.link(FOUNDER, about=PARTNER) == "/en/partners/fjord-laboratory"


def _invites_a_colleague(page: Page, visit: Callable[..., Page], site: str, letters: Letters) -> None:
    people_page = f"{site}/en/account/partners/fjord-laboratory/people"
    page.goto(people_page)
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("E-mail").fill(COLLEAGUE)
    page.get_by_label("Message").fill("Welcome aboard")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("main")).to_contain_text(COLLEAGUE)

    link = letters.link(COLLEAGUE)
    guest = visit(link)
    expect(guest.locator("h1")).to_contain_text("Invitation to act for")
    expect(guest.get_by_role("main")).to_contain_text("Welcome aboard")
    prove(guest, "invitation")
    guest.get_by_label("Name").fill("Joining colleague")
    guest.get_by_label("Password", exact=True).fill(PASSWORD)
    guest.get_by_role("button", name="Create the account and accept").click()
    expect(guest.get_by_role("status")).to_contain_text("You act for")
    assert "accepted" in letters.to(FOUNDER, about="accepted")[-1]["Subject"]

    page.reload()
    page.get_by_role("link", name="Change Joining colleague").click()
    page.get_by_label("Administers the partner").check()
    prove(page, "member")
    page.get_by_role("button", name="Save").click()
    guest.goto(people_page)
    expect(guest.get_by_role("link", name="Invite somebody")).to_be_visible()
    assert visit(link).locator("h1").inner_text() == "This link can no longer be used"


def _invites_a_partner(page: Page, desk: str) -> None:
    page.goto(f"{desk}/partners/invite")
    page.get_by_label("Partner", exact=True).select_option(label="City of Aarhus")
    page.get_by_label("What you want to say to them").fill("Join us.")
    page.get_by_role("button", name="Ask them").click()
    expect(page.get_by_text("They are asked")).to_be_visible()


def _joins(page: Page, site: str, link: str) -> None:
    page.goto(f"{site}{link}")
    expect(page.get_by_text("Join us.")).to_be_visible()
    prove(page, "asked into a project")
    page.get_by_role("button", name="Yes, we take part").click()
    page.get_by_role("link", name="Open the project").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Warm streets")


def _writes(page: Page, desk: str) -> None:
    """A document, a word in the discussion and a piece of news, for the pages to have something to show."""
    page.goto(f"{desk}/documents/new")
    page.get_by_label("File").set_input_files({"name": "Plan.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.get_by_role("button", name="Add the document").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Plan")
    page.goto(f"{desk}/discussion/new")
    page.get_by_label("What is it about?").fill("The plan")
    page.get_by_label("Your text").fill("Is it **ready**?")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The plan")
    page.goto(f"{desk}/updates/new")
    page.get_by_label("Title in English").fill("The first street is warm")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("main")).to_contain_text("The first street is warm")


def _runs_to_its_end(page: Page, desk: str) -> None:
    """From state to state by the page of the steps; what is missing for one is mended where its link leads."""
    page.goto(f"{desk}/state")
    _step(page, "Propose it", "proposed")
    _step(page, "Approve it", "approved")
    page.get_by_role("link", name="When it starts").first.click()
    page.get_by_label("Start").fill("2025")
    page.get_by_role("button", name="Save").click()
    page.goto(f"{desk}/state")
    _step(page, "Let it run", "running")
    page.get_by_label("At risk").check()
    page.get_by_label("Why, in a sentence, in English").fill("The pipes are late.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The pipes are late.").first).to_be_visible()
    page.get_by_role("link", name="When it ended").click()
    page.get_by_label("End").fill("10-2026")
    page.get_by_role("button", name="Save").click()
    page.goto(f"{desk}/state")
    _step(page, "Complete it", "completed")

    expect(page.get_by_role("link", name="Close it")).to_have_count(0)
    page.get_by_role("link", name="At least one result").click()
    page.get_by_role("link", name="Add a result").click()
    page.get_by_label("What came of it, in English").fill("A third less heat was lost")
    page.get_by_label("Before").fill("30")
    page.get_by_label("After").fill("20.5")
    page.get_by_role("button", name="Save").click()
    page.goto(f"{desk}/state")
    page.get_by_role("link", name="What it really cost").click()
    page.get_by_label("Actual cost", exact=True).fill("1200000")
    page.get_by_role("button", name="Save").click()
    page.goto(f"{desk}/state")
    page.get_by_role("link", name="What did not work").click()
    page.get_by_label("What did not work, in English").fill("Digging in winter.")
    page.get_by_label("What others need to copy it, in English").fill("A warm autumn.")
    page.get_by_role("button", name="Save").click()
    page.goto(f"{desk}/state")
    _step(page, "Close it", "closed")


def _step(page: Page, name: str, state: str) -> None:
    page.get_by_role("link", name=name).click()
    page.get_by_role("button", name=name).click()
    expect(page.get_by_text(f"The project is now: {state}.")).to_be_visible()


def test_two_browsers_write_one_project_at_once(people: Callable[..., str], sign_in: Callable[..., Page]) -> None:
    writer = people("project-writer@example.org", partner="dtu", admin=True)
    mine, theirs = sign_in(writer), sign_in(writer)
    desk = begin(mine, "Two writers")
    for page in (mine, theirs):
        page.goto(f"{desk}/edit")
    theirs.get_by_label("Summary in English").fill("Written by the other.")
    theirs.get_by_role("button", name="Save").click()
    expect(theirs.get_by_text("Your changes are saved.")).to_be_visible()

    mine.get_by_label("Summary in English").fill("Written by me.")
    mine.get_by_label("The challenge, in English").fill("Only mine.")
    mine.get_by_role("button", name="Save").click()
    expect(mine.get_by_role("heading", level=1)).to_have_text("Somebody else changed this meanwhile")
    expect(mine.get_by_text("Written by the other.").first).to_be_visible()
    prove(mine, "two texts")
    mine.get_by_label("Summary in English").last.fill("Written by both.")
    mine.get_by_role("button", name="Save what I chose").click()
    expect(mine.get_by_text("Your changes are saved.")).to_be_visible()
    summary: Any = mine.get_by_label("Summary in English")
    expect(summary).to_have_value("Written by both.")
    expect(mine.get_by_label("The challenge, in English")).to_have_value("Only mine.")
