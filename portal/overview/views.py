"""Pages that belong to no single slice: the front page, about, and what machines ask for first."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

from flask import (
    Blueprint,
    Response,
    current_app,
    get_template_attribute,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import bilingual, clock
from portal.core.bilingual import text_of
from portal.core.generations import remembered_for
from portal.core.listing import Choice
from portal.core.permissions import VISITOR, Actor, audience
from portal.core.templating import day, in_script, partial_date
from portal.core.web import absolute, actor, address, pages, path_for
from portal.municipalities import queries as municipalities
from portal.municipalities.maps.measure import of_stages, squares
from portal.news import queries as news
from portal.news.pictures import queries as news_pictures
from portal.overview import queries
from portal.partners.queries import called
from portal.progress import queries as progress
from portal.progress.whole import queries as whole
from portal.projects import queries as projects
from portal.projects import wording
from portal.webinars import queries as webinars

bp = pages("overview", __name__, "")
machine = Blueprint("machine", __name__)

SHOWN = 4
NAMES = 48
MAX_URLS = 50_000
EXPIRES_AFTER = timedelta(days=365)
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
OF_ALL = ("progress.method", "whole.index", "collaboration.index", "municipalities.figures", "open_data.index")
LISTS = ("municipalities.index", "partners.index", "projects.index", "news.index", "webinars.index")
TEXTS = ("overview.front", "overview.about", "overview.accessibility", "overview.privacy")


@machine.get("/")
@audience("everyone")
def root() -> ResponseReturnValue:
    language = request.accept_languages.best_match(bilingual.LANGUAGES) or bilingual.DEFAULT
    answer = make_response(redirect(url_for("overview.front", language=language)))
    answer.vary.add("Accept-Language")
    return answer


@bp.get("/")
@audience("everyone")
def front() -> ResponseReturnValue:
    reader = projects.reader_of(actor())
    said = remembered_for(reader, ("front page", bilingual.chosen()), lambda: _front(reader))
    return render_template("overview/front.html", **said)


def _front(reader: Actor) -> dict[str, Any]:
    """What the front page says, read with these eyes."""
    places = municipalities.tiles()
    told = whole.readings(clock.today())
    latest = news.latest(reader, SHOWN)
    pictures = news_pictures.firsts([one.id for one in latest])
    upcoming = webinars.upcoming(reader, SHOWN)
    return {
        "totals": queries.totals(reader),
        "readings": told,
        "progress": _progress(told, places) if told else None,
        "taking_part": len(projects.count_by_municipality(Choice(), reader)),
        "news": [
            {**_card(one, "news.show", _dated(one), "standfirst"), "picture": pictures.get(one.id)} for one in latest
        ],
        "is_coming": bool(upcoming),
        "webinars": [
            _card(one, "webinars.show", day(one.held_on) if one.held_on else _("date not reported"))
            for one in upcoming or webinars.recent(reader, SHOWN)
        ],
        "projects": [
            _card(one, "projects.show", wording.project_years(one.starts_on, one.ends_on), "summary")
            for one in projects.newest(reader, SHOWN)
        ],
        "wall": [(called(one), path_for("partners.show", slug=one.slug)) for one in queries.wall(reader, NAMES)],
        "jsonld": in_script(_site()),
    }


def _progress(told: Sequence[Any], places: Sequence[Any]) -> dict[str, Any]:
    """The map of the dimension of which most is known that is not out of date, in words and as finished markup."""
    best = max(told, key=lambda one: one.up_to_date)
    stages = of_stages(whole.at_end_of(best.dimension), progress.STAGE_NAMES, len(places))
    tiles = squares(places, stages, lambda place: path_for("municipalities.show", slug=place.slug))
    tile_map = get_template_attribute("components/map.html", "tile_map")
    return {"stages": stages, "map": tile_map(tiles, _("%(measure)s by municipality", measure=stages.name))}


def _card(one: Any, endpoint: str, meta: str, line: str = "") -> dict[str, Any]:
    """What `card` in components/rows.html says of something; `line` is the pair that stands below its title."""
    return {
        "title": text_of(one, "title"),
        "href": path_for(endpoint, slug=one.slug),
        "summary": text_of(one, line) if line else "",
        "meta": meta,
    }


def _dated(article: Any) -> str:
    dated = news.dated(article)
    return partial_date(dated) if dated else _("date not reported")


@bp.get("/about")
@audience("everyone")
def about() -> ResponseReturnValue:
    return render_template(
        "overview/about.html", totals=queries.totals(actor()), contact=current_app.config["PORTAL_MAIL_FROM"]
    )


@bp.get("/accessibility")
@audience("everyone")
def accessibility() -> ResponseReturnValue:
    return render_template("overview/accessibility.html")


@bp.get("/was")
@audience("everyone")
def was() -> ResponseReturnValue:
    return redirect(url_for(".accessibility"), 301)


@bp.get("/privacy")
@audience("everyone")
def privacy() -> ResponseReturnValue:
    return render_template("overview/privacy.html")


@machine.get("/robots.txt")
@audience("everyone")
def robots() -> ResponseReturnValue:
    # Results of searches are endless combinations of pages that are listed already.
    lines = [
        "User-agent: *",
        *(f"Disallow: /{language}/search" for language in bilingual.LANGUAGES),
        f"Sitemap: {absolute(url_for('.sitemap'))}",
    ]
    return _text("\n".join(lines) + "\n")


@machine.get("/.well-known/security.txt")
@audience("everyone")
def security() -> ResponseReturnValue:
    """RFC 9116. The reader is sent to the page that says how to reach us."""
    expires = clock.start_of(clock.today()) + EXPIRES_AFTER
    mail = current_app.config["PORTAL_MAIL_FROM"]
    lines = [
        f"Contact: mailto:{mail}" if mail else f"Contact: {address('overview.about', language='en')}#contact",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: da, en",
        f"Canonical: {absolute(url_for('.security'))}",
    ]
    return _text("\n".join(lines) + "\n")


@machine.get("/.well-known/change-password")
@audience("everyone")
def change_password() -> ResponseReturnValue:
    """Where password managers lead their owners (W3C, A Well-Known URL for Changing Passwords)."""
    return redirect(url_for("accounts.password"), 302)


@machine.get("/sitemap.xml")
@audience("everyone")
def sitemap() -> ResponseReturnValue:
    """Every public page with its two languages (sitemaps.org 0.9, at most 50,000 addresses)."""
    for prefix, namespace in (("", SITEMAP), ("xhtml", XHTML)):
        ElementTree.register_namespace(prefix, namespace)
    root_ = ElementTree.Element(f"{{{SITEMAP}}}urlset")
    for path in _paths()[: MAX_URLS // len(bilingual.LANGUAGES)]:
        for language in bilingual.LANGUAGES:
            url = ElementTree.SubElement(root_, f"{{{SITEMAP}}}url")
            ElementTree.SubElement(url, f"{{{SITEMAP}}}loc").text = absolute(f"/{language}{path}")
            for other in bilingual.LANGUAGES:
                link = {"rel": "alternate", "hreflang": other, "href": absolute(f"/{other}{path}")}
                ElementTree.SubElement(url, f"{{{XHTML}}}link", link)
    return _xml(root_, "application/xml")


@machine.get("/opensearch.xml")
@audience("everyone")
def opensearch() -> ResponseReturnValue:
    """OpenSearch 1.1, by which a browser learns to search here."""
    ElementTree.register_namespace("", OPENSEARCH)
    root_ = ElementTree.Element(f"{{{OPENSEARCH}}}OpenSearchDescription")
    for name, value in (
        ("ShortName", _("Smart Society")),
        ("Description", _("Partners, projects, municipalities, news and webinars of the smart society in Denmark")),
        ("InputEncoding", "UTF-8"),
    ):
        ElementTree.SubElement(root_, f"{{{OPENSEARCH}}}{name}").text = value
    for language in bilingual.LANGUAGES:
        template = f"{address('search.index', language=language)}?q={{searchTerms}}"
        ElementTree.SubElement(root_, f"{{{OPENSEARCH}}}Url", {"type": "text/html", "template": template})
        ElementTree.SubElement(root_, f"{{{OPENSEARCH}}}Language").text = language
    return _xml(root_, "application/opensearchdescription+xml")


def _paths() -> list[str]:
    """The address of every public page, without its language."""
    fixed = [url_for(endpoint, language="da") for endpoint in (*TEXTS, *LISTS, *OF_ALL)]
    things = [url_for(endpoint, language="da", slug=slug) for endpoint, slug in queries.addresses(VISITOR)]
    return [path.removeprefix("/da") for path in fixed + things]


def _site() -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": _("Smart Society"),
        "url": address("overview.front"),
        "inLanguage": bilingual.chosen(),
        "potentialAction": {
            "@type": "SearchAction",
            "target": f"{address('search.index')}?q={{search_term_string}}",
            "query-input": "required name=search_term_string",
        },
    }


def _text(body: str) -> Response:
    return Response(body, content_type="text/plain; charset=utf-8")


def _xml(root_: ElementTree.Element, kind: str) -> Response:
    body = ElementTree.tostring(root_, encoding="utf-8", xml_declaration=True)
    return Response(body, content_type=f"{kind}; charset=utf-8")
