"""Whether the process answers and whether it can do its work, for balancers and operators."""

import logging
import sqlite3
from collections.abc import Callable
from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from redis import RedisError
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from portal import worker
from portal.core import web
from portal.core.db import db
from portal.core.generations import Generation
from portal.core.permissions import audience
from portal.search import queries as search

bp = Blueprint("health", __name__)
logger = logging.getLogger(__name__)

State = dict[str, Any]
# Why a part is down goes to the log; the answer is public and must not tell addresses.
FAULTS = (SQLAlchemyError, sqlite3.Error, RedisError, OSError)


@bp.get("/healthz")
@audience("everyone")
def alive() -> ResponseReturnValue:
    web.uncached()
    return jsonify(status="ok")


@bp.get("/readyz")
@audience("everyone")
def ready() -> ResponseReturnValue:
    web.uncached()
    parts = {name: _look(name, look) for name, look in PARTS.items()}
    is_ready = all(part["state"] == "ok" for part in parts.values())
    return jsonify(status="ready" if is_ready else "not ready", **parts), 200 if is_ready else 503


def _look(name: str, look: Callable[[], State]) -> State:
    try:
        return look()
    except FAULTS as error:
        logger.warning("%s is down: %s", name, error)
        db.session.rollback()
        return {"state": "down"}


def _database() -> State:
    db.session.execute(select(Generation.kind).limit(1)).all()
    return {"state": "ok"}


def _index() -> State:
    found = search.state()
    state = {"documents": found.documents, "waiting": found.pending, "generation": found.generation}
    if found.state == "ready":
        return {"state": "ok", **state}
    return {"state": found.state, "reason": found.reason, **state}


def _queue() -> State:
    return {"state": "ok", "waiting": worker.queue().waiting()}


PARTS: dict[str, Callable[[], State]] = {"database": _database, "index": _index, "queue": _queue}
