"""Two to six municipalities side by side."""

import csv
import io

import pytest

from portal.core.db import db
from portal.municipalities.comparing import choice
from portal.municipalities.comparing.queries import shared_period
from portal.municipalities.models import Observation
from portal.partners.models import PartnerType

HERE = "/en/municipalities/compare"
KNOWN = dict.fromkeys("abcdefgh", "")


@pytest.mark.parametrize(
    ("asked", "chosen", "unknown", "twice", "too_many"),
    [
        ("", "", "", "", ""),
        ("a", "a", "", "", ""),
        ("ba", "ba", "", "", ""),
        ("aba", "ab", "", "a", ""),
        ("axbx", "ab", "x", "", ""),
        ("abcdefgh", "abcdef", "", "", "gh"),
    ],
)
def test_an_address_is_read_for_what_it_names(asked, chosen, unknown, twice, too_many):
    found = choice.read([*asked, " "], KNOWN)
    lists = (found.chosen, found.unknown, found.twice, found.too_many)
    assert lists == (list(chosen), list(unknown), list(twice), list(too_many))
    assert (found.is_enough, found.is_full) == (len(chosen) >= 2, len(chosen) == 6)


def test_the_same_period_where_most_are_known_in_it():
    known = {(1, "2022"): 1, (2, "2022"): 1, (1, "2023"): 1}
    assert shared_period(known) == "2022"
    assert shared_period({**known, (2, "2023"): 1}) == "2023"
    assert shared_period({}) == ""


def test_figures_stand_side_by_side_with_period_and_source(client, make, register):
    aarhus, ballerup = register.places[:2]
    own = make.partner("Aarhus Kommune", type=PartnerType.MUNICIPALITY, municipality_id=aarhus.id)
    other = make.partner("Ballerup Kommune", type=PartnerType.MUNICIPALITY, municipality_id=ballerup.id)
    make.project("Tunnel", partners=[own, other])
    with make.writing():
        of = db.session.query(Observation).filter_by(municipality_id=aarhus.id).first()
        cars = {"municipality_id": ballerup.id, "indicator_id": of.indicator_id + 1, "period": "2021", "number": 7}
        db.session.add(Observation(**cars))
        db.session.add(Observation(**{**cars, "municipality_id": aarhus.id, "period": "2023", "number": 8}))
    page = client.page(f"{HERE}?m=aarhus&m=ballerup&m=aeroe")
    assert "In more than one of them: Tunnel" in page.text
    assert "Most like Aarhus" in page.text
    for said in ("300", "Region Vest", "Western Region", "not reported", "none known", "2021"):
        assert (said in page.text) is (said != "Region Vest"), said
    assert "4,567" not in page.text

    answer = client.get(f"{HERE}.csv?m=aarhus&m=ballerup&m=aeroe")
    rows = {row["What"]: row for row in csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))}
    emissions = rows["Emissions"]
    figures = [emissions[name] for name in ("Aarhus", "Ballerup", "Ærø", "Period")]
    assert figures == ["1.0000", "2.0000", "3.0000", "2023"]
    assert emissions["Source"] == "https://statistics.example/table"
    cars_of = rows["Electric cars"]
    assert (cars_of["Aarhus"], cars_of["Ballerup"], cars_of["Ærø"]) == ("8.0000", "7.0000", "")
    assert (cars_of["Period"], cars_of["Other periods"]) == ("2023", "Ballerup: 2021")
    assert rows["Climate plan"]["Aarhus"] == "Joined in round 1"
    assert (rows["Projects"]["Ballerup"], rows["Partners"]["Aarhus"]) == ("Tunnel", "Aarhus Kommune")
    assert client.get(f"{HERE}.xlsx?m=aarhus&m=ballerup").status_code == 200


def test_what_cannot_be_compared_is_said(client, make, register):
    assert "Choose the first municipality" in client.page(HERE).text
    one = client.page(f"{HERE}?m=aarhus")
    assert "Choose at least one more" in one.text
    assert f"{HERE}.csv" not in " ".join(one.links)
    assert client.get(f"{HERE}.csv?m=aarhus").location == f"{HERE}?m=aarhus"
    unknown = client.page(f"{HERE}?m=aarhus&m=atlantis&m=ballerup&m=aarhus")
    assert "We know no municipality called atlantis." in unknown.text
    assert "Named twice and shown once: Aarhus." in unknown.text
    for _ in range(4):
        make.municipality()
    slugs = [place.slug for place in register.places] + ["kommune-5", "kommune-6", "kommune-7"]
    many = client.page(f"{HERE}?" + "&".join(f"m={slug}" for slug in slugs))
    assert "At most 6 fit side by side. Left out: Kommune 7." in many.text
    assert "Take one off" in many.text
    assert client.get(f"{HERE}.pdf?m=aarhus&m=ballerup").status_code == 404


def test_six_cost_no_more_statements_than_two(client, make, register, count_queries):
    def cost(*slugs):
        address = f"{HERE}?" + "&".join(f"m={slug}" for slug in slugs)
        client.get(address)
        with count_queries() as seen:
            client.get(f"{address}&again=1")
        return len(seen)

    assert cost("aarhus", "ballerup") == cost("aarhus", "ballerup", "aeroe", "koebenhavn")
