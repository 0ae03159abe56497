"""What may be better in an article while it is being written: pure functions over its texts.

Nothing here keeps anybody from saving or publishing. It says what a careful reader would say.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from portal.core.bilingual import LANGUAGES, Language
from portal.core.richtext import Structure, structure

WORDS_A_MINUTE = 200
LONG_SENTENCE = 30
LONG_WORD = 6
FEWEST_WORDS = 60
"""In a shorter text a single sentence would decide how hard it is to read."""
HARD_LIX = 55
SHORT_STANDFIRST = 40
SHOWN = 5
EXCERPT = 60

_SAY_NOTHING = """
her;klik her;tryk her;se her;læs her;læs mere;læs mere her;mere;se mere;link;linket;dette link;denne side
hjemmesiden;hent;download
here;click here;press here;see here;read here;read more;more;see more;learn more;find out more;this link
this page;this;link;the link;website;the website
"""
MEANINGLESS = frozenset(re.split(r"[;\n]", _SAY_NOTHING.strip()))
# Whose point is followed by a capital or a number without ending the sentence.
_SHORTENED = re.compile(
    r"\b(?:bl\.\s?a|f\.\s?eks|d\.\s?v\.\s?s|ca|nr|kl|dr|jf|inkl|ekskl|tidl|e\.\s?g|i\.\s?e|approx|no|mr|mrs|ms|prof|st|vs)"
    r"\.",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])[\"”»)]*\s+(?![a-zæøå])|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|\d+(?:[.,:]\d+)*")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


class Fault(StrEnum):
    """What a careful reader would say."""

    LANGUAGE_MISSING = "language_missing"
    TITLE_MISSING = "title_missing"
    STANDFIRST_MISSING = "standfirst_missing"
    STANDFIRST_SHORT = "standfirst_short"
    BODY_MISSING = "body_missing"
    HEADING_FIRST = "heading_first"
    HEADING_SKIPPED = "heading_skipped"
    HEADING_EMPTY = "heading_empty"
    LINK_WORDS = "link_words"
    BARE_ADDRESS = "bare_address"
    PICTURE_IN_TEXT = "picture_in_text"
    PICTURE_WORDS = "picture_words"
    SENTENCE_LONG = "sentence_long"
    HARD_TO_READ = "hard_to_read"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: in which language, and the words it is about."""

    fault: Fault
    language: Language
    words: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """How long a text is, and how hard: LIX is the Danish measure, none where the text is too short for one."""

    words: int
    minutes: int
    lix: int | None


@dataclass(frozen=True, slots=True)
class Checked:
    findings: tuple[Finding, ...]
    reading: Mapping[Language, Reading]


def check(texts: Mapping[str, str], pictures: Mapping[Language, int] | None = None) -> Checked:
    """What may be better in an article: `texts` by column (`title_da`), `pictures` without words by language."""
    written = [language for language in LANGUAGES if _has_any(texts, language)]
    findings: list[Finding] = []
    reading: dict[Language, Reading] = {}
    for language in LANGUAGES:
        if language not in written:
            findings += [Finding(Fault.LANGUAGE_MISSING, language)] if written else []
            continue
        body = structure(texts.get(f"body_{language}") or "")
        findings += _of_parts(texts, language)
        findings += _of_headings(body, language)
        findings += _of_links(body, language)
        findings += _of_pictures(body, language, (pictures or {}).get(language, 0))
        prose = f"{texts.get(f'standfirst_{language}') or ''}\n{body.prose}"
        reading[language] = reading_of(prose, language)
        findings += _of_sentences(prose, language)
        if (reading[language].lix or 0) >= HARD_LIX:
            findings.append(Finding(Fault.HARD_TO_READ, language, str(reading[language].lix)))
    return Checked(tuple(findings), reading)


def reading_of(prose: str, language: Language) -> Reading:
    """How long some plain words take to read, and, in Danish, their LIX."""
    words = words_of(prose)
    number = len(words)
    minutes = ceil(number / WORDS_A_MINUTE)
    if language != "da" or number < FEWEST_WORDS:
        return Reading(number, minutes, None)
    long_ones = sum(len(word) > LONG_WORD for word in words)
    return Reading(number, minutes, round(number / len(sentences_of(prose)) + 100 * long_ones / number))


def words_of(prose: str) -> list[str]:
    """The words and numbers of plain prose; a web address is none."""
    return _WORD.findall(_ADDRESS.sub(" ", prose))


def sentences_of(prose: str) -> list[str]:
    """The sentences of plain prose; the point of an abbreviation, an ordinal or a date ends none."""
    dotless = _SHORTENED.sub(lambda found: found[0].replace(".", "\x00"), prose)
    pieces = (piece.replace("\x00", ".").strip() for piece in _SENTENCE.split(dotless))
    return [piece for piece in pieces if words_of(piece)]


def _has_any(texts: Mapping[str, str], language: Language) -> bool:
    return any((texts.get(f"{pair}_{language}") or "").strip() for pair in ("title", "standfirst", "body"))


def _of_parts(texts: Mapping[str, str], language: Language) -> Iterator[Finding]:
    title, standfirst, body = (
        (texts.get(f"{pair}_{language}") or "").strip() for pair in ("title", "standfirst", "body")
    )
    if not title:
        yield Finding(Fault.TITLE_MISSING, language)
    if not standfirst:
        yield Finding(Fault.STANDFIRST_MISSING, language)
    elif len(standfirst) < SHORT_STANDFIRST:
        yield Finding(Fault.STANDFIRST_SHORT, language, standfirst)
    if not body:
        yield Finding(Fault.BODY_MISSING, language)


def _of_headings(body: Structure, language: Language) -> Iterator[Finding]:
    above = 0
    for level, words in body.headings:
        if not words.strip():
            yield Finding(Fault.HEADING_EMPTY, language)
        if level > above + 1:
            yield Finding(Fault.HEADING_SKIPPED if above else Fault.HEADING_FIRST, language, _short(words))
        above = level


def _of_links(body: Structure, language: Language) -> Iterator[Finding]:
    for words, address in body.links:
        said = words.strip()
        if _ADDRESS.fullmatch(said):
            yield Finding(Fault.BARE_ADDRESS, language, _short(said))
        elif not said or said.strip(" .!:»«›>→").lower() in MEANINGLESS:
            yield Finding(Fault.LINK_WORDS, language, _short(said or address))
    linked = {words.strip() for words, _address in body.links}
    for address in dict.fromkeys(_ADDRESS.findall(body.prose)):
        if not any(address in words for words in linked):
            yield Finding(Fault.BARE_ADDRESS, language, _short(address))


def _of_pictures(body: Structure, language: Language, without_words: int) -> Iterator[Finding]:
    for alt in body.pictures:
        yield Finding(Fault.PICTURE_IN_TEXT, language, _short(alt))
    for _one in range(without_words):
        yield Finding(Fault.PICTURE_WORDS, language)


def _of_sentences(prose: str, language: Language) -> Iterator[Finding]:
    lengthy = [one for one in sentences_of(prose) if len(words_of(one)) > LONG_SENTENCE]
    for sentence in lengthy[:SHOWN]:
        yield Finding(Fault.SENTENCE_LONG, language, _short(sentence))


def _short(words: str) -> str:
    """The beginning of something, to find it by."""
    line = " ".join(words.split())
    return line if len(line) <= EXCERPT else f"{line[: EXCERPT - 1].rstrip()}…"
