"""A project with its people, and documents in it."""

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from portal.accounts.models import Account
from portal.core import uploads
from portal.core.permissions import Role
from portal.projects.documents.models import Document, DocumentVersion
from portal.projects.models import Project, TeamRole, Visibility
from tests.make import THEN, Make
from tests.uploads import PDF


@pytest.fixture
def people(make: Make) -> SimpleNamespace:
    """Everybody who may ask about a project, by role."""
    mine, foreign = make.partners(2)
    made = SimpleNamespace(mine=mine, foreign=foreign)
    made.team = {role: make.account(f"Team {role.value}") for role in TeamRole}
    made.accounts = {
        "member": make.account("Member", editor_of=[mine]),
        "admin": make.account("Admin", admin_of=[mine]),
        "foreign admin": make.account("Foreign", admin_of=[foreign]),
        "without a partner": make.account("Alone"),
        **{f"team {role.value}": account for role, account in made.team.items()},
        **{role.value: make.account(f"Staff {role.value}", roles=[role]) for role in Role},
    }
    return made


@pytest.fixture
def project(make: Make, people: SimpleNamespace) -> Project:
    return make.project("Heat", partners=[people.mine], team=people.team)


@pytest.fixture
def put(app: Flask, make: Make) -> Any:
    """`put(project, "Minutes", Visibility.PUBLIC)`: a document with one version."""

    def make_one(
        project: Project, title: str, visibility: Visibility = Visibility.MEMBERS, content: bytes = PDF, **given: Any
    ) -> Document:
        with make.writing():
            upload = uploads.put(content, f"{title}.pdf")
            uploads.enter(upload, now=THEN)
        version = DocumentVersion(number=1, digest=upload.digest, name=upload.name, uploaded_at=THEN)
        document = Document(
            project_id=project.id, title_en=title, visibility=visibility, created_at=THEN, versions=[version], **given
        )
        return make.save(document, "project")

    return make_one


@pytest.fixture
def browsers(app: Flask, people: SimpleNamespace) -> Any:
    """`browsers("admin")`: that person's browser; `browsers("visitor")` has no session."""

    def browser_of(who: str | Account) -> Any:
        account = people.accounts.get(who) if isinstance(who, str) else who
        client = app.test_client()
        return client.sign_in(account) if account is not None else client

    return browser_of
