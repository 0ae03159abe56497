"""The frame of the editors' desk: what waits for whom, and the menu of its pages.

A part of the desk (`portal/staff/<part>/`) enters its queues in `QUEUES` and its pages in `PAGES`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import render_template, request
from flask_babel import lazy_gettext as _l

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
from portal.webinars.proposals import queries as webinars

EVERYBODY = tuple(Role)
CONTENT = (Role.EDITOR, Role.CURATOR)
CURATORS = (Role.CURATOR,)
EDITORS = (Role.EDITOR,)


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


@dataclass(frozen=True)
class Page:
    """An entry of the menu."""

    endpoint: str
    label: Any
    roles: tuple[Role, ...]
    also: tuple[str, ...] = ()
    """Blueprints whose pages belong to it as well."""


@dataclass(frozen=True)
class Waiting:
    """A queue as the desk shows it."""

    queue: Queue
    count: int
    since: datetime | None

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
    ),
    Queue(
        "confirmations",
        _l("Profiles to confirm"),
        "staff_queues.confirmations",
        directory.count_unconfirmed,
        CURATORS,
    ),
    Queue(
        "consents",
        _l("People who have not agreed to be shown"),
        "staff_queues.consents",
        directory.count_without_consent,
        CURATORS,
    ),
    Queue(
        "descriptions",
        _l("Profiles to describe"),
        "staff_queues.descriptions",
        directory.count_undescribed,
        CONTENT,
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
    ),
    Queue(
        "returned_requests",
        _l("Mails to municipalities that came back"),
        "staff_assessments.queue",
        assessments.count_returned,
        CURATORS,
        given={"queue": "returned"},
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
    ),
    Queue("entries", _l("News from feeds"), "entries.index", entries.count, CONTENT, entries.oldest),
    Queue("feeds_to_approve", _l("Feeds to approve"), "staff_feeds.index", feeds.count_to_approve, CURATORS),
    Queue("feeds_failing", _l("Feeds that fail"), "staff_feeds.failing", feeds.count_failing, CURATORS),
    Queue("silent", _l("Projects gone silent"), "staff_queues.silent", directory.count_silent, CONTENT),
    Queue("broken_links", _l("Broken links"), "links.index", links.broken_count, CONTENT, links.broken_since),
)

PAGES: tuple[Page, ...] = (
    Page("staff.index", _l("What waits"), EVERYBODY),
    Page("newsroom.index", _l("News desk"), CONTENT, ("reviews",)),
    Page("editorial_calendar.index", _l("Calendar"), CONTENT),
    Page("staff_newsletter.index", _l("Newsletter"), EDITORS),
    Page("entries.index", _l("From feeds"), CONTENT),
    Page("staff_feeds.index", _l("Feeds"), CONTENT),
    Page("staff_directory.index", _l("Directory"), EVERYBODY),
    Page("staff_webinars.index", _l("Webinars"), CONTENT),
    Page("staff_assessments.index", _l("Stages"), CONTENT),
    Page("staff_framework.index", _l("Framework"), CONTENT),
    Page("staff_merging.choose", _l("Merge two partners"), CURATORS),
    Page("imports.index", _l("Imports"), (Role.CURATOR,)),
    Page("peer_questions.index", _l("Questions between municipalities"), CONTENT),
    Page("links.index", _l("Links to elsewhere"), CONTENT),
    Page("people.index", _l("Accounts"), (Role.ADMINISTRATOR,)),
    Page("trail.index", _l("Trace of changes"), (Role.ADMINISTRATOR,)),
    Page("system.index", _l("System"), (Role.ADMINISTRATOR,)),
)


def waiting(asks: Actor) -> list[Waiting]:
    """The actor's queues: those with the oldest thing first, empty ones last."""
    mine = [
        Waiting(queue, queue.count(asks), queue.oldest(asks) if queue.oldest else None)
        for queue in QUEUES
        if asks.has(*queue.roles)
    ]
    # Without a date a queue stands behind those that have one: nobody waits for it in person.
    return sorted(mine, key=lambda one: (not one.count, one.since is None, one.since.timestamp() if one.since else 0))


def menu(asks: Actor) -> list[dict[str, Any]]:
    """The pages that the actor may open."""
    here = request.endpoint or ""
    return [
        {
            "label": page.label,
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
