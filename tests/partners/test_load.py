"""partners.csv, in the details."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.core.db import db
from portal.partners.models import Partner, PartnerState, PartnerType
from tests.files import Files, load


def partner(app) -> Partner:
    with app.app_context():
        options = (selectinload(Partner.networks), joinedload(Partner.municipality))
        return db.session.scalars(select(Partner).options(*options)).one()


def test_a_danish_organisation_has_its_name_in_danish_too(app, tmp_path):
    load(app, Files(tmp_path))
    found = partner(app)
    assert (found.slug, found.name_da, found.name_en) == ("kk", "Københavns Kommune", "City of Copenhagen")
    assert (found.state, found.municipality.code) == (PartnerState.PUBLISHED, "0101")
    assert [network.name for network in found.networks] == ["Gate 21", "DK2020"]


def test_a_foreign_one_has_only_what_it_calls_itself_and_its_english_name(app, tmp_path):
    load(
        app,
        Files(tmp_path).set(
            "partners.csv", name="Malmö stad", name_en="City of Malmö", country="SE", municipality_code=""
        ),
    )
    assert (partner(app).name, partner(app).name_da, partner(app).called("da")) == ("Malmö stad", "", "Malmö stad")


@pytest.mark.parametrize(
    ("word", "type", "kept"),
    [
        ("NGO", PartnerType.ASSOCIATION, "NGO"),
        ("ngo", PartnerType.ASSOCIATION, "NGO"),
        ("research", PartnerType.RESEARCH_INSTITUTE, "research"),
        ("association", PartnerType.ASSOCIATION, ""),
        ("utility", PartnerType.UTILITY, ""),
    ],
)
def test_types_are_the_domains_words_and_the_sources_own_is_kept(app, tmp_path, word, type, kept):
    load(app, Files(tmp_path).set("partners.csv", type=word))
    assert (partner(app).type, partner(app).source_type) == (type, kept)


def test_networks_follow_the_file(app, tmp_path):
    files = Files(tmp_path)
    load(app, files)
    load(app, files.set("partners.csv", networks="DOLL; Gate 21"))
    assert [network.name for network in partner(app).networks] == ["DOLL", "Gate 21"]


def test_the_real_types_add_up(reference):
    with reference.app_context():
        types = [found.type for found in db.session.scalars(select(Partner))]
    assert (types.count(PartnerType.ASSOCIATION), types.count(PartnerType.RESEARCH_INSTITUTE)) == (19, 6)
    assert types.count(PartnerType.MUNICIPALITY) == 75
