"""Writing articles: the only way their content is begun, changed, brought back and deleted."""

from collections.abc import Collection, Mapping
from datetime import datetime
from secrets import token_hex
from typing import Any

from portal.core import audit, intake, slugs
from portal.core.dates import Precision
from portal.core.db import db
from portal.core.errors import Forbidden, Invalid
from portal.core.permissions import SYSTEM, Actor, Role, require
from portal.editorial import operations as editorial
from portal.editorial import queries as drafts
from portal.editorial.models import Revision
from portal.municipalities.models import Municipality
from portal.news.editing.content import Content, content_of, from_json, to_json
from portal.news.models import Article, ArticleMunicipality, ArticlePartner, ArticleProject, ArticleTheme, State
from portal.news.pictures.words import words_of
from portal.partners.models import Partner
from portal.projects.models import Project
from portal.search.outbox import touch

KIND = "article"


def subject(article: Article) -> tuple[str, int]:
    """What the editorial mechanisms know an article by."""
    return KIND, article.id


def create(content: Content, *, actor: Actor, now: datetime) -> Article:
    """Begin a draft; a member's is from a partner they act for."""
    require(actor, "article.create", None)
    if not actor.has(Role.EDITOR) and content.author_id not in actor.partner_ids:
        raise Forbidden("article.create")
    return begin(content, actor=actor, now=now)


def begin(content: Content, *, actor: Actor, now: datetime, entry_id: int | None = None) -> Article:
    """Begin a draft for an operation that has asked already. `entry_id` is the feed's entry that it is made of."""
    article = Article(
        slug=free_slug(content),
        state=State.DRAFT,
        created_by_id=actor.account_id,
        entry_id=entry_id,
        created_at=now,
        updated_at=now,
        themes=[],
        partners=[],
        projects=[],
        municipalities=[],
    )
    _write(article, content, now)
    db.session.add(article)
    db.session.flush()
    title = content.texts.get("title_da") or content.texts.get("title_en", "")
    _trace(article, "article.created", {"title": ("", title)}, actor, now)
    return article


def revise(article: Article, content: Content, *, actor: Actor, now: datetime, action: str = "article.revised") -> None:
    """Change what an article says. Nothing changed, nothing recorded."""
    require(actor, "article.edit", article)
    before = content_of(article)
    if not actor.has(Role.EDITOR) and content.author_id not in actor.partner_ids:
        raise Forbidden("article.edit")
    old, new = to_json(before), to_json(content)
    changes = {name: (old[name], new[name]) for name in new if old[name] != new[name]}
    if not changes:
        return
    if drafts.last_revision(subject(article)) is None:  # one that was loaded: what it said before is not lost
        keep_version(article, actor=SYSTEM, now=article.updated_at)
    _write(article, content, now)
    article.updated_at = now
    db.session.flush()
    _trace(article, action, changes, actor, now)


HOURS = ("publish_at", "expire_at")
LEFT = frozenset((*HOURS, "pictures"))
"""What bringing back a revision leaves as it is now: when it comes out and goes, and its pictures."""


def bring_back(article: Article, revision: Revision, *, actor: Actor, now: datetime) -> None:
    """Let an article say again what it said in a revision, all but what is in `LEFT`."""
    old = from_json(revision.content)
    present = content_of(article)
    content = old.but(
        **{name: getattr(present, name) for name in HOURS},
        author_id=_there(Partner.id, [old.author_id] if old.author_id else [], present.author_id),
        partner_ids=drafts.still_there(Partner.id, old.partner_ids),
        project_ids=drafts.still_there(Project.id, old.project_ids),
        municipality_ids=drafts.still_there(Municipality.id, old.municipality_ids),
    )
    revise(article, content, actor=actor, now=now, action="article.brought_back")


def delete(article: Article, *, actor: Actor, now: datetime) -> None:
    """Delete what readers have never seen, with all that was said of it."""
    require(actor, "article.delete", article)
    audit.record(actor, "article.deleted", KIND, article.id, {"title": (str(article.text("title")), "")}, now=now)
    editorial.forget(subject(article))
    db.session.delete(article)
    db.session.flush()


def free_slug(content: Content, but: str = "") -> str:
    """An address that no article has or has had, but for the one in `but`."""
    title = content.texts.get("title_da") or content.texts.get("title_en") or ""
    return slugs.free(title, token_hex(3), slugs.in_use(KIND, Article.slug) - {but})


def _write(article: Article, content: Content, now: datetime) -> None:
    texts = content.texts
    if not texts.get("title_da") and not texts.get("title_en"):
        raise Invalid("title_da", "an article needs a title in one language")
    if content.publish_at and content.expire_at and content.expire_at <= content.publish_at:
        raise Invalid("expire_at", "is not after publish_at")
    corrections = {name: text for name, text in texts.items() if name.startswith("correction_")}
    if any((getattr(article, name) or "") != text for name, text in corrections.items()):
        article.corrected_at = now if any(corrections.values()) else None
    article.write(now, **texts)
    article.kind, article.origin_url = content.kind, content.origin_url
    article.author_id, article.expire_at = content.author_id, content.expire_at
    if article.publish_at != content.publish_at:
        article.publish_at, article.dated_precision = content.publish_at, Precision.DAY
    intake.tie(article.themes, "theme", content.themes, ArticleTheme)
    intake.tie(article.partners, "partner_id", content.partner_ids, ArticlePartner)
    intake.tie(article.projects, "project_id", content.project_ids, ArticleProject)
    intake.tie(article.municipalities, "municipality_id", content.municipality_ids, ArticleMunicipality)


def _trace(article: Article, action: str, changes: Mapping[str, tuple[Any, Any]], actor: Actor, now: datetime) -> None:
    audit.record(actor, action, KIND, article.id, changes, now=now)
    keep_version(article, actor=actor, now=now)
    touch(KIND, article.id)


def keep_version(article: Article, *, actor: Actor, now: datetime) -> None:
    """Keep what an article says now, its pictures with it, as its next version."""
    content = to_json(content_of(article)) | {"pictures": words_of(article.id)}
    editorial.keep(subject(article), content, actor=actor, now=now)


def _there(column: Any, ids: Collection[int], otherwise: int | None) -> int | None:
    found = drafts.still_there(column, ids)
    return found[0] if found else (otherwise if ids else None)
