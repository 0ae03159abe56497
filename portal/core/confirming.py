"""Saying that what stands here is right: by its own people with one press, or by a mailed link without signing in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock, freshness
from portal.core.errors import NotFound, Spent
from portal.core.forms import PortalForm, submit_once
from portal.core.permissions import Actor, allows
from portal.core.web import Pages, actor, asked_onward, uncached


class Confirm(Protocol):
    def __call__(self, thing: Any, /, *, actor: Actor, now: datetime) -> None: ...


@dataclass(frozen=True)
class Confirming:
    """How one kind of thing is confirmed, by those who may do `rule`.

    `own(slug)` is the thing for somebody who has signed in and may; `mailed(id)` the one that a link is about, as long
    as it is public; `person(account_id)` whoever the link was mailed to. `home` shows the thing, `template` asks.
    """

    kind: str
    rule: str
    own: Callable[[str], Any]
    mailed: Callable[[int], Any]
    person: Callable[[int | None], Actor]
    confirm: Confirm
    home: str
    template: str
    said: Any

    def serve(self, bp: Pages) -> None:
        """Give the blueprint the button's address and the link's."""
        bp.serve("/<slug>/confirm", "confirm", "signed_in", self.by_button, ["POST"])
        bp.serve("/confirm/<token>", "confirm_by_link", "everyone", self.by_link, ["GET", "POST"])

    def by_button(self, slug: str) -> ResponseReturnValue:
        thing = self.own(slug)

        def act() -> str:
            self.confirm(thing, actor=actor(), now=clock.now())
            flash(str(self.said), "success")
            return asked_onward() or url_for(self.home, slug=thing.slug)

        return submit_once(PortalForm(), act)

    def by_link(self, token: str) -> ResponseReturnValue:
        """Shows what will be confirmed; the button confirms it. Opening the link alone does nothing."""
        uncached()
        person, thing = self._opened(token)
        form = PortalForm()

        def act() -> str:
            self.confirm(thing, actor=person, now=clock.now())
            return url_for(".confirm_by_link", token=token)

        if form.validate_on_submit():
            return submit_once(form, act)
        return render_template(self.template, form=form, thing=thing), 422 if form.errors else 200

    def _opened(self, token: str) -> tuple[Actor, Any]:
        """Whom the link was mailed to and what it is about, as long as they may say so."""
        link = freshness.link_of(self.kind, token, now=clock.now())
        thing = self.mailed(link.subject_id) if link else None
        if link is None or thing is None:
            raise NotFound("confirmation", "link")
        person = self.person(link.account_id)
        if not allows(person, self.rule, thing):
            raise Spent
        return person, thing
