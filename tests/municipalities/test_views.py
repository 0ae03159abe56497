"""The map, the table and each municipality's page."""

import csv
import io
import re
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select

from portal.core.db import db
from portal.core.permissions import VISITOR
from portal.core.slugs import renamed
from portal.municipalities.models import Indicator, Observation, Population
from portal.municipalities.search import source
from portal.partners.models import ContactPoint, PartnerType

BEFORE = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)  # 23.30 in Copenhagen
AFTER = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)  # 00.30 on 1 January


def rows_of(page):
    """The table's rows as lists of texts."""
    table = page.all("tbody")[0]
    return [[re.sub(r"\s+", " ", "".join(cell.itertext())).strip() for cell in row] for row in table]


def names_of(page):
    return [row[0] for row in rows_of(page)]


def csv_of(client, address):
    text = client.get(address).get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_map_links_to_every_municipality_with_its_value(client, register, language):
    page = client.page(f"/{language}/municipalities")
    for place in register.places:
        assert f"/{language}/municipalities/{place.slug}" in page.links
    tiles = [tile for tile in page.all("a") if "tile" in (tile.get("class") or "").split()]
    assert len(tiles) == 4
    unknown = next(tile for tile in tiles if tile.get("href").endswith("/koebenhavn"))
    assert "tile--unknown" in unknown.get("class")


def test_the_sentence_reads_the_latest_period_and_counts_what_is_unknown(client, register):
    text = client.page("/en/municipalities").text
    assert "In half of the 3 municipalities it is 2 tonnes of CO₂e per inhabitant or less" in text
    assert "The lowest is 1, the highest 3." in text
    assert "For 1 municipality it is not reported." in text
    assert "4,567" not in text


def test_each_period_that_there_is_can_be_chosen(client, register):
    latest = client.page("/en/municipalities?indicator=co2e_per_capita&sort=value-desc")
    assert [link for link in latest.links if "period=2019" in link]
    older = client.page("/en/municipalities?indicator=co2e_per_capita&sort=value-desc&period=2019")
    assert "4,567" in older.text
    assert "For 3 municipalities it is not reported." in older.text
    table = csv_of(client, "/en/municipalities.csv?period=2019")
    assert [row[6:8] for row in table if row[1] == "Aarhus"] == [["4567.0000", "2019"]]
    unknown = client.page("/en/municipalities?indicator=co2e_per_capita&period=1066")
    assert "We have no figures for 1066; the map shows 2023." in unknown.text


def test_answers_in_words_are_mapped_in_their_order_and_names_of_things_are_counted(client, make, register):
    with make.writing():
        plan = db.session.scalars(select(Indicator).where(Indicator.slug == "dk2020")).one()
        where = {"municipality_id": register.places[1].id, "indicator_id": plan.id, "period": "2021"}
        db.session.add(Observation(word="round_2", **where))
    page = client.page("/en/municipalities?indicator=dk2020&sort=value-desc")
    tiles = {
        one.get("href", "").rsplit("/", 1)[1]: one.get("class")
        for one in page.all("a")
        if "tile" in str(one.get("class"))
    }
    assert tiles["aarhus"] == "tile tile--4"
    assert tiles["ballerup"] == "tile tile--0"
    assert tiles["aeroe"] == "tile tile--unknown"
    assert "in 1 of the 2 municipalities" in page.text
    assert [row[2] for row in rows_of(page)] == [
        "Joined in round 1",
        "Joined in round 2",
        "not reported",
        "not reported",
    ]
    table = csv_of(client, "/en/municipalities.csv?indicator=dk2020")
    assert {row[1]: row[6] for row in table[1:]} == {
        "Aarhus": "Joined in round 1",
        "Ballerup": "Joined in round 2",
        "Copenhagen": "",
        "Ærø": "",
    }
    with make.writing():
        where = {"municipality_id": register.places[0].id, "indicator_id": plan.id, "period": "2022"}
        db.session.add_all([Observation(word=word, **where) for word in ("Smart Net", "Green Net")])
    page = client.page("/en/municipalities?indicator=dk2020")
    assert "Joined in round 1, Green Net, Smart Net" in page.text
    assert "3 named" in page.text


def test_population_can_be_mapped_year_by_year(client, make, register):
    with make.writing():
        for year, people in ((2018, 5), (2026, 7)):
            where = {"municipality_id": register.places[0].id}
            source = "https://statistics.example/people"
            db.session.add(Population(year=year, inhabitants=people, source_url=source, **where))
    latest = client.page("/en/municipalities?indicator=population")
    assert "https://statistics.example/people" in latest.links
    assert [link for link in latest.links if "period=2018" in link]
    older = client.page("/en/municipalities?indicator=population&period=2018")
    assert "https://statistics.example/people" not in older.links  # that address is where the latest stands
    assert "come from several sources" in older.text
    assert next(row for row in rows_of(older) if row[0] == "Aarhus")[2] == "5"


