"""The editorial calendar: a month of what comes out, goes and is held."""

from datetime import date, timedelta

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.errors import NotFound
from portal.core.permissions import audience, require
from portal.core.web import actor, pages
from portal.staff import desk
from portal.staff.calendar import queries

bp = pages("editorial_calendar", __name__, "/staff/calendar")

FIRST_YEAR, LAST_YEAR = 1990, 2199


@bp.get("")
@audience("staff")
def index() -> ResponseReturnValue:
    require(actor(), "staff.read", None)
    first = _month(request.args.get("month", ""))
    before, after = (first - timedelta(days=1)).replace(day=1), (first + timedelta(days=32)).replace(day=1)
    days = queries.month(first.year, first.month, actor())
    return desk.render(
        "staff/calendar/index.html",
        first=first,
        days=days,
        count=sum(len(one.entries) for one in days),
        before=(before, _url(before)),
        after=(after, _url(after)),
        now_url=url_for(".index"),
        monday=date(2024, 1, 1),
        one_day=timedelta(days=1),
    )


def _url(first: date) -> str:
    return url_for(".index", month=first.strftime("%Y-%m"))


def _month(asked: str) -> date:
    """The first day of the month that is asked for, or of this one."""
    if not asked:
        return clock.today().replace(day=1)
    try:
        first = date.fromisoformat(f"{asked}-01")
    except ValueError:
        raise NotFound("month", asked) from None
    if not FIRST_YEAR <= first.year <= LAST_YEAR:
        raise NotFound("month", asked)
    return first
