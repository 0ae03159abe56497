"""What was asked at a webinar, and the answers."""

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from portal.core.partdesk import Words
from portal.core.permissions import audience
from portal.core.web import pages
from portal.webinars.models import Question
from portal.webinars.parts.desk import Desk
from portal.webinars.questions.forms import QuestionForm

bp = pages("questions", __name__, "/webinars")

DESK = Desk(
    Question,
    "question",
    QuestionForm.of,
    "webinars/questions/form.html",
    "questions.index",
    Words(_l("Add a question"), _l("Change the question"), _l("Delete the question?")),
    rule="webinar.record",
)


@bp.get("/<slug>/questions")
@audience("signed_in")
def index(slug: str) -> ResponseReturnValue:
    return DESK.index(slug)


DESK.serve(bp, "/<slug>/questions")
