"""The interface for programs and the open data: what it says, what it refuses, and that others can read it."""

import csv
import io
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from rdflib import DCAT, DCTERMS, FOAF, RDF, Graph, URIRef
from sqlalchemy import select, update

from portal.api.pace import MOST, Pace
from portal.core.db import db
from portal.core.errors import TooMany
from portal.municipalities.models import Indicator, Missing, Observation
from portal.municipalities.operations import Said, say
from portal.progress.models import Assessment, Basis, Dimension, Evidence, EvidenceKind, Framework, State
from tests.make import THEN, Make
from tests.municipalities.conftest import register as register  # noqa: PLC0414  the fixture

V1 = "/api/v1"
THINGS = ("partners", "projects", "articles", "webinars")


@pytest.fixture
def judged(make: Make, register: Any) -> Any:
    """The register with two assessments of Aarhus: one in force and one that is still a draft."""
    with make.writing():
        framework = Framework(version="2026-1", valid_from=date(2026, 1, 1))
        db.session.add(framework)
        db.session.flush()
        told = {"asks_da": "?", "asks_en": "?", "framework_id": framework.id}
        dimension = Dimension(slug="mobility", position=1, name_da="Mobilitet", name_en="Mobility", **told)
        db.session.add(dimension)
        db.session.flush()
        for state in (State.PUBLISHED, State.DRAFT):
            assessment = Assessment(
                municipality_id=register.places[0].id,
                dimension_id=dimension.id,
                stage=2,
                basis=Basis.REGISTER,
                state=state,
                assessed_on=date(2026, 5, 1),
            )
            assessment.evidence = [
                Evidence(
                    position=0, kind=EvidenceKind.REGISTER, sentence_en="Is on the list.", url="https://list.example/"
                )
            ]
            db.session.add(assessment)
        plan = db.session.scalars(select(Observation).where(Observation.number == 2)).one()
        say(plan, Said(number=Decimal("2.5"), retrieved="2026-11"), THEN)
        gap = db.session.scalars(select(Indicator).where(Indicator.slug == "ev_share")).one()
        where = {"municipality_id": register.places[3].id, "indicator_id": gap.id}
        db.session.add(Observation(period="2023", missing=Missing.CONFIDENTIAL, **where))
    return register


def got(client: Any, path: str, status: int = 200) -> Any:
    answer = client.get(f"{V1}{path}")
    assert answer.status_code == status, answer.text
    wanted = "application/json" if status == 200 else "application/problem+json"
    assert answer.content_type == wanted
    return answer.get_json(force=True)


def test_lists_come_a_page_at_a_time_in_one_envelope(client: Any, judged: Any) -> None:
    first = got(client, "/municipalities?per_page=3")
    assert {**first, "items": len(first["items"])} == {
        "items": 3,
        "total": 4,
        "page": 1,
        "per_page": 3,
        "next": f"http://localhost{V1}/municipalities?per_page=3&page=2",
    }
    second = got(client, first["next"].removeprefix(f"http://localhost{V1}"))
    assert (len(second["items"]), second["next"]) == (1, None)
    copenhagen = second["items"][0]
    assert copenhagen["name"] == {"da": "København", "en": "Copenhagen"}
    assert copenhagen["region_name"]["en"] == "Capital Region"
    assert first["items"][0]["name"] == {"da": "Aarhus", "en": "Aarhus"}
    assert got(client, f"/municipalities/{copenhagen['id']}?lang=en")["name"] == {"en": "Copenhagen"}
    assert [one["id"] for one in got(client, "/indicators")["items"]] == ["co2e_per_capita", "ev_share", "dk2020"]
    assert got(client, "/municipalities?region=atlantis")["items"] == []


