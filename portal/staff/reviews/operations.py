"""Showing a draft to somebody without an account: the link, and the mail that brings it."""

from datetime import datetime

from portal.core import mail
from portal.core.bilingual import chosen
from portal.core.permissions import Actor, require
from portal.core.web import address
from portal.editorial import operations as editorial
from portal.editorial.models import Purpose
from portal.news.editing.operations import subject
from portal.news.models import Article


def ask_reviewer(article: Article, name: str, email: str, language: str, *, actor: Actor, now: datetime) -> str:
    """Make a link for a reviewer and mail it where there is an address; returns the link, which is kept nowhere."""
    require(actor, "article.publish", article)
    _made, token = editorial.share(subject(article), Purpose.REVIEW, name, actor=actor, now=now)
    link = address("reviewing.review", token=token, language=language)
    if email:
        title = article.text("title", "en" if language == "en" else "da")
        mail.post(
            email,
            "review_asked",
            kind="review_asked",
            language=language,
            name=name,
            giver=actor.name,
            title=title,
            link=link,
        )
    return link


def make_preview(article: Article, *, actor: Actor, now: datetime) -> str:
    """Make a link by which the draft can be read; returns it, which is kept nowhere."""
    require(actor, "article.publish", article)
    _made, token = editorial.share(subject(article), Purpose.PREVIEW, "", actor=actor, now=now)
    return address("reviewing.preview", token=token, language=chosen())
