"""Loading the reference data: what it holds, twice, changed, bad, and interrupted."""

import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text

from portal.core.audit import AuditEntry
from portal.core.db import Model, db, transaction
from portal.feeds.models import Feed
from portal.municipalities.models import Indicator, Municipality, MunicipalityRegion, Observation, Population, Region
from portal.news.models import Article
from portal.partners.models import Partner, PartnerState
from portal.projects.models import Participation, Project, Role, Visibility
from portal.reference.load import OWN_DATA
from portal.search.models import OutboxRow
from portal.webinars.models import Series, Webinar
from tests.databases import ROOT
from tests.files import Files, load, outcome
from tests.make import counted

WHOLE = {
    Region: 6,
    Municipality: 98,
    Population: 4 * 98,
    Indicator: 29,
    Observation: 2663,
    Partner: 215,
    Project: 73,
    Participation: 347,
    Article: 83,
    Webinar: 12,
    Series: 1,
    Feed: 45,
}


def counts(app: Flask) -> dict[type[Model], int]:
    with app.app_context():
        return {model: db.session.scalar(select(func.count()).select_from(model)) or 0 for model in WHOLE}


def snapshot(app: Flask) -> dict[str, list[str]]:
    """Every row of every table but the search index's own: what must not change when nothing was loaded."""
    with app.app_context():
        tables = [table for table in db.metadata.sorted_tables if table.name not in ("search_index", "search_text")]
        return {table.name: sorted(map(repr, db.session.execute(select(table)).all())) for table in tables}


def test_the_whole_data_is_there(reference):
    assert counts(reference) == WHOLE


def test_what_the_sources_do_not_say_stays_unknown(reference):
    with reference.app_context():
        projects = db.session.scalars(select(Project)).all()
        led = set(db.session.scalars(select(Participation.project_id).where(Participation.role == Role.COORDINATOR)))
    assert sum(project.starts_on is None for project in projects) == 24
    assert sum(project.ends_on is None for project in projects) == 37
    assert sum(project.id not in led for project in projects) == 42
    assert sum(project.state is None and not project.source_state for project in projects) == 17


def test_loading_again_changes_nothing(reference):
    before = snapshot(reference)
    report = load(reference, OWN_DATA)
    assert outcome(report) == {
        "added": 0,
        "changed": 0,
        "unchanged": 6 + 98 + 29 + 2663 + 7 + 7 + 215 + 73 + 347 + 96 + 45,
        "bad": 0,
    }
    assert snapshot(reference) == before


def test_the_region_of_a_municipality_follows_the_calendar(reference):
    def regions(day: date) -> dict[str, int]:
        stmt = (
            select(Region.slug, func.count())
            .join(MunicipalityRegion)
            .where(
                func.coalesce(MunicipalityRegion.valid_from, date.min) <= day,
                func.coalesce(MunicipalityRegion.valid_to, date.max) > day,
            )
            .group_by(Region.slug)
        )
        with reference.app_context():
            return dict(db.session.execute(stmt).all())

    others = {"region-nordjylland": 11, "region-midtjylland": 19, "region-syddanmark": 22}
    assert regions(date(2026, 12, 31)) == {**others, "region-hovedstaden": 29, "region-sjaelland": 17}
    assert regions(date(2027, 1, 1)) == {**others, "region-oestdanmark": 46}


def test_edits_made_here_survive_as_long_as_the_source_row_is_the_same(app, tmp_path):
    files = Files(tmp_path)
    load(app, files)
    with app.app_context(), transaction():
        partner = db.session.scalars(select(Partner)).one()
        partner.website, partner.state = "https://edited.example.org", PartnerState.DORMANT
        project = db.session.scalars(select(Project)).one()
        project.visibility = Visibility.PARTNERS
    assert outcome(load(app, files))["changed"] == 0
    files.set("partners.csv", name="Kommunen").set("projects.csv", acronym="SYD")
    assert outcome(load(app, files))["changed"] == 2
    with app.app_context():
        partner = db.session.scalars(select(Partner)).one()
        project = db.session.scalars(select(Project)).one()
    assert (partner.name, partner.website) == ("Kommunen", "")
    # What an editor decided about the thing itself is never taken back by a file.
    assert partner.state is PartnerState.DORMANT
    assert (project.acronym, project.visibility) == ("SYD", Visibility.PARTNERS)


def test_a_changed_row_leaves_a_trace_a_new_version_and_a_note_for_search(app, tmp_path):
    files = Files(tmp_path)
    load(app, files)
    with app.app_context(), transaction():
        db.session.execute(text("DELETE FROM search_outbox"))
        before = db.session.scalars(select(Project)).one().version
        generation = counted()["project"].number
    load(app, files.set("projects.csv", acronym="SYD", themes="water"))
    with app.app_context():
        project = db.session.scalars(select(Project)).one()
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        touched = [(row.kind, row.subject_id) for row in db.session.scalars(select(OutboxRow))]
        assert counted()["project"].number == generation + 1
    assert project.version == before + 1
    assert touched == [("project", project.id)]
    assert (entry.action, entry.actor_name, entry.subject_id) == ("project.imported_again", "system", str(project.id))
    assert entry.changes["acronym"] == ["NORD", "SYD"]
    assert entry.changes["themes"] == [2, 1]


