"""Who works with whom: the ties, the picture, and the same as a table and a file."""

import csv
import io

from portal.progress.collaboration import graph, layout
from portal.progress.collaboration.graph import Side
from portal.projects.models import MunicipalityRole, ProjectMunicipality

PLACE, PARTNER = Side.MUNICIPALITY, Side.PARTNER


def site(place):
    return ProjectMunicipality(municipality_id=place.id, role=MunicipalityRole.DEMONSTRATION_SITE)


def test_municipalities_meet_at_their_partners_and_are_tied_where_there_is_none():
    members = graph.members(
        [(1, (PLACE, 1)), (1, (PLACE, 2)), (1, (PARTNER, 9)), (2, (PLACE, 1)), (2, (PLACE, 2)), (3, (PLACE, 3))]
    )
    ties = {key: {other: len(shared) for other, shared in one.shared.items()} for key, one in members.items()}
    assert ties == {
        (PLACE, 1): {(PARTNER, 9): 1, (PLACE, 2): 1},
        (PLACE, 2): {(PARTNER, 9): 1, (PLACE, 1): 1},
        (PLACE, 3): {},
        (PARTNER, 9): {(PLACE, 1): 1, (PLACE, 2): 1},
    }
    assert [one.key for one in graph.shown(members, 2)] == [(PLACE, 1), (PLACE, 2)]


def test_a_picture_is_the_same_each_time_and_nobody_lies_on_anybody():
    ties = [(0, other) for other in range(1, 40)] + [(40, 41)]
    begins = [(3.0, 4.0), *[None] * 39, (0.0, 0.0), None, None]
    points = layout.placed(43, ties, begins, 1200, 760, 40)
    assert points == layout.placed(43, ties, begins, 1200, 760, 40)
    assert all(40 <= x <= 1160 and 40 <= y <= 720 for x, y in points)
    assert min((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 for a in points for b in points if a is not b) > 18**2
    assert layout.placed(0, [], [], 100, 100, 10) == []
    assert layout.placed(1, [], [None], 100, 100, 10) == [(50, 50)]


def test_the_page_the_picture_and_the_file_tell_the_same(client, make, places):
    ballerup, vejle, _aarhus = places
    city = make.partner("Ballerup Kommune", type="municipality", municipality_id=ballerup.id)
    lab, works = make.partner("Lampelab"), make.partner("Vandværket")
    make.project("Light", partners=[city, lab], themes=["energy"])
    make.project("More light", partners=[city, lab], themes=["energy"], municipalities=[site(vejle)])
    make.project("Water", partners=[works], themes=["water"], municipalities=[site(vejle)])
    make.project("Alone", partners=[make.partner("Enspænder")])
    make.project("Secret", partners=[city, works], visibility="members")
    page = client.page("/en/municipalities/collaboration")
    assert "In 4 projects, 2 municipalities work with 2 partners. 1 takes part in a project without" in page.text
    nodes = [one for one in page.tree.iter() if "web__node" in (one.get("class") or "")]
    near = {one.get("href").rsplit("/", 1)[1]: one.get("data-near").split() for one in nodes}
    assert near == {"ballerup": ["2:2"], "vejle": ["2:1", "3:1"], lab.slug: ["0:2", "1:1"], works.slug: ["1:1"]}
    assert page.html.count("data-near=") == 4
    row = next(row for row in page.all("tr") if "Ballerup" in "".join(row.itertext()))
    assert " ".join("".join(cell.itertext()) for cell in row) == "Ballerup Municipality 2 1 Lampelab (2)"

    only = client.page("/da/municipalities/collaboration?theme=water&municipality=vejle")
    assert [one.get("href") for one in only.tree.iter() if "web__node" in (one.get("class") or "")] == [
        "/da/municipalities/vejle",
        f"/da/partners/{works.slug}",
    ]
    assert "data-chosen" in only.html
    none = client.page("/en/municipalities/collaboration?theme=health")
    assert "No project that we know joins a municipality with somebody here." in none.text
    assert "atlantis" in client.page("/en/municipalities/collaboration?municipality=atlantis&page=x").text

    text = client.get("/en/municipalities/collaboration.csv?theme=energy").data.decode("utf-8-sig")
    rows = [tuple(row.values()) for row in csv.DictReader(io.StringIO(text))]
    assert [(row[0], row[2], row[5], row[6]) for row in rows] == [
        ("Ballerup", "Lampelab", "2", "Light; More light"),
        ("Vejle", "Lampelab", "1", "More light"),
    ]
    assert client.get("/da/municipalities/collaboration.xlsx").data.startswith(b"PK")
    assert client.get("/da/municipalities/collaboration.pdf").status_code == 404


def test_the_picture_holds_so_many_and_says_how_many_more_there_are(reference, monkeypatch, count_queries):
    client = reference.test_client()
    with count_queries() as seen:
        whole = client.page("/da/municipalities/collaboration")
    assert len(seen) <= 8
    assert 100 < whole.html.count("web__node") <= 150
    assert len(whole.html.encode()) < 120_000
    monkeypatch.setattr("portal.progress.collaboration.queries.ROOM", 30)
    page = client.page("/en/municipalities/collaboration?theme=energy")
    assert page.html.count("web__node") == 30
    assert "more stand in the table" in page.text
