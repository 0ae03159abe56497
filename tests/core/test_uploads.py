"""Files come in through one form field and go out through one function, on a small page of its own."""

import errno
import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string
from sqlalchemy import select
from wtforms import StringField

from portal import config
from portal.core import clock, uploads
from portal.core.db import db, transaction
from portal.core.filetypes import PICTURES
from portal.core.forms import submit_once
from portal.core.permissions import audience
from portal.core.uploads import StoredFile, UploadField, UploadForm
from tests.make import Make
from tests.page import filled_in
from tests.uploads import PDF, chosen, picture

PAGE = """{% extends "layouts/form.html" %}{% from "components/forms.html" import field, submit %}
{% block heading %}Try{% endblock %}
{% block form_attributes %} enctype="multipart/form-data"{% endblock %}
{% block fields %}{{ field(form.name) }}{{ field(form.file) }}{{ field(form.logo) }}
{{ submit("Send") }}{% endblock %}"""
TRY = "/en/try"
MB = 1024 * 1024


class TryForm(UploadForm):
    name = StringField("Name")
    file = UploadField("File")
    logo = UploadField("Logo", kinds=PICTURES, is_required=False)


@pytest.fixture
def sender(app: Flask, make: Make) -> Any:
    """A signed-in browser, and a page at /en/try that takes a file and shows it at /en/file/<digest>."""

    @audience("signed_in")
    def take() -> Any:
        form = TryForm()
        if form.validate_on_submit():

            def act() -> str:
                uploads.enter(form.file.upload, now=clock.now())
                return f"/en/file/{form.file.upload.digest}"

            return submit_once(form, act)
        return render_template_string(PAGE, form=form), form.status

    @audience("everyone")
    def give(digest: str) -> Any:
        return uploads.sent(digest, "Plan æ.pdf", is_public=False, inline=True)

    app.add_url_rule("/<language:language>/try", "try", take, methods=["GET", "POST"])
    app.add_url_rule("/<language:language>/file/<digest>", "file", give)
    return app.test_client().sign_in(make.account())


def test_a_file_is_kept_and_comes_back_as_it_was(app: Flask, sender: Any) -> None:
    place = sender.submit(TRY, file=chosen(PDF, "plan.pdf")).location
    answer = sender.get(place)
    assert answer.data == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert "%C3%A6" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_head_range_and_etag_are_answered(sender: Any) -> None:
    place = sender.submit(TRY, file=chosen(PDF, "plan.pdf")).location
    assert sender.head(place).headers["Content-Length"] == str(len(PDF))
    part = sender.get(place, headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data) == (206, b"%PDF")
    tag = sender.get(place).headers["ETag"]
    assert sender.get(place, headers={"If-None-Match": tag}).status_code == 304


def test_a_picture_that_we_drew_may_be_shown_in_the_page(sender: Any) -> None:
    place = sender.submit(TRY, file=chosen(picture(), "map.png")).location
    assert sender.get(place).headers["Content-Disposition"].startswith("inline")


def test_the_same_file_is_kept_once(app: Flask, sender: Any) -> None:
    first = sender.submit(TRY, file=chosen(PDF, "plan.pdf")).location
    second = sender.submit(TRY, file=chosen(PDF, "again.pdf")).location
    assert first == second
    with app.app_context():
        assert db.session.scalars(select(StoredFile.size)).all() == [len(PDF)]


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", "plan.pdf", "The file is empty"),
        (b"<html>", "plan.pdf", "Web pages"),
        (PDF + b"\0" * 10 * MB, "plan.pdf", "too large: at most 10 MB"),
    ],
)
def test_a_refused_file_is_told_at_its_field_and_the_rest_is_kept(
    app: Flask, sender: Any, content: bytes, name: str, why: str
) -> None:
    answer = sender.submit(TRY, status=422, name="typed", file=chosen(content, name))
    assert why in answer.text
    assert 'value="typed"' in answer.text
    with app.app_context():
        assert db.session.scalars(select(StoredFile)).all() == []


def test_no_file_is_told_at_its_field(sender: Any) -> None:
    assert "Choose a file." in sender.submit(TRY, status=422).text


def test_only_pictures_where_only_pictures_belong(sender: Any) -> None:
    sent = {"file": chosen(PDF, "plan.pdf"), "logo": chosen(PDF, "logo.pdf")}
    assert "Only pictures are taken here" in sender.submit(TRY, status=422, **sent).text


def test_far_too_much_is_refused_and_what_was_typed_before_it_is_kept(sender: Any) -> None:
    answer = sender.submit(TRY, status=413, name="typed æ", file=chosen(PDF + b"\0" * 17 * MB, "plan.pdf"))
    assert "at most 10 MB" in answer.text
    back = answer.text.partition('href="/en/try?')[2].partition('"')[0]
    assert 'value="typed æ"' in sender.page(f"/en/try?{back}").html


def test_far_too_long_a_text_is_refused_and_the_others_are_kept(sender: Any) -> None:
    sent = {**filled_in(sender.page(TRY).all("form")[-1]), "name": "typed æ", "long": "x" * 17 * MB}
    answer = sender.post(TRY, data=sent)
    assert answer.status_code == 413
    assert "What else you wrote is kept" in answer.text
    back = answer.text.partition('href="/en/try?')[2].partition('"')[0]
    assert 'value="typed æ"' in sender.page(f"/en/try?{back}").html
    alone = sender.post(TRY, data="x" * 17 * MB, content_type="text/plain")
    assert (alone.status_code, "is kept" in alone.text) == (413, False)


def test_a_full_disk_says_so_and_keeps_the_rest(app: Flask, sender: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    answer = sender.submit(TRY, status=503, name="typed", file=chosen(PDF, "plan.pdf"))
    assert "no room" in answer.text
    assert 'value="typed"' in answer.text
    monkeypatch.undo()
    with app.app_context():
        assert db.session.scalars(select(StoredFile)).all() == []
    assert list(app.config["PORTAL_UPLOADS"].glob("??/*")) == []


def test_what_nothing_refers_to_is_swept_away_after_a_day(app: Flask, sender: Any) -> None:
    digest = sender.submit(TRY, file=chosen(PDF, "plan.pdf")).location.rpartition("/")[2]

    def swept(after: timedelta) -> tuple[bool, bool]:
        with app.app_context():
            path = uploads.path_of(digest)
            if path.exists():
                long_ago = time.time() - after.total_seconds()
                os.utime(path, (long_ago, long_ago))
            (path.parent.parent / ".swept").unlink(missing_ok=True)
            with transaction():
                uploads.sweep(clock.now() + after)
            return path.exists(), db.session.get(StoredFile, digest) is not None

    assert swept(timedelta(hours=1)) == (True, True)
    assert swept(timedelta(days=2)) == (True, False)  # the row first: its file goes once that is certain
    assert swept(timedelta(days=2)) == (False, False)


def test_files_lie_outside_the_program(tmp_path: Path) -> None:
    inside = config.ROOT / "portal" / "static" / "uploads"
    with pytest.raises(config.BadSetting, match="outside the program"):
        config.load({"PORTAL_INSTANCE": tmp_path, "PORTAL_UPLOADS": str(inside)})
