"""A backup holds what cannot be made anew, says when it is damaged, and fills an empty portal with it."""

import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts import personal
from portal.accounts.models import Account, AccountSession
from portal.backup.archive import MANIFEST
from portal.core import clock, uploads
from portal.core.db import db, transaction
from portal.partners.models import Partner, PartnerType
from portal.projects.documents.models import Document, DocumentVersion
from portal.projects.models import Visibility
from tests.conftest import running
from tests.databases import Databases
from tests.make import THEN, Make
from tests.uploads import PDF

# What a portal makes of the rest, or ends when it is put back.
NOT_COMPARED = ("account_session", "search_")


def run(app: Flask, *args: object) -> Any:
    return app.test_cli_runner().invoke(args=["backup", *map(str, args)])


@pytest.fixture
def filled(app: Flask, make: Make) -> Flask:
    """A portal with something of every kind that a backup must hold."""
    parent = make.partner("Forælder æøå", type=PartnerType.REGION, source_note="tab\tline\nback\\slash \u2028 “quote”")
    partner = make.partner("Barn", parent_id=parent.id)
    project = make.project("Kept", partners=[partner], visibility=Visibility.PUBLIC)
    account = make.account("Somebody", admin_of=[partner])
    with make.writing():
        upload = uploads.put(PDF, "plan.pdf")
        uploads.enter(upload, now=THEN)
        version = DocumentVersion(number=1, digest=upload.digest, name=upload.name, uploaded_at=THEN)
        plan = {"title_en": "Plan", "visibility": Visibility.PUBLIC, "created_at": THEN}
        db.session.add(Document(project_id=project.id, versions=[version], **plan))
        moments = {"created_at": THEN, "last_seen_at": THEN, "authenticated_at": THEN}
        db.session.add(AccountSession(token_hash="x" * 64, account_id=account.id, **moments))
    return app


@pytest.fixture
def elsewhere(databases: Databases) -> Iterator[Flask]:
    """Another portal, which holds nothing."""
    settings = databases.new("empty")
    shutil.rmtree(Path(str(settings["PORTAL_INSTANCE"])) / "uploads", ignore_errors=True)
    yield from running(settings)
    databases.drop(settings)


def everything(app: Flask) -> dict[str, list[Any]]:
    """Table → its rows."""
    with app.app_context():
        tables = [table for table in db.metadata.sorted_tables if not table.name.startswith(NOT_COMPARED)]
        return {
            table.name: list(map(tuple, db.session.execute(select(table).order_by(*table.primary_key))))
            for table in tables
        }


def test_what_was_kept_is_there_again_elsewhere(filled: Flask, elsewhere: Flask, tmp_path: Path) -> None:
    file = tmp_path / "portal.zip"
    with filled.app_context(), db.engine.connect() as writer:
        # Somebody is writing: what is not committed is not in it, and nobody waits.
        writer.exec_driver_sql("UPDATE project SET title_en = 'Not yet'")
        made = run(filled, "create", file)
        writer.rollback()
    assert made.exit_code == 0, made.output
    assert "1 files" in made.stdout
    assert "Files: 1" in made.stderr
    assert file.stat().st_mode & 0o077 == 0  # addresses and names are in it
    assert "is in order" in run(filled, "verify", file).stdout

    before = everything(filled)
    put_back = run(elsewhere, "restore", file)
    assert put_back.exit_code == 0, put_back.output
    assert "PORTAL_SECRET_KEY" not in put_back.stderr
    assert everything(elsewhere) == before
    with elsewhere.app_context():
        (document,) = db.session.scalars(select(DocumentVersion))
        assert uploads.path_of(document.digest).read_bytes() == filled_file(filled)
        assert db.session.scalars(select(AccountSession)).one().ended_at is not None
    client: Any = elsewhere.test_client()
    assert "Plan" in client.page("/en/projects/kept").text
    assert "/en/partners/barn" in client.page("/en/search?q=barn").links
    # Numbers go on behind those that are used.
    assert Make(elsewhere).partner("Next").id > max(row[0] for row in before["partner"])

    again = run(elsewhere, "restore", file)
    assert again.exit_code == 1
    assert "holds data already" in again.output
    assert run(filled, "create", file).output.strip().endswith("is there already: name another file.")


def filled_file(app: Flask) -> bytes:
    with app.app_context():
        (version,) = db.session.scalars(select(DocumentVersion))
        return uploads.path_of(version.digest).read_bytes()


