"""Builders: say what the test is about, the rest is filled in."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy import select

from portal.accounts import passwords
from portal.accounts.models import Account, AccountRole, Membership, MembershipRole
from portal.core.db import Model, db, transaction
from portal.core.generations import Generation
from portal.core.slugs import slugify
from portal.core.sorting import sort_key
from portal.feeds.models import Feed, FeedEntry, FeedState, FeedTheme, Story
from portal.municipalities.models import Municipality
from portal.news.models import Article, ArticleMunicipality, ArticlePartner, ArticleProject, ArticleTheme
from portal.news.models import State as ArticleState
from portal.partners.models import Partner, PartnerState, PartnerType
from portal.projects.models import Participation, Project, ProjectBarrier, ProjectTheme, Role, TeamMember, Visibility
from portal.search.outbox import touch
from portal.webinars.models import (
    Series,
    SeriesPartner,
    SeriesState,
    Webinar,
    WebinarPartner,
    WebinarProject,
    WebinarTheme,
)
from portal.webinars.models import State as WebinarState

T = TypeVar("T", bound=Model)
THEN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def counted() -> dict[str, Generation]:
    """Every kind's generation as the database has it now."""
    rows = db.session.scalars(select(Generation).execution_options(populate_existing=True))
    return {row.kind: row for row in rows}


