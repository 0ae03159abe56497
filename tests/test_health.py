"""What balancers and operators are told."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from portal import create_app
from portal.core.db import db
from portal.search import indexer


@pytest.fixture
def indexed(app: Flask) -> Flask:
    with app.app_context():
        indexer.rebuild()
    return app


def test_a_living_process_says_so(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    assert answer.headers["Cache-Control"] == "no-store"


def test_ready_names_each_part(indexed: Flask, client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json is not None
    assert {name: answer.json[name]["state"] for name in ("database", "index", "queue")} == dict.fromkeys(
        ("database", "index", "queue"), "ok"
    )
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.head("/readyz").status_code == 200


def test_a_missing_index_is_told(indexed: Flask, client: FlaskClient) -> None:
    shutil.rmtree(indexed.config["PORTAL_SEARCH_URL"].removeprefix("whoosh://"))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["index"]["state"] == "degraded"
    assert answer.json["database"]["state"] == answer.json["queue"]["state"] == "ok"
    assert client.get("/healthz").status_code == 200


def test_an_unreadable_database_is_told(indexed: Flask, client: FlaskClient) -> None:
    with indexed.app_context(), db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE generation RENAME TO generation_away"))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["database"] == {"state": "down"}
    assert answer.json["queue"]["state"] == "ok"
    assert client.get("/healthz").status_code == 200


def test_a_queue_that_is_away_is_told(settings: dict[str, object]) -> None:
    app = create_app({**settings, "PORTAL_REDIS_URL": "redis://127.0.0.1:1"})
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["queue"] == {"state": "down"}
    with app.app_context():
        db.engine.dispose()


def test_health_keeps_no_address_or_path_to_itself(indexed: Flask, client: FlaskClient) -> None:
    shutil.rmtree(indexed.config["PORTAL_SEARCH_URL"].removeprefix("whoosh://"))
    told = client.get("/readyz").text
    assert str(Path(indexed.instance_path)) not in told
    assert "://" not in told
