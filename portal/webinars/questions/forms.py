"""The form of a question that was asked, and its answer."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField

from portal.core import clock
from portal.core.fields import longest
from portal.core.forms import RevisionForm
from portal.webinars.models import Question, Webinar

TEXTS = ("question_da", "question_en", "answer_da", "answer_en")


class QuestionForm(RevisionForm):
    named_by = ("question_da", "question_en")
    nameless = _l("Write it in Danish or in English; the other language can follow.")

    question_da = StringField(_l("Question in Danish"), [longest(500)])
    question_en = StringField(_l("Question in English"), [longest(500)])
    answer_da = TextAreaField(_l("Answer in Danish"), [longest(10_000)])
    answer_en = TextAreaField(_l("Answer in English"), [longest(10_000)])

    @classmethod
    def of(cls, question: Question | None, _webinar: Webinar, **options: Any) -> "QuestionForm":
        return cls(obj=question, **options)

    def fill(self, question: Question) -> dict[str, tuple[Any, Any]]:
        """Write what was said into the question; returns what changed."""
        said = {name: self[name].data or "" for name in TEXTS}
        changes = {
            name: (before, text) for name, text in said.items() if (before := getattr(question, name) or "") != text
        }
        question.write(clock.now(), **said)
        return changes
