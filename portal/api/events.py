"""The webinars as the interface for programs gives them out. Where to join is told to nobody here."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.api.resources import Kind, More, Property, Resource, filters_of
from portal.api.telling import (
    LANGUAGE_STATES,
    NAMED,
    OWN_RIGHTS,
    SOURCES,
    THEMES,
    TITLED,
    gathered,
    pair,
    partners_of_each,
    places_of_each,
    plain,
    projects_of_each,
    slugs_of_places,
    states_of,
    together,
    words,
)
from portal.core import clock
from portal.core.bilingual import LANGUAGES
from portal.core.db import AnySelect, joined
from portal.core.listing import ListingPlan
from portal.core.permissions import VISITOR
from portal.core.web import address
from portal.webinars import queries, timing
from portal.webinars.metadata import parts_of
from portal.webinars.models import (
    Chapter,
    Question,
    Recording,
    Series,
    Slides,
    Speaker,
    State,
    Webinar,
    WebinarPartner,
    WebinarProject,
    WebinarSession,
    WebinarTheme,
)
from portal.webinars.permissions import seen_by
from portal.webinars.series.permissions import seen_by as series_seen_by

SESSION = {
    "title": Kind.PAIR,
    "abstract": Kind.PAIR,
    "starts_at": Kind.MOMENT,
    "ends_at": Kind.MOMENT,
    "speakers": [{"name": Kind.TEXT, "organisation": Kind.TEXT}],
}
RECORDING = {
    "duration_s": Kind.WHOLE,
    "published_at": Kind.MOMENT,
    "captions": [{"language": Kind.TEXT, "url": Kind.ADDRESS}],
}
CHAPTER = {"at_s": Kind.WHOLE, "title": Kind.PAIR}
QUESTION = {"question": Kind.PAIR, "answer": Kind.PAIR}


def _plan() -> ListingPlan:
    return queries.plan(clock.now())


def _webinars() -> AnySelect:
    columns = (
        Webinar.id,
        Webinar.slug,
        Webinar.title_da,
        Webinar.title_en,
        Webinar.abstract_da,
        Webinar.abstract_en,
        Webinar.reason_da,
        Webinar.reason_en,
        Webinar.state,
        Webinar.held_on,
        Webinar.starts_at,
        Webinar.ends_at,
        Webinar.previous_starts_at,
        Webinar.zone,
        Webinar.languages.label("spoken"),
        Webinar.host_names,
        Webinar.speaker_names,
        Webinar.info_url,
        Webinar.recording_url,
        Webinar.updated_at,
        Webinar.source_url,
        Webinar.source_note,
        Webinar.retrieved,
        Series.slug.label("series"),
        joined(WebinarTheme.theme).where(WebinarTheme.webinar_id == Webinar.id).label("themes"),
        *states_of(Webinar),
    )
    return (
        select(*columns)
        .select_from(Webinar)
        .outerjoin(Series, (Webinar.series_id == Series.id) & series_seen_by(VISITOR))
        .where(seen_by(VISITOR, clock.now()))
    )


def _recording(row: Any) -> str | None:
    return row.recording_url or None if row.state is State.RECORDED else None


def _more(rows: Sequence[Any]) -> More:
    ids = [row.id for row in rows]
    recorded = {row.id: row.slug for row in rows if row.state is State.RECORDED}
    partners = partners_of_each(WebinarPartner.webinar_id, WebinarPartner.partner_id, ids, WebinarPartner.is_host)
    return together(
        rows,
        partners=partners,
        projects=projects_of_each(WebinarProject.webinar_id, WebinarProject.project_id, ids),
        municipalities=places_of_each(queries.TIES.places, ids),
        sessions=_sessions(ids),
        recording=_recordings(recorded),
        chapters=_parts(Chapter, recorded, Chapter.at_s, CHAPTER),
        slides=_slides(recorded),
        questions=_parts(Question, recorded, Question.position, QUESTION),
    )


def _sessions(ids: Sequence[int]) -> dict[int, list[Any]]:
    """The programme with who speaks."""
    of_these = select(WebinarSession.id).where(WebinarSession.webinar_id.in_(ids))
    speakers = gathered(
        select(Speaker.session_id.label("owner"), Speaker.name, Speaker.organisation)
        .where(Speaker.session_id.in_(of_these))
        .order_by(Speaker.position, Speaker.id),
        lambda row: {"name": row.name, "organisation": row.organisation},
    )
    statement = (
        select(WebinarSession.__table__, WebinarSession.webinar_id.label("owner"))
        .where(WebinarSession.webinar_id.in_(ids))
        .order_by(WebinarSession.position, WebinarSession.id)
    )
    return gathered(
        statement,
        lambda row: {
            "title": pair(row, "title"),
            "abstract": pair(row, "abstract"),
            "starts_at": plain(row.starts_at),
            "ends_at": plain(row.ends_at),
            "speakers": speakers.get(row.id, []),
        },
    )


def _parts(part: Any, recorded: Mapping[int, str], order: Any, told: Mapping[str, Kind]) -> dict[int, list[Any]]:
    """What belongs to the recordings of these webinars, by the names of its columns and pairs."""
    statement = select(part.__table__, part.webinar_id.label("owner")).where(part.webinar_id.in_(recorded))
    return gathered(
        statement.order_by(order, part.id),
        lambda row: {name: pair(row, name) if kind is Kind.PAIR else getattr(row, name) for name, kind in told.items()},
    )


def _slides(recorded: Mapping[int, str]) -> dict[int, list[Any]]:
    statement = select(Slides.webinar_id.label("owner"), Slides.id, Slides.title_da, Slides.title_en)
    return gathered(
        statement.where(Slides.webinar_id.in_(recorded)).order_by(Slides.position, Slides.id),
        lambda row: {
            "title": pair(row, "title"),
            "url": address("recording.slides_file", slug=recorded[row.owner], slides_id=row.id),
        },
    )


def _recordings(recorded: Mapping[int, str]) -> dict[int, Any]:
    columns = (Recording.duration_s, Recording.published_at, Recording.captions_da, Recording.captions_en)
    found = gathered(
        select(Recording.webinar_id.label("owner"), *columns).where(Recording.webinar_id.in_(recorded)),
        lambda row: {
            "duration_s": row.duration_s,
            "published_at": plain(row.published_at),
            "captions": [
                {
                    "language": code,
                    "url": address("recording.captions_file", slug=recorded[row.owner], spoken=code),
                }
                for code in LANGUAGES
                if getattr(row, f"captions_{code}")
            ],
        },
    )
    return {id: recordings[0] for id, recordings in found.items()}


WEBINARS = Resource(
    "webinars",
    _l("Webinars on the smart society"),
    _l("Webinars announced, held and recorded: when, by whom, on what, and where the recording is."),
    _webinars,
    lambda key: Webinar.slug == key,
    lambda row: row.slug,
    (
        Property("title", Kind.PAIR, _l("Title"), term="name"),
        Property("url", Kind.ADDRESS, _l("Page"), lambda row: address("webinars.show", slug=row.slug), "url"),
        Property("abstract", Kind.PAIR, _l("Abstract"), term="description"),
        Property("state", Kind.TEXT, _l("State"), lambda row: timing.phase_of(row, clock.now())),
        Property("reason", Kind.PAIR, _l("Why it was called off")),
        Property("held_on", Kind.DAY, _l("Date")),
        Property("starts_at", Kind.MOMENT, _l("Start"), term="startDate"),
        Property("ends_at", Kind.MOMENT, _l("End"), term="endDate"),
        Property("previous_starts_at", Kind.MOMENT, _l("When it was to begin before"), term="previousStartDate"),
        Property("zone", Kind.TEXT, _l("Time zone")),
        Property("spoken", Kind.WORDS, _l("Language"), lambda row: words(row.spoken, ";"), "inLanguage"),
        Property("series", Kind.TEXT, _l("Series")),
        Property("host_names", Kind.WORDS, _l("Hosts that are no partners"), lambda row: parts_of(row.host_names)),
        Property("speaker_names", Kind.WORDS, _l("Speakers’ organisations"), lambda row: parts_of(row.speaker_names)),
        THEMES,
        Property("info_url", Kind.ADDRESS, _l("Its own page elsewhere"), term="sameAs"),
        Property("recording_url", Kind.ADDRESS, _l("Recording"), _recording),
        Property("updated_at", Kind.MOMENT, _l("Changed at")),
        LANGUAGE_STATES,
        *SOURCES,
    ),
    filters_of(_plan, {"municipality": slugs_of_places}),
    plan=_plan,
    more=_more,
    details=(
        Property(
            "partners", Kind.LIST, _l("Partners that host it or are named"), holds={**NAMED, "is_host": Kind.FLAG}
        ),
        Property("projects", Kind.LIST, _l("Projects"), holds=TITLED),
        Property("municipalities", Kind.LIST, _l("Municipalities"), holds=NAMED),
        Property("sessions", Kind.LIST, _l("Programme"), holds=SESSION),
        Property("recording", Kind.THING, _l("Length of the recording, and its captions"), holds=RECORDING),
        Property("chapters", Kind.LIST, _l("Chapters"), holds=CHAPTER),
        Property("slides", Kind.LIST, _l("Slides"), holds={"title": Kind.PAIR, "url": Kind.ADDRESS}),
        Property("questions", Kind.LIST, _l("Questions and answers"), holds=QUESTION),
    ),
    missing=queries.unseen,
    sheet="webinars",
    kind="webinar",
    term="Event",
    rights=OWN_RIGHTS,
    themes=("EDUC", "TECH"),
)
