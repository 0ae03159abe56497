"""What was asked at a webinar, and the answers."""

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from portal.core.permissions import audience
from portal.core.web import pages
from portal.webinars.models import Question
from portal.webinars.parts.desk import Desk
from portal.webinars.questions.forms import QuestionForm

bp = pages("questions", __name__, "/webinars")

QUESTION = "<int(max=2147483647):question_id>"
DESK = Desk(
    Question,
    "question",
    "webinar.record",
    QuestionForm.of,
    "questions",
    _l("Add a question"),
    _l("Change the question"),
    _l("Remove the question?"),
)


@bp.get("/<slug>/questions")
@audience("signed_in")
def index(slug: str) -> ResponseReturnValue:
    return DESK.index(slug)


@bp.route("/<slug>/questions/new", methods=["GET", "POST"])
@audience("signed_in")
def add(slug: str) -> ResponseReturnValue:
    return DESK.add(slug)


@bp.route(f"/<slug>/questions/{QUESTION}/edit", methods=["GET", "POST"])
@audience("signed_in")
def edit(slug: str, question_id: int) -> ResponseReturnValue:
    return DESK.edit(slug, question_id)


@bp.route(f"/<slug>/questions/{QUESTION}/delete", methods=["GET", "POST"])
@audience("signed_in")
def delete(slug: str, question_id: int) -> ResponseReturnValue:
    return DESK.delete(slug, question_id)


@bp.post(f"/<slug>/questions/{QUESTION}/move-<any(up, down):way>")
@audience("signed_in")
def move(slug: str, question_id: int, way: str) -> ResponseReturnValue:
    return DESK.move(slug, question_id, up=way == "up")
