"""What is public can be given out and taken in again without a trace."""

import csv
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from portal.core.db import db, transaction
from portal.core.themes import Theme
from portal.news.models import Article
from portal.partners.models import Partner, PartnerState
from portal.projects.models import Project, Visibility
from portal.reference import export as exporting
from portal.webinars.models import Webinar
from tests.files import WEBINAR, Files, load, outcome
from tests.reference.test_load import counts, snapshot

FILES = ["municipalities.csv", "news.csv", "partners.csv", "project_participants.csv", "projects.csv"]


def export(app: Flask, folder: Path) -> dict[str, int]:
    with app.app_context():
        return exporting.export(folder)


def rows(folder: Path, file: str) -> list[dict[str, str]]:
    with (folder / file).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_export_of_everything_loads_without_a_change(reference, tmp_path):
    before = snapshot(reference)
    assert export(reference, tmp_path / "out") == {
        "municipalities.csv": 98,
        "partners.csv": 215,
        "projects.csv": 73,
        "project_participants.csv": 347,
        "news.csv": 96,
    }
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == FILES
    report = load(reference, tmp_path / "out")
    assert outcome(report) == {"added": 0, "changed": 0, "unchanged": 6 + 98 + 215 + 73 + 347 + 96, "bad": 0}
    assert snapshot(reference) == before


def test_an_export_fills_an_empty_portal_with_the_same(reference, app, tmp_path):
    export(reference, tmp_path / "one")
    assert outcome(load(app, tmp_path / "one"))["bad"] == 0
    export(app, tmp_path / "two")
    for file in FILES:
        assert sorted(map(str, rows(tmp_path / "two", file))) == sorted(map(str, rows(tmp_path / "one", file))), file
    expected, found = counts(reference), counts(app)
    assert [found[model] for model in (Partner, Project, Article, Webinar)] == [
        expected[model] for model in (Partner, Project, Article, Webinar)
    ]


def test_what_was_made_and_edited_here_goes_out_and_comes_back_unchanged(app, make, tmp_path):
    load(app, Files(tmp_path / "in").add("news.csv", **WEBINAR))
    partner = make.partner("Ny Forening", country="SE")
    project = make.project(
        "Mod varmen", title_da="Mod varmen", title_en="Towards heat", themes=[Theme.HEAT], partners=[partner]
    )
    make.article("Made here", title_da="Lavet her", standfirst_da="Kort.", standfirst_en="Short.", projects=[project])
    with app.app_context(), transaction():
        db.session.scalars(select(Partner).where(Partner.slug == "kk")).one().website = "https://kbh.example.org"
        db.session.scalars(select(Project).where(Project.slug == "nord")).one().title_da = "Varme fra havnen"
    before = snapshot(app)
    export(app, tmp_path / "out")
    report = load(app, tmp_path / "out")
    assert report.problems == []
    assert snapshot(app) == before


def test_what_the_public_may_not_see_is_not_given_out(app, make, tmp_path):
    hidden = make.partner("Hidden", state=PartnerState.SUGGESTED)
    shown = make.partner("Shown")
    make.project("Closed", visibility=Visibility.MEMBERS, partners=[shown])
    make.project("Open", partners=[hidden, shown])
    make.article("Seen", partners=[hidden, shown])
    export(app, tmp_path)
    assert [row["partner_id"] for row in rows(tmp_path, "partners.csv")] == ["shown"]
    assert [row["project_id"] for row in rows(tmp_path, "projects.csv")] == ["open"]
    taking_part = rows(tmp_path, "project_participants.csv")
    assert [(row["project_id"], row["partner_id"]) for row in taking_part] == [("open", "shown")]
    assert [row["partner_ids"] for row in rows(tmp_path, "news.csv")] == ["shown"]


def test_a_webinar_in_the_hour_that_comes_twice_keeps_its_moment(app, tmp_path):
    twice = {**WEBINAR, "date": "2026-10-25", "webinar_start": "2026-10-25T02:30+01:00"}
    load(app, Files(tmp_path / "in").add("news.csv", **twice))
    export(app, tmp_path / "out")
    assert rows(tmp_path / "out", "news.csv")[1]["webinar_start"] == "2026-10-25T02:30+01:00"
    assert outcome(load(app, tmp_path / "out"))["changed"] == 0
