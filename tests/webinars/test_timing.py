"""What a webinar is at a moment, as a question and as SQL, and who may know of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core.db import db
from portal.core.permissions import SYSTEM, VISITOR, Actor, Role
from portal.webinars import queries, timing
from portal.webinars.models import State, Webinar, WebinarPartner
from portal.webinars.permissions import may_see, seen_by
from portal.webinars.timing import Phase

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def _times(starts: datetime | None, ends: datetime | None = None) -> dict[str, Any]:
    if starts is None:
        return {}
    return {"starts_at": starts, "ends_at": ends, "held_on": starts.date(), "zone": "Europe/Copenhagen"}


WHEN = (
    (_times(NOW + DAY), Phase.UPCOMING),
    (_times(NOW + HOUR, NOW + 2 * HOUR), Phase.UPCOMING),
    (_times(NOW, NOW + HOUR), Phase.LIVE),
    (_times(NOW - HOUR, NOW), Phase.PAST),
    (_times(NOW - HOUR), Phase.UPCOMING),
    (_times(NOW - DAY), Phase.PAST),
    ({"held_on": NOW.date()}, Phase.UPCOMING),
    ({"held_on": NOW.date() - DAY}, Phase.PAST),
    ({"held_on": NOW.date() + DAY}, Phase.UPCOMING),
    ({}, Phase.UNDATED),
)
DECIDED = {
    State.RECORDED: Phase.RECORDED,
    State.CANCELLED: Phase.CANCELLED,
    State.POSTPONED: Phase.POSTPONED,
}


@pytest.mark.parametrize(("when", "phase"), WHEN)
@pytest.mark.parametrize("state", list(State))
def test_the_phase_follows_from_what_was_decided_and_from_the_clock(
    state: State, when: dict[str, Any], phase: Phase
) -> None:
    assert timing.phase_of(Webinar(state=state, **when), NOW) is DECIDED.get(state, phase)


def test_the_phase_and_its_sql_agree(app: Any, make: Any) -> None:
    for state in State:
        for when, _phase in WHEN:
            make.webinar(state=state, **when)
    with app.app_context():
        webinars = db.session.scalars(select(Webinar)).all()

        def found(condition: Any) -> set[int]:
            return set(db.session.scalars(select(Webinar.id).where(condition)))

        def asked(*phases: Phase) -> set[int]:
            return {webinar.id for webinar in webinars if timing.phase_of(webinar, NOW) in phases}

        assert found(timing.is_coming(NOW)) == asked(Phase.UPCOMING, Phase.LIVE)
        assert found(timing.is_past(NOW)) == asked(Phase.PAST, Phase.RECORDED)


def test_who_may_see_agrees_with_its_sql(app: Any, make: Any) -> None:
    host, other = make.partners(2)
    for state in State:
        for publish_at in (None, NOW - HOUR, NOW, NOW + HOUR):
            make.webinar(state=state, publish_at=publish_at)
            hosted = make.webinar(state=state, publish_at=publish_at, partners=[host, other])
            with make.writing():
                db.session.get(WebinarPartner, (hosted.id, host.id)).is_host = True
    actors = [
        VISITOR,
        SYSTEM,
        *(Actor(account_id=1, roles=frozenset({role})) for role in Role),
        Actor(account_id=2, partner_ids=frozenset({host.id})),
        *(
            Actor(account_id=3, partner_ids=frozenset({partner.id}), admin_of=frozenset({partner.id}))
            for partner in (host, other)
        ),
    ]
    with app.app_context():
        webinars = db.session.scalars(select(Webinar).options(selectinload(Webinar.partners))).all()
        for actor in actors:
            seen = set(db.session.scalars(select(Webinar.id).where(seen_by(actor, NOW))))
            assert seen == {webinar.id for webinar in webinars if may_see(actor, webinar, NOW)}, actor


def test_a_day_and_an_hour_are_told_by_danish_clocks() -> None:
    boston = Webinar(
        starts_at=datetime(2026, 12, 8, 23, 30, tzinfo=UTC),
        held_on=datetime(2026, 12, 8, tzinfo=UTC).date(),
        zone="America/New_York",
    )
    assert timing.danish_day(boston).isoformat() == "2026-12-09"  # type: ignore[union-attr]
    assert timing.is_elsewhere(boston)
    assert not timing.is_elsewhere(Webinar(starts_at=NOW, zone="Europe/Brussels"))
    assert not timing.is_elsewhere(Webinar(held_on=NOW.date(), zone="America/New_York"))


def test_moments_are_beginnings_ends_and_embargoes(app: Any, make: Any) -> None:
    with app.app_context():
        assert queries.moments(NOW) == (None, None)
    make.webinar(**_times(NOW - HOUR, NOW + 3 * HOUR))
    make.webinar(publish_at=NOW + 2 * HOUR)
    make.webinar(state=State.DRAFT, **_times(NOW + HOUR))
    with app.app_context():
        assert queries.moments(NOW) == (NOW - HOUR, NOW + 2 * HOUR)
        assert queries.moments(NOW + 2 * HOUR) == (NOW + 2 * HOUR, NOW + 3 * HOUR)


def test_what_comes_and_what_has_been(app: Any, make: Any) -> None:
    later = make.webinar("Later", **_times(NOW + 2 * DAY))
    soon = make.webinar("Soon", **_times(NOW + DAY))
    make.webinar("Off", state=State.CANCELLED, **_times(NOW + HOUR))
    long_ago = make.webinar("Long ago", **_times(NOW - 9 * DAY))
    lately = make.webinar("Lately", state=State.RECORDED, **_times(NOW - DAY))
    make.webinar("Undated")
    with app.app_context():
        assert [row.id for row in queries.upcoming(VISITOR, 5, NOW)] == [soon.id, later.id]
        assert [row.id for row in queries.recent(VISITOR, 5, NOW)] == [lately.id, long_ago.id]
        assert [row.id for row in queries.upcoming(VISITOR, 1, NOW)] == [soon.id]
