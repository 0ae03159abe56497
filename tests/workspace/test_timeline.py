"""The portfolio in time: years around today or all of them, grouped or not, all of it in the address."""

from datetime import date, timedelta
from typing import Any

import pytest

from portal.core import clock
from portal.core.dates import PartialDate
from portal.core.schedule import Line, Moment, schedule
from portal.projects.models import Milestone, State, TeamRole
from tests.make import Make

TODAY = clock.today()
PLACE = "/en/my/projects"


@pytest.mark.parametrize(
    ("written", "last"),
    [
        ("2026", date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 29)),
        ("2026-12", date(2026, 12, 31)),
        ("2026-03-04", date(2026, 3, 4)),
    ],
)
def test_a_partial_date_means_days_up_to_its_last(written: str, last: date) -> None:
    assert PartialDate.parse(written).last_day == last


def test_a_window_cuts_bars_and_says_where_the_others_are() -> None:
    lines = [
        Line(
            "long", date(2020, 1, 1), date(2030, 12, 31), moments=[Moment(date(2021, 1, 1)), Moment(date(2026, 1, 1))]
        ),
        Line("before", date(2019, 1, 1), date(2021, 12, 31)),
        Line("after", date(2031, 1, 1)),
    ]
    long, before, after = schedule(lines, date(2026, 6, 1), (date(2025, 1, 1), date(2029, 1, 1))).lines
    assert (long.x, long.width) == (0, 100)
    assert [moment.on.year for _x, moment, _number in long.points] == [2026]
    assert [(one.x, one.off) for one in (before, after)] == [(None, "before"), (None, "after")]


def test_the_timeline_shows_years_groups_milestones_and_what_has_no_date(client: Any, make: Make) -> None:
    account = make.account()
    team = {TeamRole.MANAGER: account}
    make.project(
        "Under way",
        state=State.RUNNING,
        health="at_risk",
        health_sentence_en="Late.",
        starts_on=TODAY - timedelta(days=100),
        ends_on=TODAY + timedelta(days=100),
        team=team,
        milestones=[
            Milestone(title_en="Dug", due_on=TODAY - timedelta(days=20), done_on=TODAY - timedelta(days=21)),
            Milestone(title_en="Laid", due_on=TODAY - timedelta(days=2)),
            Milestone(title_en="Warm", due_on=TODAY + timedelta(days=50)),
        ],
    )
    make.project("Long over", state=State.CLOSED, starts_on=date(2015, 1, 1), ends_on=date(2017, 1, 1), team=team)
    make.project("Some day", state=State.IDEA, team=team)
    client.sign_in(account)
    page = client.page(f"{PLACE}?view=timeline")
    assert page.html.count("gantt__off") == 1
    assert page.html.count("schedule__point--done") == page.html.count("schedule__point--late") == 1
    assert "Laid" in page.text.partition("The same as a table")[2]
    assert "overdue" in page.text.partition("Laid")[2]
    assert "Some day · Say when it starts" in page.text
    assert "/en/projects/some-day/facts#starts" in page.links
    assert f"{PLACE}?view=timeline&years=all" in page.links
    everything = client.page(f"{PLACE}?view=timeline&years=all&group=state")
    assert "gantt__off" not in everything.html
    headings = ["".join(one.itertext()) for one in everything.all("h2")]
    assert [one for one in ("Idea 1", "Under way 1", "Closed 1") if one in headings] == ["Idea 1", "Closed 1"]
    assert f"{PLACE}?view=timeline&years=all&group=theme" in everything.links
    assert f"{PLACE}?group=state" in everything.links


def test_a_timeline_of_nothing_dated_says_what_is_missing(client: Any, make: Make) -> None:
    account = make.account()
    make.project("Some day", state=State.IDEA, team={TeamRole.READER: account})
    page = client.sign_in(account).page(f"{PLACE}?view=timeline")
    assert "gantt__row" not in page.html
    assert "Without a date Some day" in page.text
    assert "Say when it starts" not in page.text