def test_figures_and_assessments_are_narrowed_down_and_tell_what_they_rest_on(client: Any, judged: Any) -> None:
    aarhus, ballerup, _aeroe, copenhagen = judged.places
    found = got(client, f"/observations?indicator=co2e_per_capita&period=2023&municipality={ballerup.code}")
    (figure,) = found["items"]
    assert (figure["value"], figure["word"], figure["unit"]) == (2.5, None, "t CO2e/inhabitant")
    assert [one["value"] for one in figure["earlier"]] == [2]
    assert got(client, figure["self"].removeprefix(f"http://localhost{V1}")) == figure
    words = got(client, "/observations?indicator=dk2020")["items"]
    assert [(one["value"], one["word"]) for one in words] == [(None, "round_1")]
    gap = got(client, f"/observations?municipality={copenhagen.code}")["items"][0]
    assert (gap["value"], gap["missing"]) == (None, "confidential")
    assert got(client, f"/observations/{gap['id']}") == gap

    (one,) = got(client, f"/assessments?municipality={aarhus.code}&dimension=mobility")["items"]
    assert (one["stage"], one["state"], one["assessed_on"]) == (2, "published", "2026-05-01")
    assert one["evidence"][0]["sentence"] == {"da": "", "en": "Is on the list."}
    assert got(client, "/assessments")["total"] == 1  # the draft is nobody's business
    assert got(client, "/assessments?state=draft")["items"] == []
    got(client, f"/assessments/{int(one['id']) + 1}", 404)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/municipalities/9999", 404),
        ("/observations/0001/nothing/2023", 404),
        ("/assessments/x", 404),
        ("/nothing", 404),
        ("/municipalities?page=9", 404),
        ("/municipalities?page=0", 422),
        ("/municipalities?page=two", 422),
        ("/municipalities?per_page=101", 422),
        ("/municipalities?lang=fr", 422),
        ("/observations?indicators=co2e_per_capita", 422),
        ("/municipalities?lang=da&lang=en", 422),
        ("/observations?" + "&".join(["period=2023"] * 21), 422),
        ("/partners?sort=upcoming", 422),
        ("/projects?sort=upcoming", 422),
        ("/observations.csv?page=2", 422),
    ],
)
@pytest.mark.sqlite_only
def test_mistakes_are_problem_documents(client: Any, register: Any, path: str, status: int) -> None:
    problem = got(client, path, status)
    assert problem["status"] == status
    assert problem["title"]
    if status == 422:
        assert problem["detail"]


def test_tables_say_what_their_columns_are_and_change_with_the_data(client: Any, make: Make, judged: Any) -> None:
    for name, count in (("municipalities", 4), ("indicators", 3), ("observations", 6), ("assessments", 1)):
        answer = client.get(f"{V1}/{name}.csv")
        rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
        described = client.get(f"{V1}/{name}.csv-metadata.json").get_json(force=True)
        assert [one["name"] for one in described["tableSchema"]["columns"]] == list(rows[0])
        assert len(rows) == count == len({row["id"] for row in rows})
        assert f"{name}.csv-metadata.json" in answer.headers["Link"]
        linked = client.get(f"{V1}/{name}.jsonld")
        assert linked.content_type == "application/ld+json"
        graph = Graph().parse(data=linked.data, format="json-ld")
        about = {subject for subject in graph.subjects(RDF.type, None) if str(subject).count(f"/{name}/") == 1}
        assert len(about) == count
    only = client.get(f"{V1}/observations.csv?indicator=ev_share").data.decode("utf-8-sig")
    assert only.splitlines()[1].split(",")[5:7] == ["", "confidential"]

    tag = client.get(f"{V1}/observations").headers["ETag"]
    same = {"If-None-Match": tag}
    assert client.get(f"{V1}/observations", headers=same).status_code == 304
    make.municipality("Læsø")
    assert client.get(f"{V1}/municipalities", headers=same).status_code == 200


@pytest.mark.sqlite_only
def test_the_description_names_every_address_and_holds_every_answer(client: Any, make: Make, judged: Any) -> None:
    for made in (make.partner, make.project, make.article, make.webinar):
        made()
    described = client.get(f"{V1}/openapi.json").get_json()
    assert described["openapi"].startswith("3.1")
    schemas = described["components"]["schemas"]
    names = ("municipalities", "indicators", "observations", "assessments", *THINGS)
    assert {path for path in described["paths"] if "{" not in path and "." not in path} == {
        f"/{name}" for name in (*names, "search", "search/suggest")
    }
    for name in names:
        schema = schemas[name.capitalize()]
        item = got(client, f"/{name}")["items"][0]
        assert list(item) == sorted(schema["properties"])
        conforms(item, schema, schemas)
        asked = {one["name"] for one in described["paths"][f"/{name}"]["get"]["parameters"]}
        for word in asked - {"page", "per_page", "lang", "sort"}:
            assert client.get(f"{V1}/{name}?{word}=x&{word}=y").status_code == 200
    for path in ("", "/docs"):
        assert client.get(f"{V1}{path}").headers["Location"].endswith("/en/municipalities/data")
    told = client.page("/en/municipalities/data").text
    assert all(path in told for path in ("/partners", "/search", "/search/suggest"))


