"""The pages on which one part of a webinar is added, changed, ordered and taken away: the same for every kind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.forms import PortalForm, answered, revise_once, submit_once, text_states, wants_preview
from portal.core.texts import gettext as _
from portal.core.web import actor
from portal.webinars.editing import queries
from portal.webinars.models import Webinar
from portal.webinars.parts import operations
from portal.webinars.sections import render


@dataclass(frozen=True)
class Desk:
    """One kind of part. `form(part, webinar, **options)` fills its form; `home` is the blueprint that lists it."""

    model: Any
    noun: str
    rule: str
    form: Callable[..., Any]
    home: str
    add_words: Any
    edit_words: Any
    delete_words: Any
    loads: Sequence[Any] = ()

    def index(self, slug: str) -> ResponseReturnValue:
        webinar = queries.to_work_on(slug, actor(), self.rule)
        parts = operations.parts_of(webinar, self.model, *self.loads)
        return render(f"webinars/{self.home}/index.html", webinar, parts=parts, form=PortalForm(formdata=None))

    def add(self, slug: str) -> ResponseReturnValue:
        webinar = queries.to_work_on(slug, actor(), self.rule)
        form = self.form(None, webinar)
        if done := answered(form):
            return done

        def act() -> str:
            operations.add(self.model(), self.noun, webinar, form.fill, **self._how())
            return self._place(webinar)

        if not wants_preview() and form.validate_on_submit():
            return submit_once(form, act)
        return self._page(webinar, form, self.add_words)

    def edit(self, slug: str, part_id: int) -> ResponseReturnValue:
        webinar = queries.to_work_on(slug, actor(), self.rule)
        part = operations.part_of(webinar, self.model, part_id, *self.loads)
        form = self.form(part, webinar)

        def act() -> str:
            operations.revise(part, self.noun, webinar, form.fill, **self._how())
            flash(_("Your changes are saved."), "success")
            return self._place(webinar)

        def now() -> Any:
            there = queries.to_work_on(slug, actor(), self.rule)
            return self.form(operations.part_of(there, self.model, part_id, *self.loads), there, formdata=None)

        if not wants_preview() and form.validate_on_submit():
            return revise_once(form, now, act, heading=self.edit_words, cancel=self._place(webinar))
        return self._page(webinar, form, self.edit_words, part)

    def delete(self, slug: str, part_id: int) -> ResponseReturnValue:
        form = PortalForm()
        if done := answered(form):
            return done
        webinar = queries.to_work_on(slug, actor(), self.rule)
        part = operations.part_of(webinar, self.model, part_id, *self.loads)

        def act() -> str:
            operations.remove(part, self.noun, webinar, **self._how())
            return self._place(webinar)

        if form.validate_on_submit():
            return submit_once(form, act)
        back = self._place(webinar)
        return render("webinars/parts/delete.html", webinar, part=part, form=form, words=self.delete_words, back=back)

    def move(self, slug: str, part_id: int, *, up: bool) -> ResponseReturnValue:
        webinar = queries.to_work_on(slug, actor(), self.rule)
        part = operations.part_of(webinar, self.model, part_id)

        def act() -> str:
            operations.move(part, self.noun, webinar, up=up, **self._how())
            return self._place(webinar)

        return submit_once(PortalForm(), act)

    def _how(self) -> dict[str, Any]:
        return {"rule": self.rule, "actor": actor(), "now": clock.now()}

    def _place(self, webinar: Webinar) -> str:
        return url_for(f"{self.home}.index", slug=webinar.slug)

    def _page(self, webinar: Webinar, form: Any, heading: Any, part: Any = None) -> ResponseReturnValue:
        page = render(
            f"webinars/{self.home}/form.html",
            webinar,
            form=form,
            page_heading=str(heading),
            states=text_states(part),
            previewed=wants_preview(),
            back=self._place(webinar),
        )
        return page, 422 if form.errors else 200
