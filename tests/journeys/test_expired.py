"""The session ends while somebody writes: they sign in again, and every word is still there to be saved."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import give_password
from tests.journeys.sound import prove

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

NEWS = "/en/projects/cities/updates"
TYPED = {
    "Title in Danish": "Måneders arbejde på én gang",
    "Title in English": "Months of work at once",
    "Text in Danish": "\n\n".join(
        f'{number}. måned: "Ærø & Ølgod" målte <varme> – 5 °C mere.' for number in range(1, 60)
    ),
    "Text in English": "\n\n".join(
        f"Month {number}: 'Ærø & Ølgod' measured <heat> + 5 % more." for number in range(1, 60)
    ),
    "Date": "2026-10-02",
}


def test_a_long_text_outlives_the_session_that_it_was_written_in(
    people: Callable[..., str], sign_in: Callable[..., Page]
) -> None:
    writer = people("patient-writer@example.org", "Patient Writer", partner="dtu", admin=True)
    page = sign_in(writer, f"{NEWS}/new")
    for name, text in TYPED.items():
        page.get_by_label(name).fill(text)
    page.get_by_label("Those who take part").check()

    elsewhere = sign_in(writer, "/en/account/settings/devices", width=390)
    elsewhere.get_by_role("button", name="Sign out all other devices").click()
    expect(elsewhere.get_by_text("All your other devices are signed out.")).to_be_visible()

    page.get_by_role("button", name="Publish").click()
    page.wait_for_url("**/account/sign-in?**")
    prove(page)
    give_password(page, writer)
    page.wait_for_url(f"**{NEWS}/new?kept=*")
    expect(page.get_by_text("Your text is still here")).to_be_visible()
    for name, text in TYPED.items():
        expect(page.get_by_label(name)).to_have_value(text)
    expect(page.get_by_label("Those who take part")).to_be_checked()
    prove(page)

    page.get_by_role("button", name="Publish").click()
    page.wait_for_url(f"**{NEWS}#update-*")
    page.goto(f"{page.url.partition('#')[0]}/{page.url.rpartition('-')[2]}")
    expect(page.get_by_role("heading", name=TYPED["Title in English"], level=1)).to_be_visible()
    expect(page.get_by_role("paragraph").filter(has_text="measured <heat> + 5 % more.")).to_have_count(59)
