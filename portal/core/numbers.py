"""Numbers as people write them: 1.234,50 in Danish, 1,234.50 in English, 1 234,50 in either."""

import re
from decimal import Decimal

from portal.core.bilingual import Language

_SPACES = re.compile(r"[\s\u00a0\u2009\u202f']")
_PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:[.,]\d{3})+", re.ASCII)


def parse(text: str, language: Language) -> Decimal:
    """The number that somebody wrote on a page in this language. ValueError when it is none.

    Only a lone sign before three digits can mean two things: 1.234 is a thousand in Danish and little more than one
    in English. Whatever can be read in one way only is taken in both languages.
    """
    written = _SPACES.sub("", text).replace("−", "-")
    whole, point, decimals = _split(written, "," if language == "da" else ".")
    signs = {sign for sign in whole if sign in ".,"}
    if _GROUPED.fullmatch(whole) and len(signs) == 1 and point not in signs:
        whole = whole.replace(".", "").replace(",", "")
    plain = f"{whole}.{decimals}" if decimals else whole
    if not _PLAIN.fullmatch(plain) or (point and not decimals):
        raise ValueError(f"not a number: {text!r}")
    return Decimal(plain)


def _split(written: str, own_point: str) -> tuple[str, str, str]:
    """(whole part, decimal sign, decimals) of a number; the last two empty for a whole one."""
    signs = [sign for sign in written if sign in ".,"]
    if not signs:
        return written, "", ""
    last = signs[-1]
    is_repeated = signs.count(last) > 1
    is_thousands = len(signs) == 1 and last != own_point and _GROUPED.fullmatch(written)
    if is_repeated or is_thousands:
        return written, "", ""
    whole, point, decimals = written.rpartition(last)
    return whole, point, decimals
