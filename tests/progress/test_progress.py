"""How far the municipalities have come: the framework, the rules of the registers, and what readers see of it."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db, transaction
from portal.core.errors import Conflict, Forbidden
from portal.core.permissions import SYSTEM, VISITOR, Actor, Role, allows
from portal.municipalities.models import EarlierValue, Municipality
from portal.partners.models import Partner
from portal.progress import operations, permissions
from portal.progress.models import Assessment, Basis, Dimension, Framework, State
from portal.reference.load import OWN_DATA
from tests.files import Files, load, outcome

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
FRAMEWORK = (OWN_DATA / "framework.csv").read_text(encoding="utf-8")
RULES = (OWN_DATA / "stage_rules.csv").read_text(encoding="utf-8")
DEFINITIONS = (OWN_DATA / "indicator_definitions.csv").read_text(encoding="utf-8")
VALUES = "kommunekode,indicator_id,value,unit,period,source_url,via,note,retrieved\n"
SOURCE = "https://source.example.org/page"


def observed(*values: str) -> str:
    """indicators.csv of Copenhagen: each value is `indicator,value,period`."""
    lines = [value.split(",") for value in values]
    return VALUES + "".join(f"0101,{which},{value},,{period},{SOURCE},,,2026\n" for which, value, period in lines)


def small(files: Files, *values: str) -> Files:
    files.put("framework.csv", FRAMEWORK).put("stage_rules.csv", RULES)
    return files.put("indicator_definitions.csv", DEFINITIONS).put("indicators.csv", observed(*values))


def series(app: Flask, dimension: str) -> list[tuple[int | None, str, date | None, int]]:
    """(stage, state, valid until, how many pieces of evidence) of the assessments of a dimension, oldest first."""
    with app.app_context():
        statement = select(Assessment).join(Dimension, Assessment.dimension_id == Dimension.id)
        found = db.session.scalars(statement.where(Dimension.slug == dimension).order_by(Assessment.id)).all()
        return [(one.stage, one.state, one.valid_until, _evidence(one)) for one in found]


def _evidence(assessment: Assessment) -> int:
    db.session.refresh(assessment, ["evidence"])
    return len(assessment.evidence)


def test_registers_judge_once_and_what_was_judged_stays(app: Flask, tmp_path) -> None:
    files = small(
        Files(tmp_path), "climate_alliance,yes,2024-02", "dk2020,round_1,2020-11", "open_data_dk,not_listed,c. 2019"
    )
    assert load(app, files).problems == []
    plan = (1, State.PUBLISHED, date(2028, 2, 1), 2)
    assert (series(app, "energy-climate"), series(app, "data")) == ([plan], [])
    load(app, files)
    assert series(app, "energy-climate") == [plan]

    # A register says more: the next assessment follows, the one before keeps what it rested on.
    files.put("indicators.csv", observed("life_act_wp6,yes,2024–2032"))
    load(app, files)
    then = (1, State.SUPERSEDED, date(2028, 2, 1), 2)
    assert series(app, "energy-climate") == [then, (2, State.PUBLISHED, date(2028, 1, 1), 3)]

    # What people have judged is no register's business.
    with app.app_context(), transaction():
        assessment = db.session.scalars(select(Assessment).where(Assessment.state == State.PUBLISHED)).first()
        assessment.basis, assessment.stage = Basis.VERIFIED, 3
    load(app, files.put("stage_rules.csv", RULES.replace(",yes,2,4,", ",yes,3,4,")))
    assert sum(state == State.PUBLISHED for _stage, state, _until, _count in series(app, "energy-climate")) == 1

    with app.app_context():
        actions = select(AuditEntry.action).where(AuditEntry.subject_kind == "assessment").distinct()
        assert set(db.session.scalars(actions)) == {"assessment.published", "assessment.superseded"}


def test_a_rule_that_is_withdrawn_leaves_the_stage_unknown(app: Flask, tmp_path) -> None:
    files = small(Files(tmp_path), "networks,Loop City,undated")
    load(app, files)
    assert series(app, "collaboration") == [(2, State.PUBLISHED, None, 1)]
    load(app, files.put("stage_rules.csv", RULES.replace("Loop City;", "")))
    assert series(app, "collaboration") == [(2, State.SUPERSEDED, None, 1)]


def test_a_value_that_a_later_file_says_differently_is_corrected_and_the_earlier_one_kept(app: Flask, tmp_path) -> None:
    files = small(Files(tmp_path), "ev_share,12.5,2023", "ev_share,11.5,2022", "dk2020,round_1,2020-11")
    assert load(app, files).problems == []
    files.put("indicators.csv", observed("ev_share,12.75,2023", "ev_share,11.5,2022", "dk2020,round_2,2020-11"))
    assert load(app, files).problems == []
    load(app, files)
    with app.app_context():
        kept = db.session.execute(select(EarlierValue.number, EarlierValue.word).order_by(EarlierValue.id)).all()
        assert [tuple(one) for one in kept] == [(Decimal("12.5"), ""), (None, "round_1")]
    page = app.test_client().page("/en/municipalities/koebenhavn")
    assert "Corrected by the source on" in page.text

    bad = observed("ev_share,120,2024", "re_self_sufficiency,345,2024", "population_growth_2020_2026,-6.3,2024")
    report = load(app, files.put("indicators.csv", bad + f"0101,waste_kg,,,2024,{SOURCE},,,\n"))
    assert [(one.line, one.column, one.reason) for one in report.problems] == [
        (2, "value", "is more than 100: 120"),
        (5, "value", "is blank"),
    ]


def test_a_version_in_use_is_not_said_anew(app: Flask, tmp_path) -> None:
    files = small(Files(tmp_path), "climate_alliance,yes,2024-02")
    load(app, files)
    changed = FRAMEWORK.replace("No climate plan", "No plan of any kind")
    report = load(app, files.put("framework.csv", changed))
    assert [(problem.file, problem.column) for problem in report.problems] == [("framework.csv", "version")]

    # A new version is new rows: the old assessment stays, and by the new one nothing is known yet.
    later = changed.partition("\n")[2].replace("2026-1,2026-11-01", "2027-1,2026-11-02")
    assert outcome(load(app, files.put("framework.csv", FRAMEWORK + later)))["bad"] == 0
    assert [stage for stage, *_rest in series(app, "energy-climate")] == [1]
    page = app.test_client().page("/en/municipalities/koebenhavn")
    assert "Nothing is known of Copenhagen yet." in page.text


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("framework.csv", "2026-1,2026-11-01,data", "2026-1,2026-12-01,data", "valid_from: is not the day"),
        ("framework.csv", "Data and openness", "", "name_en: is blank"),
        ("stage_rules.csv", "2026-1,data,open_data_dk", "2025-1,data,open_data_dk", "dimension: unknown dimension"),
        ("stage_rules.csv", ",digital_municipal_plan,", ",nothing_such,", "indicator_id: unknown indicator"),
        ("stage_rules.csv", "yes,2,4,Is named", "yes,0,4,Is named", "stage: is 0"),
        ("stage_rules.csv", "yes,2,4,Is named", "yes,5,4,Is named", "stage: is more than 4"),
    ],
)
def test_a_bad_row_is_named(app: Flask, tmp_path, file: str, old: str, new: str, expected: str) -> None:
    files = small(Files(tmp_path), "climate_alliance,yes,2024-02")
    text = {"framework.csv": FRAMEWORK, "stage_rules.csv": RULES}[file]
    assert old in text
    found = [str(problem) for problem in load(app, files.put(file, text.replace(old, new))).problems]
    assert any(problem.startswith(f"{file}:") and expected in problem for problem in found)


def test_an_assessment_takes_no_step_that_does_not_follow(app: Flask, tmp_path) -> None:
    load(app, small(Files(tmp_path)))
    curator = Actor(account_id=None, roles=frozenset({Role.CURATOR}))
    with app.app_context(), transaction():
        place, dimension = (db.session.scalars(select(model.id)).first() for model in (Municipality, Dimension))
        one = Assessment(
            municipality_id=place, dimension_id=dimension, stage=2, basis=Basis.STAFF, assessed_on=NOW.date()
        )
        one.state = State.DRAFT
        db.session.add(one)
        db.session.flush()
        with pytest.raises(Forbidden):
            operations.move(one, State.SENT, actor=VISITOR, now=NOW)
        with pytest.raises(Conflict):
            operations.move(one, State.PUBLISHED, actor=curator, now=NOW)
        for step in (State.SENT, State.NO_REPLY, State.PUBLISHED, State.SUPERSEDED):
            operations.move(one, step, actor=curator, now=NOW)
        assert (one.published_at, one.superseded_at) == (NOW, NOW)


def test_the_sql_of_each_rule_says_the_same(app: Flask, tmp_path) -> None:
    load(app, small(Files(tmp_path)))
    twins = {
        "assessment.see": permissions.seen_by,
        "assessment.edit": permissions.edited_by,
        "assessment.own": permissions.owned_by,
    }
    with app.app_context(), transaction():
        place = db.session.scalars(select(Municipality.id)).first()
        partner = db.session.scalars(select(Partner)).one()
        dimension = db.session.scalars(select(Dimension.id)).first()
        for state in State:
            given = {"stage": 1, "basis": Basis.STAFF, "state": state, "assessed_on": NOW.date()}
            for number in (None, partner.id):
                if number and state is State.PUBLISHED:
                    continue  # one of them holds
                db.session.add(Assessment(municipality_id=place, dimension_id=dimension, partner_id=number, **given))
        db.session.add(Framework(version="draft"))
        db.session.flush()
        everything = db.session.scalars(select(Assessment)).all()
        member = Actor(partner_ids=frozenset({partner.id}))
        actors = (VISITOR, SYSTEM, member, *(Actor(roles=frozenset({role})) for role in Role))
        for actor in actors:
            assert allows(actor, "partner.assess", partner) == bool(
                db.session.scalars(select(Partner.id).where(permissions.assessed_by(actor))).all()
            )
            for action, sql in (
                ("framework.see", permissions.framework_seen_by),
                ("framework.edit", permissions.framework_edited_by),
            ):
                asked = {one.id for one in db.session.scalars(select(Framework)) if allows(actor, action, one)}
                assert asked == set(db.session.scalars(select(Framework.id).where(sql(actor)))), (action, actor)
            for action, sql in twins.items():
                asked = {one.id for one in everything if allows(actor, action, one)}
                assert asked == set(db.session.scalars(select(Assessment.id).where(sql(actor)))), (action, actor)


def test_readers_see_what_is_known_with_its_grounds_and_what_is_not(
    app: Flask, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    files = small(Files(tmp_path), "climate_alliance,yes,2024-02", "open_data_dk,basic,c. 2019–2020")
    load(app, files)
    client = app.test_client()
    page = client.page("/en/municipalities/koebenhavn")
    stages = page.html.partition('id="stages"')[2].partition("</section>")[0]
    assert "Of 7 dimensions, 1 is known of Copenhagen. One more is out of date." in page.text
    assert stages.count("not reported") == 5
    assert "Plan, at least" in stages
    assert "96 of the 98 municipalities had a climate plan" in stages
    assert stages.count("Out of date") == 1
    assert "Stage 0" not in stages

    method = client.page("/da/municipalities/method")
    for said in ("Version 2026-1", "Energi og klima", "1 af 1", "Klimaalliancen"):
        assert said in method.text

    answer = client.get("/en/municipalities/stages.csv")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [(row["Dimension"], row["Stage (0–4)"], row["Indicator and value"]) for row in rows] == [
        ("Data and openness", "1", "open_data_dk = basic"),
        ("Energy and climate", "1", "climate_alliance = yes"),
    ]
    assert client.get("/da/municipalities/stages.xlsx").status_code == 200
    assert client.get("/da/municipalities/stages.pdf").status_code == 404


@pytest.mark.sqlite_only
def test_the_method_says_so_when_there_is_no_framework(client) -> None:
    assert "No framework has been loaded yet." in client.page("/en/municipalities/method").text


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2024-02", date(2024, 2, 1)),
        ("2019–2021", date(2019, 1, 1)),
        ("c. 2019–2020", date(2019, 1, 1)),
        ("2020-01-01/2026-01-01", date(2020, 1, 1)),
        ("2024-02-29", date(2024, 2, 28)),
        ("undated", None),
        ("", None),
    ],
)
def test_a_period_begins_where_its_source_says(period: str, expected: date | None) -> None:
    assert operations.beginning(period) == expected
