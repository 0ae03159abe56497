"""`flask data` as an operator meets it."""

from flask import Flask
from sqlalchemy import func, select

from portal.core.db import db
from portal.partners.models import Partner
from tests.files import Files


def run(app: Flask, *args: object):
    return app.test_cli_runner().invoke(args=["data", *map(str, args)])


def partners(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Partner)) or 0


def test_load_counts_each_file_and_shows_how_far_it_is(app, tmp_path):
    told = run(app, "load", Files(tmp_path).folder)
    assert told.exit_code == 0
    assert told.stdout.splitlines()[0].split() == ["added", "changed", "unchanged", "bad"]
    assert "partners.csv                        1        0          0     0" in told.stdout.splitlines()
    assert "partners.csv: 1" in told.stderr.splitlines()
    assert "Not there, so left as they are: indicator_definitions.csv, indicators.csv" in told.stderr


def test_a_bad_row_ends_with_1_and_its_place(app, tmp_path):
    told = run(app, "load", Files(tmp_path).set("partners.csv", country="Denmark").folder)
    assert told.exit_code == 1
    assert (
        "partners.csv:2: country: is not a country code of two capital letters: 'Denmark'" in told.stderr.splitlines()
    )
    assert "partners.csv                        0        0          0     1" in told.stdout.splitlines()


def test_strict_and_dry_runs_say_that_nothing_was_written(app, tmp_path):
    files = Files(tmp_path)
    dry = run(app, "load", files.folder, "--dry-run")
    assert (dry.exit_code, dry.stdout.splitlines()[-1]) == (0, "A dry run: nothing was written.")
    strict = run(app, "load", files.set("news.csv", language="xx").folder, "--strict")
    last = "Nothing was loaded, because of the bad rows (--strict)."
    assert (strict.exit_code, strict.stdout.splitlines()[-1]) == (1, last)
    assert partners(app) == 0


def test_if_empty_leaves_a_portal_with_data_alone(app, tmp_path):
    files = Files(tmp_path)
    assert run(app, "load", files.folder, "--if-empty").exit_code == 0
    told = run(app, "load", files.set("partners.csv", partner_id="other").folder, "--if-empty")
    assert (told.exit_code, told.output) == (0, "")
    assert partners(app) == 1


def test_a_folder_without_our_files_and_no_folder_at_all_are_named(app, tmp_path):
    told = run(app, "load", tmp_path)
    assert told.exit_code == 1
    assert f"{tmp_path} holds none of municipalities.csv, partners.csv, projects.csv" in told.output
    assert run(app, "load", tmp_path / "nowhere").exit_code == 2
    assert run(app, "export", Files(tmp_path).folder / "news.csv").exit_code == 2


def test_a_database_that_is_not_migrated_is_told_in_one_line(app, tmp_path):
    with app.app_context():
        db.drop_all()
    told = run(app, "load", Files(tmp_path).folder)
    assert told.exit_code == 1
    assert told.output.count("\n") == 1
    assert "Is `flask db upgrade` done?" in told.output
