"""Progress as a whole: what is known month by month, how old it is, and whose ideas others took over."""

import csv
import io
from datetime import UTC, date, datetime

import time_machine

from portal.core.db import db
from portal.core.generations import bump
from portal.progress.models import Basis, Evidence, EvidenceKind
from portal.projects.models import ProjectRelation


def at(year: int, month: int = 3, day: int = 1) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


def test_what_is_known_grows_month_by_month_and_ages(client, make, places, dimensions, judge):
    ballerup, vejle, aarhus = places
    rests_on = [
        Evidence(position=at_, kind=EvidenceKind.REGISTER, period=period) for at_, period in enumerate(("2024", "2025"))
    ]
    judge(ballerup, dimensions.data, 1, at(2026, 11), basis=Basis.REGISTER, evidence=rests_on, until=date(2026, 12, 15))
    judge(vejle, dimensions.data, 0, at(2026, 12))
    judge(aarhus, dimensions.data, 2, at(2026, 12), basis=Basis.REGISTER, until=None)
    judge(vejle, dimensions.mobility, None, at(2026, 12))  # judged that nobody knows: still unknown
    with time_machine.travel(at(2027, 1), tick=False):
        page = client.page("/en/municipalities/progress")
        assert "3 municipalities looked at in 2 dimensions are 6 cells. The stage is known in 3 of them." in page.text
        assert "Of these, 1 rests on something out of date." in page.text
        assert "1 of the 3 known cells rest on something from the last twelve months (33 per cent)." in page.text
        assert "For 1 the source does not say when it was so." in page.text
        chart = next(one for one in page.tree.iter() if one.get("class") == "growth__plot")
        assert chart.get("aria-label") == "From 30 November 2026 to 1 January 2027: from 1 to 3 known cells of 6"
        assert "No project that we know of says that it was adopted from another." in page.text
        text = client.get("/en/municipalities/progress.csv").data.decode("utf-8-sig")
        rows = [tuple(row.values())[:5] for row in csv.DictReader(io.StringIO(text))]
        assert [row for row in rows if row[1] == "Data"] == [
            ("2026-11-30", "Data", "1", "0", "2"),
            ("2026-12-31", "Data", "3", "1", "0"),
            ("2027-01-01", "Data", "3", "1", "0"),
        ]
        assert client.get("/da/municipalities/progress.xlsx").data.startswith(b"PK")
    with time_machine.travel(at(2029, 12, 30), tick=False):
        drawn = client.page("/da/municipalities/progress").tree
        assert sum(one.get("class") == "growth__known" and one.get("height") != "14" for one in drawn.iter()) == 24


def test_nothing_known_is_said(client, places):
    page = client.page("/da/municipalities/progress")
    assert "Der er endnu ikke indlæst nogen ramme." in page.text
    assert client.get("/en/municipalities/progress.pdf").status_code == 404


def test_ideas_are_shown_with_those_who_took_them_over(client, make, places):
    own = [make.partner(f"{place.name_da} Kommune", type="municipality", municipality_id=place.id) for place in places]
    lab = make.partner("Gadelyslaboratoriet")
    first = make.project("Light that listens", partners=[own[0], lab], starts_on=date(2014, 1, 1))
    second = make.project("Light in Vejle", partners=[own[1]], starts_on=date(2019, 1, 1))
    third = make.project("Light in Aarhus", partners=[own[2]])
    hidden = make.project("Light in the dark", partners=[own[2]], visibility="members")
    with make.writing():
        for later, origin in ((second, first), (third, second), (hidden, first), (first, third)):
            db.session.add(ProjectRelation(project_id=later.id, related_id=origin.id, kind="adopted_from"))
        bump("project")
    # Each was adopted from the one before, the first from the last: nobody can be said to have begun.
    assert "No project that we know of" in client.page("/en/municipalities/progress").text
    with make.writing():
        circle = db.session.get(ProjectRelation, (first.id, third.id, "adopted_from"))
        db.session.delete(circle)
        db.session.add(ProjectRelation(project_id=second.id, related_id=third.id, kind="adopted_from"))
        bump("project")
    page = client.page("/en/municipalities/progress")
    chain = page.html.partition('id="adopted"')[2].partition("</section>")[0]
    titles = [first, second, third]
    places_of = [chain.index(f"/en/projects/{one.slug}") for one in titles]
    assert places_of == sorted(places_of)
    assert hidden.slug not in chain
    assert chain.count("Taken over by 1 project:") == 2
    for link in ("/en/municipalities/ballerup", "/en/municipalities/vejle", f"/en/partners/{lab.slug}"):
        assert link in chain
