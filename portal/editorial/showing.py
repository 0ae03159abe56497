"""A draft for those without an account: to read it, or to read it and say something, by a secret link."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock, strangers
from portal.core.db import transaction
from portal.core.forms import submit_once
from portal.core.texts import gettext as _
from portal.core.web import hidden
from portal.editorial import operations
from portal.editorial import queries as drafts
from portal.editorial.forms import ReviewForm
from portal.editorial.models import DraftLink, Purpose

NOTED_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class Showing:
    """The two pages of one kind of draft.

    `behind(link, now)` is the thing that a link leads to, and whether everybody may read it by now; `Spent` for what is
    closed. `page_of(thing, token)` are the values of its public page, which `templates`/preview.html and review.html
    extend; `home` is the endpoint of that page, `blueprint` that of these two.
    """

    kind: str
    blueprint: str
    home: str
    templates: str
    behind: Callable[[DraftLink, datetime], tuple[Any, bool]]
    page_of: Callable[[Any, str], dict[str, Any]]

    def preview(self, token: str) -> ResponseReturnValue:
        link = drafts.link_by_token(token, self.kind, Purpose.PREVIEW, clock.now())
        thing, is_out = self.behind(link, clock.now())
        if is_out:
            return redirect(url_for(self.home, slug=thing.slug))
        _note(link)
        return hidden(render_template(f"{self.templates}/preview.html", link=link, **self.page_of(thing, token)))

    def review(self, token: str) -> ResponseReturnValue:
        now = clock.now()
        link = drafts.link_by_token(token, self.kind, Purpose.REVIEW, now)
        thing, is_out = self.behind(link, now)
        if is_out:
            return redirect(url_for(self.home, slug=thing.slug))
        form = ReviewForm()
        if not form.is_submitted() and not form.name.data:
            form.name.data = link.name

        def act() -> str:
            strangers.note_stranger(now)
            said = operations.comment_by_link(link, form.name.data or "", form.body.data or "", now=now)
            flash(_("Thank you. The editors have your comment."), "success")
            return url_for(f"{self.blueprint}.review", token=token, _anchor=f"comment-{said.id}")

        if form.validate_on_submit():
            return submit_once(form, act)
        _note(link)
        mine = [one for one in drafts.comments_of((self.kind, thing.id)) if one.link_id == link.id]
        template = f"{self.templates}/review.html"
        page = render_template(template, link=link, form=form, comments=mine, **self.page_of(thing, token))
        return hidden(page, 422 if form.errors else 200)


def _note(link: DraftLink) -> None:
    """Note that the link was opened, not more than once an hour."""
    now = clock.now()
    if link.opened_at is None or now - link.opened_at > NOTED_EVERY:
        with transaction():
            operations.opened(link, now=now)
