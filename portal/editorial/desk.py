"""The pages about a draft: what is said of it, who may read it without an account, its earlier versions.

The same for every kind of thing that is written here; `DraftDesk` says what differs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.bilingual import chosen
from portal.core.forms import PortalForm, submit_once
from portal.core.permissions import allows, audience
from portal.core.texts import gettext as _
from portal.core.web import actor, address
from portal.editorial import operations
from portal.editorial import queries as drafts
from portal.editorial.forms import CommentForm, ReviewerForm
from portal.editorial.models import Purpose, Revision
from portal.editorial.wording import field_name
from portal.editorial.wording import said as usually_said

VERSION = "/versions/<int:number>"
PAGES = (
    ("talk", "/talk", ("GET", "POST")),
    ("settle", "/talk/<int:comment_id>/<any(settle, reopen):what>", ("POST",)),
    ("readers", "/readers", ("GET", "POST")),
    ("make_preview", "/readers/preview", ("POST",)),
    ("revoke", "/readers/<int:link_id>/revoke", ("POST",)),
    ("versions", "/versions", ("GET",)),
    ("version", VERSION, ("GET",)),
    ("bring_back", f"{VERSION}/bring-back", ("POST",)),
)
"""Name, address and methods of every page."""


@dataclass(frozen=True)
class Change:
    """What became of one field between two versions."""

    field: str
    before: str
    after: str
    language: str


@dataclass(frozen=True)
class DraftDesk:
    """The pages of one blueprint, rendered into its `layout`; `enter` puts them there.

    `find(key, action)` is the thing that somebody may do `action` to; `render(template, thing, **values)` makes a page.
    `address_part` is what the key is called in addresses; `public` is the blueprint of the pages that links lead to.
    The rules are called `<kind>.discuss`, `.look_inside`, `.edit`; `shares` and `settles` name those that are not.
    `fields` are the words for fields, `lead` and `body` the pairs that a version's text is read from, `left` what
    `bring_back` leaves as it is.
    """

    kind: str
    blueprint: str
    layout: str
    address_part: str
    public: str
    find: Callable[[Any, str], Any]
    render: Callable[..., str]
    bring_back_to: Callable[..., None]
    fields: Mapping[str, Any]
    lead: str
    body: str
    left: frozenset[str]
    shares: str
    settles: str
    said: Callable[[str, Any], str] = usually_said

    def enter(self, pages: Blueprint, who: str, at: str = "") -> None:
        """Put the pages into their blueprint, for an audience, each below the thing's own address `at`."""
        for name, path, methods in PAGES:
            pages.add_url_rule(f"{at}{path}", name, audience(who)(self._view(name)), methods=list(methods))

    def _view(self, name: str) -> Callable[..., ResponseReturnValue]:
        page: Callable[..., ResponseReturnValue] = getattr(self, name)

        def view(**values: Any) -> ResponseReturnValue:
            return page(values.pop(self.address_part), **values)

        return view

    def url(self, page: str, thing: Any, **values: Any) -> str:
        return url_for(f"{self.blueprint}.{page}", **{self.address_part: self._key(thing)}, **values)

    # --- What is said of it

    def talk(self, key: Any) -> ResponseReturnValue:
        """What was said about a draft, and saying something."""
        thing = self.find(key, f"{self.kind}.discuss")
        form = CommentForm()

        def act() -> str:
            made = operations.comment(self._subject(thing), form.body.data or "", actor=actor(), now=clock.now())
            return self.url("talk", thing, _anchor=f"comment-{made.id}")

        if form.validate_on_submit():
            return submit_once(form, act)
        may_settle = allows(actor(), self.settles, thing)
        page = self._page(
            "talk",
            thing,
            comments=drafts.comments_of(self._subject(thing)),
            form=form,
            settle_url=(lambda one, what: self.url("settle", thing, comment_id=one.id, what=what))
            if may_settle
            else None,
        )
        return page, 422 if form.errors else 200

    def settle(self, key: Any, comment_id: int, what: str) -> ResponseReturnValue:
        thing = self.find(key, self.settles)
        comment = drafts.comment_of(self._subject(thing), comment_id)

        def act() -> str:
            operations.settle(comment, settled=what == "settle", actor=actor(), now=clock.now())
            return self.url("talk", thing, _anchor=f"comment-{comment_id}")

        return submit_once(PortalForm(), act)

    # --- Who may read it

    def readers(self, key: Any) -> ResponseReturnValue:
        """Who may read the draft without an account; its form asks a reviewer."""
        thing = self.find(key, self.shares)
        form = ReviewerForm()

        def act() -> str:
            name, email, language = form.name.data or "", (form.email.data or "").strip(), form.language.data
            token = operations.ask_reviewer(self._subject(thing), name, actor=actor(), now=clock.now())
            link = address(f"{self.public}.review", token=token, language=language)
            if email:
                title = thing.text("title", "en" if language == "en" else "da")
                operations.mail_reviewer(email, language, name=name, title=title, link=link, giver=actor().name)
                flash(_("The link is mailed to %(address)s.", address=email), "success")
            else:
                flash(_("Copy this link now, it is shown only once: %(link)s", link=link), "success")
            return self.url("readers", thing)

        if form.validate_on_submit():
            return submit_once(form, act)
        page = self._page(
            "readers",
            thing,
            links=drafts.links_of(self._subject(thing), clock.now()),
            form=form,
            revoke_url=lambda link: self.url("revoke", thing, link_id=link.id),
        )
        return page, 422 if form.errors else 200

    def make_preview(self, key: Any) -> ResponseReturnValue:
        """Make a link by which the draft can be read."""
        thing = self.find(key, self.shares)

        def act() -> str:
            made = operations.share(self._subject(thing), Purpose.PREVIEW, "", actor=actor(), now=clock.now())
            link = address(f"{self.public}.preview", token=made[1], language=chosen())
            flash(_("Copy this link now, it is shown only once: %(link)s", link=link), "success")
            return self.url("readers", thing)

        return submit_once(PortalForm(), act)

    def revoke(self, key: Any, link_id: int) -> ResponseReturnValue:
        thing = self.find(key, self.shares)
        link = drafts.link_of(self._subject(thing), link_id)

        def act() -> str:
            operations.revoke(link, actor=actor(), now=clock.now())
            flash(_("The link leads nowhere any more."), "success")
            return self.url("readers", thing)

        return submit_once(PortalForm(), act)

    # --- What it said before

    def versions(self, key: Any) -> ResponseReturnValue:
        """Every version, the newest first, each with what it changed."""
        thing = self.find(key, f"{self.kind}.look_inside")
        found = drafts.revisions_of(self._subject(thing))
        pairs = zip_longest(found, found[1:])
        return self._page(
            "versions", thing, versions=[(one, self._changes(last, one) if last else ()) for one, last in pairs]
        )

    def version(self, key: Any, number: int) -> ResponseReturnValue:
        """One version beside what stands there now, word by word."""
        thing = self.find(key, f"{self.kind}.look_inside")
        revision = drafts.revision_of(self._subject(thing), number)
        last = drafts.last_revision(self._subject(thing))
        is_last = last is None or last.number == number
        return self._page(
            "version",
            thing,
            revision=revision,
            changes=() if last is None or is_last else self._changes(last, revision, self.left),
            is_last=is_last,
            may_edit=allows(actor(), f"{self.kind}.edit", thing),
        )

    def bring_back(self, key: Any, number: int) -> ResponseReturnValue:
        thing = self.find(key, f"{self.kind}.edit")
        revision = drafts.revision_of(self._subject(thing), number)

        def act() -> str:
            self.bring_back_to(thing, revision, actor=actor(), now=clock.now())
            flash(_("Version %(number)s stands again.", number=number), "success")
            return self.url("versions", thing)

        return submit_once(PortalForm(), act)

    def _changes(self, before: Revision, after: Revision, left: frozenset[str] = frozenset()) -> list[Change]:
        names = [name for name in after.content if before.content.get(name) != after.content[name] and name not in left]
        return [
            Change(
                field_name(self.fields, name),
                self.said(name, before.content.get(name)),
                self.said(name, after.content[name]),
                name[-2:] if name.endswith(("_da", "_en")) else "",
            )
            for name in names
        ]

    def _page(self, page: str, thing: Any, **values: Any) -> str:
        template = f"editorial/{page}.html"
        one = PortalForm(formdata=None)
        return self.render(template, thing, desk=self, thing=thing, title=str(thing.text("title")), one=one, **values)

    def _subject(self, thing: Any) -> drafts.Subject:
        return self.kind, thing.id

    def _key(self, thing: Any) -> Any:
        return getattr(thing, "slug" if self.address_part == "slug" else "id")
