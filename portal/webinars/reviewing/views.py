"""A webinar's draft: comments, links for those without an account and what these lead to, earlier versions."""

from flask.typing import ResponseReturnValue

from portal.core.permissions import VISITOR, audience
from portal.core.web import actor, pages
from portal.editorial.desk import COMMENT, LINK, VERSION, DraftDesk
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


@bp.route("/<slug>/talk", methods=["GET", "POST"])
@audience("signed_in")
def talk(slug: str) -> ResponseReturnValue:
    return DESK.talk(slug)


@bp.post(f"/<slug>/talk/{COMMENT}/<any(settle, reopen):what>")
@audience("signed_in")
def settle(slug: str, comment_id: int, what: str) -> ResponseReturnValue:
    return DESK.settle(slug, comment_id, what)


@bp.route("/<slug>/readers", methods=["GET", "POST"])
@audience("signed_in")
def readers(slug: str) -> ResponseReturnValue:
    return DESK.readers(slug)


@bp.post("/<slug>/readers/preview")
@audience("signed_in")
def make_preview(slug: str) -> ResponseReturnValue:
    return DESK.make_preview(slug)


@bp.post(f"/<slug>/readers/{LINK}/revoke")
@audience("signed_in")
def revoke(slug: str, link_id: int) -> ResponseReturnValue:
    return DESK.revoke(slug, link_id)


@bp.get("/<slug>/versions")
@audience("signed_in")
def versions(slug: str) -> ResponseReturnValue:
    return DESK.versions(slug)


@bp.get(f"/<slug>/versions/{VERSION}")
@audience("signed_in")
def version(slug: str, number: int) -> ResponseReturnValue:
    return DESK.version(slug, number)


@bp.post(f"/<slug>/versions/{VERSION}/bring-back")
@audience("signed_in")
def bring_back(slug: str, number: int) -> ResponseReturnValue:
    return DESK.bring_back(slug, number)