def test_every_figure_has_a_small_map_that_leads_to_the_large_one(client, register):
    page = client.page("/en/municipalities/figures")
    assert "/en/municipalities?indicator=co2e_per_capita" in page.links
    assert "/en/municipalities?indicator=dk2020" not in page.links
    assert "1 – 3 tonnes of CO₂e per inhabitant, median 2. For 1 municipality it is not reported." in page.text
    paths = [one for one in page.tree.iter() if (one.get("class") or "").startswith("small__level")]
    assert sum(one.get("d").count("M") for one in paths) == 8  # two figures, of one of which nothing is known


def test_names_stand_in_the_order_of_the_language(client, register):
    assert names_of(client.page("/da/municipalities")) == ["Ballerup", "København", "Ærø", "Aarhus"]
    english = names_of(client.page("/en/municipalities"))
    assert english[:3] == ["Aarhus", "Ballerup", "Copenhagen"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("value", ["Aarhus", "Ballerup", "Ærø", "København"]),
        ("value-desc", ["Ærø", "Ballerup", "Aarhus", "København"]),
        ("population", ["København", "Aarhus", "Ballerup", "Ærø"]),
        ("area", ["København", "Ballerup", "Aarhus", "Ærø"]),
    ],
)
def test_the_table_sorts_and_puts_the_unknown_last(client, register, sort, expected):
    assert names_of(client.page(f"/da/municipalities?sort={sort}")) == expected


def test_the_table_says_not_reported_rather_than_nothing(client, register):
    row = next(row for row in rows_of(client.page("/en/municipalities")) if row[0] == "Copenhagen")
    assert row[2] == "not reported"


@pytest.mark.parametrize(("moment", "region"), [(BEFORE, "region-hovedstaden"), (AFTER, "region-oestdanmark")])
def test_regions_are_those_of_the_day(client, register, moment, region):
    with time_machine.travel(moment, tick=False):
        page = client.page("/da/municipalities")
        assert f'value="{region}"' in page.html
        assert names_of(client.page(f"/da/municipalities?region={region}")) == ["Ballerup", "København"]
        other = ({"region-hovedstaden", "region-oestdanmark"} - {region}).pop()
        assert f'value="{other}"' not in page.html


def test_the_page_announces_the_coming_region_until_the_day(client, register):
    with time_machine.travel(BEFORE, tick=False):
        text = client.page("/en/municipalities/ballerup").text
        assert "From 1 January 2027 Ballerup belongs to Region Østdanmark." in text
        assert "Capital Region" in text
        assert "until 31 December 2026" in text
    with time_machine.travel(AFTER, tick=False):
        text = client.page("/en/municipalities/ballerup").text
        assert "From 1 January 2027" not in text
        assert "Capital Region" not in text


def test_an_unknown_region_says_so_and_shows_nothing(client, register):
    page = client.page("/en/municipalities?region=atlantis")
    assert "atlantis" in page.text
    assert "Nothing matches these filters." in page.text


def test_an_unknown_indicator_says_so_and_shows_another(client, register):
    page = client.page("/en/municipalities?indicator=happiness")
    assert "We do not know the indicator happiness" in page.text
    assert "Emissions" in page.text


def test_an_indicator_without_values_is_no_fault(client, register):
    assert "No municipality has a reported figure yet." in client.page("/en/municipalities?indicator=ev_share").text


def test_projects_can_be_mapped(client, make, register):
    partner = make.partner("Aarhus Kommune", type=PartnerType.MUNICIPALITY, municipality_id=register.places[0].id)
    make.project(partners=[partner])
    text = client.page("/en/municipalities?indicator=projects").text
    assert "1 of the 4 municipalities have a part in a project" in text or "1 municipality has a part" in text


def test_an_empty_register_is_a_page(client):
    client.page("/da/municipalities")


def test_a_page_beyond_the_last_is_not_there(client, register):
    assert client.get("/en/municipalities?page=2").status_code == 404


@pytest.mark.parametrize("odd", ["%00", "x" * 10_000, "%F0%9F%9A%B2", "%E2%80%AE", "'%22%3C"])
def test_odd_input_is_answered(client, register, odd):
    for name in ("region", "indicator", "sort", "period", "map"):
        assert client.get(f"/en/municipalities?{name}={odd}").status_code == 200
    assert client.get(f"/en/municipalities?page={odd}").status_code in (200, 404)
    assert client.get(f"/en/municipalities/{odd}").status_code == 404


def test_the_file_holds_what_the_filters_show_with_period_and_source(client, register):
    table = csv_of(client, "/en/municipalities.csv?region=region-vest&sort=value-desc")
    assert [row[1] for row in table[1:]] == ["Ærø", "Aarhus"]
    assert table[0][6] == "Emissions (tonnes of CO₂e per inhabitant)"
    assert table[1][7:9] == ["2023", "https://statistics.example/table"]
    assert client.get("/en/municipalities.xlsx").data.startswith(b"PK")


