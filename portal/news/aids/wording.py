"""What a writer is told of an article: what to look at, and how long it is to read."""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.core.bilingual import Language
from portal.core.texts import gettext as _
from portal.core.texts import ngettext
from portal.news.checking import LONG_SENTENCE, Fault, Finding, Reading

SAID: dict[Fault, Any] = {
    Fault.TITLE_MISSING: _l("The title is missing."),
    Fault.STANDFIRST_MISSING: _l("The standfirst is missing: lists and feeds show it."),
    Fault.STANDFIRST_SHORT: _l("The standfirst is very short. One or two sentences tell a reader whether to go on."),
    Fault.BODY_MISSING: _l("There is no text yet."),
    Fault.HEADING_FIRST: _l("Begin the highest headings of the text with a single #: “%(words)s”."),
    Fault.HEADING_SKIPPED: _l("A level of headings is skipped before “%(words)s”: add one # at a time."),
    Fault.HEADING_EMPTY: _l("A heading has no words."),
    Fault.LINK_WORDS: _l("The link “%(words)s” does not say where it leads."),
    Fault.BARE_ADDRESS: _l("A bare web address: %(words)s. Link words that say where it leads."),
    Fault.PICTURE_IN_TEXT: _l("A picture in the text is left out: “%(words)s”. Add it under Pictures."),
    Fault.PICTURE_WORDS: _l("A picture has no alternative text in this language."),
    Fault.SENTENCE_LONG: _l("More than %(most)s words in one sentence: “%(words)s”."),
    Fault.HARD_TO_READ: _l("Hard to read (LIX %(words)s). Shorter sentences and words help."),
}
# Up to and without: how Danish schools and libraries call it.
LIX_WORDS = ((25, _l("very easy")), (35, _l("easy")), (45, _l("medium")), (55, _l("hard")), (1000, _l("very hard")))


def said(finding: Finding) -> str:
    """A finding in the words of the page's language."""
    if finding.fault is Fault.LANGUAGE_MISSING:
        return (
            _("Nothing is written in Danish yet.")
            if finding.language == "da"
            else _("Nothing is written in English yet.")
        )
    return str(SAID[finding.fault]) % {"words": finding.words, "most": LONG_SENTENCE}


def length(reading: Reading) -> str:
    """How long a text is to read, and how hard: “412 words · 3 minutes · LIX 38, medium”."""
    words = ngettext("%(num)d word", "%(num)d words", reading.words)
    minutes = ngettext("%(num)d minute to read", "%(num)d minutes to read", reading.minutes)
    lix = reading.lix
    if lix is None:
        return f"{words} · {minutes}"
    called = next(str(name) for below, name in LIX_WORDS if lix < below)
    return f"{words} · {minutes} · LIX {lix}, {called}"


def language_name(language: Language) -> str:
    return _("Danish") if language == "da" else _("English")
