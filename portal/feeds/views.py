"""A partner’s own feeds: its admins enter them and look after them, its people see how they are."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.core.errors import NotFound
from portal.core.permissions import audience
from portal.core.web import actor, pages
from portal.feeds import queries
from portal.feeds.desk import DECISIONS, ENDINGS, FEED, TONES, FeedDesk
from portal.feeds.forms import PartnerFeedForm
from portal.partners import queries as partners

bp = pages("feeds", __name__, "/my/feeds")


def _offer(form: Any) -> None:
    form.partner_id.choices = [
        (one.id, partners.called(one)) for one in partners.of_actor(actor()) if one.id in actor().admin_of
    ]


def _partner_of(form: Any) -> int | None:
    chosen: int = form.partner_id.data
    return chosen


FEEDS = FeedDesk("feeds", "feeds/section.html", render_template, PartnerFeedForm, _partner_of, _offer)


@bp.get("")
@audience("members")
def index() -> ResponseReturnValue:
    return render_template(
        "feeds/index.html", feeds=queries.of_partners(actor()), tones=TONES, may_suggest=bool(actor().admin_of)
    )


@bp.route("/new", methods=["GET", "POST"])
@audience("members")
def new() -> ResponseReturnValue:
    if not actor().admin_of:
        raise NotFound("page", "new")
    return FEEDS.new()


@bp.get(FEED)
@audience("members")
def show(feed_id: int) -> ResponseReturnValue:
    return FEEDS.show(feed_id)


@bp.route(f"{FEED}/edit", methods=["GET", "POST"])
@audience("members")
def edit(feed_id: int) -> ResponseReturnValue:
    return FEEDS.edit(feed_id)


@bp.post(f"{FEED}/<any({', '.join(DECISIONS)}):decision>")
@audience("members")
def decide(feed_id: int, decision: str) -> ResponseReturnValue:
    return FEEDS.decide(feed_id, decision)


@bp.route(f"{FEED}/<any({', '.join(ENDINGS)}):ending>", methods=["GET", "POST"])
@audience("members")
def end(feed_id: int, ending: str) -> ResponseReturnValue:
    return FEEDS.end(feed_id, ending)


@bp.post(f"{FEED}/rules")
@audience("members")
def write_rule(feed_id: int) -> ResponseReturnValue:
    return FEEDS.write_rule(feed_id)


@bp.post(f"{FEED}/rules/<int:rule_id>/remove")
@audience("members")
def remove_rule(feed_id: int, rule_id: int) -> ResponseReturnValue:
    return FEEDS.remove_rule(feed_id, rule_id)