def test_a_damaged_backup_says_so_and_changes_nothing(filled: Flask, elsewhere: Flask, tmp_path: Path) -> None:
    good = tmp_path / "good.zip"
    assert run(filled, "create", good).exit_code == 0
    whole = good.read_bytes()
    with zipfile.ZipFile(good) as packed:
        manifest = json.loads(packed.read(MANIFEST))
        name = next(name for name in manifest["entries"] if name.startswith("uploads/"))
        place = packed.getinfo(name).header_offset + 200
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[manifest["database"]]
    first = next(iter(manifest["tables"]))
    counted = {**manifest["tables"], first: {**manifest["tables"][first], "rows": 99}}
    bad = {
        "no backup": b"anything",
        "cut off": whole[: len(whole) // 2],
        "a byte is another": whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :],
        "without a manifest": rewritten(good, None),
        "of a newer release": rewritten(good, {**manifest, "revision": "ffffffffffff"}),
        "of another format": rewritten(good, {**manifest, "format": 2}),
        "of the other database": rewritten(good, {**manifest, "database": other}),
        "with a strange file": rewritten(good, manifest, more="uploads/aa/strange"),
        "with too few rows": rewritten(good, {**manifest, "tables": counted}),
    }
    for name, content in bad.items():
        file = tmp_path / f"{name}.zip"
        file.write_bytes(content)
        told = run(elsewhere, "restore", file)
        assert (told.exit_code, told.output.startswith("Error:") or "cannot be used" in told.output) == (1, True), name
        if name not in ("of a newer release", "of the other database"):
            assert run(elsewhere, "verify", file).exit_code == 1, name
    assert not any(everything(elsewhere).values())
    assert run(elsewhere, "verify", tmp_path / "nowhere.zip").exit_code == 1
    assert run(elsewhere, "create", tmp_path / "no folder" / "x.zip").exit_code == 1
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    assert run(elsewhere, "restore", good).exit_code == 0


def rewritten(good: Path, manifest: Any, more: str = "") -> bytes:
    """The archive with another manifest, or none, or one more file."""
    target = good.with_suffix(".new")
    with zipfile.ZipFile(good) as packed, zipfile.ZipFile(target, "w") as new:
        for one in packed.infolist():
            if one.filename != MANIFEST:
                new.writestr(one, packed.read(one))
        if manifest is not None:
            new.writestr(MANIFEST, json.dumps(manifest))
        if more:
            new.writestr(more, b"strange")
    return target.read_bytes()


def test_who_was_erased_since_is_erased_again(filled: Flask, elsewhere: Flask, make: Make, tmp_path: Path) -> None:
    before, after = make.account("Erased before"), make.account("Erased after")
    file = tmp_path / "portal.zip"
    erase(filled, before.id)
    assert run(filled, "create", file).exit_code == 0
    erase(filled, after.id)
    with filled.app_context():
        noted = Path(filled.config["PORTAL_UPLOADS"]) / ".erased"
    assert [int(line.split()[0]) for line in noted.read_text().splitlines()] == [before.id, after.id]
    with noted.open("a") as cut_off:
        cut_off.write("77 20")

    told = run(elsewhere, "restore", file, "--erased", noted)
    assert told.exit_code == 0, told.output
    assert told.stdout.splitlines()[-1].endswith("since the backup was made: 1.")
    with elsewhere.app_context():
        kept = set(db.session.scalars(select(Account.name).where(Account.id.in_([before.id, after.id]))))
        assert kept == {""}
        assert db.session.scalars(select(Account.name).where(Account.name != "")).all() == ["Somebody"]
    assert after.name not in str(everything(elsewhere))


def erase(app: Flask, account_id: int) -> None:
    with app.app_context(), transaction():
        personal.erase(db.session.get_one(Account, account_id), now=clock.now())


@pytest.mark.sqlite_only
def test_a_file_that_is_lost_is_named_and_another_key_too(filled: Flask, databases: Databases, tmp_path: Path) -> None:
    with filled.app_context(), transaction():
        digest = db.session.scalars(select(DocumentVersion.digest)).one()
        uploads.path_of(digest).unlink()
    file = tmp_path / "portal.zip"
    made = run(filled, "create", file)
    assert made.exit_code == 1
    assert digest in made.stderr
    settings = {**databases.new("empty"), "PORTAL_SECRET_KEY": "quite another secret that is long enough for it"}
    for app in running(settings):
        told = run(app, "restore", file)
        assert told.exit_code == 0
        assert "Set the old one." in told.stderr
        with app.app_context():
            assert db.session.scalar(select(Partner.name).where(Partner.slug == "barn")) == "Barn"
    databases.drop(settings)


def test_a_database_without_tables_is_migrated_first(filled: Flask, databases: Databases, tmp_path: Path) -> None:
    file = tmp_path / "portal.zip"
    assert run(filled, "create", file).exit_code == 0
    settings = databases.new("empty")
    for app in running(settings):
        with app.app_context(), db.engine.begin() as connection:
            db.metadata.drop_all(connection)
            connection.exec_driver_sql("DROP TABLE alembic_version")
        told = run(app, "restore", file)
        assert told.exit_code == 0, told.output
        assert everything(app) == everything(filled)
    databases.drop(settings)
