"""`flask demo`: synthetic content in both languages, for load tests. The same seed makes the same content."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import insert, select
from sqlalchemy.exc import DatabaseError

from portal.accounts.commands import first_link
from portal.core import audit, bilingual, clock
from portal.core.bars import bars, first_line
from portal.core.dates import Precision
from portal.core.db import Model, analyze, db, transaction
from portal.core.intake import Advance
from portal.core.permissions import SYSTEM
from portal.core.slugs import MAX_LENGTH, slugify
from portal.core.sorting import sort_key
from portal.core.themes import Theme
from portal.municipalities.models import Municipality
from portal.news.models import Article, ArticleMunicipality, ArticlePartner, ArticleProject, ArticleTheme
from portal.news.models import Kind as ArticleKind
from portal.news.models import State as ArticleState
from portal.partners.models import Partner, PartnerState, PartnerTheme
from portal.projects.models import (
    Barrier,
    Kind,
    MunicipalityRole,
    Participation,
    Project,
    ProjectBarrier,
    ProjectMunicipality,
    ProjectTheme,
    Role,
    State,
    Visibility,
)
from portal.reference import demo_plans
from portal.reference.demo_plans import Begun
from portal.reference.demo_texts import (
    NAME_ENDINGS,
    NAME_STEMS,
    NOBODY,
    NOWHERE,
    PROJECT_TITLES,
    SUMMARIES,
    TITLES,
    TOPICS,
    Pair,
    Scene,
)
from portal.search import outbox

CHUNK = 1000
MOST = 1_000_000
LAST_DAY = date(2026, 6, 30)
"""No demo article is younger: what is made depends on the seed, not on the day."""
WRITTEN = datetime(2026, 7, 1, tzinfo=UTC)


@click.group()
def demo() -> None:
    """Synthetic content for load tests."""


@demo.command()
@click.option("--partners", default=200, show_default=True, type=click.IntRange(0, MOST))
@click.option("--projects", default=100, show_default=True, type=click.IntRange(0, MOST))
@click.option("--articles", default=1000, show_default=True, type=click.IntRange(0, MOST))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0))
@click.option("--accounts", is_flag=True, help="Also an account for each role, such as editor@example.org.")
@click.option("--password-stdin", is_flag=True, help="Read the password of these accounts from standard input.")
@with_appcontext
def generate(partners: int, projects: int, articles: int, seed: int, accounts: bool, password_stdin: bool) -> None:
    """Add plausible partners, projects and articles in Danish and English, marked as demo content.

    Projects have a plan and news. Accounts are made without a password, with a link to set one, unless it is given.
    """
    password = sys.stdin.read().rstrip("\r\n") if password_stdin else ""
    people: list[tuple[str, str]] = []
    try:
        if _is_there(seed):
            raise click.ClickException(f"There is demo content of seed {seed} already. Choose another --seed.")
        with bars() as shown, transaction():
            advance = shown.begin({"partners": partners, "projects": projects, "articles": articles})
            society = Society(seed, advance)
            society.grow(partners, projects, articles)
            if accounts:
                people = demo_plans.people(society.first_partner, password, clock.now())
        analyze()
    except DatabaseError as error:
        raise click.ClickException(f"Nothing was added: {first_line(error)}. Is `flask db upgrade` done?") from None
    click.echo(f"Added {partners} partners, {projects} projects and {articles} articles (seed {seed}).")
    for email, token in people:
        click.echo(f"{email}  {first_link(token, bilingual.DEFAULT)}" if token else email)
    click.echo("The worker will index them; `flask search rebuild` does it faster.")


def _is_there(seed: int) -> bool:
    mark = f"demo-{seed}-"
    return any(
        db.session.scalar(select(model.id).where(model.slug.startswith(mark, autoescape=True)).limit(1)) is not None
        for model in (Partner, Project, Article)
    )


@dataclass(frozen=True, slots=True)
class Known:
    """Something that texts can be about: its id and what it is called."""

    id: int | None
    name: Pair


Ties = list[tuple[type[Model], dict[str, Any]]]
"""The rows that hang on a thing: their table and values."""


class Society:
    """Makes the content in bulk inserts, in the running transaction."""

    def __init__(self, seed: int, advance: Advance) -> None:
        self.seed = seed
        self.advance = advance
        # Not a secret: the same seed must give the same texts.
        self.random = Random(seed)  # noqa: S311
        self.note = f"Demo content, made by a generator (seed {seed})"
        self.places = _places() or [Known(None, NOWHERE)]
        self.partners: list[Known] = []
        self.projects: list[int] = []
        self.begun: list[Begun] = []

    def grow(self, partners: int, projects: int, articles: int) -> None:
        """Add that many of each; they are about each other, or else about what is there."""
        ids = self._add("partners", Partner, partners, self._partner)
        self.partners = _partners(ids or None)
        made = self._add("projects", Project, projects, self._project)
        # With dice of their own: what a seed has made so far stays as it was.
        dice = Random(f"plans {self.seed}")  # noqa: S311
        for start in range(0, len(made), CHUNK):
            some = list(zip(made[start : start + CHUNK], self.begun[start : start + CHUNK], strict=True))
            demo_plans.plan(some, dice, LAST_DAY, WRITTEN)
        self.projects = made or _projects()
        self._add("articles", Article, articles, self._article)
        count = {"partners": (0, partners), "projects": (0, projects), "articles": (0, articles)}
        audit.record(SYSTEM, "demo.generated", "demo", self.seed, count)

    @property
    def first_partner(self) -> int | None:
        """The first partner that was made."""
        return self.partners[0].id if self.partners else None

    def _add(
        self, name: str, model: type[Any], how_many: int, make: Callable[[int], tuple[dict[str, Any], Ties]]
    ) -> list[int]:
        all_ids: list[int] = []
        for start in range(0, how_many, CHUNK):
            made = [make(number + 1) for number in range(start, min(start + CHUNK, how_many))]
            stmt = insert(model).returning(model.id, sort_by_parameter_order=True)
            ids = db.session.scalars(stmt, [values for values, _ties in made]).all()
            self._tie(model.__tablename__, zip(ids, (ties for _values, ties in made), strict=True))
            outbox.touch_all(model.__tablename__, ids)
            all_ids += ids
            self.advance(name, len(ids))
        return all_ids

    def _tie(self, kind: str, made: Iterable[tuple[int, Ties]]) -> None:
        rows: dict[type[Model], list[dict[str, Any]]] = {}
        for id, ties in made:
            for model, values in ties:
                rows.setdefault(model, []).append({f"{kind}_id": id, **values})
        for model, its_rows in rows.items():
            db.session.execute(insert(model), its_rows)

    def _slug(self, number: int, title: str) -> str:
        return f"demo-{self.seed}-{number}-{slugify(title)}"[:MAX_LENGTH].strip("-")

    def _scene(self) -> tuple[Theme, Known, Known | None, Scene]:
        """A theme, a place and a partner, and how texts speak of them."""
        theme = self.random.choice(tuple(TOPICS))
        topic = self.random.choice(TOPICS[theme])
        place = self.random.choice(self.places)
        partner = self.random.choice(self.partners) if self.partners else None
        return theme, place, partner, Scene(topic, place.name, partner.name if partner else NOBODY)

    def _partner(self, number: int) -> tuple[dict[str, Any], Ties]:
        random = self.random
        type = random.choice(tuple(NAME_ENDINGS))
        stem = f"{random.choice(NAME_STEMS)}{random.choice(NAME_STEMS).lower()}"
        da, en = (ending.format(stem=stem) for ending in random.choice(NAME_ENDINGS[type]))
        place = random.choice(self.places)
        themes = random.sample(tuple(TOPICS), random.randrange(1, 3))
        scene = Scene(random.choice(TOPICS[themes[0]]), place.name, (da, en))
        text_da, text_en = scene.tell_much(1, random)
        values = {
            "slug": self._slug(number, da),
            "name": da,
            "name_da": da,
            "name_en": en,
            "sort_key": sort_key(da),
            "type": type,
            "state": PartnerState.PUBLISHED,
            "country": "DK",
            "municipality_id": place.id,
            "description_da": text_da,
            "description_en": text_en,
            "revised_da_at": WRITTEN,
            "revised_en_at": WRITTEN,
            "created_at": WRITTEN,
            "source_note": self.note,
        }
        return values, [(PartnerTheme, {"theme": theme}) for theme in themes]

    def _project(self, number: int) -> tuple[dict[str, Any], Ties]:
        random = self.random
        theme, place, lead, scene = self._scene()
        title_da, title_en = scene.tell(random.choice(PROJECT_TITLES), random)
        summary_da, summary_en = scene.tell(random.choice(SUMMARIES), random)
        objective_da, objective_en = scene.tell_much(2, random)
        starts = random.randrange(2012, 2026)
        self.begun.append(Begun(starts, scene, lead.id if lead else None))
        values = {
            "slug": self._slug(number, title_da),
            "title_da": title_da,
            "title_en": title_en,
            "sort_key": sort_key(title_da),
            "summary_da": summary_da,
            "summary_en": summary_en,
            "objective_da": objective_da,
            "objective_en": objective_en,
            "kind": random.choice(tuple(Kind)),
            "state": State.COMPLETED if starts < 2022 else State.RUNNING,
            "visibility": Visibility.PUBLIC,
            "starts_on": date(starts, 1, 1),
            "starts_precision": Precision.YEAR,
            "ends_on": date(starts + random.randrange(2, 5), 1, 1),
            "ends_precision": Precision.YEAR,
            "revised_da_at": WRITTEN,
            "revised_en_at": WRITTEN,
            "created_at": WRITTEN,
            "source_note": self.note,
        }
        ties: Ties = [(ProjectTheme, {"theme": theme}), (ProjectBarrier, {"barrier": random.choice(tuple(Barrier))})]
        if place.id is not None:
            role = MunicipalityRole.DEMONSTRATION_SITE
            ties.append((ProjectMunicipality, {"municipality_id": place.id, "role": role}))
        if lead is not None:
            ties.append((Participation, {"partner_id": lead.id, "role": Role.COORDINATOR}))
            others = random.sample(self.partners, min(len(self.partners), random.randrange(2, 9)))
            ties += [(Participation, {"partner_id": one.id, "role": Role.PARTNER}) for one in others if one != lead]
        return values, ties

    def _article(self, number: int) -> tuple[dict[str, Any], Ties]:
        random = self.random
        theme, place, partner, scene = self._scene()
        title = scene.tell(random.choice(TITLES), random)
        standfirst = scene.tell(random.choice(SUMMARIES), random)
        body = scene.tell_much(random.randrange(2, 5), random)
        out_on = LAST_DAY - timedelta(days=int(3650 * random.random() ** 2))
        publish_at = clock.start_of(out_on) + timedelta(hours=9)
        values = {
            "slug": self._slug(number, title[0]),
            "kind": random.choice(tuple(ArticleKind)),
            "state": ArticleState.PUBLISHED,
            "publish_at": publish_at,
            "dated_precision": Precision.DAY,
            "created_at": publish_at,
            "updated_at": publish_at,
            "source_note": self.note,
        }
        # Like the real ones, some articles are in one language only.
        written = random.choices((("da", "en"), ("da",), ("en",)), (70, 15, 15))[0]
        for language, *texts in zip(("da", "en"), title, standfirst, body, strict=True):
            for pair, text in zip(("title", "standfirst", "body"), texts, strict=True):
                values[f"{pair}_{language}"] = text if language in written else ""
            values[f"revised_{language}_at"] = publish_at if language in written else None
        ties: Ties = [(ArticleTheme, {"theme": theme})]
        if place.id is not None:
            ties.append((ArticleMunicipality, {"municipality_id": place.id}))
        if partner is not None:
            ties.append((ArticlePartner, {"partner_id": partner.id}))
        if self.projects and random.random() < 0.5:
            ties.append((ArticleProject, {"project_id": random.choice(self.projects)}))
        return values, ties


def _places() -> list[Known]:
    stmt = select(Municipality.id, Municipality.name_da, Municipality.name_en).order_by(Municipality.code)
    return [Known(id, (da, en or da)) for id, da, en in db.session.execute(stmt)]


def _partners(ids: list[int] | None) -> list[Known]:
    """The partners just made, or else those there are."""
    stmt = select(Partner.id, Partner.name, Partner.name_en).order_by(Partner.id)
    if ids:
        stmt = stmt.where(Partner.id.between(min(ids), max(ids)))
    return [Known(id, (da, en or da)) for id, da, en in db.session.execute(stmt)]


def _projects() -> list[int]:
    return list(db.session.scalars(select(Project.id).order_by(Project.id)))
