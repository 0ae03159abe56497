"""Every public page on the real data, in both languages: sound HTML that a screen reader can use, and no dead link."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from portal.core import clock, slugs
from portal.core.bilingual import LANGUAGES
from portal.core.permissions import VISITOR, Audience
from portal.overview import queries as overview
from tests.conftest import running
from tests.databases import Databases
from tests.make import Make
from tests.page import Page

PAGES = (
    "/",
    "/about",
    "/accessibility",
    "/privacy",
    "/municipalities",
    "/municipalities?sort=population",
    "/municipalities?indicator=electric-cars&region=region-oest",
    "/municipalities/figures",
    "/municipalities/method",
    "/municipalities/method/2026-1",
    "/municipalities/progress",
    "/municipalities/collaboration",
    "/municipalities/collaboration?theme=energy&municipality=aarhus",
    "/municipalities?indicator=stage-data",
    "/municipalities?indicator=dk2020",
    "/municipalities?indicator=population&period=2018",
    "/municipalities?region=alchemy",
    "/municipalities/vejle",
    "/municipalities/vejle/peers",
    "/municipalities/vejle/peers?area=0&region=3&growth=lots",
    "/municipalities/vejle/asked",
    "/municipalities/compare",
    "/municipalities/compare?m=vejle&m=kolding&m=aeroe&m=atlantis",
    "/municipalities/vejle/sheet",
    "/municipalities/data",
    "/partners",
    "/partners?view=map",
    "/partners?type=company&type=utility&country=DK&page=2",
    "/partners?type=alchemy",
    "/partners/dtu",
    "/partners/dtu/correct",
    "/partners/dtu/correct/thanks",
    "/partners/dtu/written",
    "/projects",
    "/projects?view=timeline",
    "/projects?view=map",
    "/projects?theme=energy&sort=newest",
    "/projects?theme=alchemy",
    "/projects?view=timeline&theme=alchemy",
    "/projects?view=map&theme=alchemy",
    "/projects/cities",
    "/projects/cities/updates/archive",
    "/projects/cities/correct",
    "/projects/cities/correct/thanks",
    "/news",
    "/news?theme=energy&page=2",
    "/news?theme=alchemy",
    "/news/ARTICLE",
    "/webinars",
    "/webinars?theme=alchemy",
    "/webinars/WEBINAR",
    "/webinars/series",
    "/webinars/series/ny-webinar-serie-danmark-og-usa-kan-laere-af-hinanden",
    "/newsletter",
    "/newsletter/asked",
    "/newsletter/ended",
    "/search",
    "/search?q=data+aarhus",
    "/search?q=energi&type=project&page=2",
    "/search?q=xqzzy",
)
# What people are shown about themselves is walked by the tests of their slices, signed in.
PERSONAL = ("accounts.", "workspace.", "staff.")
FILES = (
    ".export",
    ".feed",
    ".download",
    ".calendar",
    ".event",
    ".suggest",
    ".names",
    ".was",
    ".logo_file",
    ".pdf",
    ".slides_file",
    ".captions_file",
    ".write",
    "_by_link",
    "article_pictures.file",
    "reviewing.preview",
    "reviewing.review",
    "team.shared",
    "team.decline",
    "newsletter.confirm",
    "newsletter.mine",
    "newsletter.unsubscribe",
    "registration.mine",
    "registration.cancel",
    "registration.listed",
    "registration.entry",
    "registration.feedback",
    "registration.forget",
    "reply.show",
)
"""Endings of the endpoints that do not answer with a page of their own, or only to who was mailed a link."""
NOT_IN_THE_DATA = {"updates.show", "registration.register", "registration.registered"}
"""Pages of what only people write here; the tests of their slices walk them."""
PARTS = 8


@pytest.fixture(scope="module")
def read_only(databases: Databases) -> Iterator[Flask]:
    """The portal with the reference data, for the tests of this module to read."""
    settings = databases.new("reference")
    yield from running(settings)
    databases.drop(settings)


@pytest.fixture(scope="module")
def addresses(read_only: Flask) -> dict[str, list[str]]:
    """Endpoint → the address of each of its pages, without the language."""
    with read_only.app_context():
        found: dict[str, list[str]] = {}
        for endpoint, slug in overview.addresses(VISITOR):
            place = "webinars/series" if endpoint == "series.show" else endpoint.partition(".")[0]
            found.setdefault(endpoint, []).append(f"/{place}/{slug}")
        return found


def _filled_in(path: str, addresses: dict[str, list[str]]) -> str:
    """The path with the first article or webinar that there is: their slugs are those of the day's data."""
    for name, endpoint in (("/news/ARTICLE", "news.show"), ("/webinars/WEBINAR", "webinars.show")):
        path = addresses[endpoint][0] if path == name else path
    return path


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_sound(read_only: Flask, addresses: dict[str, list[str]], language: str, path: str) -> None:
    page = read_only.test_client().page(f"/{language}{_filled_in(path, addresses)}")
    assert f'<html lang="{language}"' in page.html
    assert _dead_links(read_only, addresses, page) == []


