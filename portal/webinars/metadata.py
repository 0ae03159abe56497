"""A webinar as machines read it: schema.org for search engines, an entry for feeds."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from portal.core import bilingual, syndication, templating
from portal.core.bilingual import Shown, text_of
from portal.core.labels import label
from portal.core.richtext import plain
from portal.core.syndication import Category, Entry
from portal.core.web import absolute, address
from portal.webinars import timing
from portal.webinars.models import State, Webinar
from portal.webinars.recording import links

LONGEST_TRANSCRIPT = 5000
_MARKUP = re.compile(r"[*_#`>\[\n]")
STATUS = {State.CANCELLED: "EventCancelled", State.POSTPONED: "EventPostponed"}


def parts_of(names: str) -> list[str]:
    """The names one by one; they are kept parted by semicolons."""
    return [part.strip() for part in names.split(";") if part.strip()]


def lead(webinar: Any) -> Shown:
    """What a webinar or a row of one is about, in plain words: its abstract is written in Markdown."""
    abstract = text_of(webinar, "abstract")
    return replace(abstract, text=plain(abstract.text)) if _MARKUP.search(abstract.text) else abstract


def jsonld(
    webinar: Webinar, partners: Sequence[Any], series: Any | None = None, inside: Any | None = None
) -> dict[str, Any]:
    """An online `Event` (schema.org). Where to join is never told here."""
    page = address("webinars.show", slug=webinar.slug)
    title = webinar.text("title")
    hosts = [organisation(partner.name, partner.slug) for partner in partners if partner.is_host]
    others = [organisation(partner.name, partner.slug) for partner in partners if not partner.is_host]
    facts = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": page,
        "url": page,
        "name": str(title),
        "description": str(lead(webinar)),
        "superEvent": {"@type": "EventSeries", "@id": address("series.show", slug=series.slug)} if series else {},
        "startDate": _iso(webinar.starts_at, webinar) or str(webinar.held_on or ""),
        "endDate": _iso(webinar.ends_at, webinar),
        "eventStatus": f"https://schema.org/{_status(webinar)}",
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": page},
        "inLanguage": webinar.languages.replace(";", " ").split() or title.language,
        "organizer": hosts + [organisation(name) for name in parts_of(webinar.host_names)],
        "previousStartDate": _iso(webinar.previous_starts_at, webinar),
        "performer": [*map(organisation, parts_of(webinar.speaker_names)), *map(_person, _speakers(inside))],
        "subEvent": [_session(one, webinar) for one in inside.sessions] if inside else [],
        "contributor": others,
        "keywords": [tie.theme.value for tie in webinar.themes],
        "recordedIn": _video(webinar, inside),
    }
    return {name: value for name, value in facts.items() if value}


def _status(webinar: Webinar) -> str:
    moved = "EventRescheduled" if webinar.previous_starts_at else "EventScheduled"
    return STATUS.get(webinar.state, moved)


def _speakers(inside: Any | None) -> list[Any]:
    return [who for one in inside.sessions for who in one.speakers] if inside else []


def _person(who: Any) -> dict[str, Any]:
    named: dict[str, Any] = {"@type": "Person", "name": who.name}
    return {**named, "affiliation": organisation(who.organisation)} if who.organisation else named


def _session(session: Any, webinar: Webinar) -> dict[str, Any]:
    facts = {
        "@type": "Event",
        "name": str(session.text("title")),
        "description": str(lead(session)),
        "startDate": _iso(session.starts_at, webinar),
        "endDate": _iso(session.ends_at, webinar),
        "performer": [_person(who) for who in session.speakers],
    }
    return {name: value for name, value in facts.items() if value}


def _video(webinar: Webinar, inside: Any | None) -> dict[str, Any]:
    """The recording as a `VideoObject`, once it is shown, with its chapters and captions."""
    if not webinar.recording_url or webinar.state is not State.RECORDED:
        return {}
    recording = inside.recording if inside else None
    facts = {
        "@type": "VideoObject",
        "name": str(webinar.text("title")),
        "description": str(lead(webinar)),
        "url": webinar.recording_url,
        "uploadDate": recording.published_at.isoformat() if recording else "",
        "duration": f"PT{recording.duration_s}S" if recording and recording.duration_s else "",
        "transcript": str(recording.text("transcript"))[:LONGEST_TRANSCRIPT] if recording else "",
        "caption": [
            {
                "@type": "MediaObject",
                "encodingFormat": "text/vtt",
                "inLanguage": code,
                "contentUrl": address("recording.captions_file", slug=webinar.slug, spoken=code),
            }
            for code in bilingual.LANGUAGES
            if recording and getattr(recording, f"captions_{code}")
        ],
        "hasPart": [
            {
                "@type": "Clip",
                "name": str(one.text("title")),
                "startOffset": one.at_s,
                "url": links.at(webinar.recording_url, one.at_s) or webinar.recording_url,
            }
            for one in (inside.chapters if inside else ())
        ],
    }
    return {name: value for name, value in facts.items() if value}


def entry(webinar: Webinar, hosts: Sequence[str]) -> Entry:
    """The webinar as an entry of a feed in the page's language: when it is comes first."""
    title, abstract = webinar.text("title"), lead(webinar)
    return Entry(
        id=syndication.tag_id(absolute(""), bilingual.chosen(), "webinar", webinar.id),
        url=address("webinars.show", slug=webinar.slug),
        title=str(title),
        language=title.language,
        updated=max(moment for moment in (webinar.updated_at, webinar.publish_at) if moment),
        published=webinar.publish_at,
        summary=f"{when(webinar)}. {abstract}".strip(),
        source_url=webinar.info_url,
        authors=hosts,
        categories=[Category(tie.theme.value, label(tie.theme)) for tie in webinar.themes],
    )


def when(webinar: Any) -> str:
    """Its time in one line of plain text, in Danish time, and what has become of it."""
    day = timing.danish_day(webinar)
    if webinar.starts_at is not None:
        time = _("%(moment)s (Danish time)", moment=templating.moment(webinar.starts_at))
    else:
        time = templating.day(day) if day else _("Date not reported")
    return f"{label(webinar.state)}: {time}" if webinar.state in timing.CALLED_OFF else time


def _iso(moment: datetime | None, webinar: Webinar) -> str:
    return moment.astimezone(ZoneInfo(webinar.zone)).isoformat() if moment else ""


def organisation(name: str, slug: str = "") -> dict[str, str]:
    """An organisation by its name, with its page where it is a partner."""
    named = {"@type": "Organization", "name": name}
    return {**named, "url": address("partners.show", slug=slug)} if slug else named
