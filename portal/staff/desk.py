"""The frame of the editors' desk: what waits for whom, and the menu of its pages.

A part of the desk (`portal/staff/<part>/`) enters its queues in `QUEUES` and its pages in `PAGES`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import render_template, request
from flask_babel import lazy_gettext as _l

from portal.core import clock
from portal.core.permissions import Actor, Role
from portal.core.web import actor, path_for
from portal.corrections import queries as corrections
from portal.feeds import queries as feeds
from portal.news.proposals import queries as proposals
from portal.progress.assessing import queries as assessments
from portal.staff.directory import queries as directory
from portal.staff.entries import queries as entries
from portal.staff.links import queries as links
from portal.staff.merging import queries as merging
from portal.staff.people import queries as people
from portal.staff.system import queries as system
from portal.staff.system import vitals
from portal.webinars.proposals import queries as webinars

LATE = 7
"""After how many days the desk says that somebody has waited too long."""
FIRST = "first"
"""The place in a queue that a decision leads to: what waits next."""
EVERYBODY = tuple(Role)
CONTENT = (Role.EDITOR, Role.CURATOR)
CURATORS = (Role.CURATOR,)
EDITORS = (Role.EDITOR,)
ADMINISTRATORS = (Role.ADMINISTRATOR,)


@dataclass(frozen=True)
class Queue:
    """Things that wait for a decision. `count` tells how many, `oldest` since when; only `roles` see it."""

    name: str
    label: Any
    endpoint: str
    count: Callable[[Actor], int]
    roles: tuple[Role, ...]
    oldest: Callable[[Actor], datetime | None] | None = None
    given: Mapping[str, str] = field(default_factory=dict)
    """What its address says besides."""
    is_upkeep: bool = False
    """Nobody waits for it in person: it is what the staff look after in between."""


@dataclass(frozen=True)
class Page:
    """An entry of the menu."""

    endpoint: str
    label: Any
    roles: tuple[Role, ...]
    also: tuple[str, ...] = ()
    """Blueprints whose pages belong to it as well."""
    group: Any = ""
    """What it stands under in the menu."""


@dataclass(frozen=True)
class Waiting:
    """A queue as the desk shows it."""

    queue: Queue
    count: int
    since: datetime | None
    days: int = 0
    """How long the oldest has waited."""

    @property
    def is_late(self) -> bool:
        """Somebody has waited longer than anybody should."""
        return self.days >= LATE and not self.queue.is_upkeep

    @property
    def url(self) -> str:
        return path_for(self.queue.endpoint, **self.queue.given)


QUEUES: tuple[Queue, ...] = (
    Queue(
        "applications",
        _l("Applications"),
        "staff_queues.applications",
        directory.count_applications,
        CURATORS,
        directory.oldest_application,
    ),
    Queue(
        "changes",
        _l("Changes to who a partner is"),
        "staff_queues.changes",
        directory.count_changes,
        CURATORS,
        directory.oldest_change,
    ),
    Queue(
        "join_requests",
        _l("Requests to join a partner without admins"),
        "staff_queues.join_requests",
        directory.count_join_requests,
        CURATORS,
        directory.oldest_join_request,
    ),
    Queue(
        "corrections",
        _l("Hints from readers"),
        "staff_queues.corrections",
        corrections.count_waiting,
        CONTENT,
        corrections.oldest,
    ),
    Queue(
        "duplicates",
        _l("Partners that may be the same"),
        "staff_merging.duplicates",
        merging.count_suggested,
        CURATORS,
        merging.oldest_suggested,
        is_upkeep=True,
    ),
    Queue(
        "confirmations",
        _l("Profiles to confirm"),
        "staff_queues.confirmations",
        directory.count_unconfirmed,
        CURATORS,
        directory.oldest_unconfirmed,
        is_upkeep=True,
    ),
    Queue(
        "project_confirmations",
        _l("Projects to confirm"),
        "staff_queues.project_confirmations",
        directory.count_unconfirmed_projects,
        CURATORS,
        directory.oldest_unconfirmed_project,
        is_upkeep=True,
    ),
    Queue(
        "consents",
        _l("People who have not agreed to be shown"),
        "staff_queues.consents",
        directory.count_without_consent,
        CURATORS,
        directory.oldest_without_consent,
        is_upkeep=True,
    ),
    Queue(
        "descriptions",
        _l("Profiles to describe"),
        "staff_queues.descriptions",
        directory.count_undescribed,
        CONTENT,
        directory.oldest_undescribed,
        is_upkeep=True,
    ),
    Queue(
        "submitted_articles",
        _l("Submitted articles"),
        "newsroom.submitted",
        proposals.count_submitted,
        EDITORS,
        proposals.oldest_submitted,
    ),
    Queue(
        "articles_in_review",
        _l("Articles in review"),
        "newsroom.in_review",
        proposals.count_in_review,
        EDITORS,
        proposals.oldest_in_review,
    ),
    Queue(
        "webinars",
        _l("Webinars proposed by partners"),
        "staff_webinars.submitted",
        webinars.count_submitted,
        CONTENT,
        webinars.oldest_submitted,
    ),
    Queue(
        "disputes",
        _l("Stages that municipalities dispute"),
        "staff_assessments.queue",
        assessments.count_disputed,
        CURATORS,
        assessments.oldest_disputed,
        {"queue": "disputed"},
    ),
    Queue(
        "no_reply",
        _l("Stages without a reply, to put in force"),
        "staff_assessments.queue",
        assessments.count_unanswered,
        CURATORS,
        given={"queue": "unanswered"},
        is_upkeep=True,
    ),
    Queue(
        "returned_requests",
        _l("Mails to municipalities that came back"),
        "staff_assessments.queue",
        assessments.count_returned,
        CURATORS,
        given={"queue": "returned"},
        is_upkeep=True,
    ),
    Queue(
        "own_assessments",
        _l("Municipalities’ own assessments to verify"),
        "staff_assessments.queue",
        assessments.count_own,
        CURATORS,
        assessments.oldest_own,
        {"queue": "own"},
    ),
    Queue(
        "old_assessments",
        _l("Stages out of date"),
        "staff_assessments.queue",
        assessments.count_old,
        CURATORS,
        given={"queue": "old"},
        is_upkeep=True,
    ),
    Queue("entries", _l("News from feeds"), "entries.index", entries.count, CONTENT, entries.oldest, is_upkeep=True),
    Queue(
        "feeds_to_approve",
        _l("Feeds to approve"),
        "staff_feeds.index",
        feeds.count_to_approve,
        CURATORS,
        feeds.oldest_to_approve,
    ),
    Queue(
        "feeds_failing",
        _l("Feeds that fail"),
        "staff_feeds.failing",
        feeds.count_failing,
        CURATORS,
        feeds.failing_since,
        is_upkeep=True,
    ),
    Queue(
        "silent",
        _l("Projects gone silent"),
        "staff_queues.silent",
        directory.count_silent,
        CONTENT,
        directory.silent_since,
        is_upkeep=True,
    ),
    Queue(
        "broken_links",
        _l("Broken links"),
        "links.index",
        links.broken_count,
        CONTENT,
        links.broken_since,
        is_upkeep=True,
    ),
    Queue("parts", _l("Parts of the portal that need attention"), "system.index", vitals.count_ill, ADMINISTRATORS),
    Queue(
        "mail",
        _l("Mail that does not go out"),
        "system.index",
        system.count_troubled_mail,
        ADMINISTRATORS,
        system.oldest_troubled_mail,
    ),
    Queue(
        "staff_without_factor",
        _l("Staff without a second factor"),
        "people.index",
        people.count_staff_without_factor,
        ADMINISTRATORS,
        given={"role": "staff", "factor": "no"},
        is_upkeep=True,
    ),
)

NEWS, DIRECTORY, MUNICIPALITIES, PORTAL = _l("News"), _l("Partners"), _l("Municipalities"), _l("The portal")

PAGES: tuple[Page, ...] = (
    Page("staff.index", _l("What waits"), EVERYBODY),
    Page("newsroom.index", _l("News desk"), CONTENT, ("reviews",), NEWS),
    Page("editorial_calendar.index", _l("Calendar"), CONTENT, group=NEWS),
    Page("staff_webinars.index", _l("Webinars"), CONTENT, group=NEWS),
    Page("staff_newsletter.index", _l("Newsletter"), EDITORS, group=NEWS),
    Page("entries.index", _l("From feeds"), CONTENT, group=NEWS),
    Page("staff_feeds.index", _l("Feeds"), CONTENT, group=NEWS),
    Page("staff_directory.index", _l("Directory"), EVERYBODY, group=DIRECTORY),
    Page("staff_merging.choose", _l("Merge two partners"), CURATORS, group=DIRECTORY),
    Page("imports.index", _l("Imports"), CURATORS, group=DIRECTORY),
    Page("links.index", _l("Links to elsewhere"), CONTENT, group=DIRECTORY),
    Page("staff_assessments.index", _l("Stages"), CONTENT, group=MUNICIPALITIES),
    Page("staff_framework.index", _l("Framework"), CONTENT, group=MUNICIPALITIES),
    Page("peer_questions.index", _l("Questions between municipalities"), CONTENT, group=MUNICIPALITIES),
    Page("people.index", _l("Accounts"), ADMINISTRATORS, group=PORTAL),
    Page("trail.index", _l("Trace of changes"), ADMINISTRATORS, group=PORTAL),
    Page("system.index", _l("System"), ADMINISTRATORS, group=PORTAL),
)


def waiting(asks: Actor) -> list[Waiting]:
    """The actor's queues: those in which somebody waits first, the longest wait before others, empty ones last."""
    now = clock.now()
    mine = [_found(queue, asks, now) for queue in QUEUES if asks.has(*queue.roles)]
    return sorted(mine, key=_urgency)


def _found(queue: Queue, asks: Actor, now: datetime) -> Waiting:
    count = queue.count(asks)
    since = queue.oldest(asks) if count and queue.oldest else None
    return Waiting(queue, count, since, max((now - since).days, 0) if since else 0)


def _urgency(one: Waiting) -> tuple[bool, bool, bool, float]:
    """People before upkeep, the longest wait first."""
    since = one.since.timestamp() if one.since else 0
    return not one.count, one.queue.is_upkeep, one.since is None, since


def menu(asks: Actor) -> list[dict[str, Any]]:
    """The pages that the actor may open."""
    here = request.endpoint or ""
    return [
        {
            "label": page.label,
            "group": page.group,
            "url": path_for(page.endpoint),
            "active": page.endpoint == here
            or (page.endpoint != "staff.index" and page.endpoint.partition(".")[0] == here.partition(".")[0])
            or here.partition(".")[0] in page.also,
        }
        for page in PAGES
        if asks.has(*page.roles)
    ]


def render(template: str, **values: Any) -> str:
    """A page of the desk: `template` extends `staff/section.html`."""
    return render_template(template, sections=menu(actor()), **values)
