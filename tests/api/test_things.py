"""Partners, projects, articles and webinars for programs: what the pages show everybody, filtered as there."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.core import bilingual, clock, slugs
from portal.core.bilingual import LANGUAGES
from portal.core.db import db, transaction
from portal.news.models import Article
from portal.news.models import State as ArticleState
from portal.partners.models import Consent, ContactPoint, PartnerInterest, PartnerState, PartnerType
from portal.projects.models import (
    Barrier,
    BarrierNote,
    Deliverable,
    Funding,
    Health,
    Milestone,
    Participation,
    Project,
    ProjectMunicipality,
    Result,
    Role,
    State,
    Update,
    Visibility,
    WorkPackage,
)
from portal.webinars.models import Chapter, Recording, Speaker, WebinarMunicipality, WebinarSession
from portal.webinars.models import State as WebinarState
from tests.api.test_api import V1, conforms, got
from tests.make import THEN, Make

LATER = THEN + timedelta(days=2)


def test_a_partner_is_told_as_its_page_tells_it(client: Any, make: Make) -> None:
    town = make.municipality("Aarhus", code="0751")
    town_hall = make.partner("Aarhus Kommune", type=PartnerType.MUNICIPALITY, municipality_id=town.id)
    hidden = make.partner("Not yet public", state=PartnerState.SUGGESTED)
    agreed = {"consent_given_at": THEN, "email": "somebody@example.org"}
    partner = make.partner(
        "AffaldVarme",
        name_en="Waste heat",
        type=PartnerType.UTILITY,
        municipality_id=town.id,
        parent_id=town_hall.id,
        description_da="Varme til byen",
        revised_da_at=LATER,
        revised_en_at=THEN,
        description_en="Heat",
        source_url="https://source.example/",
        retrieved="2026-11",
        interests=[PartnerInterest(direction="offers", theme="heat", line_en="Surplus heat")],
    )
    make.partner("Daughter", parent_id=hidden.id)
    with make.writing():
        for consent in Consent:
            told = {"name": f"Consents to {consent.value}", "consent": consent, **agreed}
            db.session.add(ContactPoint(partner_id=partner.id, **told))
        db.session.add(ContactPoint(partner_id=partner.id, name="Withdrew", consent_withdrawn_at=LATER, **agreed))

    one = got(client, "/partners/affaldvarme")
    assert one["name"] == {"da": "AffaldVarme", "en": "Waste heat"}
    assert one["url"] == "http://localhost/da/partners/affaldvarme"
    assert (one["type"], one["state"], one["municipality"], one["parent"]) == (
        "utility",
        "published",
        "0751",
        "aarhus-kommune",
    )
    assert one["languages"] == {"da": "current", "en": "stale"}
    assert one["offers"] == [{"theme": "heat", "line": {"da": "", "en": "Surplus heat"}}]
    assert (one["source_url"], one["retrieved"]) == ("https://source.example/", "2026-11")
    # As on the page: whom everybody may know, and the form instead of the address.
    assert [contact["name"] for contact in one["contacts"]] == ["Consents to public"]
    assert "/write/" in one["contacts"][0]["write_to"]
    assert "somebody@example.org" not in str(one)
    assert client.get(one["contacts"][0]["write_to"].removeprefix("http://localhost")).status_code == 200
    assert got(client, "/partners/daughter")["parent"] is None

    schemas = got(client, "/openapi.json")["components"]["schemas"]
    english = got(client, "/partners/affaldvarme?lang=en")
    for told in (one, english):
        conforms(told, schemas["Partners"], schemas)
    assert english["url"] == "http://localhost/en/partners/affaldvarme"
    assert english["name"] == {"en": "Waste heat"}
    assert english["languages"] == {"en": "stale"}
    # Filters are those of the page, several values of one mean any; municipalities by code as well.
    for asked in ("municipality=aarhus", "municipality=0751", "type=utility&type=municipality", "offers=heat"):
        found = {item["id"] for item in got(client, f"/partners?{asked}")["items"]}
        assert found == ({"affaldvarme"} if "offers" in asked else {"affaldvarme", "aarhus-kommune"}), asked


def test_a_project_is_told_with_what_of_it_is_public(client: Any, make: Make) -> None:
    town = make.municipality("Odense", code="0461")
    lead, gone = make.partner("Lead"), make.partner("Gone since", state=PartnerState.LEFT)
    narrow = {"visibility": Visibility.MEMBERS}
    project = make.project(
        "Open project",
        partners=[(gone, Role.PARTNER), (lead, Role.COORDINATOR)],
        themes=["heat", "energy"],
        barriers=["legislation"],
        state=State.RUNNING,
        starts_on=date(2025, 1, 1),
        starts_precision="year",
        total_cost=Decimal("1200000.50"),
        total_cost_currency="DKK",
        health=Health.AT_RISK,
        health_sentence_en="hush",
        cancelled_reason="hush",
        shares_currency="DKK",
        funding=[Funding(funder="EUDP", amount=Decimal(500000), currency="DKK")],
        work_packages=[
            WorkPackage(number="1", title_en="Pipes", lead_id=lead.id),
            WorkPackage(title_en="hush", **narrow),
        ],
        milestones=[Milestone(title_en="Dug", due_on=date(2026, 5, 1)), Milestone(title_en="hush", **narrow)],
        deliverables=[Deliverable(title_en="Report"), Deliverable(title_en="hush", **narrow)],
        updates=[
            Update(title_en="We began", dated=date(2026, 1, 5)),
            Update(title_en="hush", dated=date(2026, 1, 6), **narrow),
            Update(title_en="hush", dated=date(2026, 1, 7), withdrawn_at=THEN),
        ],
        results=[Result(claim_en="Less CO2", value=Decimal("2.50")), Result(claim_en="hush", **narrow)],
        municipalities=[ProjectMunicipality(municipality_id=town.id, role="lead")],
    )
    make.project("For partners", visibility=Visibility.PARTNERS)
    with make.writing():
        db.session.execute(update(Participation).where(Participation.partner_id == lead.id).values(budget_share=7))
        for barrier, note in ((Barrier.LEGISLATION, "The law"), (Barrier.FINANCING, "hush")):
            db.session.add(BarrierNote(project_id=project.id, barrier=barrier, note_en=note))

    one = got(client, "/projects/open-project")
    assert "hush" not in str(one)
    schemas = got(client, "/openapi.json")["components"]["schemas"]
    conforms(one, schemas["Projects"], schemas)
    assert (one["state"], one["starts"], one["ends"]) == ("running", "2025", None)
    assert (one["total_cost"], one["total_cost_currency"]) == (1200000.5, "DKK")
    assert (one["themes"], one["barriers"]) == (["energy", "heat"], ["legislation"])
    # Who coordinates comes first; shares are not public; who left the directory keeps its name and has no page.
    assert [(who["id"], who["role"], who["budget_share"]) for who in one["partners"]] == [
        ("lead", "coordinator", None),
        (None, "partner", None),
    ]
    assert one["partners"][1]["name"]["en"] == "Gone since"
    assert one["municipalities"] == [{"id": "0461", "name": {"da": "Odense", "en": "Odense"}, "role": "lead"}]
    assert (one["funding"][0]["funder"], one["funding"][0]["amount"]) == ("EUDP", 500000)
    for part, pair, said in (
        ("work_packages", "title", "Pipes"),
        ("milestones", "title", "Dug"),
        ("deliverables", "title", "Report"),
        ("updates", "title", "We began"),
        ("results", "claim", "Less CO2"),
        ("barrier_notes", "note", "The law"),
    ):
        assert [told[pair]["en"] for told in one[part]] == [said], part
    assert one["work_packages"][0]["lead"]["id"] == "lead"
    assert one["results"][0]["value"] == 2.5
    assert got(client, "/projects")["total"] == 1
    got(client, "/projects/for-partners", 404)
    with make.writing():
        db.session.execute(update(Project).values(shares_visibility=Visibility.PUBLIC))
    make.partner()  # counts a change: what was written above was not
    assert got(client, "/projects/open-project")["partners"][0]["budget_share"] == 7


def test_articles_are_there_from_when_they_are_out_until_they_expire(client: Any, make: Make) -> None:
    now = clock.now()
    town = make.municipality("Vejle", code="0630")
    partner, hidden = make.partner("Writes"), make.partner("Hidden", state=PartnerState.SUGGESTED)
    private = make.project("Private", visibility=Visibility.MEMBERS)
    make.article(
        "Out",
        state=ArticleState.SCHEDULED,
        body_en="Whole text",
        author_id=partner.id,
        partners=[partner, hidden],
        projects=[private],
        municipalities=[town],
        themes=["water"],
    )
    make.article("Kept", state=ArticleState.ARCHIVED, publish_at=now - timedelta(days=400))
    make.article("Embargo", publish_at=now + timedelta(hours=1))
    make.article("Expired", publish_at=now - timedelta(days=9), expire_at=now - timedelta(days=1))
    make.article("Withdrawn", state=ArticleState.WITHDRAWN)

    listed = got(client, "/articles")
    assert [(item["id"], item["state"]) for item in listed["items"]] == [("out", "published"), ("kept", "archived")]
    one = listed["items"][0]
    assert one == got(client, "/articles/out")
    assert (one["body"]["en"], one["published"], one["author"]["id"]) == ("Whole text", "2026-03-02", "writes")
    assert [who["id"] for who in one["partners"]] == ["writes"]
    assert one["projects"] == []
    assert [place["id"] for place in one["municipalities"]] == ["0630"]
    assert one["languages"] == {"da": "missing", "en": "current"}
    assert [item["id"] for item in got(client, "/articles?sort=oldest")["items"]] == ["kept", "out"]
    assert got(client, "/articles?theme=water&language=en&municipality=0630")["total"] == 1
    assert got(client, "/articles?theme=magic")["items"] == []
    for slug, status in (("embargo", 404), ("expired", 410), ("withdrawn", 410)):
        assert got(client, f"/articles/{slug}", status)["status"] == status


def test_a_webinar_is_told_without_where_to_join_and_its_recording_once_it_is_shown(client: Any, make: Make) -> None:
    now = clock.now()
    town = make.municipality("Ribe", code="0561")
    host = make.partner("Host")
    coming = make.webinar(
        "Coming",
        state=WebinarState.OPEN,
        held_on=now.date() + timedelta(days=3),
        starts_at=now + timedelta(days=3),
        ends_at=now + timedelta(days=3, hours=1),
        zone="Europe/Copenhagen",
        languages="en;da",
        join_url="https://meet.example.org/hush",
        recording_url="https://film.example.org/hush",
        host_names="A host; Another",
        partners=[host],
        series_id=make.series("A series").id,
        municipalities=[WebinarMunicipality(municipality_id=town.id)],
    )
    with make.writing():
        speakers = [Speaker(name="Somebody", organisation="Somewhere")]
        db.session.add(WebinarSession(webinar_id=coming.id, title_en="Welcome", speakers=speakers))
        db.session.add(Chapter(webinar_id=coming.id, at_s=60, title_en="hush"))
        db.session.add(Recording(webinar_id=coming.id, published_at=THEN, duration_s=3600))
    make.webinar("Draft", state=WebinarState.DRAFT)
    make.webinar("Soon known", publish_at=now + timedelta(days=1))

    one = got(client, "/webinars/coming")
    assert "hush" not in str(one)
    assert (one["state"], one["recording"], one["recording_url"], one["series"]) == ("upcoming", None, None, "a-series")
    assert (one["spoken"], one["host_names"]) == (["da", "en"], ["A host", "Another"])
    assert one["starts_at"].endswith("+00:00")
    assert one["partners"] == [{"id": "host", "name": {"da": "Host", "en": "Host"}, "is_host": False}]
    assert one["sessions"][0]["speakers"] == [{"name": "Somebody", "organisation": "Somewhere"}]
    assert [item["id"] for item in got(client, "/webinars?state=upcoming&series=a-series")["items"]] == ["coming"]
    assert got(client, "/webinars")["total"] == 1
    with make.writing():
        coming.state = WebinarState.RECORDED
        db.session.add(coming)
    make.webinar("Another")
    told = got(client, "/webinars/coming")
    schemas = got(client, "/openapi.json")["components"]["schemas"]
    conforms(told, schemas["Webinars"], schemas)
    assert (told["recording_url"], told["recording"]["duration_s"]) == ("https://film.example.org/hush", 3600)
    assert [(chapter["at_s"], chapter["title"]["en"]) for chapter in told["chapters"]] == [(60, "hush")]
    assert "meet.example.org" not in str(told)


def test_a_renamed_thing_leads_on_and_one_that_left_says_so(client: Any, make: Make) -> None:
    make.partner("Now here")
    make.partner("Left", state=PartnerState.LEFT)
    with make.writing():
        for kind in ("partner", "project", "article", "webinar"):
            slugs.renamed(kind, "before", "now-here", now=THEN)
            slugs.withdrawn(kind, "no-more", now=THEN)
    for name in ("partners", "projects", "articles", "webinars"):
        answer = client.get(f"{V1}/{name}/before?lang=en")
        assert (answer.status_code, answer.headers["Location"]) == (
            301,
            f"http://localhost{V1}/{name}/now-here?lang=en",
        )
        assert got(client, f"/{name}/no-more", 410)["title"] == "Gone"
        got(client, f"/{name}/never", 404)
    got(client, "/partners/left", 410)


def test_a_list_costs_the_same_for_two_rows_as_for_ten(
    client: Any, make: Make, count_queries: Callable[[], Any]
) -> None:
    def fill(count: int) -> None:
        for _ in range(count):
            partner = make.partner(interests=[PartnerInterest(direction="seeks", theme="data", line_en="It")])
            project = make.project(partners=[partner], milestones=[Milestone(title_en="Then")], themes=["data"])
            make.article(partners=[partner], projects=[project], themes=["data"])
            webinar = make.webinar(partners=[partner], projects=[project], state=WebinarState.RECORDED)
            with make.writing():
                db.session.add(Chapter(webinar_id=webinar.id, at_s=1))

    def cost() -> dict[str, int]:
        spent = {}
        for name in ("partners", "projects", "articles", "webinars"):
            with count_queries() as seen:
                got(client, f"/{name}?per_page=100")
            spent[name] = len(seen)
        return spent

    fill(2)
    with_two = cost()
    fill(8)
    assert cost() == with_two


@pytest.mark.sqlite_only
def test_tables_hold_several_words_in_a_cell_and_say_so(client: Any, make: Make) -> None:
    make.project("Two themes", themes=["water", "heat"])
    make.article("About it", themes=["water"])
    (row,) = csv.DictReader(io.StringIO(client.get(f"{V1}/projects.csv").data.decode("utf-8-sig")))
    assert row["themes"] == "heat;water"
    described = client.get(f"{V1}/projects.csv-metadata.json").get_json(force=True)
    columns = {one["name"]: one for one in described["tableSchema"]["columns"]}
    assert columns["themes"]["separator"] == ";"
    assert "separator" not in columns["title_en"]
    linked = client.get(f"{V1}/projects.jsonld").get_json(force=True)["@graph"]
    assert linked[1]["keywords"] == ["heat", "water"]
    assert "body_en" not in client.get(f"{V1}/articles.csv").text.splitlines()[0]


def test_the_state_of_a_language_is_the_same_in_sql(app: Any, make: Make) -> None:
    for title, dates in (("a", (None, None)), ("b", (THEN, LATER)), ("c", (LATER, THEN)), ("d", (THEN, None))):
        revised = dict(zip(("revised_da_at", "revised_en_at"), dates, strict=True))
        make.article(title, title_da="" if title == "d" else title, **revised)
    with app.app_context(), transaction():
        said = {language: bilingual.text_state_in(Article, language) for language in LANGUAGES}
        for article, da, en in db.session.execute(select(Article, said["da"], said["en"])):
            assert (article.text_state("da"), article.text_state("en")) == (da, en)
