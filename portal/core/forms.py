"""What every form does: cleans what was typed, keeps it when it cannot be taken, is taken once, meets other editors.

A form knows the shape of input and hands over a named bundle; it neither queries nor fills models.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import ImmutableMultiDict
from wtforms import Field, HiddenField, PasswordField, StringField, TextAreaField

from portal.core import kept
from portal.core.bilingual import LANGUAGES, Language, TextState, other
from portal.core.db import db, transaction
from portal.core.errors import Resent
from portal.core.submissions import Submission, remember, taken
from portal.core.texts import gettext as _

# What no person types and no database of ours may hold; line ends and tabs are text.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

_LINES = re.compile(r"\s*[\n\r\x85\u2028\u2029]\s*")

OURS = frozenset({"csrf_token", "once", "version", "base"})
"""Fields of every form that nobody types."""

CHOICE, THEIRS = "choice-", "theirs"
"""How the page that shows two people's texts sends which of them stays."""


def cleaned(text: Any) -> Any:
    """Text without control characters and without space around it; anything else as it is."""
    return _CONTROL.sub("", text).replace("\r\n", "\n").strip() if isinstance(text, str) else text


def in_one_line(text: Any) -> Any:
    """The text of a control that has one line; what was sent by hand may have more, and would break mails' subjects."""
    return _LINES.sub(" ", text) if isinstance(text, str) else text


def _new_key() -> str:
    return secrets.token_urlsafe(16)


class PortalForm(FlaskForm):
    """The base of every form. What a reader typed before a session ended is in it again (`was_kept`)."""

    once = HiddenField(default=_new_key)

    named_by: Sequence[str] = ()
    """The fields that hold the thing's name in both languages: one of them must be filled in."""
    nameless: Any = _l("Write a title in Danish or in English; the other language can follow.")

    class Meta(FlaskForm.Meta):
        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            """Clean every text but passwords, which may begin with a space."""
            kind = unbound_field.field_class
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                lines = () if issubclass(kind, TextAreaField) else (in_one_line,)
                options = {**options, "filters": [cleaned, *lines, *unbound_field.kwargs.get("filters", ())]}
            return unbound_field.bind(form=form, **options)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.was_kept = False
        if not arguments and options.get("formdata") is None and request.method == "GET":
            found = kept.asked_for()
            if found is not None and self._takes(found, is_main="formdata" not in options):
                self.was_kept = True
                options["formdata"] = ImmutableMultiDict(found)
        super().__init__(*arguments, **options)

    def _takes(self, found: kept.Fields, *, is_main: bool) -> bool:
        """Whether what was kept is this form's: the page's own, or the one beside it that has exactly its fields."""
        names = {name for name, _value in found}
        if kept.SENT_TO not in names:
            return is_main
        return names <= {kept.SENT_TO, *(name for name, _field in self._unbound_fields)}

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        if self.named_by and not any(self[name].data for name in self.named_by):
            self[self.named_by[0]].errors = [str(self.nameless)]
            return False
        return is_valid

    @property
    def content(self) -> list[Field]:
        """The fields that hold what a person says, in order."""
        return [field for field in self if not isinstance(field, HiddenField) and field.type != "CSRFTokenField"]


def submit_once(form: PortalForm, act: Callable[[], str], said: str = "") -> ResponseReturnValue:
    """Run `act` in a transaction and go to the address it returns, where `said` is shown.

    The same form sent again (a double click, the back button) goes to the same address and does nothing. `Resent`
    where something else stands in it by then: that is not done, and not lost.
    """
    once = str(form.once.data or "")
    key, content = _key_of(once), _content_of(once)
    place = ""
    try:
        with transaction():
            known = taken(key)
            if known is None:
                remember(key, "", content)
                place = act()
                remember(key, place)
                kept.forget(request.path)
    except IntegrityError:
        # Two at the same moment: the other one has acted, and waits for nothing of ours.
        known = taken(key)
        if known is None:
            raise
    if known is not None:
        if known.content != content:
            raise Resent(known.place)
        place = known.place
    if said:
        flash(said, "success")
    return redirect(place, 303)


def answered(form: PortalForm) -> ResponseReturnValue | None:
    """Where this very form led, if it was taken already.

    To be asked first where the second of two clicks would be taken for something else. One that can no longer be
    taken, because what it deletes is gone or the number it gives is in use, is answered so without being asked for.
    """
    known = taken(_key_of(str(form.once.data or ""))) if form.is_submitted() else None
    return redirect(known.place, 303) if known else None


def sent_before() -> ResponseReturnValue | None:
    """Where the form being sent led when exactly this was sent before."""
    once = request.form.get("once", "")
    known: Submission | None = taken(_key_of(once))
    return redirect(known.place, 303) if known and known.place and known.content == _content_of(once) else None


REFUSED = frozenset({404, 409, 410, 422})


def install(app: Flask) -> None:
    """Answer the second of two clicks as the first, wherever a page can no longer take it."""
    app.after_request(_answer_again)


def _answer_again(response: Response) -> Response:
    if request.method != "POST" or response.status_code not in REFUSED or not request.form.get("once"):
        return response
    again = sent_before()
    return current_app.make_response(again) if again else response


def _key_of(once: str) -> str:
    """What a form is remembered by: its key and its address, for a page may hold many buttons with one key."""
    return hashlib.sha256(f"{once} {request.path}".encode()).hexdigest() if once else ""


def _content_of(once: str) -> str:
    """A digest of what is being sent; nobody can try words against it who has not the form's key."""
    sent = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    files = [(name, file.filename) for name, file in request.files.items(multi=True)]
    return hashlib.sha256(json.dumps([once, sorted(sent), files]).encode()).hexdigest()


