"""From the bytes of an answer to a text that may be given to a parser; in time that grows with the length, no faster.

feedparser and expat would look at declarations, expand entities and try codings of their own. They get UTF-8 without
a declaration instead, of which all that is dangerous or has no end was refused or cut off before.
"""

import codecs
import re
from collections.abc import Iterator

from portal.feeds.reading.parsed import Unreadable

MOST_PARSED = 1_000
"""How many items a parser is given. Those behind are cut out of the text: 50,000 would take a quarter of a minute."""

LONGEST_TAG = 32_000
"""In characters. feedparser's time is quadratic in the attributes of a tag: 16,000 take 6.6 s."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED = ((b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"), (b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"))
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_OURS = re.compile(
    r"us-ascii|utf-?8|utf-?16(?:-?[lb]e)?|iso-?8859-?\d{1,2}|latin-?\d|windows-?125\d|cp125\d|koi8-[ru]|"
    r"shift_?jis|euc-(?:jp|kr)|gb2312|gbk|gb18030|big5|iso-2022-jp|mac(?:intosh|-?roman)",
    re.IGNORECASE,
)
_LATIN = re.compile(r"us-ascii|iso-?8859-?1|latin-?1", re.IGNORECASE)
"""What calls itself so is Windows-1252, as browsers read it: the same, with quotation marks and dashes."""

_PROLOG = re.compile(r"\s*<\?xml\b[^>]*\?>")
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_SKIPPED = re.compile(r"\s+|<\?[^>]*>|<!--.*?-->|<!DOCTYPE\b[^>]*>", re.DOTALL | re.IGNORECASE)
# A control character ends a strict parser; feeds made from office documents are full of them.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MARK = re.compile(
    r"<(?:!\[CDATA\[|!--|\?|!(?=DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)|/?(?=[A-Za-z_:]))", re.IGNORECASE
)
_ITEM = re.compile(r"(?:[A-Za-z_][\w.-]*:)?(?:item|entry)\s*>", re.IGNORECASE)
_DOCTYPE = re.compile(r"DOCTYPE\b[^>\[]*>", re.IGNORECASE)
_ENDS = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}


def text_of(body: bytes, charset: str = "") -> str:
    """The text, whichever way it is coded. `charset` is what the server says, which is often wrong."""
    for mark, coding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(coding, "replace")
    for start, coding in _UNMARKED:
        if body.startswith(start):
            return body.decode(coding, "replace")
    found = _DECLARED.match(body[:400])
    declared = found[1].decode("ascii") if found else ""
    if b"\x1b" not in body:  # the sign by which codings of seven bits change their alphabet
        try:
            # Before what is declared: text that is valid UTF-8 by accident is next to impossible.
            return body.decode("utf-8")
        except UnicodeDecodeError:
            pass
    for coding in (charset, declared):
        if _OURS.fullmatch(coding) and not _LATIN.fullmatch(coding):
            try:
                return body.decode(coding)
            except (UnicodeDecodeError, LookupError):
                continue
    return body.decode("windows-1252", "replace")


def is_html(text: str) -> bool:
    """Whether it is a page."""
    return root_of(text) in {"html", "head", "body"}


def root_of(text: str) -> str:
    """The name of the first element, in small letters and without its prefix; empty where nothing looks like one."""
    place = 0
    while found := _SKIPPED.match(text, place):
        place = found.end()
    element = _ROOT.match(text, place)
    return element[1].lower() if element else ""


def disarmed(text: str) -> tuple[str, int]:
    """(The XML with nothing in it that a parser must not see, the number of its items).

    `Unreadable` where it declares anything, or has a tag that would take too long. RSS 0.91 names the document type
    of its time, from which nothing is needed: it is cut out, and so are the items behind `MOST_PARSED`.
    """
    text = _CONTROL.sub("", text)
    prolog = _PROLOG.match(text)
    start = prolog.end() if prolog else 0
    cuts: list[tuple[int, int]] = []
    items, first_end, last_end = 0, 0, 0
    for opened, begin, end in _marks(text, start):
        if opened == "<!":
            if not _DOCTYPE.fullmatch(text, begin + 2, end):
                raise Unreadable("dangerous", f"declares {text[begin : begin + 40]!r}")
            cuts.append((begin, end))
        elif end - begin > LONGEST_TAG:
            raise Unreadable("too_costly", "a tag with more attributes than any feed needs")
        elif opened == "</" and _ITEM.fullmatch(text, begin + 2, end):
            items += 1
            last_end = end
            if items == MOST_PARSED:
                first_end = end
    if items > MOST_PARSED:
        cuts.append((first_end, last_end))
    return _without(text, start, cuts), items


def _marks(text: str, place: int) -> Iterator[tuple[str, int, int]]:
    """(How it begins, from, to) of each tag and declaration; what stands in comments and CDATA is text."""
    while mark := _MARK.search(text, place):
        opened = mark[0]
        closed = _ENDS.get(opened, ">")
        found = text.find(closed, mark.end())
        place = found + len(closed) if found >= 0 else len(text)
        if opened not in _ENDS:
            yield opened, mark.start(), place


def _without(text: str, start: int, cuts: list[tuple[int, int]]) -> str:
    parts = []
    for begin, end in sorted(cuts):
        parts.append(text[start:begin])
        start = max(start, end)
    return "".join([*parts, text[start:]])
