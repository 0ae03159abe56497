"""The shape of what staff send a municipality, and of what it replies: a say to each of its cells."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Field, Form, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import Email, ValidationError

from portal.core.bilingual import text_of
from portal.core.fields import CheckboxesField, filled_in, longest, web_address
from portal.core.forms import PortalForm
from portal.core.texts import gettext as _
from portal.core.web import LANGUAGE_NAMES
from portal.progress.labels import STAGES
from portal.progress.models import Assessment
from portal.progress.reply.operations import LONGEST_REASON, MOST_ADDRESSES, Answer

YES, NO, LATER = "yes", "no", "later"
ANSWERS = (YES, _l("Yes, it is right")), (NO, _l("No, we disagree")), (LATER, _l("We answer later"))


def _addresses(form: Form, field: Field) -> None:
    """Web addresses, one a line."""
    lines = [line.strip() for line in str(field.data or "").splitlines() if line.strip()]
    if len(lines) > MOST_ADDRESSES:
        raise ValidationError(_("Write at most %(most)s.", most=MOST_ADDRESSES))
    for line in lines:
        one = type("Line", (), {"data": line})()
        web_address(form, one)
        if any(sign.isspace() for sign in one.data):
            raise ValidationError(_("Write one web address on each line."))
    field.data = "\n".join(lines)


class ReplyForm(PortalForm):
    """Made for what a link is about by `reply_form`: four controls for each cell that waits."""

    cells: Sequence[Assessment] = ()

    name = StringField(
        _l("Your name and title"),
        [filled_in(_l("Write who answers for the municipality.")), longest(200)],
        description=_l("Seen by the editors alone, and forgotten after a year."),
    )

    def of(self, cell: Assessment) -> dict[str, Field]:
        """The controls of a cell: answer, reason, stage, urls."""
        return {part: self[f"{part}_{cell.id}"] for part in ("answer", "reason", "stage", "urls")}

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        for cell in self.cells:
            controls = self.of(cell)
            if controls["answer"].data == NO and not controls["reason"].data:
                name = str(text_of(cell.dimension, "name"))
                controls["reason"].errors = [_("Write what is not right about %(name)s.", name=name)]
                is_valid = False
        if is_valid and not self.answers():
            self[f"answer_{self.cells[0].id}"].errors = [_("Answer at least one of them.")]
            return False
        return is_valid

    def answers(self) -> dict[int, Answer]:
        """Cell → what is said to it; those to be answered later are not among them."""
        said = {}
        for cell in self.cells:
            controls = self.of(cell)
            if controls["answer"].data == YES:
                said[cell.id] = Answer(is_confirmed=True)
            elif controls["answer"].data == NO:
                stage = controls["stage"].data
                said[cell.id] = Answer(
                    is_confirmed=False,
                    reason=controls["reason"].data,
                    stage=int(stage) if stage else None,
                    urls=str(controls["urls"].data or "").split(),
                )
        return said


def reply_form(cells: Sequence[Assessment]) -> ReplyForm:
    """The form for these cells."""
    controls: dict[str, Any] = {"cells": cells}
    for cell in cells:
        controls[f"answer_{cell.id}"] = RadioField(
            _l("Is this right?"),
            choices=[SelectChoice(*one) for one in ANSWERS],
            default=LATER,
        )
        controls[f"reason_{cell.id}"] = TextAreaField(
            _l("What is not right?"),
            [longest(LONGEST_REASON)],
            description=_l("In Danish or English. It is shown to everybody beside the stage."),
        )
        controls[f"stage_{cell.id}"] = SelectField(
            _l("Where you see yourselves"),
            choices=[
                SelectChoice("", _l("Not said")),
                *(SelectChoice(str(n), f"{n} {name}") for n, name in enumerate(STAGES)),
            ],
            default="",
        )
        controls[f"urls_{cell.id}"] = TextAreaField(
            _l("Where it can be checked"), [_addresses], description=_l("Web addresses, one on each line.")
        )
    return type("TheReplyForm", (ReplyForm,), controls)()


class SendForm(PortalForm):
    cells = CheckboxesField(_l("What is sent"), choices=[])
    email = EmailField(
        _l("E-mail"),
        [filled_in(_l("Write an e-mail address.")), Email(_l("This is not an e-mail address.")), longest(254)],
    )
    language = SelectField(
        _l("Language of the mail"), choices=[SelectChoice(*one) for one in LANGUAGE_NAMES.items()], default="da"
    )
    message = TextAreaField(
        _l("A few words from you"), [longest(2000)], description=_l("In the language of the mail. May be empty.")
    )

    def offer(self, cells: Iterable[tuple[int, str]]) -> None:
        """Offer what can be sent; all of it, unless the sender chooses."""
        self.cells.choices = [(str(number), name) for number, name in cells]
        if not self.is_submitted() and not self.was_kept:
            self.cells.data = [value for value, _name in self.cells.choices]

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        if not self.cells.data:
            self.cells.errors = [_("Choose at least one.")]
            return False
        return is_valid


class NoteForm(PortalForm):
    """What the editors answer a dispute, for everybody to read."""

    named_by = ("note_da", "note_en")
    nameless = _l("Write an answer in Danish or in English; the other language can follow.")

    note_da = TextAreaField(_l("Answer in Danish"), [longest(2000)])
    note_en = TextAreaField(_l("Answer in English"), [longest(2000)])
