"""municipalities.csv, regions.csv and the indicators, in the details."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.core.db import db, transaction
from portal.municipalities.models import Indicator, Municipality, Observation, Population
from tests.files import SOURCE, Files, load, outcome

INDICATORS = (
    "indicator_id,name_en,name_da,theme,unit,direction,value_type,period,source_name,source_url,licence,"
    "description_en,description_da,caveat\n"
    f"ev_share,Electric cars,Elbiler,mobility,%,higher_better,number,2026,DST,{SOURCE},CC BY,,,\n"
    f"networks,Networks,Netværk,governance,,categorical,category,various,,{SOURCE},,,,\n"
)
VALUES = "kommunekode,indicator_id,value,unit,period,source_url,via,note,retrieved\n"
REGIONS = "slug,code,name_da,name_en,valid_from,valid_to,successor,source_url\n"


def one(app, model=Municipality):
    with app.app_context():
        return db.session.scalars(select(model)).one()


def values(app, *lines: str, files: Files):
    files.put("indicator_definitions.csv", INDICATORS).put("indicators.csv", VALUES + "".join(f"{x}\n" for x in lines))
    report = load(app, files)
    with app.app_context():
        observations = db.session.scalars(select(Observation).order_by(Observation.id)).all()
    return report, observations


def test_a_municipality_has_its_inhabitants_by_year(app, tmp_path):
    load(app, Files(tmp_path))
    with app.app_context():
        years = dict(db.session.execute(select(Population.year, Population.inhabitants)).all())
    assert years == {2026: 671714, 2020: 632340}
    municipality = one(app)
    assert (municipality.slug, municipality.area_km2) == ("koebenhavn", Decimal("90.9"))
    assert (municipality.population, municipality.population_date) == (671714, date(2026, 1, 1))


def test_blank_is_not_zero(app, tmp_path):
    blank = dict.fromkeys(("population", "population_date", "population_2020", "area_km2", "lat", "lon"), "")
    load(app, Files(tmp_path).set("municipalities.csv", **blank))
    municipality = one(app)
    assert [municipality.population, municipality.area_km2, municipality.lat] == [None, None, None]
    with app.app_context():
        assert db.session.scalars(select(Population)).all() == []


def test_a_new_year_joins_the_old_ones(app, tmp_path):
    files = Files(tmp_path)
    load(app, files)
    load(
        app,
        files.set("municipalities.csv", population="680000", population_date="2027-01-01", population_2026="671714"),
    )
    with app.app_context():
        assert sorted(db.session.scalars(select(Population.year))) == [2020, 2026, 2027]


def test_two_municipalities_may_change_places_on_the_grid(app, tmp_path):
    files = Files(tmp_path).add("municipalities.csv", kommunekode="0147", name_da="Frederiksberg", tile_col="17")
    load(app, files)
    files.rows["municipalities.csv"][0]["tile_col"] = "17"
    files.rows["municipalities.csv"][1]["tile_col"] = "18"
    assert outcome(load(app, files.write()))["changed"] == 2
    with app.app_context():
        tiles = dict(db.session.execute(select(Municipality.code, Municipality.tile_col)).all())
    assert tiles == {"0101": 17, "0147": 18}


def test_a_tile_that_another_municipality_keeps_is_refused(app, tmp_path):
    load(app, Files(tmp_path / "one"))
    files = Files(tmp_path / "two").set("municipalities.csv", kommunekode="0147", name_da="Frederiksberg")
    files.without("partners.csv", "projects.csv", "project_participants.csv", "news.csv")
    expected = "municipalities.csv:2: tile_col: the tile 18, 6 is used by another municipality"
    assert [str(problem) for problem in load(app, files).problems] == [expected]


def test_a_tile_that_was_moved_here_stays(app, tmp_path):
    files = Files(tmp_path)
    load(app, files)
    with app.app_context(), transaction():
        db.session.scalars(select(Municipality)).one().tile_col = 3
    assert outcome(load(app, files))["changed"] == 0
    assert one(app).tile_col == 3


def test_the_same_name_twice_gets_two_addresses(app, tmp_path):
    load(app, Files(tmp_path).add("municipalities.csv", kommunekode="0102", tile_col="1"))
    with app.app_context():
        assert sorted(db.session.scalars(select(Municipality.slug))) == ["koebenhavn", "koebenhavn-0102"]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (f"a,1,A,,,,b,{SOURCE}", "regions.csv:2: code: is not a code of four digits: '1'"),
        (f"a,1001,A,,2027-01-01,2026-01-01,,{SOURCE}", "regions.csv:2: valid_to: is not after valid_from"),
        (f"a,1001,A,,,,b,{SOURCE}", "regions.csv:2: successor: needs a valid_to"),
        (f"a,1001,A,,,2027-01-01,b,{SOURCE}", "regions.csv:2: successor: unknown region 'b'"),
        (
            f"a,1001,A,,,,,{SOURCE}\nb,1001,B,,,,,{SOURCE}",
            "regions.csv:3: code: the code 1001 is already used on line 2",
        ),
    ],
)
def test_bad_regions(app, tmp_path, lines, problem):
    files = Files(tmp_path).put("regions.csv", REGIONS + lines + "\n")
    assert str(load(app, files).problems[0]) == problem


def test_a_region_that_ends_changes_its_municipalities(app, tmp_path):
    files = Files(tmp_path)
    files.put("regions.csv", f"{REGIONS}a,1084,A,,,,,{SOURCE}\nb,,B,,2030-01-01,,,{SOURCE}\n")
    load(app, files)
    files.put("regions.csv", f"{REGIONS}a,1084,A,,,2030-01-01,b,{SOURCE}\nb,,B,,2030-01-01,,,{SOURCE}\n")
    report = load(app, files)
    assert (report.tallies["regions.csv"].changed, report.tallies["municipalities.csv"].changed) == (1, 1)
    with app.app_context():
        stays = select(Municipality).options(joinedload(Municipality.regions))
        regions = db.session.scalars(stays).unique().one().regions
    assert [(stay.valid_from, stay.valid_to) for stay in regions] == [
        (None, date(2030, 1, 1)),
        (date(2030, 1, 1), None),
    ]


def test_numbers_and_words_are_kept_apart(app, tmp_path):
    lines = (f"0101,ev_share,12.5,%,2026,{SOURCE},,,", f"0101,networks,Gate 21,,2020,{SOURCE},,,")
    _report, (share, network) = values(app, *lines, files=Files(tmp_path))
    assert (share.number, share.word) == (Decimal("12.5"), "")
    assert (network.number, network.word) == (None, "Gate 21")
    with app.app_context():
        indicators = {indicator.slug: indicator for indicator in db.session.scalars(select(Indicator))}
    assert indicators["networks"].direction is None
    assert (indicators["ev_share"].is_number, indicators["networks"].is_number) == (True, False)


def test_a_list_may_name_several_things_and_a_number_only_one(app, tmp_path):
    lines = (
        f"0101,networks,Gate 21,,2020,{SOURCE},,,",
        f"0101,networks,DOLL,,2020,{SOURCE},,,",
        f"0101,ev_share,1,%,2026,{SOURCE},,,",
        f"0101,ev_share,2,%,2026,{SOURCE},,,",
        f"0101,ev_share,3,%,2027,{SOURCE},,,",
    )
    report, observations = values(app, *lines, files=Files(tmp_path))
    assert [str(problem) for problem in report.problems] == [
        "indicators.csv:5: (row): '0101/ev_share/2026' is already on line 4"
    ]
    assert len(observations) == 4


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (f"0102,ev_share,1,%,2026,{SOURCE},,,", "kommunekode: unknown municipality '0102'"),
        (f"0101,magic,1,%,2026,{SOURCE},,,", "indicator_id: unknown indicator 'magic'"),
        (f"0101,ev_share,many,%,2026,{SOURCE},,,", "value: is not a number: 'many'"),
        (f"0101,ev_share,,%,2026,{SOURCE},,,", "value: is blank"),
    ],
)
def test_bad_values(app, tmp_path: Path, line, problem):
    report, observations = values(app, line, files=Files(tmp_path))
    assert [str(one) for one in report.problems] == [f"indicators.csv:2: {problem}"]
    assert observations == []


def test_the_whole_series_keeps_its_source_and_period(reference):
    with reference.app_context():
        assert all(db.session.execute(select(Observation.source_url, Observation.period)).all())
        assert all(url for (url,) in db.session.execute(select(Observation.source_url)))
        zero = select(Observation.number).join(Indicator).where(Indicator.slug == "district_heating_fossil")
        assert len(db.session.scalars(zero).all()) == 97
