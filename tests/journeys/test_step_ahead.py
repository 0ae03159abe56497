"""A mayor's adviser finds what the own municipality lacks, who like it has it, and whom to call."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.core.db import db
from portal.partners.models import Consent, ContactPoint, Partner
from portal.search.outbox import touch
from tests.files import load
from tests.journeys.sound import prove
from tests.make import THEN, Make
from tests.postbox import Letters, text_of

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.timeout(300)]

OPEN_LONG_ENOUGH = "new Promise(done => setTimeout(done, Math.max(0, 3200 - performance.now())))"
"""Nobody writes a question in less than three seconds."""
HORSENS, RANDERS = "open.data.horsens@example.org", "open.data.randers@example.org"
NEWER = """kommunekode,indicator_id,value,unit,period,source_url,via,note,retrieved
0615,digital_municipal_plan,yes,,2026-11,https://source.example.org/plans,,,2026
0730,digital_municipal_plan,yes,,2026-11,https://source.example.org/plans,,,2026
"""


@pytest.fixture
def _two_ahead(inside: Flask, tmp_path: Path) -> None:
    """Two municipalities like Vejle have opened data, as a newer list tells, and somebody there agreed to be called."""
    (tmp_path / "indicators.csv").write_text(NEWER, encoding="utf-8")
    assert load(inside, tmp_path).problems == []
    with Make(inside).writing():
        for slug, email in (("horsens-kommune", HORSENS), ("randers-kommune", RANDERS)):
            partner_id = db.session.scalars(select(Partner.id).where(Partner.slug == slug)).one()
            said = {"function_da": "Åbne data", "function_en": "Open data", "email": email, "consent": Consent.PUBLIC}
            db.session.add(ContactPoint(partner_id=partner_id, consent_given_at=THEN, **said))
            touch("partner", partner_id)


@pytest.mark.usefixtures("_two_ahead")
def test_two_ahead_of_vejle_in_data_and_whom_to_call_there(visit: Callable[..., Page], letters: Letters) -> None:
    for width, dark in ((390, True), (768, False), (1440, False)):
        page = visit("/da/", width=width, dark=dark)
        # Four clicks where the menu is folded, three elsewhere: menu, municipalities, Vejle on the map, whom to ask.
        if width < 1440:
            page.get_by_text("Menu", exact=True).click()
        page.get_by_role("navigation", name="Hovedmenu").get_by_role("link", name="Kommuner").click()
        page.get_by_role("link", name="Vejle: ").click()
        data = page.locator("#ahead-data")
        expect(data).to_contain_text("1 Plan, mindst")
        expect(data.locator(".ahead__place")).to_have_text(["Horsens", "Randers"])
        expect(data).to_contain_text("Udgiver sin kommuneplan som strukturerede data")
        if width == 768:  # it is looked at in the others by the test of accessibility
            prove(page, "768 px")
        data.get_by_role("link", name=re.compile("Spørg dem.*Åbne data, Horsens")).click()
        expect(page.locator("h1")).to_have_text("Spørg Åbne data")
        if width != 768:
            prove(page, f"{width} px")
    assert HORSENS not in page.content()
    page.get_by_label("Dit navn").fill("En rådgiver")
    page.get_by_label("Din e-mail").fill("adviser.of.vejle@example.org")
    page.get_by_label("Dit spørgsmål").fill("Hvad gjorde I først?")
    page.evaluate(OPEN_LONG_ENOUGH)
    page.get_by_role("main").get_by_role("button", name="Send").click()
    expect(page.locator("h1")).to_have_text("Dit spørgsmål er på vej")
    letter = letters.to(HORSENS)[-1]
    assert letter["Reply-To"] == "adviser.of.vejle@example.org"
    assert "Hvad gjorde I først?" in text_of(letter)

    page = visit("/da/municipalities/vejle", width=768)
    page.get_by_role("link", name="Sammenlign med de tre nærmeste").click()
    expect(page.locator(".compare__name")).to_have_text(["Vejle", "Kolding", "Esbjerg", "Silkeborg"])
    page.get_by_label("Tilføj en kommune").select_option("Horsens")
    page.get_by_role("button", name="Tilføj").click()
    page.get_by_role("link", name=re.compile("Fjern.*Esbjerg")).click()
    expect(page.locator(".compare__name")).to_have_text(["Vejle", "Kolding", "Silkeborg", "Horsens"])
    page.set_viewport_size({"width": 390, "height": 900})
    prove(page, "390 px")
    page = visit("/da/municipalities/vejle/peers", width=390, dark=True)
    page.get_by_label("Areal, km²").select_option("tæller ikke")
    page.get_by_role("button", name="Find dem, der ligner mest").click()
    expect(page).to_have_url(re.compile("area=0"))
    prove(page, "390 px")