def conforms(value: Any, schema: Any, schemas: Any, where: str = "") -> None:
    """Hold a value against its schema: its kind, the parts it must have, and none that nobody has described."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert KINDS[type(value)] & set(kinds), (where, value)
    if isinstance(value, list):
        for one in value:
            conforms(one, schema["items"], schemas, f"{where}[]")
    if isinstance(value, dict):
        assert set(schema.get("required", ())) <= set(value) <= set(schema["properties"]), (where, set(value))
        for name, one in value.items():
            conforms(one, schema["properties"][name], schemas, f"{where}.{name}")


KINDS = {
    str: {"string"},
    int: {"integer", "number"},
    float: {"number"},
    bool: {"boolean"},
    type(None): {"null"},
    list: {"array"},
    dict: {"object"},
}


@pytest.mark.sqlite_only
def test_the_catalogue_is_the_same_in_every_format_and_leads_to_all_data(client: Any, make: Make, judged: Any) -> None:
    with make.writing():
        db.session.execute(update(Indicator).values(source_url='https://source.example/a "b" <c>'))
    graphs = []
    for ending, kind in (("ttl", "turtle"), ("jsonld", "json-ld"), ("rdf", "xml")):
        answer = client.get(f"/catalog.{ending}")
        assert answer.headers["ETag"]
        graphs.append(Graph().parse(data=answer.data, format=kind))
    assert {len(graph) for graph in graphs} == {len(graphs[0])}
    graph = graphs[0]
    (catalogue,) = graph.subjects(RDF.type, DCAT.Catalog)
    datasets = set(graph.objects(catalogue, DCAT.dataset))
    names = {str(one).rpartition("#")[2] for one in datasets}
    assert names == {"municipalities", "indicators", "observations", "assessments", *THINGS}
    for one in (catalogue, *datasets):
        assert {said.language for said in graph.objects(one, DCTERMS.title)} == {"da", "en"}
        publisher = graph.value(one, DCTERMS.publisher)
        assert (publisher, RDF.type, FOAF.Agent) in graph
    danish = client.get(f"{V1}/indicators.csv-metadata.json").get_json(force=True)["dc:title"]
    assert {one["@language"]: one["@value"] for one in danish} == {
        "da": "Indikatorer for kommunerne",
        "en": "Indicators of the municipalities",
    }
    for dataset in datasets:
        assert graph.value(dataset, DCAT.theme)
        links = [graph.value(one, DCAT.accessURL) for one in graph.objects(dataset, DCAT.distribution)]
        assert links
        for link in links:
            assert isinstance(link, URIRef)
            assert client.get(str(link).removeprefix("http://localhost")).status_code == 200, link
    page = client.page("/en/municipalities/data")
    assert "/catalog.ttl" in page.links
    assert f"http://localhost{V1}/observations.csv" in page.links


@pytest.mark.sqlite_only
def test_who_asks_too_often_waits(client: Any) -> None:
    pace = Pace(most=2, window=60)
    for _ in range(2):
        pace.check("192.0.2.1", now=5.0)
    with pytest.raises(TooMany) as refused:
        pace.check("192.0.2.1", now=15.0)
    assert refused.value.seconds == 50
    pace.check("192.0.2.2", now=15.0)
    pace.check("192.0.2.1", now=65.0)

    refused = client.post(f"{V1}/indicators")
    assert (refused.status_code, refused.content_type) == (405, "application/problem+json")
    assert "GET" in refused.headers["Allow"]
    # Pages of other sites read it too, errors included.
    assert client.get(f"{V1}/indicators/none").headers["Access-Control-Allow-Origin"] == "*"
    for _ in range(MOST - 1):
        assert client.get(f"{V1}/indicators?lang=fr").status_code == 422
    answer = client.get(f"{V1}/indicators?lang=fr")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert json.loads(answer.data)["status"] == 429
