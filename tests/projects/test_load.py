"""projects.csv and project_participants.csv, in the details."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from portal.core.dates import Precision
from portal.core.db import db, transaction
from portal.projects.models import (
    Funding,
    FundingState,
    MunicipalityRole,
    Participation,
    Project,
    ProjectMunicipality,
    Role,
    State,
    Visibility,
)
from portal.projects.words import Titles, grant_number, titles
from tests.files import Files, load, outcome


def project(app, slug: str = "nord") -> Project:
    children = (Project.themes, Project.barriers, Project.funding, Project.participations, Project.municipalities)
    with app.app_context():
        options = [selectinload(child) for child in children]
        return db.session.scalars(select(Project).where(Project.slug == slug).options(*options)).one()


@pytest.mark.parametrize(
    ("name", "da", "en"),
    [
        ("Flexible Energy Denmark", "", "Flexible Energy Denmark"),
        ("OS2iot", "", "OS2iot"),
        ("Strategisk Energiplanlægning på Fyn", "Strategisk Energiplanlægning på Fyn", ""),
        ("Den Regionale Datahub (Regional Data Hub)", "Den Regionale Datahub", "Regional Data Hub"),
        (
            "Data-based energy management (Databaseret energiledelse)",
            "Databaseret energiledelse",
            "Data-based energy management",
        ),
        ("Lokal Energi (Local energy)", "Lokal Energi", "Local energy"),
        ("ARV - climate positive circular communities", "", "ARV – climate positive circular communities"),
        (
            "Midt.Energistrategi - strategic energy planning in Central Jutland",
            "",
            "Midt.Energistrategi – strategic energy planning in Central Jutland",
        ),
        (
            "STEPS - Strategisk Tværkommunal EnergiPlanlægning Sjælland",
            "STEPS – Strategisk Tværkommunal EnergiPlanlægning Sjælland",
            "",
        ),
        ("LINC (TUPPAC)", "", "LINC (TUPPAC)"),
    ],
)
def test_a_name_is_written_to_the_language_it_is_in(name, da, en):
    assert titles(name) == Titles(da, en)


@pytest.mark.parametrize(
    ("programme", "number"),
    [
        ("Strategic research centre, grant 1305-00027B", "1305-00027B"),
        ("Horizon 2020 (IoT large-scale pilot, grant 732240)", "732240"),
        ("LIFE (integrated project LIFE15 IPC/DK/000006)", "LIFE15 IPC/DK/000006"),
        ("LIFE (strategic integrated project, LIFE23-IPC-DK 101147300)", "LIFE23-IPC-DK 101147300"),
        ("Grand Solutions", ""),
    ],
)
def test_a_grant_number_is_found_in_the_programme(programme, number):
    assert grant_number(programme) == number


def test_a_project_is_public_with_all_that_its_row_says(app, tmp_path):
    load(app, Files(tmp_path))
    found = project(app)
    assert (found.title_en, found.visibility, found.state) == (
        "NORD – heat from the harbour",
        Visibility.PUBLIC,
        State.COMPLETED,
    )
    assert (found.starts_on, found.starts_precision) == (date(2019, 1, 1), Precision.YEAR)
    assert sorted(child.theme for child in found.themes) == ["data", "energy"]
    assert [child.barrier for child in found.barriers] == ["data_access"]
    (grant,) = found.funding
    assert (grant.amount, grant.currency, grant.state) == (Decimal(3400000), "EUR", FundingState.GRANTED)
    assert (grant.funder, grant.grant_number) == ("European Union", "732240")
    assert (found.total_cost, found.total_cost_currency) == (None, "")


@pytest.mark.parametrize(
    ("note", "state"),
    [
        ("", FundingState.GRANTED),
        ("Figures are those applied for", FundingState.APPLIED),
        ("60 M DKK proposed in the Finance Act", None),
    ],
)
def test_a_grant_is_no_more_than_its_source_says(app, tmp_path, note, state):
    load(app, Files(tmp_path).set("projects.csv", note=note))
    assert project(app).funding[0].state is state


@pytest.mark.parametrize(
    ("word", "state", "kept"),
    [
        ("completed", State.COMPLETED, ""),
        ("running", State.RUNNING, ""),
        ("open-ended or end unknown", None, "open-ended or end unknown"),
        ("running or planned", None, "running or planned"),
        ("", None, ""),
    ],
)
def test_where_no_state_fits_the_sources_words_are_kept(app, tmp_path, word, state, kept):
    load(app, Files(tmp_path).set("projects.csv", status=word))
    assert (project(app).state, project(app).source_state) == (state, kept)


@pytest.mark.parametrize(
    ("word", "role", "kept"),
    [
        ("participant", Role.PARTNER, ""),
        ("demo site", Role.PARTNER, "demo site"),
        ("Danish coordinator", Role.PARTNER, "Danish coordinator"),
        ("co-funder", Role.FUNDER, "co-funder"),
        ("funder", Role.FUNDER, ""),
        ("supplier", Role.CONTRACTOR, "supplier"),
        ("authority", None, "authority"),
    ],
)
def test_roles_are_the_domains_words_and_the_sources_own_is_kept(app, tmp_path, word, role, kept):
    load(app, Files(tmp_path).set("projects.csv", lead_partner_id="").set("project_participants.csv", role=word))
    (one,) = project(app).participations
    assert (one.role, one.source_role) == (role, kept)


def test_the_lead_takes_part_also_when_the_participants_do_not_say_so(app, tmp_path):
    load(app, Files(tmp_path).without("project_participants.csv"))
    (one,) = project(app).participations
    assert one.role is Role.COORDINATOR


def test_the_lead_is_coordinator_whatever_else_it_is(app, tmp_path):
    files = Files(tmp_path).set("project_participants.csv", role="secretariat")
    load(app, files)
    (one,) = project(app).participations
    assert (one.role, one.source_role) == (Role.COORDINATOR, "secretariat")
    assert outcome(load(app, files))["changed"] == 0


def test_a_municipality_leads_or_is_a_demonstration_site_through_its_own_organisation(app, tmp_path):
    files = Files(tmp_path)
    load(app, files)
    assert [tie.role for tie in project(app).municipalities] == [MunicipalityRole.LEAD]
    load(app, files.set("projects.csv", lead_partner_id="").set("project_participants.csv", role="demo site"))
    assert [tie.role for tie in project(app).municipalities] == [MunicipalityRole.DEMONSTRATION_SITE]
    load(app, files.set("project_participants.csv", role="participant"))
    assert project(app).municipalities == []


def test_a_company_that_is_a_demonstration_site_says_nothing_of_its_municipality(app, tmp_path):
    load(app, Files(tmp_path).set("partners.csv", type="company").set("project_participants.csv", role="demo site"))
    assert project(app).municipalities == []


def test_a_funding_that_was_entered_here_is_left_alone(app, tmp_path):
    files = Files(tmp_path)
    load(app, files)
    with app.app_context(), transaction():
        db.session.add(Funding(project_id=db.session.scalars(select(Project.id)).one(), funder="Realdania"))
    load(app, files.set("projects.csv", funder="", programme="", grant_amount="", grant_currency=""))
    assert [funding.funder for funding in project(app).funding] == ["Realdania"]


def test_new_participants_give_the_project_a_new_version(app, tmp_path):
    files = Files(tmp_path)
    load(app, files)
    before = project(app).version
    files.add("partners.csv", partner_id="fk", name="Frederiksberg").add("project_participants.csv", partner_id="fk")
    load(app, files)
    assert project(app).version == before + 1


def test_a_second_lead_is_a_partner_in_the_word_of_the_source(app, tmp_path):
    files = Files(tmp_path)
    files.add("partners.csv", partner_id="fk", name="Frederiksberg").add("project_participants.csv", partner_id="fk")
    load(app, files)
    parts = {one.source_role: one.role for one in project(app).participations}
    assert parts == {"": Role.COORDINATOR, "lead": Role.PARTNER}


def test_the_lead_of_a_project_may_change_between_two_files(app, tmp_path):
    files = Files(tmp_path)
    files.add("partners.csv", partner_id="fk", name="Frederiksberg")
    files.add("project_participants.csv", partner_id="fk", role="participant")
    load(app, files)
    first = {one.import_key: one.role for one in project(app).participations}
    files.set("project_participants.csv", role="participant").set("projects.csv", lead_partner_id="fk")
    load(app, files)
    then = {one.import_key: one.role for one in project(app).participations}
    assert sorted(first.values()) == sorted(then.values())
    assert {key for key, role in then.items() if role is Role.COORDINATOR} == {"nord/fk"}


def test_the_real_projects_have_the_towns_and_roles_of_their_sources(reference):
    with reference.app_context():
        places = db.session.execute(select(ProjectMunicipality.role, func.count()).group_by(ProjectMunicipality.role))
        assert dict(places.all()) == {MunicipalityRole.LEAD: 5, MunicipalityRole.DEMONSTRATION_SITE: 3}
        leads = select(func.count()).select_from(Participation).where(Participation.role == Role.COORDINATOR)
        assert db.session.scalar(leads) == 31
        amounts = select(func.count()).select_from(Funding).where(Funding.amount.is_not(None))
        assert db.session.scalar(amounts) == 21
        assert db.session.scalar(select(func.count()).select_from(Project).where(Project.total_cost.is_not(None))) == 14
    assert project(reference, "life-act").funding[0].state is FundingState.APPLIED
    assert project(reference, "loop-city-coop").participations[0].role is not None
