"""Staff who read what is not public leave a line in the trace; nobody else does."""

from typing import Any

from flask import Flask
from sqlalchemy import select

from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.permissions import Role
from portal.projects.models import Visibility
from tests.make import Make


def _readers(app: Flask) -> list[int | None]:
    with app.app_context():
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "project.read"))
        return [entry.account_id for entry in entries]


def test_staff_leave_one_line_an_hour_and_members_none(app: Flask, client: Any, make: Make) -> None:
    partner = make.partner()
    make.project("Secret", visibility=Visibility.MEMBERS, partners=[partner])
    make.project("Open")
    app.test_client().sign_in(make.account(admin_of=[partner])).page("/en/projects/secret")
    editor = make.account(roles=[Role.EDITOR])
    client.sign_in(editor)
    for address in ("/en/projects/secret", "/en/projects/secret", "/en/projects/open"):
        client.page(address)
    assert _readers(app) == [editor.id]


def test_the_pages_on_which_it_is_worked_on_count_too(app: Flask, client: Any, make: Make) -> None:
    make.project("Secret", visibility=Visibility.MEMBERS, partners=[make.partner()])
    curator = make.account(roles=[Role.CURATOR])
    client.sign_in(curator).page("/en/projects/secret/edit")
    assert _readers(app) == [curator.id]
