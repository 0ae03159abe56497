"""Telling a hub that feeds have news (W3C WebSub), so that subscribers hear at once instead of asking now and then."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select

from portal.core import outgoing, signs
from portal.core.bilingual import LANGUAGES
from portal.core.db import db, transaction
from portal.core.generations import Generation
from portal.core.outgoing import Limits, OutgoingError

AGAIN_AFTER = timedelta(minutes=10)
PATIENCE = Limits(seconds=5)
TRIED = "websub tried"

logger = logging.getLogger(__name__)

_topics: dict[str, str] = {}


def follow(kind: str, path: str) -> None:
    """Let the hub be told of every change of a kind of content; `path` is its feed's, without language and ending."""
    _topics[kind] = path


def hub() -> str:
    """The hub's address; empty where there is none."""
    return str(current_app.config["PORTAL_WEBSUB_HUB"])


def tell(now: datetime, endings: Mapping[str, str]) -> int:
    """Tell the hub of what has changed since it was told; returns of how many feeds.

    A hub that does not answer is asked again some minutes later: what changed meanwhile is not lost.
    """
    if not hub():
        return 0
    tried = signs.seen(TRIED)
    if tried is not None and tried > now - AGAIN_AFTER:
        return 0
    told = 0
    for kind, path in _topics.items():
        changed = db.session.scalar(select(Generation.changed_at).where(Generation.kind == kind))
        seen = signs.seen(_sign(kind))
        if changed is None or (seen is not None and seen >= changed):
            continue
        feeds = [f"/{language}{path}.{ending}" for language in LANGUAGES for ending in endings]
        is_told = all(_publish(f"{current_app.config['PORTAL_BASE_URL']}{feed}") for feed in feeds)
        with transaction():
            signs.put(_sign(kind) if is_told else TRIED, now=changed if is_told else now)
        if not is_told:
            break
        told += len(feeds)
    return told


def _publish(topic: str) -> bool:
    allow = current_app.config["PORTAL_OUTGOING_ALLOW"]
    try:
        answer = outgoing.post(hub(), {"hub.mode": "publish", "hub.url": topic}, allow=allow, limits=PATIENCE)
    except OutgoingError as error:
        logger.warning("the hub was not told of %s: %s", topic, error)
        return False
    if not 200 <= answer.status < 300:
        logger.warning("the hub was not told of %s: it answered %s", topic, answer.status)
        return False
    return True


def _sign(kind: str) -> str:
    return f"websub {kind}"
