"""Writing what belongs to a recording: the only way its address, chapters, slides and captions change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from portal.core import captions, uploads
from portal.core.bilingual import LANGUAGES, Language
from portal.core.db import db
from portal.core.permissions import Actor, require
from portal.core.uploads import Upload
from portal.webinars.editing.operations import note
from portal.webinars.models import Chapter, Recording, Slides, State, Webinar

RULE = "webinar.record"


@dataclass(frozen=True)
class Content:
    """What a form says of a recording; chapters are second → title, by language."""

    url: str
    duration_s: int | None
    chapters: Mapping[Language, Mapping[int, str]]
    transcripts: Mapping[Language, str]


def revise(webinar: Webinar, content: Content, *, actor: Actor, now: datetime) -> None:
    """Say where the recording is and what is in it. One that is shown on the page keeps an address."""
    require(actor, RULE, webinar)
    recording = _recording(webinar, now)
    changes: dict[str, tuple[Any, Any]] = {
        "recording_url": (webinar.recording_url, content.url),
        "duration_s": (recording.duration_s, content.duration_s),
    }
    for language, text in content.transcripts.items():
        before = getattr(recording, f"transcript_{language}") or ""
        changes[f"transcript_{language}"] = (len(before), len(text)) if before != text else (0, 0)
    changes["chapters"] = _write_chapters(webinar, content, now)
    changes = {name: change for name, change in changes.items() if change[0] != change[1]}
    if not changes:
        return
    webinar.recording_url, recording.duration_s = content.url, content.duration_s
    recording.write(now, **{f"transcript_{code}": content.transcripts[code] for code in LANGUAGES})
    if not content.url and webinar.state is State.RECORDED:
        require(actor, "webinar.publish", webinar)
        webinar.state = State.ANNOUNCED
        changes["state"] = (State.RECORDED, State.ANNOUNCED)
    note(webinar, "recording.revised", changes, actor=actor, now=now)


def _recording(webinar: Webinar, now: datetime) -> Recording:
    if webinar.recording is None:
        webinar.recording = Recording(published_at=now, transcript_da="", transcript_en="")
    return webinar.recording


def _write_chapters(webinar: Webinar, content: Content, now: datetime) -> tuple[list[str], list[str]]:
    before = _told(webinar.chapters)
    wanted = sorted({at for titles in content.chapters.values() for at in titles})
    known = {one.at_s: one for one in webinar.chapters}
    for at in wanted:
        chapter = known.get(at) or Chapter(at_s=at)
        chapter.write(now, **{f"title_{code}": content.chapters[code].get(at, "") for code in LANGUAGES})
        if at not in known:
            webinar.chapters.append(chapter)
    for at, chapter in known.items():
        if at not in wanted:
            webinar.chapters.remove(chapter)
    return before, _told(webinar.chapters)


def _told(chapters: list[Chapter]) -> list[str]:
    return [
        f"{captions.clock_of(one.at_s * 1000)} {one.title_da} / {one.title_en}"
        for one in sorted(chapters, key=lambda one: one.at_s)
    ]


def add_slides(webinar: Webinar, titles: Mapping[str, str], upload: Upload, *, actor: Actor, now: datetime) -> Slides:
    """Put a document beside the recording, last in order."""
    require(actor, RULE, webinar)
    uploads.enter(upload, now=now)
    last = db.session.scalar(select(func.max(Slides.position)).where(Slides.webinar_id == webinar.id))
    slides = Slides(webinar_id=webinar.id, digest=upload.digest, name=upload.name, position=(last or 0) + 1)
    slides.write(now, **(titles if any(titles.values()) else {**titles, "title_en": upload.name[:200]}))
    db.session.add(slides)
    note(webinar, "slides.added", {"slides": ("", upload.name)}, actor=actor, now=now)
    return slides


def remove_slides(webinar: Webinar, slides: Slides, *, actor: Actor, now: datetime) -> None:
    require(actor, RULE, webinar)
    db.session.delete(slides)
    note(webinar, "slides.removed", {"slides": (slides.name, "")}, actor=actor, now=now)


def set_captions(webinar: Webinar, language: Language, upload: Upload, *, actor: Actor, now: datetime) -> None:
    """Give the recording captions in a language. Where nobody has written what is said, they say it."""
    require(actor, RULE, webinar)
    uploads.enter(upload, now=now)
    recording = _recording(webinar, now)
    setattr(recording, f"captions_{language}", upload.digest)
    if not getattr(recording, f"transcript_{language}"):
        text = uploads.path_of(upload.digest).read_text(encoding="utf-8-sig")
        recording.write(now, **{f"transcript_{language}": captions.spoken(captions.read(text))})
    note(webinar, "recording.revised", {f"captions_{language}": ("", upload.name)}, actor=actor, now=now)


def remove_captions(webinar: Webinar, language: Language, *, actor: Actor, now: datetime) -> None:
    require(actor, RULE, webinar)
    recording = _recording(webinar, now)
    if getattr(recording, f"captions_{language}"):
        setattr(recording, f"captions_{language}", None)
        note(webinar, "recording.revised", {f"captions_{language}": ("WebVTT", "")}, actor=actor, now=now)
