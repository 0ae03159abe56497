"""Boundaries: what a file must be, what is drawn of it, and the map it makes."""

import csv
import json
import math
import re
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from portal.core.audit import AuditEntry
from portal.core.db import db, transaction
from portal.core.generations import bump
from portal.municipalities.boundaries import drawing, geojson
from portal.municipalities.boundaries.geometry import area, crossing, simplified, visvalingam
from portal.municipalities.models import Boundary, BoundarySource
from portal.reference.load import OWN_DATA

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "kommuner.geojson"
OWED = "Indeholder data fra Geodatastyrelsen"
WAVE = [(9.4, 56.0 + step / 100) for step in range(0, 100, 5)]  # the border that two share, with too many points


def square(west, south, size=0.2):
    return [
        [west, south],
        [west + size, south],
        [west + size, south + size],
        [west, south + size],
        [west, south],
    ]


def collection(shapes, **members):
    features = [
        {
            "type": "Feature",
            "properties": {"kommunekode": code},
            "geometry": {"type": "Polygon", "coordinates": rings},
        }
        for code, rings in shapes
    ]
    return {"type": "FeatureCollection", "features": features, **members}


def country(codes):
    """A file as that of the whole country: 97 municipalities that share fine, wavy borders, and one far in the east."""
    columns, size, fine = 14, 0.28, 40

    def wave(start, end):
        """The border from a corner to the next one, the same from either side."""
        first, last = sorted((start, end))
        points = [
            [
                round(x0 + (x1 - x0) * step / fine + (y1 - y0) * math.sin(step * 3.1) / 200, 6),
                round(y0 + (y1 - y0) * step / fine + (x1 - x0) * math.sin(step * 3.1) / 200, 6),
            ]
            for (x0, y0), (x1, y1) in [(first, last)]
            for step in range(fine + 1)
        ]
        return points if start == first else points[::-1]

    def cell(column, row):
        west, south = round(8.1 + column * size, 6), round(54.7 + row * size, 6)
        east, north = round(8.1 + (column + 1) * size, 6), round(54.7 + (row + 1) * size, 6)
        corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        sides = [wave(*pair) for pair in pairwise(corners)]
        return [point for side in sides for point in side[:-1]] + [sides[0][0]]

    shapes = [(code, [cell(n % columns, n // columns)]) for n, code in enumerate(codes[:-1])]
    return collection([*shapes, (codes[-1], [square(14.8, 55.0)])], attribution=OWED)


def four(places, **members):
    """A file with a square for each place."""
    return collection([(place.code, [square(9 + n, 56)]) for n, place in enumerate(places)], **members)


@pytest.fixture
def run(app, tmp_path):
    """Give `flask municipalities boundaries` a file; returns its exit code and what it said."""

    def give(content, *options):
        file = tmp_path / "kommuner.geojson"
        file.write_text(content if isinstance(content, str) else json.dumps(content))
        answer = app.test_cli_runner().invoke(args=["municipalities", "boundaries", str(file), *options])
        return SimpleNamespace(code=answer.exit_code, said=answer.output)

    return give


def loaded(app):
    with app.app_context():
        return (
            db.session.scalar(select(func.count()).select_from(Boundary)),
            db.session.scalars(select(BoundarySource.attribution)).all(),
            db.session.scalar(select(func.count()).where(AuditEntry.action == "boundaries.loaded")),
        )


def test_boundaries_are_loaded_once_and_shown_with_whom_they_are_owed_to(app, client, register, run, tmp_path):
    before = client.page("/en/municipalities?map=borders")
    assert "True borders" not in before.text  # the tiles stand alone
    assert len([one for one in before.all("a") if "tile" in (one.get("class") or "").split()]) == 4

    assert "give --attribution" in run(four(register.places)).said
    assert loaded(app) == (0, [], 0)
    note = f'- data date 2014-02-13\n- Attribution to show: "{OWED}".\n'
    (tmp_path / "kommuner.LICENSE.md").write_text(note)
    assert run(four(register.places)).code == 0
    assert "loaded already" in run(four(register.places)).said
    assert loaded(app) == (4, [OWED], 1)

    page = client.page("/en/municipalities?map=borders&indicator=co2e_per_capita")
    borders = [one for one in page.tree.iter() if (one.get("class") or "").startswith("border ")]
    assert {one.get("href") for one in borders} == {f"/en/municipalities/{place.slug}" for place in register.places}
    assert [one.get("class") for one in borders].count("border border--unknown") == 1
    assert "Aarhus: 1 tonnes of CO₂e per inhabitant" in page.html
    assert OWED in page.text
    assert "Boundaries of 13 February 2014" in page.text
    assert not [one for one in page.all("a") if "tile" in (one.get("class") or "").split()]
    assert any("map=tiles" in link for link in page.links)
    assert any("map=borders" in link and ".csv" not in link and "sort=value" in link for link in page.links)

    assert run(four(register.places), "--attribution", "Another owner", "--date", "2026-01-01").code == 0
    assert loaded(app) == (4, ["Another owner"], 2)


def test_what_is_wrong_with_a_file_is_named_and_nothing_is_half_loaded(app, register, run):
    places = register.places
    good = ("--attribution", OWED)
    assert run(four(places), *good).code == 0
    missing = collection([("9999", [square(9, 56)])] + [(places[0].code, [square(10, 56)])] * 2)
    bow = [[[9, 56], [9.2, 56.2], [9.2, 56], [9, 56.2], [9, 56]]]
    utm = [[[720000, 6175000], [721000, 6175000], [721000, 6176000], [720000, 6175000]]]
    swapped = [[[55.6, 12.5], [55.7, 12.5], [55.7, 12.6], [55.6, 12.5]]]
    others = [(place.code, [square(10 + n, 56)]) for n, place in enumerate(places[1:])]
    for content, words in (
        (missing, ["9999", f"More than one feature for: {places[0].code} Aarhus", f"{places[1].code} Ballerup"]),
        (collection([(places[0].code, bow), *others]), [f"{places[0].code} Aarhus", "crosses itself near 9.1"]),
        (collection([(places[0].code, [square(9, 56)[:-1]]), *others]), ["Aarhus: a ring is not closed"]),
        (collection([(places[0].code, [[[9, 56], [9, 56]]]), *others]), ["fewer than three"]),
        (collection([(places[0].code, [[[9, "x"]]]), *others]), ["not two numbers"]),
        (collection([(places[0].code, utm), *others]), ["UTM zone 32", "WGS84"]),
        (collection([(places[0].code, swapped), *others]), ["latitude first"]),
        (collection([(places[0].code, [square(2, 48)]), *others]), ["outside Denmark"]),
        (four(places, crs={"properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}), ["25832", "WGS84"]),
        ({"type": "Feature"}, ["FeatureCollection"]),
        ("kommune;navn", ["not JSON"]),
        ("[" * 100_000, ["not JSON"]),
    ):
        answer = run(content, *good)
        assert answer.code == 1
        assert all(word in answer.said for word in words), answer.said
    assert loaded(app) == (4, [OWED], 1)


def test_there_must_be_municipalities_first(app, run):
    assert "flask data load" in run(collection([])).said


def test_neighbours_share_what_is_left_of_their_border():
    ring = lambda points: tuple((round(x * 100), round(y * 100)) for x, y in points)  # noqa: E731
    west = ring([*WAVE, (9.0, 56.95), (9.0, 56.0)])
    east = ring([*reversed(WAVE), (9.8, 56.0), (9.8, 56.95)])
    shapes = simplified({"west": [west], "east": [east]}, lambda arc: visvalingam(arc, 10))
    (first,), (second,) = shapes["west"], shapes["east"]
    assert len(first) == len(second) == 4
    assert set(first) & set(second) == {(940, 5600), (940, 5695)}
    assert (area(first), area(second)) == (area(west), area(east))


def test_an_enclave_and_what_is_around_it_keep_one_border():
    hole = tuple((round(x), round(y)) for x, y in [(40, 40), (60, 40), (61, 50), (60, 60), (40, 60)])
    around = ((0, 0), (100, 0), (100, 100), (0, 100))
    shapes = simplified({"in": [hole[2:] + hole[:2]], "out": [around, hole[::-1]]}, lambda arc: visvalingam(arc, 15))
    assert set(shapes["in"][0]) == set(shapes["out"][1])
    assert len(shapes["in"][0]) == 4


def test_lines_that_touch_do_not_cross():
    assert crossing([((0, 0), (10, 0), (10, 10), (0, 10)), ((10, 10), (20, 10), (20, 20), (10, 20))]) is None
    assert crossing([((0, 0), (10, 10), (10, 0), (0, 10))]) == (5, 5)


@pytest.fixture
def denmark():
    """Boundaries of all municipalities: the real ones where they lie beside the project, else as many and as fine."""

    def of(codes):
        return SHARED.read_bytes() if SHARED.exists() else json.dumps(country(codes)).encode()

    return of


def test_the_boundaries_of_a_country_are_drawn_small_and_whole(denmark):
    codes = dict.fromkeys(read_codes(), "")
    reading = geojson.read(denmark(list(codes)), codes)
    assert reading.problems == []
    picture = drawing.draw(reading.rings)
    assert len(picture.paths) == 98
    assert sum(map(len, picture.paths.values())) < 25_000
    assert all(re.fullmatch(r"(M\d+ \d+l[-\d ]+z)+", path) for path in picture.paths.values())
    assert picture.frame  # Bornholm


def read_codes():
    with (OWN_DATA / "municipalities.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row["kommunekode"] for row in csv.DictReader(file)]


@pytest.mark.sqlite_only
def test_the_page_of_all_98_is_light_on_either_map(reference, count_queries, tmp_path, denmark):
    file = tmp_path / "kommuner.geojson"
    file.write_bytes(denmark(read_codes()))
    command = ["municipalities", "boundaries", str(file), "--attribution", OWED]
    answer = reference.test_cli_runner().invoke(args=command)
    assert answer.exit_code == 0, answer.output
    client = reference.test_client()
    for kind, found in (("borders", "border "), ("tiles", "tile ")):
        with reference.app_context(), transaction():
            bump("article")  # so nothing is remembered
        with count_queries() as seen:
            page = client.page(f"/da/municipalities?map={kind}&indicator=stage-data")
        assert len(seen) <= 8
        assert ("url(#old-1)" in page.html) is (kind == "borders")
        assert len(page.html.encode()) < 100_000
        assert sum((one.get("class") or "").startswith(found) for one in page.tree.iter()) == 98