def test_a_dry_run_says_what_would_happen_and_writes_nothing(app, tmp_path):
    before = snapshot(app)
    report = load(app, Files(tmp_path), dry_run=True)
    assert outcome(report) == {"added": 11, "changed": 0, "unchanged": 0, "bad": 0}
    assert not report.is_written
    assert snapshot(app) == before


def test_strict_loads_nothing_when_one_row_is_bad(app, tmp_path):
    files = Files(tmp_path).add("news.csv", news_id="n2", title="Andet", date="2020-02-30")
    before = snapshot(app)
    report = load(app, files, strict=True)
    assert [str(problem) for problem in report.problems] == [
        "news.csv:3: date: is not a date (year, year-month or year-month-day): '2020-02-30'"
    ]
    assert snapshot(app) == before
    assert load(app, files).is_written
    assert counts(app)[Article] == 1


def test_strict_loads_everything_when_all_is_well(app, tmp_path):
    assert load(app, Files(tmp_path), strict=True).is_written


TYPES = (
    "municipality, region, state, utility, university, research_institute, company, cluster, association, international"
)
THEMES = "energy, heat, mobility, water, buildings, waste, data, health, governance, planning, climate, resources"
ROLES = (
    "coordinator, partner, contractor, in_kind, associate, funder, observer, lead, participant, co-funder, supplier, "
    "supporting, Danish coordinator, demo site, facilitator, host, operator, problem owner, project management, "
    "secretariat, steering chair, authority"
)
BAD = [
    ("municipalities.csv", {"region_code": "1099"}, "region_code: unknown region '1099'"),
    ("municipalities.csv", {"population_date": ""}, "population_date: is blank although there is a population"),
    ("municipalities.csv", {"tile_col": "18"}, "tile_col: the tile 18, 6 is already used on line 2"),
    ("municipalities.csv", {"nuts3": "SE123"}, "nuts3: is not a NUTS 3 code such as DK011: 'SE123'"),
    (
        "partners.csv",
        {"type": "guild"},
        f"type: is not one of {TYPES}, NGO, research: 'guild'",
    ),
    ("partners.csv", {"municipality_code": "0999"}, "municipality_code: unknown municipality '0999'"),
    ("partners.csv", {"municipality_code": ""}, "municipality_code: is blank although this is a Danish municipality"),
    ("partners.csv", {"country": "dk"}, "country: is not a country code of two capital letters: 'dk'"),
    ("partners.csv", {"website": "javascript:alert(1)"}, "website: is not a web address: 'javascript:alert(1)'"),
    ("partners.csv", {"name": "x" * 201}, "name: has 201 characters, at most 200 fit"),
    ("projects.csv", {"end_year": "2018"}, "end_year: is before the start: 2018 < 2019"),
    ("projects.csv", {"grant_currency": ""}, "grant_currency: an amount and its currency belong together"),
    ("projects.csv", {"grant_amount": "3,4"}, "grant_amount: is not a number: '3,4'"),
    (
        "projects.csv",
        {"themes": "energy; magic"},
        f"themes: is not one of {THEMES}: 'magic'",
    ),
    ("projects.csv", {"lead_partner_id": "nobody"}, "lead_partner_id: unknown partner 'nobody'"),
    (
        "project_participants.csv",
        {"role": "mascot"},
        f"role: is not one of {ROLES}: 'mascot'",
    ),
    ("project_participants.csv", {"project_id": "none"}, "project_id: unknown project 'none'"),
    ("project_participants.csv", {"partner_id": "none"}, "partner_id: unknown partner 'none'"),
    ("news.csv", {"kind": "song"}, "kind: is not one of article, webinar, series: 'song'"),
    ("news.csv", {"language": "de"}, "language: is not one of da, en: 'de'"),
    ("news.csv", {"date_precision": "month"}, "date: is 2020-03-01, but date_precision says month"),
    ("news.csv", {"partner_ids": "kk;nobody"}, "partner_ids: unknown partner 'nobody'"),
    ("news.csv", {"title": ""}, "title: is blank"),
]
NEW_ROW = {
    "municipalities.csv": {"kommunekode": "0147", "name_da": "Frederiksberg", "tile_col": "17"},
    "partners.csv": {"partner_id": "fk", "name": "Frederiksberg Kommune"},
    "projects.csv": {"project_id": "syd", "name": "Syd"},
    "project_participants.csv": {"project_id": "nord", "partner_id": "kk2"},
    "news.csv": {"news_id": "n2", "title": "Endnu en nyhed"},
}


@pytest.mark.parametrize(("file", "cells", "expected"), BAD, ids=[f"{file}-{next(iter(c))}" for file, c, _e in BAD])
def test_a_bad_row_is_named_and_the_good_ones_load(app, tmp_path, file, cells, expected):
    files = Files(tmp_path).add(file, **{**NEW_ROW[file], **cells})
    if file == "project_participants.csv" and "partner_id" not in cells:
        files.add("partners.csv", partner_id="kk2", name="En anden")
    report = load(app, files)
    assert [str(problem) for problem in report.problems] == [f"{file}:3: {expected}"]
    assert report.tallies[file].bad == 1
    assert report.tallies[file].added >= 1
    assert report.is_written