@pytest.mark.slow
@pytest.mark.sqlite_only  # the data is the same on both, and so is what is made of it
@pytest.mark.parametrize("part", range(PARTS))
def test_the_page_of_every_single_thing_is_sound(read_only: Flask, addresses: dict[str, list[str]], part: int) -> None:
    everything = [path for paths in addresses.values() for path in paths]
    client = read_only.test_client()
    for number, path in enumerate(everything):
        if number % PARTS == part:
            # The languages by turns: with eight parts, each kind of thing is read in both.
            page = client.page(f"/{LANGUAGES[number // PARTS % len(LANGUAGES)]}{path}")
            assert _dead_links(read_only, addresses, page) == [], path


@pytest.mark.sqlite_only
def test_no_kind_of_page_is_left_out(read_only: Flask, addresses: dict[str, list[str]]) -> None:
    match = read_only.url_map.bind("localhost").match
    walked = {match(f"/da{_filled_in(path, addresses).partition('?')[0]}")[0] for path in PAGES}
    public = {
        rule.endpoint
        for rule in read_only.url_map.iter_rules()
        if rule.rule.startswith("/<language:language>")
        and not rule.endpoint.endswith(FILES)
        and not rule.endpoint.startswith(PERSONAL)
        and read_only.view_functions[rule.endpoint].audience is Audience.EVERYONE
    }
    assert public == walked | NOT_IN_THE_DATA
    assert not walked & NOT_IN_THE_DATA


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_there_has_a_sound_page_too(client: Any, make: Make, language: str) -> None:
    with make.writing():
        for kind in ("municipality", "partner", "project", "article", "webinar"):
            slugs.withdrawn(kind, "taken-away", now=clock.now())
    for name in ("municipalities", "partners", "projects", "news", "webinars"):
        client.page(f"/{language}/{name}/nothing-of-the-kind", status=404)
        client.page(f"/{language}/{name}/taken-away", status=410)
        client.page(f"/{language}/{name}?page=9999", status=404)
    client.page(f"/{language}/nothing/here", status=404)


LISTS = (
    "/municipalities",
    "/partners",
    "/partners?view=map",
    "/projects",
    "/projects?view=timeline",
    "/projects?view=map",
    "/news",
    "/webinars",
    "/",
)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_costs_the_same_for_two_of_everything_as_for_forty(
    client: Any, make: Make, count_queries: Callable[[], Any], path: str
) -> None:
    def add(count: int) -> None:
        for _ in range(count):
            town = make.municipality()
            partner = make.partner(municipality_id=town.id)
            project = make.project(partners=[partner], themes=["energy"])
            make.article(partners=[partner], projects=[project], municipalities=[town], themes=["energy"])
            make.webinar(partners=[partner], projects=[project], themes=["energy"])

    def cost() -> int:
        with count_queries() as seen:
            assert client.get(f"/en{path}").status_code == 200
        return len(seen)

    add(2)
    with_two = cost()
    add(38)
    assert cost() == with_two


def _dead_links(app: Flask, addresses: dict[str, list[str]], page: Page) -> list[str]:
    """Links within the portal that lead nowhere."""
    things = {path for paths in addresses.values() for path in paths}
    routes = app.url_map.bind("localhost")
    dead = []
    for link in set(page.links):
        parts = urlsplit(link)
        if parts.scheme or parts.netloc or not parts.path:
            continue
        path = re.sub(r"^/(da|en)(?=/)", "", parts.path)
        is_thing = re.fullmatch(r"/(municipalities|partners|projects|news|webinars)/([^/.]+)(\.ics)?", path)
        is_thing = is_thing and is_thing[2] not in slugs.RESERVED
        if not routes.test(parts.path, "GET") or (is_thing and path.removesuffix(".ics") not in things):
            dead.append(link)
    return dead
