"""All that an article's page shows, for its readers and for those who read it before it is out."""

from typing import Any

from portal.core import clock
from portal.core.permissions import Actor
from portal.core.web import host_of, path_for
from portal.municipalities.labels import retrieved
from portal.news import metadata, queries
from portal.news.models import Article
from portal.news.permissions import READERS, is_public
from portal.news.pictures import queries as pictures
from portal.news.pictures.showing import enclosed

RELATED = 6


def page_of(article: Article, actor: Actor, token: str = "") -> dict[str, Any]:
    """The values of `news/show.html`, as the actor may see what the article is linked with.

    `token` is that of the link by which somebody reads a draft.
    """
    partners = queries.partners_of(article.id, actor)
    shown = pictures.of_article(article.id)
    return {
        "article": article,
        "partners": partners,
        "projects": queries.projects_of(article.id, actor),
        "municipalities": queries.municipalities_of(article.id),
        "more": queries.on_theme(article, actor, limit=RELATED),
        "host": host_of(article.origin_url),
        "dated": queries.dated,
        "retrieved": retrieved(article.retrieved),
        "jsonld": metadata.jsonld(article, partners, shown),
        "pictures": shown,
        "token": token,
        "image": enclosed(shown[0]) if shown else None,
        "is_out": is_public(article, clock.now()),
        "desk_url": path_for("newsroom.show", article_id=article.id) if actor.has(*READERS) else "",
    }
