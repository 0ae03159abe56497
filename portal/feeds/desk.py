"""The pages on which feeds are looked after: the same for curators at their desk and for a partner's admins."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.errors import Invalid, NotFound
from portal.core.forms import PortalForm, RevisionForm, answered, revise_once, submit_once
from portal.core.labels import label
from portal.core.permissions import allows, require
from portal.core.templating import day
from portal.core.texts import gettext as _
from portal.core.web import actor
from portal.feeds import operations, queries
from portal.feeds.forms import FeedForm, ReasonForm, RuleForm
from portal.feeds.models import Feed, FeedEntry, FeedState, Passed, RuleField, RuleKind, Trouble

FEED = "/<int:feed_id>"
TONES = {
    FeedState.SUGGESTED: "attention",
    FeedState.TESTED: "attention",
    FeedState.ACTIVE: "active",
    FeedState.FAILING: "stopped",
}

Act = Callable[..., None]

DECISIONS: dict[str, tuple[Act, str]] = {
    "test": (operations.ask_test, "feed.edit"),
    "approve": (operations.approve, "feed.approve"),
    "resume": (operations.resume, "feed.edit"),
    "reopen": (operations.reopen, "feed.edit"),
    "fetch": (operations.fetch_now, "feed.fetch"),
}
"""One decision, one button: what it does and which rule it asks."""

ENDINGS: dict[str, Act] = {"suspend": operations.suspend, "retire": operations.retire}
"""Decisions that want a reason."""


@dataclass(frozen=True)
class FeedDesk:
    """The pages of one blueprint: rendered into its `layout`; `form` is what a new feed is entered by."""

    blueprint: str
    layout: str
    render: Callable[..., str]
    form: type[FeedForm]
    partner_of: Callable[[Any], int | None]
    prepare: Callable[[Any], None]

    def url(self, page: str, **values: Any) -> str:
        return url_for(f"{self.blueprint}.{page}", **values)

    def new(self) -> ResponseReturnValue:
        form = self.form()
        if done := answered(form):
            return done
        self.prepare(form)

        def act() -> str:
            feed = operations.suggest(form.details(), self.partner_of(form), actor=actor(), now=clock.now())
            flash(_("The feed is entered. What it would bring stands here in a moment."), "success")
            return self.url("show", feed_id=feed.id)

        if form.validate_on_submit():
            try:
                return submit_once(form, act)
            except Invalid as wrong:
                self._tell(form, wrong)
        return self.render("feeds/edit.html", form=form, feed=None, desk=self), 422 if form.errors else 200

    def edit(self, feed_id: int) -> ResponseReturnValue:
        feed = self._feed(feed_id, "feed.edit")
        form = FeedForm(obj=feed)

        def act() -> str:
            operations.revise(feed, form.details(), actor=actor(), now=clock.now())
            flash(_("Your changes are saved."), "success")
            return self.url("show", feed_id=feed_id)

        def now() -> RevisionForm:
            return FeedForm(obj=queries.by_id(feed_id, actor()), formdata=None)

        if form.validate_on_submit():
            try:
                return revise_once(form, now, act, heading=feed.called, cancel=self.url("show", feed_id=feed_id))
            except Invalid as wrong:
                self._tell(form, wrong)
        return self.render("feeds/edit.html", form=form, feed=feed, desk=self), 422 if form.errors else 200

    def show(self, feed_id: int) -> ResponseReturnValue:
        return self._page(queries.by_id(feed_id, actor()))

    def decide(self, feed_id: int, decision: str) -> ResponseReturnValue:
        operation, rule = DECISIONS[decision]
        form = PortalForm()
        if done := answered(form):
            return done
        feed = self._feed(feed_id, rule)

        def act() -> str:
            operation(feed, actor=actor(), now=clock.now())
            flash(_SAID[decision](), "success")
            return self.url("show", feed_id=feed_id)

        return submit_once(form, act)

    def end(self, feed_id: int, ending: str) -> ResponseReturnValue:
        feed = self._feed(feed_id, "feed.edit")
        form = ReasonForm()

        def act() -> str:
            ENDINGS[ending](feed, str(form.reason.data), actor=actor(), now=clock.now())
            return self.url("show", feed_id=feed_id)

        if form.validate_on_submit():
            return submit_once(form, act)
        page = self.render("feeds/end.html", feed=feed, form=form, ending=ending, desk=self)
        return page, 422 if form.errors else 200

    def write_rule(self, feed_id: int) -> ResponseReturnValue:
        feed = self._feed(feed_id, "feed.sift")
        form = RuleForm()

        def act() -> str:
            rule = (RuleKind(form.kind.data), RuleField(form.field.data), str(form.pattern.data))
            operations.write_rule(feed, *rule, actor=actor(), now=clock.now())
            flash(_("The rule holds from now on, also for what waits."), "success")
            return self.url("show", feed_id=feed_id, _anchor="rules")

        if form.validate_on_submit():
            try:
                return submit_once(form, act)
            except Invalid as wrong:
                self._tell(form, wrong)
        return self._page(feed, form)

    def remove_rule(self, feed_id: int, rule_id: int) -> ResponseReturnValue:
        feed = self._feed(feed_id, "feed.sift")

        def act() -> str:
            operations.remove_rule(feed, rule_id, actor=actor(), now=clock.now())
            return self.url("show", feed_id=feed_id, _anchor="rules")

        return submit_once(PortalForm(), act)

    def _page(self, feed: Feed, rule_form: RuleForm | None = None) -> ResponseReturnValue:
        entries, counts = queries.entries_of(feed, actor())
        page = self.render(
            "feeds/show.html",
            feed=feed,
            desk=self,
            entry_rows=[_row(entry) for entry in entries],
            counts=counts,
            report=_report(feed),
            tones=TONES,
            may=lambda action: allows(actor(), action, feed),
            one=PortalForm(formdata=None),
            rule_form=rule_form or RuleForm(formdata=None),
        )
        return page, 422 if rule_form and rule_form.errors else 200

    def _feed(self, feed_id: int, rule: str) -> Feed:
        feed = queries.by_id(feed_id, actor())
        require(actor(), rule, feed)
        return feed

    def _tell(self, form: PortalForm, wrong: Invalid) -> None:
        """Say at its field what the operation would not take."""
        if wrong.field not in form:
            raise wrong
        said = {"url": _("This address is a feed of ours already."), "pattern": _("It cannot be a rule of this feed.")}
        form[wrong.field].errors = [said.get(wrong.field, _("This cannot be taken."))]


def _report(feed: Feed) -> dict[str, Any]:
    """What the last test found, whole: an older release may have written less."""
    found = feed.test_report or {}
    trouble = found.get("trouble")
    blank = {"url": feed.url, "detail": "", "new": 0, "old": 0, "moved_to": "", "entries": [], "candidates": []}
    told = {**blank, **found, "trouble": Trouble(trouble) if trouble in list(Trouble) else None}
    words = {one.value: one for one in Passed}
    entries = [{**one, "passed": words.get(one.get("passed"))} for one in told["entries"]]
    return told | {"entries": entries} if found else {}


def _row(entry: FeedEntry) -> tuple[Any, ...]:
    title = [(entry.title or entry.url, entry.url)] if entry.url else entry.title
    came = day(entry.published_at) if entry.published_at else None
    return title, label(entry.state), came, day(entry.fetched_at)


_SAID: dict[str, Callable[[], str]] = {
    "test": lambda: _("The feed is being looked at. What it would bring stands here in a moment."),
    "approve": lambda: _("The feed is approved. Its first entries come in a moment."),
    "resume": lambda: _("The feed goes on."),
    "reopen": lambda: _("The feed is suggested again, and is being looked at."),
    "fetch": lambda: _("The feed is fetched next."),
}


def known_state(asked: str) -> FeedState:
    """The state that an address asks for; `NotFound` for a word that is none."""
    if asked not in list(FeedState):
        raise NotFound("state", asked)
    return FeedState(asked)
