"""A webinar's draft: comments, links for those without an account and what these lead to, earlier versions."""

from flask.typing import ResponseReturnValue

from portal.core.permissions import VISITOR, audience
from portal.core.web import actor, pages
from portal.editorial.desk import DraftDesk
from portal.editorial.showing import Showing
from portal.webinars.editing import operations as editing
from portal.webinars.editing import queries as writing
from portal.webinars.editing.content import LEFT
from portal.webinars.editing.labels import FIELDS
from portal.webinars.reading import page_of
from portal.webinars.reviewing import queries
from portal.webinars.reviewing.wording import said
from portal.webinars.sections import render

bp = pages("webinar_reviewing", __name__, "/webinars")

DESK = DraftDesk(
    kind=editing.KIND,
    blueprint="webinar_reviewing",
    layout="webinars/section.html",
    address_part="slug",
    public="webinar_reviewing",
    find=lambda slug, action: writing.to_work_on(slug, actor(), action),
    render=render,
    bring_back_to=editing.bring_back,
    fields=FIELDS,
    lead="",
    body="abstract",
    left=LEFT,
    shares="webinar.share",
    settles="webinar.discuss",
    said=said,
)
DESK.enter(bp, "signed_in", "/<slug>")
SHOWING = Showing(
    kind=editing.KIND,
    blueprint="webinar_reviewing",
    home="webinars.show",
    templates="webinars/reviewing",
    behind=queries.behind,
    page_of=lambda webinar, _token: page_of(webinar, VISITOR),
)


@bp.get("/preview/<token>")
@audience("everyone")
def preview(token: str) -> ResponseReturnValue:
    return SHOWING.preview(token)


@bp.route("/review/<token>", methods=["GET", "POST"])
@audience("everyone")
def review(token: str) -> ResponseReturnValue:
    return SHOWING.review(token)
