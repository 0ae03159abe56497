"""The pages on which one part of a thing is added, changed, ordered and taken away: the same for every kind.

A slice says once how its things are found and written (a class under `PartDesk`), and then one line for each kind.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.interfaces import ORMOption

from portal.core import clock
from portal.core.forms import PortalForm, answered, revise_once, submit_once, text_states, wants_preview
from portal.core.parts import anchor
from portal.core.texts import gettext as _
from portal.core.web import Pages, actor

PART = "<int:part_id>"


@dataclass(frozen=True)
class Words:
    """What the pages of a kind of part are called, and what is said before one is deleted."""

    add: Any
    edit: Any
    question: Any = ""
    loss: Any = ""


@dataclass(frozen=True)
class PartDesk(ABC):
    """One kind of part. `home` is the page that lists it; `form(part, thing, **options)` makes its form."""

    model: Any
    noun: str
    form: Callable[..., Any]
    template: str
    home: str
    words: Words
    loads: Sequence[ORMOption] = ()

    operations: ClassVar[Any]
    """The slice's module with `add`, `revise`, `remove`, `move` and `name_of`."""
    layout: ClassVar[str]
    """The template that frames a page of the thing's desk."""

    @abstractmethod
    def thing(self, slug: str) -> Any:
        """The thing, for somebody who may work on it."""

    @abstractmethod
    def part(self, thing: Any, part_id: int) -> Any:
        """One of its parts; `NotFound` where it is another's."""

    @abstractmethod
    def render(self, template: str, thing: Any, **values: Any) -> str:
        """A page of the thing's desk."""

    @abstractmethod
    def said(self, form: Any) -> Any:
        """What a form says of a part, as the operations take it."""

    def how(self) -> dict[str, Any]:
        """What every operation is told besides."""
        return {"actor": actor(), "now": clock.now()}

    def serve(self, bp: Pages, under: str, *, prefix: str = "", deletes: bool = True) -> None:
        """Give the kind its addresses beneath `under`, and endpoints that begin with `prefix`."""
        part = f"{under}/{PART}"
        bp.serve(f"{under}/new", f"{prefix}add", "signed_in", self.add, ["GET", "POST"])
        bp.serve(f"{part}/edit", f"{prefix}edit", "signed_in", self.edit, ["GET", "POST"])
        if deletes:
            bp.serve(f"{part}/delete", f"{prefix}delete", "signed_in", self.delete, ["GET", "POST"])
        if hasattr(self.model, "position"):
            way = "<any('move-up', 'move-down'):way>"
            bp.serve(f"{part}/{way}", f"{prefix}move", "signed_in", self.move, ["POST"])

    def add(self, slug: str, **given: Any) -> ResponseReturnValue:
        thing = self.thing(slug)
        form = self.form(None, thing)
        if done := answered(form):
            return done

        def act() -> str:
            part = self.model(**given)
            self.operations.add(part, self.noun, thing, self.said(form), **self.how())
            return self.place(thing, part)

        if not wants_preview() and form.validate_on_submit():
            return submit_once(form, act)
        return self._page(thing, form, self.words.add)

    def edit(self, slug: str, part_id: int) -> ResponseReturnValue:
        thing = self.thing(slug)
        part = self.part(thing, part_id)
        form = self.form(part, thing)
        place = self.place(thing, part)

        def act() -> str:
            self.operations.revise(part, self.noun, thing, self.said(form), **self.how())
            flash(_("Your changes are saved."), "success")
            return place

        def now() -> Any:
            there = self.thing(slug)
            return self.form(self.part(there, part_id), there, formdata=None)

        if not wants_preview() and form.validate_on_submit():
            return revise_once(form, now, act, heading=self.words.edit, cancel=place)
        return self._page(thing, form, self.words.edit, part)

    def delete(self, slug: str, part_id: int) -> ResponseReturnValue:
        thing = self.thing(slug)
        form = PortalForm()
        if done := answered(form):
            return done
        part = self.part(thing, part_id)

        name = self.operations.name_of(part)

        def act() -> str:
            self.operations.remove(part, self.noun, thing, **self.how())
            return self.place(thing)

        if form.validate_on_submit():
            return submit_once(form, act, _("“%(name)s” is deleted.", name=name))
        values = {"name": name, "form": form, "words": self.words, "back": self.place(thing, part)}
        return self.render("layouts/part_delete.html", thing, layout=self.layout, **values)

    def move(self, slug: str, part_id: int, way: str) -> ResponseReturnValue:
        def do(thing: Any, part: Any) -> None:
            self.operations.move(part, self.noun, thing, up=way == "move-up", **self.how())

        return self.act(slug, part_id, do)

    def act(self, slug: str, part_id: int, do: Callable[[Any, Any], None]) -> ResponseReturnValue:
        """One decision about a part, by one button; back to its place on the page that lists it."""
        thing = self.thing(slug)
        part = self.part(thing, part_id)

        def act() -> str:
            do(thing, part)
            return self.place(thing, part)

        return submit_once(PortalForm(), act)

    def place(self, thing: Any, part: Any = None) -> str:
        """The address of the page that lists the parts, at this one."""
        return url_for(self.home, slug=thing.slug, _anchor=anchor(self.noun, part.id) if part else None)

    def _page(self, thing: Any, form: Any, heading: Any, part: Any = None) -> ResponseReturnValue:
        page = self.render(
            self.template,
            thing,
            form=form,
            page_heading=str(heading),
            part=part,
            states=text_states(part),
            previewed=wants_preview(),
            back=self.place(thing, part),
        )
        return page, 422 if form.errors else 200
