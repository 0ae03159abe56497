"""The articles of news.csv."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core.dates import Precision
from portal.core.db import db, transaction
from portal.news.models import Article, State
from tests.files import Files, load


def article(app, slug: str = "varmen-er-kommet") -> Article:
    children = (Article.partners, Article.projects, Article.themes, Article.municipalities)
    with app.app_context():
        options = [selectinload(child) for child in children]
        return db.session.scalars(select(Article).where(Article.slug == slug).options(*options)).one()


def test_an_article_is_out_from_the_danish_midnight_of_its_date(app, tmp_path):
    load(app, Files(tmp_path))
    found = article(app)
    assert (found.state, found.publish_at) == (State.PUBLISHED, datetime(2020, 2, 29, 23, 0, tzinfo=UTC))
    assert (found.title_da, found.title_en, found.standfirst_da) == (
        "Varmen er kommet",
        "",
        "Havnen får varme fra havvand.",
    )
    assert found.origin_url.startswith("https://")


def test_it_has_the_themes_of_its_projects_and_the_municipalities_of_its_partners(app, tmp_path):
    load(app, Files(tmp_path))
    found = article(app)
    assert sorted(tie.theme for tie in found.themes) == ["data", "energy"]
    assert [len(ties) for ties in (found.partners, found.projects, found.municipalities)] == [1, 1, 1]


@pytest.mark.parametrize(
    ("dated", "precision", "shown"),
    [
        ("2016-02", Precision.MONTH, "2016-02"),
        ("2020", Precision.YEAR, "2020"),
        ("2020-01-31", Precision.DAY, "2020-01-31"),
    ],
)
def test_a_date_is_no_more_precise_than_its_source(app, tmp_path, dated, precision, shown):
    load(app, Files(tmp_path).set("news.csv", date=dated, date_precision=precision.value))
    assert str(article(app).dated) == shown


def test_an_article_without_a_date_has_none(app, tmp_path):
    load(app, Files(tmp_path).set("news.csv", date="", date_precision="none"))
    assert (article(app).publish_at, article(app).dated) == (None, None)


def test_a_translation_fills_the_other_language(app, tmp_path):
    load(app, Files(tmp_path).set("news.csv", title_translated="The heat is on", summary_translated="Warm."))
    assert (article(app).title_en, article(app).standfirst_en) == ("The heat is on", "Warm.")


def test_the_same_title_twice_gets_two_addresses(app, tmp_path):
    load(app, Files(tmp_path).add("news.csv", news_id="n2"))
    assert article(app, "varmen-er-kommet-n2").import_key == "n2"


def test_a_new_title_keeps_the_address_and_a_withdrawn_article_stays_withdrawn(app, tmp_path):
    files = Files(tmp_path)
    load(app, files)
    with app.app_context(), transaction():
        db.session.scalars(select(Article)).one().state = State.WITHDRAWN
    load(app, files.set("news.csv", title="Varmen er her"))
    assert (article(app).title_da, article(app).state) == ("Varmen er her", State.WITHDRAWN)


def test_ties_follow_the_file(app, tmp_path):
    files = Files(tmp_path)
    load(app, files)
    load(app, files.set("news.csv", partner_ids="", project_ids=""))
    found = article(app)
    assert [found.partners, found.projects, found.themes, found.municipalities] == [[], [], [], []]
