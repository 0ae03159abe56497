"""Sifting what feeds bring, a story each: take it, publish its link, pass it over, block items like this."""

from collections.abc import Callable
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.errors import NotFound
from portal.core.forms import PortalForm, answered, submit_once
from portal.core.permissions import allows, audience, require
from portal.core.texts import gettext as _
from portal.core.web import actor, pages
from portal.feeds import operations as feeds
from portal.feeds.entries import operations
from portal.feeds.models import FeedEntry, RuleField, RuleKind
from portal.news import mentions
from portal.news.linking import operations as linking
from portal.staff import desk
from portal.staff.entries import queries
from portal.staff.entries.forms import BlockForm, TakeForm
from portal.staff.entries.queries import LANGUAGES, Choice

bp = pages("entries", __name__, "/staff/entries")

ENTRY = "/<int:entry_id>"
PICKERS = {"partner": "partner_ids", "project": "project_ids", "municipality": "municipality_ids"}


@bp.get("")
@audience("staff")
def index() -> ResponseReturnValue:
    require(actor(), "entry.decide", None)
    choice = _choice()
    stories = queries.waiting(actor(), choice)
    return desk.render(
        "staff/entries/index.html",
        form=PortalForm(formdata=None),
        stories=stories,
        total=queries.count(actor(), choice),
        sources=queries.sources(actor()),
        languages=queries.languages(actor()),
        choice=choice,
        pickers=PICKERS,
        may_write=allows(actor(), "article.publish", None),
    )


@bp.get(ENTRY)
@audience("staff")
def show(entry_id: int) -> ResponseReturnValue:
    entry = queries.by_id(entry_id, actor())
    named = mentions.find(queries.text_of(entry), actor=actor())
    form = TakeForm(
        formdata=None,
        themes=[tie.theme for tie in entry.feed.themes],
        **{field: [one.id for one in named if one.kind == kind] for kind, field in PICKERS.items()},
    )
    return _page(entry, form)


def _page(entry: FeedEntry, form: TakeForm) -> ResponseReturnValue:
    page = desk.render(
        "staff/entries/show.html",
        entry=entry,
        form=form,
        others=queries.of_story(entry, actor()),
        article=linking.of_entry(entry.id),
        one=PortalForm(formdata=None),
        may_write=allows(actor(), "article.publish", None),
    )
    return page, 422 if form.errors else 200


@bp.post(f"{ENTRY}/take")
@audience("staff")
def take(entry_id: int) -> ResponseReturnValue:
    form = TakeForm()
    if done := answered(form):
        return done
    entry = queries.by_id(entry_id, actor())
    translation = queries.translation_of(entry, queries.of_story(entry, actor()))

    def act() -> str:
        now = clock.now()
        operations.take(entry, actor=actor(), now=now)
        article = linking.take(form.source(entry, translation), publish=form.is_notice, actor=actor(), now=now)
        if form.is_notice:
            _say(_("Published: %(title)s", title=entry.title))
            return _back()
        _say(_("The entry is a draft of yours now."))
        return url_for("newsroom.edit", article_id=article.id)

    if form.validate_on_submit():
        return submit_once(form, act)
    return _page(entry, form)


@bp.post(f"{ENTRY}/pass")
@audience("staff")
def pass_over(entry_id: int) -> ResponseReturnValue:
    return _decide(entry_id, operations.pass_over, _("Passed over: %(title)s"))


@bp.post(f"{ENTRY}/put-back")
@audience("staff")
def put_back(entry_id: int) -> ResponseReturnValue:
    return _decide(entry_id, operations.put_back, _("It waits again: %(title)s"))


def _decide(entry_id: int, operation: Callable[..., None], said: str) -> ResponseReturnValue:
    form = PortalForm()
    if done := answered(form):
        return done
    entry = queries.by_id(entry_id, actor())

    def act() -> str:
        operation(entry, actor=actor(), now=clock.now())
        _say(said % {"title": entry.title})
        return _back()

    return submit_once(form, act)


@bp.route(f"{ENTRY}/block", methods=["GET", "POST"])
@audience("staff")
def block(entry_id: int) -> ResponseReturnValue:
    entry = queries.by_id(entry_id, actor())
    require(actor(), "feed.sift", entry.feed)
    form = BlockForm()

    def act() -> str:
        rule = (RuleKind.BLOCK, RuleField(form.field.data), str(form.pattern.data))
        feeds.write_rule(entry.feed, *rule, actor=actor(), now=clock.now())
        flash(_("What fits is passed over from now on."), "success")
        return _back()

    if form.validate_on_submit():
        return submit_once(form, act)
    page = desk.render("staff/entries/block.html", entry=entry, form=form, one=PortalForm(formdata=None))
    return page, 422 if form.errors else 200


def _choice() -> Choice:
    feed, language = request.args.get("feed", ""), request.args.get("language", "")
    if feed and not (feed.isascii() and feed.isdecimal() and len(feed) < 10):
        raise NotFound("feed", feed)
    if language and language not in LANGUAGES:
        raise NotFound("language", language)
    return Choice(int(feed) if feed else None, language)


def _say(said: str) -> None:
    """Tell it with the next page, unless static/js/sift.js has asked and tells it itself."""
    if not request.form.get("quick"):
        flash(said, "success")


def _back() -> str:
    kept: dict[str, Any] = {name: value for name in ("feed", "language") if (value := request.args.get(name))}
    return url_for(".index", **kept)
