"""The curators' feeds: by state, those that wait for their word first."""

from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.core.permissions import allows, audience, require
from portal.core.web import actor, pages
from portal.feeds import queries
from portal.feeds.desk import DECISIONS, ENDINGS, FEED, TONES, FeedDesk, known_state
from portal.feeds.forms import StaffFeedForm
from portal.feeds.models import FeedState
from portal.staff import desk

bp = pages("staff_feeds", __name__, "/staff/feeds")


FIRST = (FeedState.TESTED, FeedState.FAILING, FeedState.ACTIVE, FeedState.SUGGESTED)
"""Which feeds the page opens with: those that wait for a word, else what there is."""


def _partner_of(form: Any) -> int | None:
    return form.partner_ids.data[0] if form.partner_ids.data else None


FEEDS = FeedDesk("staff_feeds", "staff/feeds/section.html", desk.render, StaffFeedForm, _partner_of, lambda _form: None)


@bp.get("")
@audience("staff")
def index() -> ResponseReturnValue:
    counts = queries.counts(actor())
    first = next((state for state in FIRST if counts[state]), FeedState.ACTIVE)
    state = known_state(request.args.get("state") or first.value)
    return desk.render(
        "staff/feeds/index.html",
        feeds=queries.in_state(state, actor()),
        counts=counts,
        state=state,
        states=list(FeedState),
        tones=TONES,
        may_suggest=allows(actor(), "feed.suggest", None),
    )


@bp.get("/failing")
@audience("staff")
def failing() -> ResponseReturnValue:
    return redirect(url_for(".index", state=FeedState.FAILING.value))


@bp.route("/new", methods=["GET", "POST"])
@audience("staff")
def new() -> ResponseReturnValue:
    require(actor(), "feed.suggest", None)
    return FEEDS.new()


@bp.get(FEED)
@audience("staff")
def show(feed_id: int) -> ResponseReturnValue:
    return FEEDS.show(feed_id)


@bp.route(f"{FEED}/edit", methods=["GET", "POST"])
@audience("staff")
def edit(feed_id: int) -> ResponseReturnValue:
    return FEEDS.edit(feed_id)


@bp.post(f"{FEED}/<any({', '.join(DECISIONS)}):decision>")
@audience("staff")
def decide(feed_id: int, decision: str) -> ResponseReturnValue:
    return FEEDS.decide(feed_id, decision)


@bp.route(f"{FEED}/<any({', '.join(ENDINGS)}):ending>", methods=["GET", "POST"])
@audience("staff")
def end(feed_id: int, ending: str) -> ResponseReturnValue:
    return FEEDS.end(feed_id, ending)


@bp.post(f"{FEED}/rules")
@audience("staff")
def write_rule(feed_id: int) -> ResponseReturnValue:
    return FEEDS.write_rule(feed_id)


@bp.post(f"{FEED}/rules/<int:rule_id>/remove")
@audience("staff")
def remove_rule(feed_id: int, rule_id: int) -> ResponseReturnValue:
    return FEEDS.remove_rule(feed_id, rule_id)
