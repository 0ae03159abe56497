"""An article's draft for those without an account, by a secret link."""

from flask.typing import ResponseReturnValue

from portal.core.permissions import VISITOR, audience
from portal.core.web import pages
from portal.editorial.showing import Showing
from portal.news.reading import page_of
from portal.news.reviewing import queries

bp = pages("reviewing", __name__, "/news")

SHOWING = Showing(
    kind="article",
    blueprint="reviewing",
    home="news.show",
    templates="news/reviewing",
    behind=queries.behind,
    page_of=lambda article, token: page_of(article, VISITOR, token),
)


@bp.get("/preview/<token>")
@audience("everyone")
def preview(token: str) -> ResponseReturnValue:
    return SHOWING.preview(token)


@bp.route("/review/<token>", methods=["GET", "POST"])
@audience("everyone")
def review(token: str) -> ResponseReturnValue:
    return SHOWING.review(token)
