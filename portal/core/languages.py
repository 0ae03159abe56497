"""Which language a text is written in, by its little words; no model, nothing to train."""

import re
from typing import Literal

from portal.core.bilingual import Language

Guess = Literal["da", "en", "other"]

_WORD = re.compile(r"[^\W\d_]+")
_DANISH = """
og er en et den det de til på af med som der har ikke vi fra blev bliver kan skal om men også efter ved eller mere nye
ny sig sin sine deres hvor når hvordan hvad hele mod mellem allerede flere dette disse være været vil får få år mange
nogle både her nu ud op os jeg du dig man
"""
_ENGLISH = """
the of and to is are was were with that this these those from by will has have been be as an it its we our how new more
can not or which their they you your who what when where into than about all also but first between after would should
could there on in
"""
_OTHERS = """
und die das ist mit für von auf nicht eine zu dem sich auch werden sind wird och att är för från av inte till också även
etter ikkje eit frå le la les des est une dans pour que el los las una para
"""
_LITTLE: dict[str, Guess] = {
    **dict.fromkeys(_OTHERS.split(), "other"),
    **dict.fromkeys(_ENGLISH.split(), "en"),
    **dict.fromkeys(_DANISH.split(), "da"),
}
SURE = 3


def written_in(text: str) -> tuple[Language | None, bool]:
    """(The language of the two that the text seems to be in, whether that is beyond doubt)."""
    hits: dict[Guess, int] = {"da": 0, "en": 0, "other": 0}
    for word in _WORD.findall(text.lower()):
        if found := _LITTLE.get(word):
            hits[found] += 1
        elif "æ" in word or "ø" in word:
            hits["da"] += 1
    best = max(hits, key=lambda guess: hits[guess])
    rest = max(count for guess, count in hits.items() if guess != best)
    if best == "other" or hits[best] == rest:
        return None, False
    return best, hits[best] >= SURE and hits[best] >= 2 * rest
