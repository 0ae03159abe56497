"""The forms about a draft: who has it, what is said of it, who may read it."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Email, Length, Optional

from portal.core.bilingual import LANGUAGES, chosen
from portal.core.fields import filled_in, longest
from portal.core.forms import PortalForm
from portal.core.strangers import StrangerForm
from portal.core.web import LANGUAGE_NAMES
from portal.editorial.models import NAME_LENGTH
from portal.editorial.operations import LONGEST_COMMENT

_SAID = [filled_in(_l("Write what you want to say.")), longest(LONGEST_COMMENT)]


class CommentForm(PortalForm):
    body = TextAreaField(_l("Comment"), _SAID)


class ReviewForm(StrangerForm):
    """What a reader without an account says of a draft."""

    texts = ("body",)

    name = StringField(_l("Your name"), [filled_in(_l("Write your name.")), longest(NAME_LENGTH)])
    body = TextAreaField(_l("Comment"), _SAID)


class ReviewerForm(PortalForm):
    """Whom a draft is shown to."""

    name = StringField(_l("Name"), [filled_in(_l("Write whom it is for.")), longest(NAME_LENGTH)])
    email = EmailField(
        _l("E-mail"),
        [Optional(), Email(_l("This is not an e-mail address.")), Length(max=254)],
        description=_l("With an address the link is mailed; without, you send it yourself."),
    )
    language = RadioField(_l("Language of the mail"), default=chosen)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.language.choices = [(code, LANGUAGE_NAMES[code]) for code in LANGUAGES]


class AssignForm(PortalForm):
    assignee = SelectField(_l("Responsible"))

    def offer(self, people: list[tuple[int, str]], nobody: str) -> None:
        self.assignee.choices = [("", nobody), *((str(key), name) for key, name in people)]


class AnswerForm(PortalForm):
    """Why a proposal is returned or refused."""

    reason = TextAreaField(
        _l("What do you say to them?"),
        [filled_in(_l("Write why: it is mailed as it stands.")), longest(2000)],
        description=_l("It is mailed to whoever proposed it as it stands."),
    )


class StepForm(PortalForm):
    """A step that may want a reason."""

    reason = TextAreaField(_l("Why"), [longest(2000)])
    wants_reason = False

    def validate_reason(self, field: Any) -> None:
        if self.wants_reason:
            filled_in(_l("Say why, in a sentence: it stands in the history."))(self, field)
