"""An article as machines read it: schema.org for search engines, an entry for feeds."""

from collections.abc import Sequence
from typing import Any

from portal.core import bilingual, clock, syndication
from portal.core.dates import Precision
from portal.core.labels import label
from portal.core.richtext import markdown
from portal.core.syndication import Category, Entry, Image
from portal.core.web import absolute, address, host_of
from portal.news.models import Article
from portal.news.pictures.showing import Enclosed, enclosed


def jsonld(article: Article, partners: Sequence[Any], pictures: Sequence[Any] = ()) -> dict[str, Any]:
    """A `NewsArticle` (schema.org); its date is as exact as we know it."""
    title = article.text("title")
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": address("news.show", slug=article.slug),
        "url": address("news.show", slug=article.slug),
        "headline": str(title),
        "description": str(article.text("standfirst")),
        "inLanguage": title.language,
        "datePublished": str(article.dated or ""),
        "dateModified": article.updated_at.astimezone(clock.COPENHAGEN).isoformat(),
        "expires": article.expire_at.astimezone(clock.COPENHAGEN).isoformat() if article.expire_at else "",
        "author": [{"@type": "Organization", "name": name} for name in authors_of(article)],
        "image": [_image(enclosed(row)) for row in pictures],
        "isBasedOn": article.origin_url,
        "keywords": [tie.theme.value for tie in article.themes],
        "mentions": [
            {"@type": "Organization", "name": partner.name, "url": address("partners.show", slug=partner.slug)}
            for partner in partners
        ],
        "correction": str(article.text("correction")),
    }
    return {name: value for name, value in facts.items() if value}


def authors_of(article: Article) -> list[str]:
    """Who wrote it: the partner, or else the site that the excerpt comes from."""
    if article.author:
        return [article.author.called()]
    return [host_of(article.origin_url)] if host_of(article.origin_url) else []


def _image(picture: Enclosed) -> dict[str, Any]:
    facts = {
        "@type": "ImageObject",
        "url": picture.url,
        "width": picture.width,
        "height": picture.height,
        "caption": picture.caption or picture.alt,
        "creditText": picture.credit,
    }
    return {name: value for name, value in facts.items() if value}


def entry(article: Article, picture: Any = None) -> Entry:
    """The article as an entry of a feed in the page's language."""
    title, body = article.text("title"), article.text("body")
    dates = [moment for moment in (article.updated_at, article.publish_at) if moment]
    is_exact = article.dated_precision is Precision.DAY
    return Entry(
        id=syndication.tag_id(absolute(""), bilingual.chosen(), "article", article.id),
        url=address("news.show", slug=article.slug),
        title=str(title),
        language=title.language,
        # An embargo ends later than the last change: for a reader of feeds that is when it is new.
        updated=max(dates),
        published=article.publish_at if is_exact else None,
        summary=str(article.text("standfirst")),
        html=_with_full_addresses(str(markdown(str(body)))) if body and body.language == title.language else "",
        source_url=article.origin_url,
        authors=authors_of(article),
        categories=[Category(tie.theme.value, label(tie.theme)) for tie in article.themes],
        image=_enclosure(enclosed(picture)) if picture is not None else None,
    )


def _enclosure(picture: Enclosed) -> Image:
    return Image(url=picture.url, media_type=picture.media_type, width=picture.width, height=picture.height)


def _with_full_addresses(html: str) -> str:
    """Links within the site, as they work from anywhere. Safe on our own cleaned HTML only."""
    return html.replace('href="/', f'href="{absolute("/")}')
