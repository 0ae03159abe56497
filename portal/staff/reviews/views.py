"""What goes on about an article at the desk: comments, links for those without an account, earlier versions."""

from typing import Any

from flask.typing import ResponseReturnValue

from portal.core.permissions import audience, require
from portal.core.web import actor, pages
from portal.editorial.desk import COMMENT, LINK, VERSION, DraftDesk
from portal.news.editing import operations as editing
from portal.news.editing import queries as writing
from portal.news.editing.labels import FIELDS
from portal.news.editing.wording import said
from portal.news.models import Article
from portal.staff import desk

bp = pages("reviews", __name__, "/staff/news/<int(max=2147483647):article_id>")


def _article(article_id: int, action: str) -> Article:
    require(actor(), "staff.read", None)
    return writing.to_work_on(article_id, actor(), action)


def _render(template: str, article: Article, **values: Any) -> str:
    return desk.render(template, article=article, **values)


DESK = DraftDesk(
    kind=editing.KIND,
    blueprint="reviews",
    layout="staff/reviews/section.html",
    address_part="article_id",
    public="reviewing",
    find=_article,
    render=_render,
    bring_back_to=editing.bring_back,
    fields=FIELDS,
    lead="standfirst",
    body="body",
    left=editing.LEFT,
    shares="article.publish",
    settles="article.discuss",
    said=said,
)


@bp.route("/talk", methods=["GET", "POST"])
@audience("staff")
def talk(article_id: int) -> ResponseReturnValue:
    return DESK.talk(article_id)


@bp.post(f"/talk/{COMMENT}/<any(settle, reopen):what>")
@audience("staff")
def settle(article_id: int, comment_id: int, what: str) -> ResponseReturnValue:
    return DESK.settle(article_id, comment_id, what)


@bp.route("/readers", methods=["GET", "POST"])
@audience("staff")
def readers(article_id: int) -> ResponseReturnValue:
    return DESK.readers(article_id)


@bp.post("/readers/preview")
@audience("staff")
def make_preview(article_id: int) -> ResponseReturnValue:
    return DESK.make_preview(article_id)


@bp.post(f"/readers/{LINK}/revoke")
@audience("staff")
def revoke(article_id: int, link_id: int) -> ResponseReturnValue:
    return DESK.revoke(article_id, link_id)


@bp.get("/versions")
@audience("staff")
def versions(article_id: int) -> ResponseReturnValue:
    return DESK.versions(article_id)


@bp.get(f"/versions/{VERSION}")
@audience("staff")
def version(article_id: int, number: int) -> ResponseReturnValue:
    return DESK.version(article_id, number)


@bp.post(f"/versions/{VERSION}/bring-back")
@audience("staff")
def bring_back(article_id: int, number: int) -> ResponseReturnValue:
    return DESK.bring_back(article_id, number)