class Make:
    """Writes things straight into the database of an application, as a loader would."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.numbers = itertools.count(1)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A context in which things can be changed and are committed at its end."""
        with self.app.app_context(), transaction():
            yield

    def save(self, thing: T, kind: str) -> T:
        with self.writing():
            db.session.add(thing)
            db.session.flush()
            touch(kind, thing.id)  # type: ignore[attr-defined]
        return thing

    def municipality(self, name: str = "", **given: Any) -> Municipality:
        n = next(self.numbers)
        name = name or f"Kommune {n}"
        values = {
            "code": f"{n:04}",
            "slug": slugify(name),
            "name_da": name,
            "sort_key": sort_key(name),
            "tile_col": n % 20,
            "tile_row": n // 20,
            "population": 10_000 + n,
        }
        return self.save(Municipality(**{**values, **given}), "municipality")

    def partner(self, name: str = "", **given: Any) -> Partner:
        name = name or f"Partner {next(self.numbers)}"
        values = {
            "slug": slugify(name),
            "name": name,
            "sort_key": sort_key(name),
            "type": PartnerType.COMPANY,
            "state": PartnerState.PUBLISHED,
            "country": "DK",
            "created_at": THEN,
        }
        return self.save(Partner(**{**values, **given}), "partner")

    def account(self, name: str = "", **given: Any) -> Account:
        """`roles` takes platform roles, `admin_of` and `editor_of` partners, `password` words; the rest are columns."""
        name = name or f"Account {next(self.numbers)}"
        password = given.pop("password", "")
        memberships = [
            Membership(partner_id=partner.id, role=role, since=THEN)
            for role, partners in (
                (MembershipRole.ADMIN, given.pop("admin_of", ())),
                (MembershipRole.EDITOR, given.pop("editor_of", ())),
            )
            for partner in partners
        ]
        values = {
            "email": f"{slugify(name)}@example.org",
            "email_verified_at": THEN,
            "name": name,
            "password_hash": passwords.hashed(password) if password else "",
            "locale": "en",
            "created_at": THEN,
            "roles": [AccountRole(role=role) for role in given.pop("roles", ())],
            "memberships": memberships,
        }
        account = Account(**{**values, **given})
        with self.writing():
            db.session.add(account)
        return account

    def feed(self, title: str = "", **given: Any) -> Feed:
        """`themes` takes words. A feed is running unless `state` says otherwise."""
        title = title or f"Feed {next(self.numbers)}"
        url = given.pop("url", f"https://{slugify(title)}.example/feed")
        values = {
            "title": title,
            "url": url,
            "url_digest": sha256(url.encode()).hexdigest(),
            "state": FeedState.ACTIVE,
            "next_fetch_at": THEN,
            "created_at": THEN,
            "themes": [FeedTheme(theme=theme) for theme in given.pop("themes", ())],
        }
        feed = Feed(**{**values, **given})
        with self.writing():
            db.session.add(feed)
        return feed

    def entry(self, feed: Feed, title: str = "", **given: Any) -> FeedEntry:
        """Waiting, and a story of its own, unless `story_id` says which one it tells."""
        n = next(self.numbers)
        title = title or f"Entry {n}"
        url = given.pop("url", f"https://news.example/{n}/{slugify(title)}")
        digest = sha256(url.encode()).hexdigest()
        with self.writing():
            story = Story(created_at=THEN)
            if "story_id" not in given:
                db.session.add(story)
                db.session.flush()
            values = {
                "feed_id": feed.id,
                "story_id": story.id,
                "key": digest,
                "url": url,
                "url_digest": digest,
                "title": title,
                "content_digest": digest,
                "published_at": THEN,
                "fetched_at": THEN,
            }
            entry = FeedEntry(**{**values, **given})
            db.session.add(entry)
        return entry

    def project(self, title: str = "", **given: Any) -> Project:
        """`partners` takes partners or (partner, role) pairs, `themes` and `barriers` words, `team` role → account."""
        title = title or f"Project {next(self.numbers)}"
        partners = [p if isinstance(p, tuple) else (p, Role.PARTNER) for p in given.pop("partners", ())]
        values = {
            "slug": slugify(title),
            "title_en": title,
            "sort_key": sort_key(title),
            "visibility": Visibility.PUBLIC,
            "created_at": THEN,
            "themes": [ProjectTheme(theme=theme) for theme in given.pop("themes", ())],
            "barriers": [ProjectBarrier(barrier=barrier) for barrier in given.pop("barriers", ())],
            "team": [
                TeamMember(account_id=account.id, role=role, since=THEN)
                for role, account in given.pop("team", {}).items()
            ],
            "participations": [Participation(partner_id=partner.id, role=role) for partner, role in partners],
        }
        return self.save(Project(**{**values, **given}), "project")

    def article(self, title: str = "", **given: Any) -> Article:
        """`partners`, `projects`, `municipalities` take things, `themes` words."""
        title = title or f"Article {next(self.numbers)}"
        values = {
            "slug": slugify(title),
            "title_en": title,
            "state": ArticleState.PUBLISHED,
            "publish_at": THEN,
            "created_at": THEN,
            "updated_at": THEN,
            "themes": [ArticleTheme(theme=theme) for theme in given.pop("themes", ())],
            "partners": [ArticlePartner(partner_id=one.id) for one in given.pop("partners", ())],
            "projects": [ArticleProject(project_id=one.id) for one in given.pop("projects", ())],
            "municipalities": [ArticleMunicipality(municipality_id=one.id) for one in given.pop("municipalities", ())],
        }
        return self.save(Article(**{**values, **given}), "article")

    def webinar(self, title: str = "", **given: Any) -> Webinar:
        title = title or f"Webinar {next(self.numbers)}"
        values = {
            "slug": slugify(title),
            "title_en": title,
            "state": WebinarState.ANNOUNCED,
            "uid": f"webinar-{slugify(title)}",
            "created_at": THEN,
            "updated_at": THEN,
            "themes": [WebinarTheme(theme=theme) for theme in given.pop("themes", ())],
            "partners": [WebinarPartner(partner_id=one.id) for one in given.pop("partners", ())],
            "projects": [WebinarProject(project_id=one.id) for one in given.pop("projects", ())],
        }
        return self.save(Webinar(**{**values, **given}), "webinar")

    def series(self, title: str = "", **given: Any) -> Series:
        title = title or f"Series {next(self.numbers)}"
        values = {
            "slug": slugify(title),
            "title_en": title,
            "state": SeriesState.PUBLISHED,
            "created_at": THEN,
            "updated_at": THEN,
            "partners": [SeriesPartner(partner_id=one.id) for one in given.pop("partners", ())],
        }
        return self.save(Series(**{**values, **given}), "series")

    def partners(self, count: int) -> list[Partner]:
        return [self.partner() for _ in range(count)]

    def projects(self, count: int, **given: Any) -> list[Project]:
        return [self.project(**given) for _ in range(count)]
