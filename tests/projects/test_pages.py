"""The portfolio and a project's page, as their readers meet them."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from portal.core import clock, slugs, uploads
from portal.core.dates import Precision
from portal.core.db import db
from portal.core.themes import Theme
from portal.partners.models import PartnerState
from portal.projects.documents.models import Document, DocumentVersion
from portal.projects.models import (
    Barrier,
    Deliverable,
    Funding,
    FundingState,
    Milestone,
    Project,
    ProjectRelation,
    Result,
    Role,
    State,
    Update,
    Visibility,
)
from portal.search.outbox import touch
from tests.make import THEN, Make
from tests.uploads import PDF


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("view", ["", "?view=timeline", "?view=map"])
def test_the_portfolio_reads_in_both_languages_and_every_view(reference: Flask, language: str, view: str) -> None:
    page = reference.test_client().page(f"/{language}/projects{view}")
    assert "73" in page.text


def test_a_project_shows_what_is_known_and_says_what_is_not(client: Any, make: Make) -> None:
    dtu = make.partner("DTU")
    make.project("Warm homes", partners=[(dtu, Role.COORDINATOR)], starts_on=date(2020, 1, 1), starts_precision="year")
    page = client.page("/en/projects/warm-homes")
    assert page.h1 == "Warm homes"
    assert "DTU" in page.text
    assert "Coordinator" in page.text
    assert "not reported" in page.text
    assert "1 January 2020" not in page.text


def test_every_section_stands_where_it_has_something(client: Any, make: Make) -> None:
    make.project(
        "Full",
        challenge_en="Heat is *lost*.",
        state=State.RUNNING,
        total_cost=2_500_000,
        total_cost_currency="DKK",
        funding=[Funding(funder="EUDP", amount=1_000_000, currency="DKK", state=FundingState.GRANTED)],
        milestones=[Milestone(title_en="First house", due_on=date(2026, 5, 1), done_on=date(2026, 5, 4))],
        deliverables=[Deliverable(title_en="Handbook", type="report", url="https://example.org/handbook")],
        updates=[Update(title_en="We began", body_en="It works.", dated=date(2026, 2, 1))],
        results=[Result(claim_en="Less heat is lost", value=12, unit="%", evidence_url="https://example.org/e")],
    )
    text = client.page("/en/projects/full").text
    for words in ("Heat is lost.", "EUDP", "1,000,000 DKK", "2,500,000 DKK", "4 May 2026", "Handbook", "12 %"):
        assert words in text, words


def test_a_long_page_tells_the_newest_first_and_leads_to_the_rest(client: Any, make: Make) -> None:
    money = {"funder": "EUDP", "currency": "DKK", "state": FundingState.GRANTED}
    project = make.project(
        "Long",
        state=State.RUNNING,
        total_cost=9_000_000,
        total_cost_currency="DKK",
        funding=[Funding(amount=1_000_000, grant_number="64024-1", **money), Funding(amount=500_000, **money)],
        deliverables=[
            Deliverable(title_en="Forgotten", due_on=date(2020, 1, 1)),
            Deliverable(title_en="Far away", due_on=date(2090, 1, 1)),
        ],
        results=[Result(claim_en="Less", baseline=20, value=12, unit="%", evidence_url="https://example.org/proof")],
        updates=[
            *(Update(title_en=f"Word {n:02}", body_en="- one\n- two", dated=date(2026, 1, n)) for n in range(1, 24)),
            Update(title_en="Inner word", dated=date(2026, 2, 1), visibility=Visibility.MEMBERS),
        ],
    )
    with make.writing():
        for n in range(10):
            upload = uploads.put(PDF, f"Paper {n}.pdf")
            uploads.enter(upload, now=THEN)
            version = DocumentVersion(number=1, digest=upload.digest, name=upload.name, uploaded_at=THEN)
            paper = Document(project_id=project.id, visibility=Visibility.PUBLIC, created_at=THEN, versions=[version])
            db.session.add(paper.write(THEN, title_en=f"Paper {n}"))
        touch("project", project.id)
    page = client.page("/en/projects/long")
    text = page.text
    assert text.index("Word 23") < text.index("Word 21")
    assert "one · two" in text
    assert "Word 20" not in text
    assert "Inner word" not in page.html
    for words in ("Overdue since 1 January 2020", "Due 1 January 2090", "Before20 %", "After12 %"):
        assert words in text, words
    assert text.index("9,000,000 DKK") < text.index("1,000,000 DKK") < text.index("1,500,000 DKK")
    for words in (
        "grant number 64024-1",
        "20 %",
        "example.org/proof",
        "4 older documents",
        "own people keep this page",
    ):
        assert words in text, words
    archive = "/en/projects/long/updates/archive"
    assert archive in page.links
    assert "Word 23" in client.page(archive).text
    assert "Word 03" not in client.page(archive).text
    assert "Word 03" in client.page(f"{archive}?page=2").text
    assert "Inner word" not in client.page(archive).html
    assert client.get(f"{archive}?page=3").status_code == 404
    make.project("Locked", visibility=Visibility.MEMBERS)
    assert client.get("/en/projects/locked/updates/archive").status_code == 404


def test_related_projects_say_how_they_hang_together_from_either_side(client: Any, make: Make) -> None:
    old, new = make.project("First attempt"), make.project("Second attempt")
    with make.writing():
        db.session.add(ProjectRelation(project_id=new.id, related_id=old.id, kind="continues"))
        touch("project", new.id)
    assert "First attempt continued by this project" in client.page("/en/projects/second-attempt").text
    assert "Second attempt continues this project" in client.page("/en/projects/first-attempt").text


def test_themes_stand_in_the_order_of_their_list_and_partners_in_that_of_their_roles(client: Any, make: Make) -> None:
    lead, first, last = make.partner("Zealand"), make.partner("Aarhus"), make.partner("Bornholm")
    make.project(
        "In order",
        themes=[Theme.WATER, Theme.ENERGY, Theme.HEAT],
        partners=[(last, None), (first, Role.PARTNER), (lead, Role.COORDINATOR)],
    )
    text = client.page("/en/projects/in-order").text
    assert "Energy, Heat, Water" in text
    assert text.index("Zealand") < text.index("Aarhus") < text.index("Bornholm")


def test_the_first_news_and_webinar_of_a_project_are_on_its_page_at_once(client: Any, make: Make) -> None:
    project = make.project("Watched")
    assert "Connected with" not in client.page("/en/projects/watched").text
    make.article("It is in the paper", projects=[project])
    make.webinar("Come and hear", projects=[project])
    text = client.page("/en/projects/watched").text
    assert "It is in the paper" in text
    assert "Come and hear" in text


def test_parts_for_partners_only_are_not_on_the_public_page(client: Any, make: Make) -> None:
    make.project(
        "Half open",
        milestones=[Milestone(title_en="Inner goal", visibility=Visibility.PARTNERS)],
        updates=[Update(title_en="Inner word", dated=date(2026, 1, 1), visibility=Visibility.MEMBERS)],
    )
    assert "Inner" not in client.page("/en/projects/half-open").html


@pytest.mark.parametrize("visibility", [Visibility.PARTNERS, Visibility.MEMBERS])
def test_what_a_visitor_may_not_see_is_not_found_anywhere(client: Any, make: Make, visibility: Visibility) -> None:
    make.project("Hidden", visibility=visibility, themes=[Theme.WATER])
    assert client.get("/en/projects/hidden").status_code == 404
    assert client.get("/en/projects/hidden").data == client.get("/en/projects/nothing").data.replace(
        b"nothing", b"hidden"
    )
    assert "Hidden" not in client.page("/en/projects").html
    assert "Water" not in client.page("/en/projects").text
    assert b"Hidden" not in client.get("/en/projects.csv").data
    make.partner("Unheard", state=PartnerState.SUGGESTED)
    for filtered in ("news?project=hidden", "webinars?project=hidden", "projects?partner=unheard"):
        found = client.page(f"/en/{filtered}").html
        assert "Hidden" not in found
        assert "Unheard" not in found


def test_a_filter_shows_what_it_counts(reference: Flask) -> None:
    client = reference.test_client()
    page = client.page("/en/projects?theme=water")
    assert "7 projects" in page.text
    both = client.page("/en/projects?theme=water&theme=health")
    assert "12 projects" in both.text
    rows = list(csv.reader(io.StringIO(client.get("/en/projects.csv?theme=water").data.decode("utf-8-sig"))))
    assert len(rows) == 1 + 7


def test_filters_are_joined_by_and_values_by_or(client: Any, make: Make) -> None:
    make.project("One", themes=[Theme.WATER], barriers=[Barrier.FINANCING])
    make.project("Two", themes=[Theme.WATER])
    make.project("Three", themes=[Theme.DATA], barriers=[Barrier.FINANCING])
    text = client.page("/en/projects?theme=water&theme=data&barrier=financing").text
    assert "One" in text
    assert "Three" in text
    assert "Two" not in text


def test_a_filter_with_very_many_values_lists_the_most_frequent_and_the_chosen(client: Any, make: Make) -> None:
    rare = [make.partner(f"Rare {number:02}") for number in range(45)]
    often = make.partner("Zealous")
    make.project("One", partners=[often, *rare])
    make.project("Two", partners=[often])
    page = client.page("/en/projects")
    values = [box.get("value") for box in page.all("input") if box.get("name") == "partner"]
    assert (values[0], len(values)) == ("zealous", 40)
    assert "6 more are rarer" in page.text
    chosen = client.page("/en/projects?partner=rare-44")
    assert "rare-44" in [box.get("value") for box in chosen.all("input") if box.get("checked") is not None]


def test_an_unknown_filter_value_is_said_and_nothing_is_listed(client: Any, make: Make) -> None:
    make.project("One", themes=[Theme.WATER])
    text = client.page("/en/projects?theme=alchemy").text
    assert "alchemy" in text
    assert "0 projects" in text


@pytest.mark.parametrize("page", ["0", "-1", "99", "two", "1e3", "９", "9" * 40])
def test_a_page_that_is_not_there_is_not_found(client: Any, make: Make, page: str) -> None:
    make.project()
    assert client.get(f"/en/projects?page={page}").status_code == 404


ODD = ["%00", "%F0%9F%8C%8D", "%E2%80%AEabc", "x" * 10_000, "'%20OR%201=1--", "%ff%fe", "<script>"]


@pytest.mark.parametrize("value", ODD)
def test_odd_filters_never_break_the_list(client: Any, value: str) -> None:
    for name in ("theme", "year", "partner", "funder", "state", "sort", "view", "nonsense"):
        assert client.get(f"/en/projects?{name}={value}").status_code == 200, name


def test_pages_of_twenty_never_overlap(client: Any, make: Make) -> None:
    make.projects(41)
    seen = []
    for number in (1, 2, 3):
        links = client.page(f"/en/projects?page={number}&sort=name").links
        seen.append({link for link in links if link.startswith("/en/projects/")})
    assert [len(part) for part in seen] == [20, 20, 1]
    assert len(set.union(*seen)) == 41


def test_the_list_costs_the_same_for_two_projects_as_for_forty(
    app: Flask, make: Make, count_queries: Callable[[], Any]
) -> None:
    def cost() -> int:
        with count_queries() as seen:
            assert app.test_client().get("/en/projects?sort=name").status_code == 200
        return len(seen)

    dtu = make.partner("DTU")
    make.projects(2, partners=[(dtu, Role.COORDINATOR)], themes=[])
    with_two = cost()
    make.projects(38, partners=[(dtu, Role.COORDINATOR)], themes=[])
    assert cost() == with_two


def test_a_renamed_project_leads_to_its_new_address(app: Flask, client: Any, make: Make) -> None:
    project = make.project("Old name")
    with make.writing():
        slugs.renamed("project", project.slug, "new-name", now=clock.now())
        db.session.get_one(Project, project.id).slug = "new-name"
    answer = client.get("/da/projects/old-name")
    assert (answer.status_code, answer.location) == (301, "/da/projects/new-name")


def test_a_withdrawn_project_says_that_it_is_gone(client: Any, make: Make) -> None:
    with make.writing():
        slugs.withdrawn("project", "taken-back", now=clock.now())
    assert client.get("/en/projects/taken-back").status_code == 410


def test_imported_words_without_a_place_in_the_lifecycle_are_shown_as_they_are(client: Any, make: Make) -> None:
    make.project("Open end", state=None, source_state="open-ended or end unknown", starts_precision=Precision.YEAR)
    assert "open-ended or end unknown" in client.page("/en/projects/open-end").text


def test_a_reader_is_told_which_language_was_revised_later(client: Any, make: Make) -> None:
    earlier, later = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    make.project("Revised", title_da="Revideret", revised_en_at=earlier, revised_da_at=later)
    assert "The Danish version of this text was revised later" in client.page("/en/projects/revised").text
    assert "revideret senere" not in client.page("/da/projects/revised").text
