"""Text with markup in it, made safe. The only module that returns Markup.

Two sources: Markdown that people write here, and HTML that feeds bring. Both pass the same
allow-list last, so an error in the Markdown renderer is not yet a hole in the page.
"""

import html as entities
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

TOP_HEADING = 3  # a page has one h1, and the section that shows the text has an h2
FOREIGN_REL = "noopener nofollow"
SCHEMES = {"http", "https", "mailto"}

BLOCKS = {"p", "br", "hr", "ul", "ol", "li", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6"}
TABLES = {"table", "thead", "tbody", "tr", "th", "td"}
INLINE = {"a", "em", "strong", "b", "i", "s", "code", "sub", "sup"}
TAGS = BLOCKS | TABLES | INLINE
SWALLOWED = {"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "title", "textarea"}

# The cleaner takes time quadratic in the depth of tags: 50,000 open ones 7 s, 10,000 a quarter of one.
MAX_FOREIGN_TAGS = 10_000

_HEADING_TAG = re.compile(r"(</?h)([1-6])(?=[\s>])")
_ELSEWHERE = re.compile(r"(?:https?|mailto):", re.IGNORECASE)
_ENDS_A_WORD = re.compile(r"</?(?:p|br|hr|li|div|h[1-6]|t[rdh]|blockquote|pre)\b", re.IGNORECASE)


def markdown(text: str, *, top: int = TOP_HEADING) -> Markup:
    """The Markdown as safe HTML; its highest heading becomes an h`top`."""
    return Markup(_demoted(_OWN.clean(_MARKDOWN.render(text)), top))  # noqa: S704  cleaned by the allow-list


def foreign_html(html: str, *, top: int = TOP_HEADING) -> Markup:
    """HTML from elsewhere as safe HTML: no pictures, no relative links, every link marked as foreign."""
    return Markup(_demoted(_FOREIGN.clean(_shortened(html)), top))  # noqa: S704  cleaned by the allow-list


def plain(text: str) -> str:
    """The words of a Markdown text without its signs, a line for each block; for search documents."""
    return "\n".join(line for block in _blocks(_MARKDOWN.parse(text)) if (line := block.strip()))


def foreign_plain(html: str) -> str:
    """The words of HTML from elsewhere, on one line."""
    spaced = _ENDS_A_WORD.sub(r" \g<0>", _shortened(html))  # or "<p>one</p><p>two" would read "onetwo"
    return " ".join(entities.unescape(_WORDS.clean(spaced)).split())


def excerpt(text: str, limit: int) -> str:
    """The beginning of a Markdown text in plain words: at most `limit` characters, cut between words.

    What ends without a full stop, such as the points of a list, is parted from what follows.
    """
    words = ""
    for line in plain(text).splitlines():
        parted = " · " if words and words[-1] not in ".!?:;,…" else " "
        words += (parted if words else "") + " ".join(line.split())
    if len(words) <= limit:
        return words
    head = words[:limit]  # the last character makes room for the dots
    whole, space, _ = head.rpartition(" ")
    return (whole if space else head[:-1]).rstrip(" ,;:–-") + "…"


@dataclass(frozen=True, slots=True)
class Structure:
    """What a Markdown text is made of: headings (level, words), links (words, address), the words of pictures.

    `prose` is its running text, a line for each paragraph or point.
    """

    headings: tuple[tuple[int, str], ...]
    links: tuple[tuple[str, str], ...]
    pictures: tuple[str, ...]
    prose: str


def structure(text: str) -> Structure:
    """The parts of a Markdown text, for whoever checks how it is written."""
    headings: list[tuple[int, str]] = []
    links: list[tuple[str, str]] = []
    pictures: list[str] = []
    prose: list[str] = []
    tokens = _MARKDOWN.parse(text)
    for at, token in enumerate(tokens):
        if token.type != "inline":
            continue
        children = token.children or []
        words = "".join(_words(children))
        opening = tokens[at - 1] if at else token
        if opening.type == "heading_open":
            headings.append((int(opening.tag[1]), words))
        else:
            prose.append(words)
        pictures += [child.content for child in children if child.type == "image"]
        links += _links(children)
    return Structure(tuple(headings), tuple(links), tuple(pictures), "\n".join(prose))


def _links(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """(Words, address) of each link among the parts of a line; links do not nest."""
    begun: int | None = None
    for at, token in enumerate(tokens):
        if token.type == "link_open":
            begun = at
        elif token.type == "link_close" and begun is not None:
            yield "".join(_words(tokens[begun + 1 : at])), str(tokens[begun].attrGet("href") or "")
            begun = None


def links(text: str) -> list[str]:
    """The web addresses that a Markdown text leads to elsewhere, each once, in order."""
    found = (_href(address, same_site=False) for _text, address in structure(text).links)
    return list(dict.fromkeys(url for url in found if url and not url.lower().startswith("mailto:")))


def _is_same_site(address: str) -> bool:
    """Whether a browser stays on the site: it reads `//host` and `/\\host` as another one."""
    return address[:1] in {"/", "#", "?"} and address[1:2] not in {"/", "\\"}


def _href(address: str, *, same_site: bool) -> str | None:
    """The address as it may stand in a link, or None."""
    # Browsers drop tabs and line breaks inside an address, so "/\t/host" is "//host".
    address = "".join(sign for sign in address.strip() if sign.isprintable())
    if _ELSEWHERE.match(address) or (same_site and _is_same_site(address)):
        return address
    return None


def _filter(*, same_site: bool) -> Callable[[str, str, str], str | None]:
    def keep(_tag: str, attribute: str, value: str) -> str | None:
        return _href(value, same_site=same_site) if attribute == "href" else value

    return keep


def _shortened(html: str) -> str:
    """The part before the tag that is one too many; the cleaner closes what the cut leaves open."""
    parts = html.split("<", MAX_FOREIGN_TAGS + 1)
    return html if len(parts) <= MAX_FOREIGN_TAGS + 1 else "<".join(parts[:-1])


def _demoted(html: str, top: int) -> str:
    """Move headings down so that h1 becomes h`top`. The cleaner escapes every other `<h`."""
    return _HEADING_TAG.sub(lambda tag: f"{tag[1]}{min(6, int(tag[2]) + top - 1)}", html)


def _mark_foreign(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    link = tokens[index]
    if not _is_same_site(str(link.attrGet("href") or "")):
        link.attrSet("rel", FOREIGN_REL)
    return self.renderToken(tokens, index, options, env)


def _words_for_picture(_self: RendererHTML, tokens: Sequence[Token], index: int, *_: OptionsDict | EnvType) -> str:
    # A picture from another host would tell it who reads this page; our own have a place in the model.
    return str(escape(tokens[index].content))


def _blocks(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield "".join(_words(token.children or []))
        elif token.type in {"fence", "code_block"}:
            yield token.content


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in {"softbreak", "hardbreak"}:
            yield " "
        else:
            yield token.content


# "js-default" knows tables and strikethrough and limits nesting; "commonmark" would let HTML through.
_MARKDOWN = MarkdownIt("js-default", {"html": False, "linkify": False, "typographer": False})
_MARKDOWN.add_render_rule("link_open", _mark_foreign)
_MARKDOWN.add_render_rule("image", _words_for_picture)

_ATTRIBUTES = {"ol": {"start"}}
_OWN = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags=SWALLOWED,
    attributes=_ATTRIBUTES | {"a": {"href"}},
    tag_attribute_values={"a": {"rel": {FOREIGN_REL}}},
    set_tag_attribute_values={"th": {"scope": "col"}},  # Markdown has header cells in the first row only
    attribute_filter=_filter(same_site=True),
    url_schemes=SCHEMES,
    link_rel=None,
)
_FOREIGN = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags=SWALLOWED,
    attributes=_ATTRIBUTES | {"a": {"href"}},
    attribute_filter=_filter(same_site=False),
    url_schemes=SCHEMES,
    url_relative="deny",
    link_rel=FOREIGN_REL,
)
_WORDS = nh3.Cleaner(tags=set(), clean_content_tags=SWALLOWED, attributes={}, link_rel=None)
