"""Names that say the same are found, names that do not are left alone; tried on the directory that ships."""

from typing import Any

import pytest
from flask import Flask

from portal.core.db import db
from portal.core.permissions import Role
from portal.partners.models import DistinctPartners
from portal.staff.merging import queries
from portal.staff.merging.duplicates import Known, suggestions
from tests.make import Make


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Danfoss", "Danfoss A/S"),
        ("Rambøll Danmark A/S", "Ramboll"),
        ("Århus Kommune", "Aarhus Municipality"),
        ("Kommune Odense", "Odense Kommune"),
        ("Københavns Kommune", "København Kommune"),
        ("Gate 21", "Gate 21 ApS"),
        ("Gate 21", "Gate21"),
        ("Københavns Kommune", "Københavns Komune"),
        ("Danmarks Tekniske Universitet", "Danmarks Teknisk Univeristet (DTU)"),
        ("KL - Kommunernes Landsforening", "Kommunernes Landsforening"),
    ],
)
def test_names_that_say_the_same_are_suggested(one: str, other: str) -> None:
    assert suggestions([Known(1, (one,)), Known(2, (other,))])


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Aarhus Kommune", "Aarhus Universitet"),
        ("Aarhus Kommune", "Odense Kommune"),
        ("Københavns Universitet", "IT-Universitetet i København"),
        ("Energy Cluster Denmark", "Smart City Cluster Denmark"),
        ("Region Midtjylland", "GovTech Midtjylland"),
        ("Kommune", "Kommune"),
        ("AAU", "AU"),
        ("Lejre Kommune", "Vejle Kommune"),
        ("Aarhus Kommune", "Aarhus Kommune, Teknik og Miljø"),
    ],
)
def test_names_that_only_share_words_are_not(one: str, other: str) -> None:
    assert suggestions([Known(1, (one,)), Known(2, (other,))]) == []


@pytest.mark.sqlite_only
def test_one_name_in_two_countries_is_two_organisations() -> None:
    assert suggestions([Known(1, ("Gate 21",), "DK"), Known(2, ("Gate 21",), "SE")]) == []


def test_the_directory_that_ships_is_suspected_of_next_to_nothing(reference: Flask) -> None:
    with reference.app_context():
        assert len(queries.suggested()) <= 2
        for spelled, slug in (("Københavns Komune", "koebenhavn-kommune"), ("AAU", "aau"), ("HOFOR A/S", "hofor")):
            found = queries.like(spelled, "DK", "")
            assert [one.slug for one in queries.by_ids([pair.other for pair in found]).values()] == [slug], spelled


def test_a_curator_tells_two_apart_and_is_not_asked_again(app: Flask, client: Any, make: Make) -> None:
    make.partner("Danfoss"), make.partner("Danfoss A/S")
    client.sign_in(make.account(roles=[Role.CURATOR]))
    assert "1" in client.page("/en/staff").text
    client.submit("/en/staff/merge/duplicates", "/en/staff/merge/apart/danfoss/danfoss-a-s")
    assert "No two partners look alike." in client.page("/en/staff/merge/duplicates").text
    with app.app_context():
        assert len(db.session.query(DistinctPartners).all()) == 1
