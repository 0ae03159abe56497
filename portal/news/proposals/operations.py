"""A member's proposal of an article: handed in, taken back, taken by the desk, returned, or refused."""

from portal.accounts.notices.telling import Place, register
from portal.core.web import address
from portal.editorial.proposals import Proposals
from portal.news.models import Article, State
from portal.news.publishing import rules
from portal.news.publishing.operations import note

_ARTICLES = Proposals(
    kind="article",
    model=Article,
    states=State,
    missing=lambda article, now: rules.missing(article, State.IN_REVIEW, now),
    note=note,
    address=lambda article, language: address("proposals.show", article_id=article.id, language=language),
    place=lambda article: Place("newsroom.show", {"article_id": article.id}),
)
register("article", _ARTICLES.tell)
submit, take_back = _ARTICLES.submit, _ARTICLES.take_back
take, give_back, refuse = _ARTICLES.take, _ARTICLES.give_back, _ARTICLES.refuse
