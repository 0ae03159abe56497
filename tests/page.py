"""A client that proves of each page it fetches that it is sound HTML a screen reader can use."""

import re
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

XHTML = "{http://www.w3.org/1999/xhtml}"
CONTROLS = ("input", "select", "textarea")


class Page:
    """A fetched page: its parsed tree, its text, and questions tests ask."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.html = response.get_data(as_text=True)
        parser = html5lib.HTMLParser(strict=False)
        self.tree = parser.parse(self.html)
        self.errors = [(line, code, data) for (line, _column), code, data in parser.errors]

    def all(self, tag: str) -> list[Element]:
        return list(self.tree.iter(f"{XHTML}{tag}"))

    @property
    def text(self) -> str:
        main = next(iter(self.all("main")), self.tree)
        return re.sub(r"\s+", " ", "".join(main.itertext())).strip()

    @property
    def title(self) -> str:
        return "".join(self.all("title")[0].itertext()).strip()

    @property
    def h1(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.all("h1")[0].itertext())).strip()

    @property
    def links(self) -> list[str]:
        return [link.get("href", "") for link in self.all("a")]


def problems(page: Page, *, is_front: bool = False) -> list[str]:
    """What is wrong with a page; nothing, for a sound one."""
    return [
        *(f"HTML5, line {line}: {code} {data}" for line, code, data in page.errors),
        *_headings(page, is_front=is_front),
        *_ids(page),
        *_labels(page),
        *_inline(page),
        *_language(page),
        *_images(page),
    ]


def _headings(page: Page, *, is_front: bool) -> list[str]:
    found = []
    headings = page.all("h1")
    if len(headings) != 1:
        return [f"{len(headings)} h1 headings"]
    if not is_front and not page.title.startswith(page.h1[:60]):
        found.append(f"the title {page.title!r} does not begin with the h1 {page.h1!r}")
    levels = [int(e.tag[-1]) for e in page.tree.iter() if isinstance(e.tag, str) and re.fullmatch(r".*}h[1-6]", e.tag)]
    found += [f"h{a} is followed by h{b}" for a, b in pairwise(levels) if b > a + 1]
    return found


def _ids(page: Page) -> list[str]:
    ids = [e.get("id") for e in page.tree.iter() if isinstance(e.tag, str) and e.get("id")]
    twice = {i for i in ids if ids.count(i) > 1}
    referred = {
        target
        for e in page.tree.iter()
        if isinstance(e.tag, str)
        for name in ("aria-describedby", "aria-labelledby", "aria-controls", "for")
        for target in (e.get(name) or "").split()
    }
    return [f"the id {i!r} stands twice" for i in twice] + [f"no id {i!r}" for i in referred - set(ids)]


def _labels(page: Page) -> list[str]:
    labelled = {label.get("for") for label in page.all("label")}
    wrapped = {id(e) for label in page.all("label") for e in label.iter()}
    unnamed = [
        e.get("name")
        for tag in CONTROLS
        for e in page.all(tag)
        if e.get("type") not in ("hidden", "submit")
        and e.get("id") not in labelled
        and id(e) not in wrapped
        and not e.get("aria-label")
    ]
    silent = [e.get("class") for e in page.all("button") if not ("".join(e.itertext()).strip() or e.get("aria-label"))]
    empty = [e.get("href") for e in page.all("a") if not ("".join(e.itertext()).strip() or e.get("aria-label"))]
    return (
        [f"the control {name!r} has no label" for name in unnamed]
        + [f"a button without a name: {name}" for name in silent]
        + [f"a link without text: {href}" for href in empty]
    )


def _inline(page: Page) -> list[str]:
    found = []
    for e in page.tree.iter():
        if not isinstance(e.tag, str):
            continue
        found += [f"inline handler {name}" for name in e.attrib if name.startswith("on")]
        found += [f"inline style on {e.tag}"] if e.get("style") is not None else []
        if e.tag == f"{XHTML}style":
            found.append("a style element")
        if e.tag == f"{XHTML}script" and not e.get("src") and e.get("type") != "application/ld+json":
            found.append("an inline script")
        for name in ("src", "href", "action"):
            value = e.get(name) or ""
            if value.strip().lower().startswith("javascript:"):
                found.append(f"a javascript: address in {name}")
        if e.tag in (f"{XHTML}script", f"{XHTML}img", f"{XHTML}link") and e.get("rel") != "canonical":
            address = e.get("src") or (e.get("href") if e.get("rel") in ("stylesheet", "icon", "preload") else "") or ""
            if re.match(r"(https?:)?//", address):
                found.append(f"a third-party request: {address}")
    return found


def _language(page: Page) -> list[str]:
    root = next(e for e in page.tree.iter() if e.tag == f"{XHTML}html")
    return [] if root.get("lang") in ("da", "en") else [f"lang is {root.get('lang')!r}"]


def _images(page: Page) -> list[str]:
    return [f"no alternative text: {e.get('src')}" for e in page.all("img") if e.get("alt") is None]


class LintingClient(FlaskClient):
    """Flask's test client and `page`, which fetches, expects success and proves the page sound."""

    def page(self, address: str, *, status: int = 200, **options: Any) -> Page:
        response = self.get(address, **options)
        assert response.status_code == status, f"{address} answered {response.status_code}"
        page = Page(response)
        wrong = problems(page, is_front=address.partition("?")[0].strip("/") in ("da", "en"))
        assert not wrong, f"{address}: " + "; ".join(wrong[:12])
        return page