def test_a_figure_that_is_unknown_is_blank_in_the_file(client, register):
    table = csv_of(client, "/en/municipalities.csv")
    assert next(row for row in table if row[1] == "Copenhagen")[6] == ""


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_page_shows_figures_against_all_the_others_and_never_a_rank(client, register, language):
    page = client.page(f"/{language}/municipalities/aarhus")
    ticks = [path.get("d") for path in page.tree.iter() if path.get("class") == "strip__ticks"]
    assert [d.count("M") for d in ticks] == [3]
    assert not re.search(r"\b(rank|no\. ?\d+|nummer \d+ af)\b", page.text, re.IGNORECASE)


def test_a_page_says_words_for_the_words_of_the_files(client, register):
    text = client.page("/en/municipalities/aarhus").text
    assert "Joined in round 1" in text
    assert "round_1" not in text
    assert "see waste_kg" not in text


def test_what_is_not_known_of_a_municipality_is_said(client, register):
    text = client.page("/en/municipalities/aeroe").text
    assert "not reported" in text
    assert "Nobody has agreed to be named here yet." in text
    assert "No partner in the directory has its seat here." in text


def test_a_page_links_to_all_that_happens_there(client, make, register):
    here = register.places[0]
    own = make.partner("Aarhus Kommune", type=PartnerType.MUNICIPALITY, municipality_id=here.id)
    other = make.partner("Midtby A/S", municipality_id=here.id)
    project = make.project("Warm streets", partners=[own])
    article = make.article("Streets got warm", municipalities=[here])
    hidden = make.project("Secret streets", partners=[own], visibility="members")
    page = client.page("/en/municipalities/aarhus")
    for link in (
        f"/en/partners/{own.slug}",
        f"/en/partners/{other.slug}",
        f"/en/projects/{project.slug}",
        f"/en/news/{article.slug}",
    ):
        assert link in page.links
    assert f"/en/projects/{hidden.slug}" not in page.links


def test_people_are_named_only_while_they_agree(client, make, register):
    own = make.partner("Aarhus Kommune", type=PartnerType.MUNICIPALITY, municipality_id=register.places[0].id)
    given = datetime(2026, 1, 1, tzinfo=UTC)
    with make.writing():
        db.session.add_all(
            [
                ContactPoint(
                    partner_id=own.id, name="Asta", function_en="Energy", consent_given_at=given, email="a@b.example"
                ),
                ContactPoint(partner_id=own.id, name="Bo", function_en="Water"),
                ContactPoint(partner_id=own.id, name="Cai", consent_given_at=given, consent_withdrawn_at=given),
            ]
        )
    for address in ("/en/municipalities/aarhus", "/en/partners/aarhus-kommune"):
        page = client.page(address)
        assert "Asta" in page.text
        assert "Bo" not in page.text.split("People to call")[1][:60]
        assert "Cai" not in page.text
        assert "a@b.example" not in page.html


def test_a_renamed_municipality_redirects_and_an_unknown_one_is_not_there(client, make, register):
    with make.writing():
        renamed("municipality", "aarhus-gamle", "aarhus", now=BEFORE)
    answer = client.get("/en/municipalities/aarhus-gamle")
    assert (answer.status_code, answer.location) == (301, "/en/municipalities/aarhus")
    assert client.get("/en/municipalities/atlantis").status_code == 404


def test_the_table_costs_the_same_for_two_as_for_forty(client, make, count_queries):
    def cost():
        with count_queries() as seen:
            client.page("/en/municipalities")
        return len(seen)

    make.municipality()
    make.municipality()
    with_two = cost()
    for _ in range(38):
        make.municipality()
    assert cost() == with_two


def test_a_page_costs_the_same_however_much_there_is(client, make, register, count_queries):
    def cost():
        with count_queries() as seen:
            client.page("/en/municipalities/aarhus")
        return len(seen)

    here = register.places[0]
    first = make.partner(municipality_id=here.id, type=PartnerType.MUNICIPALITY)
    make.project(partners=[first])
    with_one = cost()
    for _ in range(5):
        make.project(partners=[first, make.partner(municipality_id=here.id)])
    assert cost() == with_one


def test_machines_read_the_same_facts(client, register):
    page = client.page("/en/municipalities/aarhus")
    assert '"@type": "AdministrativeArea"' in page.html
    assert '"value": "0001"' in page.html


def test_search_is_offered_every_municipality_in_both_languages(app, register):

    with app.app_context():
        documents = {document.path: document for document in source.documents(None)}
        copenhagen = documents["/municipalities/koebenhavn"]
        assert (copenhagen.title_da, copenhagen.title_en) == ("København", "Copenhagen")
        assert "København Kommune" in copenhagen.names
        assert set(source.versions()) == source.visible(source.versions(), VISITOR)
        assert [document.id for document in source.documents([copenhagen.id])] == [copenhagen.id]
