"""Demo content: the same for the same seed, sound, public, and marked as what it is."""

from flask import Flask
from sqlalchemy import func, select

from portal.accounts.models import Account
from portal.core.db import db
from portal.municipalities.models import Municipality
from portal.news.models import Article, ArticlePartner
from portal.partners.models import Partner
from portal.projects.models import Milestone, Participation, Project, Role, Update, WorkPackage
from portal.search.models import OutboxRow
from tests.make import counted

SHOWN = (Article.slug, Article.title_da, Article.title_en, Article.body_da, Article.body_en, Article.publish_at)


def generate(app: Flask, seed: int = 7, articles: int = 40):
    numbers = ["--partners", "6", "--projects", "5", "--articles", str(articles), "--seed", str(seed)]
    return app.test_cli_runner().invoke(args=["demo", "generate", *numbers])


def articles(app: Flask) -> list[tuple[object, ...]]:
    with app.app_context():
        return [tuple(row) for row in db.session.execute(select(*SHOWN).order_by(Article.id))]


def test_it_makes_what_was_asked_for_and_tells_search(app, make):
    municipality = make.municipality("Ærø")
    with app.app_context():
        before = {row.kind: row.number for row in counted().values()}
        noted = db.session.scalar(select(func.count()).select_from(OutboxRow))
    told = generate(app)
    assert told.exit_code == 0, told.output
    assert told.stdout.splitlines()[0] == "Added 6 partners, 5 projects and 40 articles (seed 7)."
    with app.app_context():
        counts = [db.session.scalar(select(func.count()).select_from(model)) for model in (Partner, Project, Article)]
        assert counts == [6, 5, 40]
        assert db.session.scalar(select(func.count()).select_from(OutboxRow)) == noted + 51
        now = {row.kind: row.number for row in counted().values()}
        assert all(now[kind] > before.get(kind, 0) for kind in ("partner", "project", "article"))
        assert all(note.endswith("(seed 7)") for note in db.session.scalars(select(Article.source_note)))
        places = set(db.session.scalars(select(Partner.municipality_id)))
        leads = select(func.count()).select_from(Participation).where(Participation.role == Role.COORDINATOR)
        assert places == {municipality.id}
        assert db.session.scalar(leads) == 5


def test_projects_have_plans_and_news_and_there_is_somebody_of_each_role(app, make):
    numbers = ["--partners", "2", "--projects", "4", "--articles", "0"]
    arguments = ["demo", "generate", *numbers, "--accounts", "--password-stdin"]
    told = app.test_cli_runner().invoke(args=arguments, input="seven green tiles by the fjord\n")
    assert told.exit_code == 0, told.output
    with app.app_context():
        packages = db.session.scalars(select(WorkPackage)).all()
        steps = db.session.scalars(select(Milestone)).all()
        projects = {one.work_package_id: one.project_id for one in steps}
        assert projects == {one.id: one.project_id for one in packages}
        assert len(packages) == 12
        slug = db.session.scalar(select(Project.slug).order_by(Project.id))
        emails = set(db.session.scalars(select(Account.email)))
        count = db.session.scalar(select(func.count()).select_from(Update))
    words = ("editor", "curator", "administrator", "partner-admin", "partner-editor")
    assert emails == {f"{word}@example.org" for word in words}
    assert count
    assert "The plan in time" in app.test_client().page(f"/en/projects/{slug}").html
    again = app.test_cli_runner().invoke(args=["demo", "generate", *numbers, "--seed", "2", "--accounts"])
    assert again.exit_code == 0, again.output
    assert "@example.org" not in again.output


def test_without_a_password_each_demo_account_gets_a_link(app):
    nothing = ["--partners", "0", "--projects", "0", "--articles", "0"]
    told = app.test_cli_runner().invoke(args=["demo", "generate", *nothing, "--accounts"])
    assert told.output.count("/account/") == 3  # nobody of a partner where there is none


def test_a_seed_makes_the_same_content_wherever_it_is_sown(app, databases):
    from portal import create_app

    settings = databases.new("empty")
    other = create_app(settings)
    generate(app)
    generate(other)
    mine, theirs = articles(app), articles(other)
    with other.app_context():
        db.session.remove()
        db.engine.dispose()
    databases.drop(settings)
    assert mine == theirs
    assert len({row[0] for row in mine}) == 40


def test_another_seed_adds_other_content_and_the_same_one_is_refused(app):
    generate(app)
    first = articles(app)
    again = generate(app)
    assert again.exit_code == 1
    assert "There is demo content of seed 7 already. Choose another --seed." in again.output
    assert generate(app, seed=8).exit_code == 0
    assert articles(app)[:40] == first
    assert len(articles(app)) == 80


def test_without_municipalities_and_partners_there_is_still_something_to_read(app):
    told = app.test_cli_runner().invoke(
        args=["demo", "generate", "--partners", "0", "--projects", "0", "--articles", "30"]
    )
    assert told.exit_code == 0, told.output
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ArticlePartner)) == 0
        assert db.session.scalar(select(func.count()).select_from(Municipality)) == 0
    assert all(title_da or title_en for _slug, title_da, title_en, *_rest in articles(app))


def test_some_articles_are_in_one_language_only(app):
    generate(app, articles=60)
    written = {(bool(row[1]), bool(row[2])) for row in articles(app)}
    assert written == {(True, True), (True, False), (False, True)}
