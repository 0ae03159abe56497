"""What each file to take along holds, for whom: the columns and rows that its reader may see, and no more."""

from typing import Any

import pytest
from flask import Flask

from portal.core.db import db
from portal.core.permissions import Role
from portal.partners.models import Consent, ContactPoint, Partner, PartnerState
from portal.projects.models import Visibility
from tests.make import THEN, Make

PEOPLE = {
    "Anna": (Consent.PUBLIC, THEN, None),
    "Berit": (Consent.PARTNERS, THEN, None),
    "Carl": (Consent.STAFF, THEN, None),
    "Dora": (Consent.PUBLIC, None, None),
    "Erik": (Consent.PUBLIC, THEN, THEN),
}
"""Contact points of our partner: level of consent, given, withdrawn."""


@pytest.fixture
def ours(make: Make) -> Partner:
    partner = make.partner("Gate")
    with make.writing():
        for name, (level, given, withdrawn) in PEOPLE.items():
            db.session.add(
                ContactPoint(
                    partner_id=partner.id,
                    name=name,
                    email=f"{name.lower()}@example.org",
                    consent=level,
                    consent_given_at=given,
                    consent_withdrawn_at=withdrawn,
                )
            )
    return partner


@pytest.fixture
def readers(app: Flask, make: Make, ours: Partner) -> dict[str, Any]:
    """The letters of the matrix: visitor, member, admin, foreign admin, editor, curator, administrator."""
    accounts = {
        "M": make.account(editor_of=[ours]),
        "A": make.account("Our Admin", admin_of=[ours]),
        "F": make.account("Foreign", admin_of=[make.partner("Wall")]),
        "E": make.account(roles=[Role.EDITOR]),
        "C": make.account(roles=[Role.CURATOR]),
        "X": make.account(roles=[Role.ADMINISTRATOR]),
    }
    return {"V": app.test_client()} | {who: app.test_client().sign_in(one) for who, one in accounts.items()}


def _named(text: str) -> set[str]:
    """Whose name or address a file gives away."""
    return {name for name in PEOPLE if name in text or f"{name.lower()}@" in text}


def test_the_directory_gives_contacts_to_those_who_work_with_partners(readers: dict[str, Any], make: Make) -> None:
    make.partner("Hidden", state=PartnerState.SUGGESTED)
    texts = {who: reader.get("/en/partners.csv").get_data(as_text=True) for who, reader in readers.items()}
    assert {who: _named(text) for who, text in texts.items()} == {
        "V": set(),
        "M": {"Anna", "Berit"},
        "A": {"Anna", "Berit", "Carl"},
        "F": {"Anna", "Berit"},
        "E": {"Anna", "Berit", "Carl"},
        "C": {"Anna", "Berit", "Carl"},
        "X": {"Anna", "Berit"},
    }
    assert {who for who, text in texts.items() if "Hidden" in text} == {"E", "C", "X"}
    assert {who for who, text in texts.items() if "People to call" in text.splitlines()[0]} == set("MAFECX")
    assert readers["V"].get("/en/partners.csv").headers["Cache-Control"].startswith("public")
    assert readers["M"].get("/en/partners.csv").headers["Cache-Control"] == "no-store"


def test_the_staffs_directory_tells_consent_to_curators_alone(readers: dict[str, Any]) -> None:
    answers = {who: reader.get("/en/staff/partners.csv") for who, reader in readers.items()}
    assert {who: one.status_code for who, one in answers.items()} == {
        "V": 303, "M": 404, "A": 404, "F": 404, "E": 200, "C": 200, "X": 200,
    }  # fmt: skip
    texts = {who: answers[who].get_data(as_text=True) for who in "ECX"}
    assert {who: _named(text) for who, text in texts.items()} == {
        "E": set(),
        "C": {"Anna", "Berit", "Carl", "Dora"},
        "X": set(),
    }
    assert "Dora, dora@example.org: Has not answered" in texts["C"]
    assert "Carl, carl@example.org: " in texts["C"]
    assert "staff of the portal (2026-03-02)" in texts["C"]


def test_people_and_accounts_are_given_to_those_who_decide_about_them(readers: dict[str, Any]) -> None:
    for address, admitted in (
        ("/en/account/partners/gate/people.csv", "AC"),
        ("/en/account/partners/wall/people.csv", "FC"),
        ("/en/partners/gate/trace.csv", "AX"),
        ("/en/staff/accounts.csv", "X"),
        ("/en/staff/trail.csv", "X"),
    ):
        answers = {who: reader.get(address).status_code for who, reader in readers.items()}
        assert {who for who, status in answers.items() if status == 200} == set(admitted), address
        assert answers["V"] in (303, 404)
    assert "Our Admin" in readers["A"].get("/en/account/partners/gate/people.csv").get_data(as_text=True)
    assert "/en/account/partners/gate/people.csv" in readers["A"].page("/en/account/partners/gate/people").links


def test_lists_of_projects_hold_what_the_reader_may_see(readers: dict[str, Any], make: Make, ours: Partner) -> None:
    states = {"Open": Visibility.PUBLIC, "Shared": Visibility.PARTNERS, "Inside": Visibility.MEMBERS}
    for name, visibility in states.items():
        make.project(f"{name} project", visibility=visibility, partners=[ours])
    seen = {
        who: {name for name in states if f"{name} project" in text}
        for who, reader in readers.items()
        for text in [reader.get("/en/projects.csv").get_data(as_text=True)]
    }
    everything = set(states)
    assert seen == {
        "V": {"Open"},
        "M": everything,
        "A": everything,
        "F": {"Open", "Shared"},
        "E": everything,
        "C": everything,
        "X": {"Open"},
    }