@dataclass(frozen=True)
class Difference:
    """A field that two people changed: what stands there now and what this one wrote."""

    field: Field
    theirs: Any
    mine: Any


class RevisionForm(PortalForm):
    """A form that changes what somebody else may be changing at the same time.

    `base` remembers a digest of each field as it was when the page was made: a field that only one of the two
    changed is no conflict (a three-way merge, field by field).
    """

    version = HiddenField()
    base = HiddenField()

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # Also while a form is being sent: the form of the thing as it is now says what the next sending rests on.
        is_blank = "formdata" in options and options["formdata"] is None
        if (is_blank or not self.is_submitted()) and not self.was_kept:
            self.base.data = json.dumps({field.short_name: _digest(field.data) for field in self.content})
            subject = options.get("obj")
            if subject is not None:
                self.version.data = str(subject.version)

    def settle(self, current: "RevisionForm") -> None:
        """Take over what stands there now wherever the reader of the page that showed both chose it."""
        for mine, theirs in zip(self.content, current.content, strict=True):
            if request.form.get(f"{CHOICE}{mine.short_name}") == THEIRS:
                mine.data = theirs.data
                mine.raw_data = None

    def meet(self, current: "RevisionForm") -> list[Difference]:
        """Take over what only others changed since the page was made; return what both changed.

        `current` is the same form filled from the thing as it is now.
        """
        if self.version.data == current.version.data:
            return []
        try:
            base = dict(json.loads(self.base.data or "{}"))
        except (ValueError, TypeError, RecursionError):
            base = {}
        differences = []
        for mine, theirs in zip(self.content, current.content, strict=True):
            before = base.get(mine.short_name)
            if _digest(mine.data) == _digest(theirs.data) or _digest(theirs.data) == before:
                continue
            if _digest(mine.data) == before:
                mine.data = theirs.data
                mine.raw_data = None
            else:
                differences.append(Difference(mine, theirs.data, mine.data))
        return differences

    def rebase(self, current: "RevisionForm") -> None:
        """Let the next submission of this form count from the thing as it is now."""
        self.version.data, self.base.data = current.version.data, current.base.data
        self.once.data = _new_key()


def _digest(value: Any) -> str:
    if isinstance(value, (list, tuple, set, frozenset)):
        value = [str(one) for one in value]
    return hashlib.sha256(json.dumps(value, default=str).encode()).hexdigest()[:12]


def revise_once(
    form: RevisionForm, now: Callable[[], RevisionForm], act: Callable[[], str], **page: Any
) -> ResponseReturnValue:
    """`submit_once` for a thing that others may be changing at the same time.

    `now` is the same form, filled from the thing as it is when called. What both changed becomes a page (409) that
    shows both texts and lets the reader choose; `page` gives it its `heading` and `cancel`, the way out.
    """
    current = now()
    form.settle(current)
    differences = form.meet(current)
    if not differences:
        try:
            return submit_once(form, act)
        except StaleDataError:  # between our reading and our writing
            db.session.expire_all()
            current = now()
            differences = form.meet(current)
    form.rebase(current)
    for one in differences:
        one.field.raw_data = None
    return render_template("layouts/conflict.html", form=form, differences=differences, **page), 409


def sent_values(field: Field) -> list[str]:
    """What a browser would send of a field, to carry it along unseen."""
    if isinstance(field.data, (list, tuple, set, frozenset)):
        return [str(one) for one in field.data]
    if isinstance(field.data, bool):
        return ["y"] if field.data else []
    written = getattr(field, "_value", None)  # WTForms' own name for what a text control shows
    return [str(written() if written else field.data)]


def in_words(field: Field, value: Any) -> str:
    """A field's value as a reader knows it: by the labels of its choices, where it has some."""
    if named := getattr(field, "in_words", None):
        return str(named(value))
    choices = {str(key): str(name) for key, name, *_more in getattr(field, "choices", None) or ()}
    values = value if isinstance(value, (list, tuple)) else [value]
    return ", ".join(choices.get(str(one), str(one)) for one in values if one not in (None, ""))


def typed(fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """What of a submitted form may be kept: no secrets, no keys of ours."""
    return [(name, value) for name, value in fields if not _is_secret(name)]


def _is_secret(name: str) -> bool:
    return name == "csrf_token" or any(word in name for word in ("password", "code", "token"))


def wants_preview() -> bool:
    """Whether the form was sent by its button "Preview": to be looked at, not to be saved."""
    return request.method == "POST" and "preview" in request.form


def text_states(thing: Any) -> dict[str, str]:
    """What is said above each language of a thing's texts: that it is missing or has fallen behind."""
    if thing is None or not hasattr(thing, "text_state"):
        return {}
    said = {
        TextState.MISSING: _("Not written yet"),
        TextState.STALE: _("The other language was revised later"),
        TextState.CURRENT: _("Up to date"),
    }
    half = _("Not all of it is written yet")
    return {
        language: half if _is_half_written(thing, language) else said[thing.text_state(language)]
        for language in LANGUAGES
    }


def _is_half_written(thing: Any, language: Language) -> bool:
    """Whether some of a language's texts are there and others are in the other language alone."""
    mine = [bool(getattr(thing, f"{pair}_{language}")) for pair in thing.pairs]
    theirs = [bool(getattr(thing, f"{pair}_{other(language)}")) for pair in thing.pairs]
    return any(mine) and any(there and not here for here, there in zip(mine, theirs, strict=True))
