"""Merging two partners: everything follows, nothing is forgotten, the old address leads on."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import ForeignKey, select

from portal.accounts.models import AskState, Invitation, Membership, MembershipRole
from portal.core.audit import AuditEntry
from portal.core.db import Model, db
from portal.core.permissions import SYSTEM, Role
from portal.news.models import Article, ArticlePartner
from portal.partners.models import ContactPoint, Partner, PartnerState
from portal.projects.models import Participation, Project
from portal.projects.models import Role as Part
from portal.search.models import OutboxRow
from portal.staff.merging import labels, operations
from tests.files import Files, load, outcome
from tests.make import THEN, Make

MERGE = "/en/staff/merge/stays/goes"


@pytest.fixture
def two(make: Make) -> tuple[Partner, Partner]:
    return make.partner("Stays", website="https://stays.example"), make.partner("Goes", cvr="10403782")


@pytest.fixture
def curator(client: Any, make: Make) -> Any:
    return client.sign_in(make.account("Curator", roles=[Role.CURATOR]))


def test_every_column_that_points_at_a_partner_follows_and_has_a_name() -> None:
    pointing = {
        f"{table.name}.{column.name}"
        for table in Model.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if isinstance(key, ForeignKey) and key.target_fullname == "partner.id"
    }
    followed = {f"{one.table.name}.{one.column.name}" for one in operations.pointers()}
    assert followed == pointing
    assert {name for name in pointing if labels.pointer(name) == name} <= {
        "distinct_partners.one_id",
        "distinct_partners.other_id",
    }


def test_a_shared_project_keeps_the_stronger_role(app: Flask, curator: Any, make: Make, two: Any) -> None:
    stays, goes = two
    shared = make.project("Shared", partners=[(stays, Part.PARTNER), (goes, Part.COORDINATOR)])
    only = make.project("Only", partners=[goes])
    curator.submit(MERGE)
    with app.app_context():
        parts = db.session.execute(select(Participation.project_id, Participation.partner_id, Participation.role)).all()
    assert set(parts) == {(shared.id, stays.id, Part.COORDINATOR), (only.id, stays.id, Part.PARTNER)}


def test_members_of_both_keep_the_stronger_right(app: Flask, curator: Any, make: Make, two: Any) -> None:
    stays, goes = two
    both = make.account(editor_of=[stays], admin_of=[goes])
    other = make.account(editor_of=[goes])
    curator.submit(MERGE)
    with app.app_context():
        found = db.session.execute(select(Membership.account_id, Membership.partner_id, Membership.role)).all()
    assert set(found) == {
        (both.id, stays.id, MembershipRole.ADMIN),
        (other.id, stays.id, MembershipRole.EDITOR),
    }


def test_news_contacts_and_relations_follow(app: Flask, curator: Any, make: Make, two: Any) -> None:
    stays, goes = two
    make.article("Both", partners=[stays, goes])
    make.article("One", partners=[goes], author_id=goes.id)
    child = make.partner("Child", parent_id=goes.id)
    with make.writing():
        db.session.add(ContactPoint(partner_id=goes.id, name="Somebody"))
    curator.submit(MERGE)
    with app.app_context():
        assert {row.partner_id for row in db.session.scalars(select(ArticlePartner))} == {stays.id}
        assert set(db.session.scalars(select(Article.author_id))) == {None, stays.id}
        assert db.session.get_one(Partner, child.id).parent_id == stays.id
        assert db.session.scalars(select(ContactPoint.partner_id)).all() == [stays.id]


def test_what_is_unique_only_while_it_waits_is_not_thrown_away(app: Flask, curator: Any, make: Make, two: Any) -> None:
    stays, goes = two
    with make.writing():
        for number, (partner, state) in enumerate(((stays, AskState.PENDING), (goes, AskState.ACCEPTED))):
            db.session.add(
                Invitation(
                    token_hash=str(number),
                    partner_id=partner.id,
                    email="a@example.org",
                    state=state,
                    created_at=THEN,
                    sent_at=THEN,
                    expires_at=THEN + timedelta(days=14),
                )
            )
    curator.submit(MERGE)
    with app.app_context():
        assert db.session.scalars(select(Invitation.partner_id)).all() == [stays.id, stays.id]


def test_a_parent_does_not_become_its_own(app: Flask, curator: Any, make: Make) -> None:
    goes = make.partner("Goes")
    stays = make.partner("Stays", parent_id=goes.id)
    curator.submit(MERGE)
    with app.app_context():
        assert db.session.get_one(Partner, stays.id).parent_id is None


def test_fields_are_chosen_one_by_one(app: Flask, curator: Any, two: Any) -> None:
    page = curator.page(MERGE)
    assert "10403782" in page.text
    curator.submit(MERGE, **{"field-name": "theirs", "field-cvr": "theirs", "field-website": "mine"})
    with app.app_context():
        stays = db.session.get_one(Partner, two[0].id)
        assert (stays.name, stays.cvr, stays.website) == ("Goes", "10403782", "https://stays.example")


def test_the_old_address_leads_on_for_everybody(app: Flask, curator: Any, two: Any) -> None:
    curator.submit(MERGE)
    for browser in (app.test_client(), curator):
        answer = browser.get("/en/partners/goes")
        assert (answer.status_code, answer.location) == (301, "/en/partners/stays")
    with app.app_context():
        goes = db.session.get_one(Partner, two[1].id)
        assert (goes.state, goes.merged_into_id) == (PartnerState.LEFT, two[0].id)


def test_lists_search_and_trace_know_of_it(app: Flask, curator: Any, make: Make, two: Any) -> None:
    project = make.project(partners=[two[1]])
    visitor = app.test_client()
    assert ">Goes</a>" in visitor.page("/en/partners").html
    with make.writing():
        db.session.query(OutboxRow).delete()
    curator.submit(MERGE)
    assert ">Goes</a>" not in visitor.page("/en/partners").html
    with app.app_context():
        touched = {(row.kind, row.subject_id) for row in db.session.scalars(select(OutboxRow))}
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "partner.merged")).one()
    assert {("project", project.id), ("partner", two[0].id), ("partner", two[1].id)} <= touched
    assert any(name.startswith("participation.partner_id") for name in entry.changes)


def test_what_follows_is_told_by_name_before_and_stays_readable_after(
    app: Flask, curator: Any, make: Make, two: Any, postbox: Any
) -> None:
    """Both in one project, one of them no longer; both with people, feeds and somebody to call."""
    stays, goes = two
    make.project("Shared roof", partners=[(stays, Part.PARTNER), (goes, Part.COORDINATOR)])
    left = make.project("Left early", partners=[(stays, Part.FUNDER), (goes, Part.PARTNER)])
    both = make.account("Ada Both", editor_of=[stays], admin_of=[goes])
    make.account("Only Gone", admin_of=[goes])
    with make.writing():
        db.session.add(ContactPoint(partner_id=goes.id, name="Call me"))
        mine = (Participation.project_id == left.id, Participation.partner_id == stays.id)
        db.session.scalars(select(Participation).where(*mine)).one().left_at = THEN
    page = curator.page(MERGE).text
    for told in (
        "Shared roof, Coordinator – at Stays: Partner. It becomes: Coordinator",
        "Left early, Partner – at Stays: Funder. It becomes: Partner",
        "Ada Both, Administers the partner – at Stays: Edits for the partner. It becomes: Administers the partner",
        "Only Gone, Administers the partner",
        "Call me",
    ):
        assert told in page, told
    assert curator.submit(MERGE).location == "/en/staff/partners/stays"
    after = curator.page("/en/staff/partners/stays").text
    assert "Goes is part of Stays now" in after
    assert curator.get("/en/staff/partners/goes").location == "/en/staff/partners/stays"
    assert "Only Gone, Administers the partner" in after
    assert "Shared roof, Coordinator → joined with Shared roof, Partner" in after
    with app.app_context():
        parts = {one.project_id: one for one in db.session.scalars(select(Participation))}
        assert parts[left.id].left_at is None
        assert {one.partner_id for one in parts.values()} == {stays.id}
    assert "Goes and Stays are one entry now" in postbox.fetch(both.email or "")[-1]["Subject"]


def test_merging_leads_to_the_next_pair(curator: Any, make: Make, two: Any) -> None:
    make.partner("Doorstep"), make.partner("Doorstep A/S")
    assert curator.submit(MERGE).location == "/en/staff/merge/duplicates#first"
    here = "/en/staff/merge/duplicates"
    answer = curator.submit(here, "/en/staff/merge/apart/doorstep/doorstep-a-s")
    assert answer.location == here
    assert "are two. Nobody is asked again." in curator.page(here).text


def test_merging_twice_or_with_itself_changes_nothing(curator: Any, two: Any) -> None:
    curator.submit(MERGE)
    assert curator.get(MERGE).status_code == 404
    assert curator.get("/en/staff/merge/stays/nobody").status_code == 404
    page = curator.get("/en/staff/merge?stays=stays&goes=stays")
    assert page.status_code == 422
    assert "two different" in page.text


def test_choosing_two_leads_to_the_preview(curator: Any, two: Any) -> None:
    curator.page("/en/staff/merge")
    assert curator.get("/en/staff/merge?stays=stays&goes=goes").location == MERGE


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ADMINISTRATOR])
def test_only_curators_merge(app: Flask, make: Make, two: Any, role: Role) -> None:
    browser = app.test_client().sign_in(make.account(roles=[role]))
    for address in ("/en/staff/merge", MERGE, "/en/staff/merge/duplicates"):
        assert browser.get(address).status_code == 404
    member = app.test_client().sign_in(make.account(admin_of=[two[0]]))
    assert member.get(MERGE).status_code == 404


def test_a_file_that_still_names_a_merged_partner_means_the_one_that_stayed(
    app: Flask, make: Make, tmp_path: Path
) -> None:
    files = Files(tmp_path / "files")
    files.add("partners.csv", partner_id="kbh", name="Kbh. Kommune").set("news.csv", partner_ids="kk; kbh")
    files.add("project_participants.csv", partner_id="kbh", role="partner")
    assert outcome(load(app, files))["bad"] == 0
    with make.writing():
        stays, goes = (db.session.scalars(select(Partner).where(Partner.slug == slug)).one() for slug in ("kk", "kbh"))
        operations.merge(stays, goes, [], actor=SYSTEM, now=THEN)
    files.add("news.csv", news_id="n2", title="Mere varme", partner_ids="kbh")
    files.add("projects.csv", project_id="syd", name="SYD", acronym="SYD", lead_partner_id="kbh")
    files.rows["partners.csv"][1]["name"] = "Københavns gamle kommune"
    report = load(app, files.write())
    assert (outcome(report)["added"], outcome(report)["bad"]) == (2, 0)
    with app.app_context():
        hidden = db.session.scalars(select(Partner).where(Partner.slug == "kbh")).one()
        assert hidden.name == "Kbh. Kommune"
        for model in (Participation, ArticlePartner):
            assert db.session.scalars(select(model).where(model.partner_id == hidden.id)).all() == []
        parts = db.session.execute(select(Participation.role, Project.slug).join(Participation.project)).all()
        assert set(parts) == {(Part.COORDINATOR, "nord"), (Part.COORDINATOR, "syd")}
    again = outcome(load(app, files))
    assert (again["added"], again["changed"], again["bad"]) == (0, 0, 0)
