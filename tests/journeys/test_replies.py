"""Staff send a municipality its stages; it confirms and disputes them by the link in the mail, and readers see it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.sound import fits, prove, prove_all
from tests.postbox import Letters

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.timeout(300)]

MUNICIPALITY = "climate@randers.example.org"
CURATOR = "stages@example.org"


def test_a_municipality_has_its_say(
    people: Callable[..., str], sign_in: Callable[..., Page], visit: Callable[..., Page], letters: Letters
) -> None:
    people(CURATOR, roles=("curator",))
    desk = sign_in(CURATOR, "/en/staff/assessments")
    desk.get_by_label("Municipality").select_option("randers")
    desk.get_by_role("button", name="Show", exact=True).click()
    desk.get_by_role("link", name="Randers").first.click()
    desk.get_by_role("link", name="Send to the municipality").click()
    desk.get_by_label("E-mail").fill(MUNICIPALITY)
    desk.get_by_role("button", name="Send", exact=True).click()
    expect(desk.locator(".notice--success")).to_contain_text(MUNICIPALITY)
    expect(desk.locator("main")).to_contain_text("To be answered before")

    link = letters.link(MUNICIPALITY)
    assert link.startswith("/da/municipalities/reply/")
    reply = visit(link.replace("/da/", "/en/"), width=390, dark=True)
    climate = reply.locator(".reply", has_text="Energy and climate")
    expect(climate.get_by_label("What is not right?")).to_be_hidden()
    climate.get_by_label("No, we disagree").check()
    prove(reply, "390 px, dark")
    fits(reply, 768)
    fits(reply, 1440)
    reply.locator(".reply", has_text="Collaboration").get_by_label("Yes, it is right").check()
    reply.get_by_label("Your name and title").fill("Head of climate")
    reply.get_by_role("button", name="Send the answers").click()
    summary = reply.get_by_role("alert")
    expect(summary).to_contain_text("Write what is not right about Energy and climate.")
    climate.get_by_label("What is not right?").fill("The plan was adopted in 2023 and is being carried out.")
    climate.get_by_label("Where you see yourselves").select_option("2")
    climate.get_by_label("Where it can be checked").fill("https://www.randers.dk/klima")
    reply.get_by_role("button", name="Send the answers").click()
    expect(reply.locator(".notice--success")).to_contain_text("Your 2 answers are noted.")

    # Everybody reads the dispute beside the stage; what is left to answer still waits behind the link.
    public = visit("/en/municipalities/randers")
    stages = public.locator("#stages")
    expect(stages).to_contain_text("The plan was adopted in 2023 and is being carried out.")
    expect(stages).to_contain_text("The editors have not answered yet.")
    expect(stages).to_contain_text("Confirmed by the municipality")
    expect(reply.locator("form.form .reply")).to_have_count(1)

    desk.goto(desk.url.split("/en/")[0] + "/en/staff/assessments?what=disputed")
    desk.get_by_role("link", name="Disputed and not answered").click()
    desk.get_by_role("link", name="Answer the dispute").click()
    desk.get_by_label("Answer in English").fill("We ask for the follow-up of 2025 before we judge anew.")
    desk.get_by_role("button", name="Keep the stage and publish the answer").click()
    public.reload()
    expect(stages).to_contain_text("We ask for the follow-up of 2025 before we judge anew.")
    rooms = ("/staff/assessments/randers", "/staff/assessments/randers/mobility/new", "/staff/framework/2026-1")
    prove_all(desk, ("/staff/assessments", *rooms, "/municipalities/method/2026-1"))
