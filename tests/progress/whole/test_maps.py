"""Stages on the map of all municipalities: as they stood, in words, in colours and as a table."""

import csv
import io
from datetime import UTC, date, datetime

import time_machine

from portal.core.db import db, transaction
from portal.core.generations import bump
from portal.progress.models import Dimension, Framework, StageMeaning

DATA = "/en/municipalities?indicator=stage-data"


def at(year: int, month: int = 3, day: int = 1) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


def tiles(page):
    """Municipality → (what its tile looks like, what it says)."""
    found = [one for one in page.all("a") if "tile" in (one.get("class") or "").split()]
    return {one.get("href").rsplit("/", 1)[1]: (one.get("class"), "".join(one.itertext())) for one in found}


def table(client, address):
    return list(csv.DictReader(io.StringIO(client.get(address).data.decode("utf-8-sig"))))


def test_the_map_shows_the_stages_as_they_stood(client, places, dimensions, judge):
    ballerup, vejle, _aarhus = places
    judge(ballerup, dimensions.data, 1, at(2026, 12), is_least=True, until=date(2027, 6, 1))
    judge(vejle, dimensions.data, 0, at(2026, 12))
    judge(vejle, dimensions.data, 3, at(2027))
    with time_machine.travel(at(2028), tick=False):
        page = client.page(DATA)
        now = tiles(page)
        assert now["ballerup"] == ("tile tile--1 tile--old", "Bal1Ballerup: Plan, at least, out of date")
        assert now["vejle"] == ("tile tile--3", "Vej3Vejle: Follow up")
        assert now["aarhus"] == ("tile tile--unknown", "AarAarhus: not reported")
        assert "The stage is known of 2 of the 3 municipalities: Plan in 1, Follow up in 1." in page.text
        assert "Of these, 1 rests on something out of date. For 1 municipality it is not reported." in page.text
        assert "hatched: out of date" in page.text
        assert [link for link in page.links if "period=2026" in link]

        # At the end of 2026 the later judgement was not known, and nothing was out of date yet.
        then = tiles(client.page(f"{DATA}&period=2026"))
        assert then["ballerup"] == ("tile tile--1", "Bal1Ballerup: Plan, at least")
        assert then["vejle"] == ("tile tile--0", "Vej0Vejle: No activity")
        assert "hatched" not in client.page(f"{DATA}&period=2026").text
        unknown = client.page(f"{DATA}&period=1066")
        assert "We have no figures for 1066; the map shows today." in unknown.text

        rows = {row["Municipality"]: row for row in table(client, DATA.replace("?", ".csv?"))}
        asked = ("Data (Stage (0–4))", "Stage", "At least", "Out of date", "Period")
        assert [rows["Ballerup"][name] for name in asked] == ["1", "Plan", "Yes", "Yes", "2028-03-01"]
        assert [rows["Aarhus"][name] for name in asked] == ["", "not reported", "", "", "2028-03-01"]
        old = table(client, DATA.replace("?", ".csv?") + "&period=2026&sort=value-desc")
        assert [(row["Municipality"], row[asked[0]]) for row in old] == [
            ("Ballerup", "1"),
            ("Vejle", "0"),
            ("Aarhus", ""),
        ]
        smalls = client.page("/da/municipalities/figures")
        assert "/da/municipalities?indicator=stage-mobility" in smalls.links
        assert [one.get("d") for one in smalls.tree.iter() if one.get("class") == "small__old"] == ["M10 9l9-9"]


def test_a_new_version_begins_with_nothing_known_and_leaves_the_years_before_it(
    client, make, places, dimensions, judge
):
    judge(places[0], dimensions.data, 2, at(2026, 12))
    with make.writing():
        later = Framework(version="2027-1", valid_from=date(2027, 6, 1))
        db.session.add(later)
        db.session.flush()
        stages = [StageMeaning(stage=one, meaning_en="E", meaning_da="D") for one in range(5)]
        texts = {"name_en": "Open data", "name_da": "Åbne data", "asks_en": "?", "asks_da": "?"}
        db.session.add(Dimension(framework_id=later.id, slug="data", position=0, stages=stages, **texts))
        bump("assessment")
    with time_machine.travel(at(2027, 7), tick=False):
        assert "is known of none of the 3 municipalities" in client.page(DATA).text
        assert tiles(client.page(f"{DATA}&period=2026"))["ballerup"][0] == "tile tile--2"


def test_an_unknown_dimension_shows_another_measure_and_says_so(client, places, dimensions):
    page = client.page("/en/municipalities?indicator=stage-happiness")
    assert "We do not know the indicator stage-happiness" in page.text
    assert client.page("/da/municipalities?indicator=stage-data").text.count("Ingen aktivitet") == 1


def test_the_page_of_all_98_asks_little_of_the_database_even_just_after_a_change(reference, count_queries):
    client = reference.test_client()
    for measure in ("stage-energy-climate", "co2e_per_capita", "dk2020", "population", "projects"):
        with reference.app_context(), transaction():
            bump("article")
        with count_queries() as seen:
            page = client.page(f"/da/municipalities?indicator={measure}")
        assert len(seen) <= 8, "\n".join(seen)
        assert len(page.html.encode()) < 100_000
