"""The interface for programs: every resource as a list, one by one, as a table and as linked data."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, json, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.api import catalogue, finding, formats, openapi
from portal.api.directory import PARTNERS
from portal.api.events import WEBINARS
from portal.api.judgements import ASSESSMENTS
from portal.api.openapi import MOST_PER_PAGE, PER_PAGE
from portal.api.pace import Pace
from portal.api.portfolio import PROJECTS
from portal.api.registers import INDICATORS, MUNICIPALITIES, OBSERVATIONS
from portal.api.resources import Resource
from portal.api.stories import ARTICLES
from portal.core import bilingual, generations, paging
from portal.core.bilingual import LANGUAGES
from portal.core.db import AnySelect, read
from portal.core.errors import Invalid, Moved, NotFound
from portal.core.listing import MAX_VALUES, Choice, order_of
from portal.core.permissions import audience
from portal.core.web import absolute, came_from, pages, revalidated
from portal.search import queries

bp = Blueprint("api", __name__)
open_data = pages("open_data", __name__, "/municipalities/data")

RESOURCES = (PARTNERS, PROJECTS, ARTICLES, WEBINARS, MUNICIPALITIES, INDICATORS, OBSERVATIONS, ASSESSMENTS)
PAGING = ("lang", "page", "per_page")
EXAMPLES = (
    "/projects?theme=energy&theme=heat&lang=en",
    "/webinars?state=upcoming",
    "/search?q=fjernvarme&type=project&lang=da",
    "/observations?indicator=co2e_per_capita&municipality=0630",
)
LD_JSON = "application/ld+json"


@bp.before_request
def _not_too_often() -> None:
    pace: Pace = current_app.extensions.setdefault("api pace", Pace())
    pace.check(came_from())


@bp.after_request
def _for_every_site(answer: Response) -> Response:
    """Pages of other sites may read what everybody may: an answer is the same whoever asks, and needs no cookie."""
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After"
    return answer


def _list(resource: Resource) -> ResponseReturnValue:
    language = _language()
    statement = _narrowed(resource, PAGING)
    number, size = _number("page", 1, 1_000_000), _number("per_page", PER_PAGE, MOST_PER_PAGE)
    part = paging.read(statement, number, size)
    return _json(
        {
            "items": formats.items(resource, part.rows, language),
            "total": part.total,
            "page": number,
            "per_page": size,
            "next": _next(number) if number < part.pages else None,
        }
    )


def _next(number: int) -> str:
    """The address of the page behind the one with this number."""
    given = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    return f"{absolute(request.path)}?{urlencode([*given, ('page', number + 1)])}"


def _one(resource: Resource, key: str) -> ResponseReturnValue:
    _expect_words(("lang",))
    language = _language()
    row = read(resource.rows().where(resource.by_key(key))).first()
    if row is not None:
        return _json(formats.items(resource, [row], language)[0])
    missing = resource.missing(key) if resource.missing else NotFound(resource.name, key)
    if not isinstance(missing, Moved):
        raise missing
    asked = f"?{urlencode(list(request.args.items()))}" if request.args else ""
    return redirect(f"{formats.where(resource, missing.slug)}{asked}", 301)


def _table(resource: Resource) -> ResponseReturnValue:
    body = formats.table(resource, read(_narrowed(resource, ())))
    response = Response(body, content_type="text/csv; charset=utf-8; header=present")
    described = formats.where(resource, ending=".csv-metadata.json")
    response.headers["Link"] = f'<{described}>; rel="describedby"; type="application/csvm+json"'
    response.headers["Content-Disposition"] = f'attachment; filename="{resource.name}.csv"'
    return response


def _described(resource: Resource) -> ResponseReturnValue:
    return _json(formats.described(resource), "application/csvm+json")


def _linked(resource: Resource) -> ResponseReturnValue:
    return _json(formats.linked(resource, read(_narrowed(resource, ())).all()), LD_JSON)


def _enter(resource: Resource) -> None:
    """Hang the addresses of a resource on the blueprint."""
    answers: dict[str, Callable[..., ResponseReturnValue]] = {
        "": _list,
        "/<path:key>": _one,
        ".csv": _table,
        ".csv-metadata.json": _described,
        ".jsonld": _linked,
    }
    for ending, answer in answers.items():

        def view(answer: Callable[..., ResponseReturnValue] = answer, **given: Any) -> ResponseReturnValue:
            return answer(resource, **given)

        name = f"{resource.name}{answer.__name__}"
        bp.add_url_rule(f"{formats.ROOT}/{resource.name}{ending}", name, audience("everyone")(view))


for _resource in RESOURCES:
    _enter(_resource)


@bp.get(f"{formats.ROOT}/search")
@audience("everyone")
def search() -> ResponseReturnValue:
    """What the search of the pages finds."""
    _expect_words(("q", "sort", *PAGING, *finding.WORDS), several=tuple(finding.WORDS))
    _language()
    number, size = _number("page", 1, 1_000_000), _number("per_page", PER_PAGE, MOST_PER_PAGE)
    asked = {name: values for name in finding.WORDS if (values := _values(name))}
    found = queries.search(
        request.args.get("q", ""), finding.filters(asked), page=number, per_page=size, sort=_sort(finding.ORDERS)
    )
    if number > found.pages:
        raise NotFound("page", number)
    told = finding.results(found, RESOURCES, _next(number) if number < found.pages else None)
    return revalidated(_json(told), same=json.dumps({**told, "took_ms": 0}))


@bp.get(f"{formats.ROOT}/search/suggest")
@audience("everyone")
def suggest() -> ResponseReturnValue:
    """Things whose names begin like what is typed."""
    _expect_words(("q", "lang"))
    _language()
    return revalidated(_json(finding.suggestions(request.args.get("q", ""), RESOURCES)))


@bp.get(f"{formats.ROOT}/openapi.json")
@audience("everyone")
def described() -> ResponseReturnValue:
    return _json(openapi.document(RESOURCES))


@bp.get(formats.ROOT)
@bp.get(f"{formats.ROOT}/docs")
@audience("everyone")
def docs() -> ResponseReturnValue:
    language = request.accept_languages.best_match(LANGUAGES) or "en"
    answer = redirect(url_for("open_data.index", language=language))
    answer.headers["Vary"] = "Accept-Language"
    return answer


@bp.get("/catalog.<any(ttl, jsonld, rdf):ending>")
@audience("everyone")
def catalog(ending: str) -> ResponseReturnValue:
    """The open data of the portal (DCAT-AP 3)."""
    body = generations.remembered(("catalogue", ending), lambda: catalogue.written(RESOURCES, ending))
    return Response(body, content_type=catalogue.KINDS[ending])


@open_data.get("")
@audience("everyone")
def index() -> ResponseReturnValue:
    return render_template(
        "api/data.html",
        resources=RESOURCES,
        root=formats.ROOT,
        where=formats.where,
        jsonld=catalogue.jsonld(RESOURCES),
        search_words=("q", *finding.WORDS, "sort"),
        examples=EXAMPLES,
    )


def _narrowed(resource: Resource, also: Sequence[str]) -> AnySelect:
    """The rows as the address narrows them down, in the order it asks for."""
    names = [one.name for one in resource.filters]
    orders = resource.orders
    _expect_words((*also, *names, *(["sort"] if orders else [])), several=names)
    statement = resource.rows()
    for one in resource.filters:
        if values := _values(one.name):
            statement = statement.where(one.condition(values))
    if resource.plan is None:
        return statement
    return statement.order_by(*order_of(resource.plan(), Choice(sort=_sort(orders))))


def _sort(orders: Sequence[str]) -> str:
    """The order asked for, or the first."""
    sort = request.args.get("sort", "")
    if sort and sort not in orders:
        raise Invalid("sort", f"is not one of {', '.join(orders)}")
    return sort or next(iter(orders), "")


def _values(name: str) -> Sequence[str]:
    """The values of a filter that stand in the address."""
    values = [value for value in request.args.getlist(name) if value]
    if len(values) > MAX_VALUES:
        raise Invalid(name, f"has more than {MAX_VALUES} values")
    if any("\x00" in value for value in values):
        raise Invalid(name, "holds a null character")
    return values


def _expect_words(known: Sequence[str], several: Sequence[str] = ()) -> None:
    """A misspelled filter would give out everything: it is refused."""
    if unknown := sorted(set(request.args) - set(known)):
        raise Invalid(unknown[0], f"is no word of this address; there are: {', '.join(sorted(known)) or 'none'}")
    if twice := [name for name in request.args if name not in several and len(request.args.getlist(name)) > 1]:
        raise Invalid(twice[0], "is there twice")


def _language() -> str:
    """The one language asked for, which is also that of the pages that are named; empty for both."""
    asked = request.args.get("lang", "")
    if asked and asked not in LANGUAGES:
        raise Invalid("lang", f"is not one of {', '.join(LANGUAGES)}")
    if asked:
        bilingual.choose(asked)
    return asked


def _number(name: str, default: int, most: int) -> int:
    given = request.args.get(name, str(default))
    if not (given.isascii() and given.isdecimal() and len(given) < 8 and 0 < int(given) <= most):
        raise Invalid(name, f"is not a whole number from 1 to {most}")
    return int(given)


def _json(told: Any, kind: str = "application/json") -> Response:
    return Response(json.dumps(told, ensure_ascii=False), content_type=kind)
