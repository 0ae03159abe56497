"""What pages ask about recordings and what belongs to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core import captions, uploads
from portal.core.bilingual import LANGUAGES
from portal.core.captions import Cue
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.permissions import Actor
from portal.webinars import queries as webinars
from portal.webinars.models import Chapter, Question, Recording, Slides, State, Webinar, WebinarSession

LOADS = (selectinload(Webinar.recording), selectinload(Webinar.chapters), selectinload(Webinar.slides))


@dataclass(frozen=True)
class Inside:
    """What stands on a webinar's page beneath its abstract; the recording and what belongs to it once it is shown."""

    sessions: list[WebinarSession]
    recording: Recording | None = None
    chapters: list[Chapter] | tuple[()] = ()
    slides: list[Slides] | tuple[()] = ()
    questions: list[Question] | tuple[()] = ()
    passages: Mapping[str, Sequence[Cue]] = field(default_factory=dict)
    """Language → what its captions say."""


def inside(webinar: Webinar) -> Inside:
    """The programme of a webinar, and, where it is recorded, its recording."""
    sessions = _of(webinar, WebinarSession, WebinarSession.position, selectinload(WebinarSession.speakers))
    if webinar.state is not State.RECORDED:
        return Inside(sessions)
    recording = db.session.get(Recording, webinar.id)
    return Inside(
        sessions,
        recording,
        _of(webinar, Chapter, Chapter.at_s),
        _of(webinar, Slides, Slides.position, selectinload(Slides.file)),
        _of(webinar, Question, Question.position),
        {code: found for code in LANGUAGES if (found := _said(getattr(recording, f"captions_{code}", None)))},
    )


@lru_cache(maxsize=32)
def _said(digest: str | None) -> tuple[Cue, ...]:
    """What captions say; the digest is that of the file, so it never changes."""
    if digest is None:
        return ()
    return tuple(captions.passages(captions.read(uploads.path_of(digest).read_text(encoding="utf-8-sig"))))


def _of(webinar: Webinar, model: Any, order: Any, *loads: Any) -> list[Any]:
    mine = select(model).where(model.webinar_id == webinar.id).order_by(order, model.id).options(*loads)
    return list(db.session.scalars(mine))


def shown(slug: str, actor: Actor) -> Webinar:
    """A webinar whose recording the actor may have: everybody once it is shown, before that who looks inside."""
    webinar = webinars.by_slug(slug, actor)
    if webinar.state is not State.RECORDED and not webinars.is_worked_on_by(webinar.id, actor):
        raise NotFound("recording", slug)
    return webinar


def slides_of(webinar: Webinar, slides_id: int) -> Slides:
    """One of the documents of a webinar."""
    found = db.session.get(Slides, slides_id)
    if found is None or found.webinar_id != webinar.id:
        raise NotFound("slides", slides_id)
    return found


def captions_of(webinar: Webinar, language: str) -> str:
    """The file of the captions in a language."""
    recording = db.session.get(Recording, webinar.id)
    digest: str | None = getattr(recording, f"captions_{language}", None)
    if digest is None:
        raise NotFound("captions", language)
    return digest