def test_rows_that_refer_to_a_bad_row_are_bad_and_say_where_it_is(app, tmp_path):
    files = Files(tmp_path).set("partners.csv", website="x")
    assert [str(problem) for problem in load(app, files).problems] == [
        "partners.csv:2: website: is not a web address: 'x'",
        "projects.csv:2: lead_partner_id: partner 'kk' was left out: see partners.csv:2",
        "project_participants.csv:2: project_id: project 'nord' was left out: see projects.csv:2",
        "news.csv:2: partner_ids: partner 'kk' was left out: see partners.csv:2",
    ]
    assert counts(app)[Municipality] == 1
    assert counts(app)[Partner] == 0


def test_a_later_bad_row_does_not_cut_the_ties_of_what_is_loaded(app, tmp_path):
    files = Files(tmp_path)
    load(app, files)
    report = load(app, files.set("partners.csv", website="x").set("news.csv", title="Nyt navn"))
    assert [problem.file for problem in report.problems] == ["partners.csv"]
    assert report.tallies["news.csv"].changed == 1


def test_a_file_that_cannot_be_used_leaves_the_others_to_load(app, tmp_path):
    files = Files(tmp_path).without("projects.csv", "project_participants.csv", "news.csv")
    report = load(app, files.put("partners.csv", files.text("partners.csv").encode("latin-1")))
    assert [str(problem) for problem in report.problems] == ["partners.csv:2: (file): is not UTF-8"]
    assert counts(app)[Municipality] == 1


def test_a_folder_with_some_of_the_files_loads_those_and_names_the_others(app, tmp_path):
    report = load(app, Files(tmp_path).without("projects.csv", "project_participants.csv", "news.csv"))
    assert report.missing == [
        "indicator_definitions.csv",
        "indicators.csv",
        "framework.csv",
        "stage_rules.csv",
        "projects.csv",
        "project_participants.csv",
        "news.csv",
        "feeds.csv",
    ]
    assert counts(app)[Partner] == 1
    assert counts(app)[Region] == 6


def test_participants_can_come_alone(app, tmp_path):
    files = Files(tmp_path)
    files.add("partners.csv", partner_id="kk2", name="En anden")
    load(app, files)
    files.without("municipalities.csv", "partners.csv", "projects.csv", "news.csv")
    report = load(app, files.add("project_participants.csv", partner_id="kk2", role="supplier"))
    assert outcome(report) == {"added": 1, "changed": 0, "unchanged": 1, "bad": 0}


@pytest.mark.slow
def test_a_killed_load_leaves_everything_as_it_was(app, settings, tmp_path):
    before = snapshot(app)
    environment = {**os.environ, **{name: str(value) for name, value in settings.items()}, "FLASK_APP": "wsgi.py"}
    command = [sys.executable, "-m", "flask", "data", "load"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith(b"partners.csv"):  # the partners are written, the projects are not
            process.send_signal(signal.SIGKILL)
            break
    process.stderr.close()
    assert process.wait() == -signal.SIGKILL
    assert snapshot(app) == before
    assert outcome(load(app, OWN_DATA))["bad"] == 0
    assert counts(app) == WHOLE


@pytest.mark.sqlite_only
def test_a_full_disk_leaves_everything_as_it_was_and_says_so(app):
    def fill_up(connection: object, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]  # type: ignore[attr-defined]
        connection.execute(f"PRAGMA max_page_count = {pages + 20}")  # type: ignore[attr-defined]

    before = snapshot(app)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
        event.listen(db.engine, "connect", fill_up)
    told = app.test_cli_runner().invoke(args=["data", "load"])
    assert told.exit_code == 1
    assert "Nothing was changed: database or disk is full" in told.output
    with app.app_context():
        event.remove(db.engine, "connect", fill_up)
        db.session.remove()
        db.engine.dispose()
    assert snapshot(app) == before


def test_a_load_joins_no_half_of_another(app, tmp_path):
    """Two loads, one after the other, of files that do not overlap: both are there."""
    load(app, Files(tmp_path / "one"))
    files = Files(tmp_path / "two").set(
        "municipalities.csv", kommunekode="0147", name_da="Frederiksberg", tile_col="17"
    )
    files.set("partners.csv", partner_id="fk", municipality_code="0147").without("projects.csv", "news.csv")
    load(app, files.without("project_participants.csv"))
    assert (counts(app)[Municipality], counts(app)[Partner]) == (2, 2)


def test_our_own_data_name_no_person_and_no_path_of_a_machine():
    for path in sorted(OWN_DATA.glob("*.csv")):
        content = path.read_text(encoding="utf-8")
        assert "/work/" not in content, path
        assert "/tmp/" not in content, path
    assert isinstance(OWN_DATA, Path)
