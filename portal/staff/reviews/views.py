"""What goes on about an article at the desk: comments, links for those without an account, earlier versions."""

from typing import Any

from portal.core.permissions import require
from portal.core.web import actor, pages
from portal.editorial.desk import DraftDesk
from portal.news.editing import operations as editing
from portal.news.editing import queries as writing
from portal.news.editing.labels import FIELDS
from portal.news.editing.wording import said
from portal.news.models import Article
from portal.staff import desk

bp = pages("reviews", __name__, "/staff/news/<int:article_id>")


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
DESK.enter(bp, "staff")
