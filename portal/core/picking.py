"""Choosing things by their names: the field in which partners, projects and municipalities are linked.

The slices answer what a name may mean (`register`); each answer obeys what the actor may see. Templates show the field
by `field` of components/forms.html and load js/picker.js; without scripts the same field finds names by its button.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from wtforms import Field
from wtforms.validators import StopValidation

from portal.core.db import LARGEST_ID
from portal.core.forms import cleaned
from portal.core.texts import gettext as _
from portal.core.web import actor, path_for

OFFERED = 12
MOST = 40


@dataclass(frozen=True, slots=True)
class Named:
    """A thing as a picker shows it: its name in the page's language, and what tells it from others of the name."""

    id: int
    title: str
    note: str = ""


class Pickable(Protocol):
    """A slice's side of the picker."""

    kind: str

    def find(self, text: str, actor: Any, limit: int = OFFERED) -> Sequence[Named]:
        """What the actor may see under a name like this, the best first."""
        ...

    def named(self, ids: Collection[int], actor: Any) -> dict[int, Named]:
        """Those of the ids that the actor may see."""
        ...


_kinds: dict[str, Pickable] = {}


def register(pickable: Pickable) -> None:
    """Let forms pick things of a kind. Registering a kind again replaces it."""
    _kinds[pickable.kind] = pickable


def of_kind(kind: str) -> Pickable | None:
    """What answers for a kind; none where nothing does."""
    return _kinds.get(kind)


class PickerField(Field):
    """Things of one kind, in the order in which they were picked; `data` is their ids.

    What is left in its search box when the form is sent counts as well: the one thing of that name is added, and among
    several the writer is asked to choose.
    """

    data: list[int]

    def __init__(self, label: Any = None, validators: Any = None, *, kind: str, most: int = MOST, **options: Any):
        super().__init__(label, validators, **options)
        self.kind, self.most = kind, most
        self.written = ""
        self.is_looking = False
        self.found: Sequence[Named] = ()

    @property
    def picked(self) -> list[Named]:
        """What is chosen, by name; a thing that the reader may not see is there without one."""
        known = self._named(self.data)
        return [known.get(one) or Named(one, _("Something that is not shown to you")) for one in self.data]

    @property
    def address(self) -> str:
        """Where js/picker.js asks for names."""
        return path_for("search.names", kind=self.kind)

    def in_words(self, value: Sequence[int]) -> str:
        """Ids as the names of their things."""
        known = self._named(value)
        return ", ".join(known[one].title for one in value if one in known)

    def process(self, formdata: Any, *arguments: Any, **options: Any) -> None:
        super().process(formdata, *arguments, **options)
        if formdata is not None:
            self.written = cleaned(str(formdata.get(f"{self.name}-find") or ""))[:200]
            self.is_looking = f"{self.name}-look" in formdata

    def process_data(self, value: Any) -> None:
        self.data = [int(one) for one in value or ()]

    def process_formdata(self, valuelist: list[Any]) -> None:
        ids = [str(one) for one in valuelist]
        self.data = [number for one in dict.fromkeys(ids) if (number := _id(one))]
        if len(self.data) < len(set(ids)):
            raise ValueError(_("Choose from the names that are found."))

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if self.written or self.is_looking:
            self._look()
        known = self._named(self.data)
        kept = [one for one in self.data if one in known or one in (self.object_data or ())]
        if len(kept) < len(self.data):
            self.data = kept
            raise StopValidation(_("Something you chose is not there any more. Look over what is left."))
        if len(self.data) > self.most:
            raise StopValidation(_("Choose at most %(most)s.", most=self.most))

    def _look(self) -> None:
        """Take the one thing that the search box means, or stop and show what it may mean."""
        asked = of_kind(self.kind)
        found = asked.find(self.written, actor()) if asked and self.written else ()
        self.found = [one for one in found if one.id not in self.data]
        if len(found) == 1:
            self.data = list(dict.fromkeys([*self.data, found[0].id]))
            self.written, self.found = "", ()
            if self.is_looking:
                raise StopValidation(_("%(name)s is added. Save to keep it.", name=found[0].title))
        elif self.found:
            self.written = ""  # it has done its work: the next sending is about what is checked
            raise StopValidation(_("Check those you mean, then save."))
        elif self.written and not found:
            raise StopValidation(_("Nothing is called “%(name)s”.", name=self.written))

    def _named(self, ids: Collection[int]) -> dict[int, Named]:
        asked = of_kind(self.kind)
        return asked.named(ids, actor()) if asked and ids else {}


def _id(written: str) -> int:
    return int(written) if written.isascii() and written.isdecimal() and int(written[:11]) <= LARGEST_ID else 0
