"""Static files: kept for ever at the address of their content, asked for each time at any other."""

import os
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.core import assets
from portal.core.assets import StaticFiles

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "css").mkdir()
    (tmp_path / "css/main.css").write_text("p { color: green }\n" * 100, encoding="utf-8")
    monkeypatch.setattr(assets, "FOLDER", tmp_path)
    return tmp_path


@pytest.fixture(params=[True, False], ids=["development", "production"])
def client(request: pytest.FixtureRequest, folder: Path) -> Any:
    app = Flask("assets", static_folder=None)
    app.wsgi_app = StaticFiles(app.wsgi_app, recheck=request.param)  # type: ignore[method-assign]
    return app.test_client()


def test_an_address_with_the_contents_version_is_kept_for_ever(client: Any) -> None:
    answer = client.get(assets.url("css/main.css"))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Type"].startswith("text/css")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("query", ["", "?v=", "?v=00000000", "?x=1"])
def test_any_other_address_is_asked_for_each_time(client: Any, query: str) -> None:
    answer = client.get(f"/static/css/main.css{query}")
    assert answer.headers["Cache-Control"] == "max-age=0, public"
    again = client.get("/static/css/main.css", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_the_address_changes_with_the_content(folder: Path) -> None:
    before = assets.url("css/main.css")
    (folder / "css/main.css").write_text("p { color: blue }", encoding="utf-8")
    os.utime(folder / "css/main.css", (1, 1))
    assert assets.url("css/main.css") != before


def test_a_file_that_is_not_there_has_its_plain_address_and_is_not_found(client: Any) -> None:
    assert assets.url("css/none.css") == "/static/css/none.css"
    assert client.get("/static/css/none.css").status_code == 404


@pytest.mark.parametrize(
    "path", ["/static/../assets.py", "/static/css/../../x", "/static/%2e%2e/x", "/static/", "/static"]
)
def test_nothing_outside_the_folder_is_served(client: Any, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_compressed_variant_is_served_unless_it_is_older_than_the_file(folder: Path) -> None:
    file, packed = folder / "css/main.css", folder / "css/main.css.br"
    packed.write_bytes(b"packed")
    for age, expected in ((10, None), (-10, "br")):
        modified = file.stat().st_mtime - age
        os.utime(packed, (modified, modified))
        app = Flask("assets", static_folder=None)
        app.wsgi_app = StaticFiles(app.wsgi_app, recheck=False)  # type: ignore[method-assign]
        answer = app.test_client().get("/static/css/main.css", headers={"Accept-Encoding": "br"})
        assert answer.headers.get("Content-Encoding") == expected
        assert "Accept-Encoding" in answer.headers.get("Vary", "Accept-Encoding")
