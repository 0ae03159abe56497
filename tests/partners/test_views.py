"""The directory and each partner's page."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlalchemy import select

from portal.core import permissions
from portal.core.db import db
from portal.core.permissions import VISITOR
from portal.core.slugs import renamed
from portal.core.themes import Theme
from portal.municipalities.models import MunicipalityRegion, Region
from portal.partners.models import (
    Partner,
    PartnerInterest,
    PartnerName,
    PartnerNetwork,
    PartnerState,
    PartnerTheme,
    PartnerType,
)
from portal.partners.search import source
from portal.projects.models import Role, Visibility
from portal.search.outbox import touch

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def names_of(page):
    return [
        "".join(heading.itertext()).strip()
        for heading in page.all("h2")
        if "row__title" in (heading.get("class") or "")
    ]


def options_of(page, facet):
    """Value → count of a filter."""
    counts = {}
    for box in page.all("div"):
        if box.get("class") == "check" and (control := box[0]).get("name") == facet:
            counts[control.get("value")] = int("".join(box[1].itertext()).split()[-1])
    return counts


@pytest.fixture
def directory(make):
    """Four partners of different kinds, one in no project."""
    aarhus = make.municipality("Aarhus")
    koebenhavn = make.municipality("København", name_en="Copenhagen")
    with make.writing():
        west = Region(slug="region-vest", name_da="Region Vest")
        east = Region(slug="region-oest", name_da="Region Øst")
        db.session.add_all([west, east])
        db.session.flush()
        db.session.add(MunicipalityRegion(municipality_id=aarhus.id, region_id=west.id, valid_to=date(2027, 1, 1)))
        db.session.add(MunicipalityRegion(municipality_id=aarhus.id, region_id=east.id, valid_from=date(2027, 1, 1)))
    city = make.partner(
        "Aarhus Kommune",
        name_da="Aarhus Kommune",
        name_en="City of Aarhus",
        type=PartnerType.MUNICIPALITY,
        municipality_id=aarhus.id,
        networks=[PartnerNetwork(name="DK2020"), PartnerNetwork(name="Gate 21", position=1)],
        interests=[
            PartnerInterest(direction="offers", theme=Theme.DATA, line_en="Open sensor data"),
            PartnerInterest(direction="seeks", theme=Theme.HEAT, line_en="Heat pump trials"),
        ],
    )
    heat = make.partner(
        "Ørum Varme",
        acronym="ØV",
        type=PartnerType.UTILITY,
        municipality_id=koebenhavn.id,
        themes=[PartnerTheme(theme=Theme.WATER)],
        other_names=[PartnerName(name="Ørum District Heating")],
    )
    abroad = make.partner("Zürich Institut", type=PartnerType.RESEARCH_INSTITUTE, source_type="research", country="CH")
    quiet = make.partner("Badger ApS", type=PartnerType.COMPANY)
    make.project("Warm streets", partners=[(city, Role.COORDINATOR), heat], themes=[Theme.HEAT])
    make.project("Shared data", partners=[(city, Role.PARTNER), (abroad, Role.FUNDER)], themes=[Theme.DATA])
    make.project("Secret", partners=[quiet], themes=[Theme.HEALTH], visibility="members")
    return {"city": city, "heat": heat, "abroad": abroad, "quiet": quiet}


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("da", ["Badger ApS", "Zürich Institut", "Ørum Varme", "Aarhus Kommune"]),
        ("en", ["Badger ApS", "City of Aarhus", "Zürich Institut", "Ørum Varme"]),
    ],
)
def test_the_directory_has_every_partner_under_its_name_in_the_language(client, directory, language, expected):
    found = names_of(client.page(f"/{language}/partners"))
    assert sorted(found) == sorted(expected)
    if language == "da":
        assert found == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("type=utility", {"Ørum Varme"}),
        ("type=utility&type=company", {"Ørum Varme", "Badger ApS"}),
        ("municipality=aarhus", {"City of Aarhus"}),
        ("region=region-vest", {"City of Aarhus"}),
        ("theme=water", {"Ørum Varme"}),
        ("theme=heat", {"City of Aarhus", "Ørum Varme"}),
        ("theme=heat&theme=data", {"City of Aarhus", "Ørum Varme", "Zürich Institut"}),
        ("theme=heat&country=CH", set()),
        ("offers=data", {"City of Aarhus"}),
        ("seeks=data", set()),
        ("seeks=heat", {"City of Aarhus"}),
        ("country=CH", {"Zürich Institut"}),
        ("network=Gate+21", {"City of Aarhus"}),
    ],
)
def test_filters(client, directory, query, expected):
    with time_machine.travel(NOW, tick=False):
        assert set(names_of(client.page(f"/en/partners?{query}"))) == expected


def test_every_count_is_what_its_filter_shows(client, directory):
    page = client.page("/en/partners")
    for facet in ("type", "theme", "municipality", "region", "offers", "seeks", "country", "network"):
        counts = options_of(page, facet)
        assert counts, facet
        for value, count in counts.items():
            found = names_of(client.page("/en/partners", query_string={facet: value}))
            assert len(found) == count, (facet, value)


def test_projects_that_may_not_be_seen_lend_no_theme(client, directory):
    assert "health" not in options_of(client.page("/en/partners"), "theme")


@pytest.mark.parametrize(("moment", "region"), [(date(2026, 12, 31), "region-vest"), (date(2027, 1, 1), "region-oest")])
def test_regions_are_those_of_the_day(client, directory, moment, region):
    with time_machine.travel(datetime(moment.year, moment.month, moment.day, 12, tzinfo=UTC), tick=False):
        assert list(options_of(client.page("/en/partners"), "region")) == [region]


@pytest.mark.parametrize("facet", ["type", "municipality", "region", "theme", "offers", "seeks", "country", "network"])
def test_an_unknown_value_says_so_and_shows_nothing(client, directory, facet):
    page = client.page(f"/en/partners?{facet}=atlantis")
    assert "We do not know the filter value atlantis" in page.text
    assert names_of(page) == []


def test_the_map_counts_the_chosen_by_seat_and_says_who_is_not_on_it(client, directory):
    page = client.page("/en/partners?view=map")
    assert "2 partners have their seat in a Danish municipality" in page.text
    assert "2 more are abroad or their seat is not reported" in page.text
    tile = next(link for link in page.all("a") if "municipality=aarhus" in link.get("href", ""))
    assert "Aarhus: 1 partner" in "".join(tile.itertext())
    assert "1 partner has its seat" in client.page("/en/partners?view=map&type=utility").text


def test_states_that_are_not_public_are_nowhere(client, make):
    for state in (PartnerState.SUGGESTED, PartnerState.REJECTED, PartnerState.LEFT):
        make.partner(f"Hidden {state.value}", state=state)
    make.partner("Sleepy", state=PartnerState.DORMANT)
    assert names_of(client.page("/en/partners")) == ["Sleepy"]
    assert "Hidden" not in client.get("/en/partners.csv").get_data(as_text=True)
    assert client.get("/en/partners/hidden-suggested").status_code == 404
    assert client.get("/en/partners/hidden-rejected").status_code == 404
    assert client.get("/en/partners/hidden-left").status_code == 410
    assert "takes no active part" in client.page("/en/partners/sleepy").text


def test_a_renamed_partner_redirects(client, make, directory):
    with make.writing():
        renamed("partner", "oerum-fjernvarme", "oerum-varme", now=NOW)
    answer = client.get("/da/partners/oerum-fjernvarme")
    assert (answer.status_code, answer.location) == (301, "/da/partners/oerum-varme")


@pytest.mark.parametrize("odd", ["%00", "x" * 10_000, "%F0%9F%9A%B2", "%E2%80%AE", "'%22%3C"])
def test_odd_input_is_answered(client, directory, odd):
    for name in ("type", "municipality", "network", "country", "sort", "view"):
        assert client.get(f"/en/partners?{name}={odd}").status_code == 200
    assert client.get(f"/en/partners?page={odd}").status_code in (200, 404)
    assert client.get(f"/en/partners/{odd}").status_code == 404


def test_a_page_beyond_the_last_is_not_there(client, directory):
    assert client.get("/en/partners?page=2").status_code == 404


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_page_shows_what_is_known_and_links_to_it(client, make, directory, language):
    article = make.article("City opens its data", partners=[directory["city"]])
    webinar = make.webinar("Data for all", partners=[directory["city"]])
    page = client.page(f"/{language}/partners/aarhus-kommune")
    for path in (
        "projects/warm-streets",
        "projects/shared-data",
        "partners/oerum-varme",
        "municipalities/aarhus",
        f"news/{article.slug}",
        f"webinars/{webinar.slug}",
    ):
        assert f"/{language}/{path}" in page.links
    assert "Open sensor data" in page.text


def test_a_page_says_what_is_missing(client, directory):
    text = client.page("/en/partners/badger-aps").text
    assert "has not been described here yet" in text
    assert "No source that we know names a project in which Badger ApS takes part." in text
    assert "Not yet confirmed by the partner." in text
    assert "not reported" in text
    assert "Secret" not in text


def test_a_confirmed_partner_says_when(client, make):
    make.partner("Fresh", confirmed_at=NOW)
    assert "Confirmed by Fresh on 1 June 2026." in client.page("/en/partners/fresh").text


def test_a_description_in_the_other_language_says_so(client, make):
    make.partner("Dansk", description_da="Laver varme.")
    page = client.page("/en/partners/dansk")
    assert "This text exists in Danish only" in page.text
    assert '<span lang="da">Laver varme.</span>' in page.html
    assert "This text exists" not in client.page("/da/partners/dansk").text


def test_the_source_s_own_word_stands_where_ours_is_another(client, directory):
    assert "“research”" in client.page("/en/partners/zuerich-institut").text


def test_roles_and_colleagues_are_shown(client, directory):
    text = client.page("/en/partners/aarhus-kommune").text
    assert "Coordinator" in text
    assert "1 project together" in text


def test_the_file_holds_what_the_filters_show(client, directory):
    text = client.get("/da/partners.csv?type=utility&type=municipality").get_data().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[0] for row in rows[1:]] == ["Ørum Varme", "Aarhus Kommune"]
    assert rows[2][6] == "DK2020; Gate 21"
    assert rows[2][-1] == "http://localhost/da/partners/aarhus-kommune"
    assert client.get("/en/partners.xlsx?country=CH").data.startswith(b"PK")


@pytest.mark.parametrize("view", ["", "?view=map"])
def test_the_directory_costs_the_same_for_two_as_for_forty(client, make, count_queries, view):
    def cost():
        with count_queries() as seen:
            client.page(f"/en/partners{view}")
        return len(seen)

    make.project(partners=make.partners(2))
    with_two = cost()
    make.project(partners=make.partners(38))
    assert cost() == with_two


def test_a_page_costs_the_same_however_much_there_is(client, make, count_queries):
    def cost():
        with count_queries() as seen:
            client.page("/en/partners/hub")
        return len(seen)

    hub = make.partner("Hub", networks=[PartnerNetwork(name="One")])
    make.project(partners=[hub, make.partner()])
    with_one = cost()
    for _ in range(8):
        make.project(partners=[hub, *make.partners(3)])
        make.article(partners=[hub])
    assert cost() == with_one


def test_machines_read_the_same_facts(client, directory):
    html = client.page("/en/partners/aarhus-kommune").html
    assert '"@type": "GovernmentOrganization"' in html
    assert '"alternateName": ["Aarhus Kommune"]' in html


def test_search_is_offered_what_a_visitor_may_see(app, make, directory):
    make.partner("Hidden", state=PartnerState.SUGGESTED)

    with app.app_context():
        documents = {document.path: document for document in source.documents(None)}
        assert len(documents) == 4
        city = documents["/partners/aarhus-kommune"]
        assert (city.title_da, city.title_en) == ("Aarhus Kommune", "City of Aarhus")
        assert city.municipalities == ("aarhus",)
        assert set(documents["/partners/oerum-varme"].names) == {"ØV", "Ørum District Heating"}
        assert set(source.versions()) == {document.id for document in documents.values()}
        assert source.visible([*source.versions(), 10**6], VISITOR) == set(source.versions())


JOIN = "/en/account/join?partner=harbour"


def test_who_works_at_a_partner_finds_the_way_to_act_for_it(app, client, make):
    make.partner("Harbour")
    make.account("Worker", password="a long enough password for a test")
    assert JOIN in client.page("/en/partners/harbour").links
    sign_in = client.get(JOIN).location
    back = client.submit(sign_in, email="worker@example.org", password="a long enough password for a test").location
    chosen = next(one for one in client.page(back).all("option") if one.get("selected") is not None)
    assert "".join(chosen.itertext()) == "Harbour"


def test_its_own_people_staff_and_readers_of_proposals_are_not_asked(app, make):
    harbour, waiting = make.partner("Harbour"), make.partner("Waiting", state=PartnerState.SUGGESTED)
    for account, path in (
        (make.account(editor_of=[harbour]), "harbour"),
        (make.account(roles=[permissions.Role.EDITOR]), "harbour"),
        (make.account(admin_of=[waiting]), "waiting"),
    ):
        page = app.test_client().sign_in(account).page(f"/en/partners/{path}")
        assert "Do you work here?" not in page.text


def test_one_that_left_is_told_of_by_name_where_projects_name_it(app, client, make):
    left = make.partner("Gone Away", state=PartnerState.LEFT, description_en="A secret.")
    make.project("Tunnel", partners=[left, make.partner("Here")])
    make.project("Inside", partners=[left], visibility=Visibility.MEMBERS)
    project = client.page("/en/projects/tunnel")
    assert "Gone Away" in project.text
    assert "/en/partners/gone-away" not in project.html
    page = client.page("/en/partners/gone-away", status=410)
    assert "Gone Away has left the directory" in page.text
    assert "/en/projects/tunnel" in page.links
    assert "Inside" not in page.text
    assert "A secret" not in page.text
    make.partner("Never Named", state=PartnerState.LEFT)
    assert "Never Named" not in client.page("/en/partners/never-named", status=410).text
    with make.writing():
        db.session.get_one(Partner, left.id).merged_into_id = db.session.scalar(
            select(Partner.id).where(Partner.slug == "here")
        )
        touch("partner", left.id)
    assert "Gone Away" not in client.page("/en/projects/tunnel").text
