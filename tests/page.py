"""A client that proves of each page it fetches that it is sound HTML a screen reader can use."""

import re
from collections import Counter
from itertools import pairwise
from typing import Any, Self
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.accounts import sessions
from portal.accounts.models import Account
from portal.core import clock
from portal.core.db import transaction

XHTML = "{http://www.w3.org/1999/xhtml}"
HEADINGS = frozenset(f"{XHTML}h{level}" for level in range(1, 7))
CONTROLS = ("input", "select", "textarea")


class Page:
    """A fetched page: its parsed tree, its text, and questions tests ask."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.html = response.get_data(as_text=True)
        parser = html5lib.HTMLParser(strict=False)
        self.tree = parser.parse(self.html)
        self.elements = [e for e in self.tree.iter() if isinstance(e.tag, str)]
        self.errors = [(line, code, data) for (line, _column), code, data in parser.errors]

    def all(self, tag: str) -> list[Element]:
        return [e for e in self.elements if e.tag == f"{XHTML}{tag}"]

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
    levels = [int(e.tag[-1]) for e in page.elements if e.tag in HEADINGS]
    found += [f"h{a} is followed by h{b}" for a, b in pairwise(levels) if b > a + 1]
    return found


def _ids(page: Page) -> list[str]:
    ids = Counter(e.get("id") for e in page.elements if e.get("id"))
    twice = [i for i, times in ids.items() if times > 1]
    referred = {
        target
        for e in page.elements
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
    for e in page.elements:
        if not e.attrib and e.tag not in (f"{XHTML}style", f"{XHTML}script"):
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
    root = page.all("html")[0]
    return [] if root.get("lang") in ("da", "en") else [f"lang is {root.get('lang')!r}"]


def _images(page: Page) -> list[str]:
    return [f"no alternative text: {e.get('src')}" for e in page.all("img") if e.get("alt") is None]


def _goes_to(form: Element, address: str) -> str:
    return form.get("action") or address


def names_of(form: Element) -> set[str]:
    """The names of a form's controls."""
    return {e.get("name", "") for tag in (*CONTROLS, "button") for e in form.iter(f"{XHTML}{tag}") if e.get("name")}


def filled_in(form: Element) -> dict[str, Any]:
    """Name → value (or values) of what a browser would send of an untouched form."""
    sent: dict[str, list[str]] = {}
    for e in form.iter():
        name = e.get("name")
        if not name or e.get("disabled") is not None:
            continue
        if e.tag == f"{XHTML}input":
            kind = e.get("type", "text")
            if kind in ("submit", "button", "file") or (kind in ("checkbox", "radio") and e.get("checked") is None):
                continue
            sent.setdefault(name, []).append(e.get("value", "on" if kind == "checkbox" else ""))
        elif e.tag == f"{XHTML}textarea":
            sent.setdefault(name, []).append("".join(e.itertext()).removeprefix("\n"))
        elif e.tag == f"{XHTML}select":
            options = list(e.iter(f"{XHTML}option"))
            chosen = [o for o in options if o.get("selected") is not None]
            if not chosen and e.get("multiple") is None:
                chosen = options[:1]
            sent.setdefault(name, []).extend(o.get("value", "".join(o.itertext())) for o in chosen)
    return {name: values if len(values) > 1 else values[0] for name, values in sent.items() if values}


class LintingClient(FlaskClient):
    """Flask's test client, and what a person does with a browser.

    `page` fetches, expects success and proves the page sound; `submit` fills in a form of a page and sends it;
    `sign_in` begins a session.
    """

    def sign_in(self, account: Account, *, with_second_factor: bool = True) -> Self:
        """Give this browser a session of the account, as signing in would."""
        app = self.application
        with app.app_context(), transaction():
            token = sessions.begin(account, now=clock.now(), with_second_factor=with_second_factor)
        with self.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return self

    def submit(self, address: str, form: str = "", *, status: int = 303, **fields: Any) -> TestResponse:
        """Send the form of a page that goes to `form` (default: back to the page itself), with these fields changed.

        A field of `None` is left out; a list sends a name several times. Unknown names are an error of the test.
        """
        page = self.page(address)
        wanted = form or address
        element = next(
            (
                one
                for one in page.all("form")
                if one.get("method", "get").lower() == "post" and _goes_to(one, address) == wanted
            ),
            None,
        )
        assert element is not None, f"{address} has no form that goes to {wanted}"
        sent = filled_in(element)
        for name, value in fields.items():
            assert name in names_of(element), f"the form has no field {name!r}: {sorted(names_of(element))}"
            sent.pop(name, None)
            if value is not None:
                sent[name] = value
        response = self.post(wanted, data=sent, content_type="multipart/form-data")
        assert response.status_code == status, f"{wanted} answered {response.status_code}: {Page(response).text[:500]}"
        return response

    def page(self, address: str, *, status: int = 200, **options: Any) -> Page:
        response = self.get(address, **options)
        assert response.status_code == status, f"{address} answered {response.status_code}"
        page = Page(response)
        wrong = problems(page, is_front=address.partition("?")[0].strip("/") in ("da", "en"))
        assert not wrong, f"{address}: " + "; ".join(wrong[:12])
        return page
