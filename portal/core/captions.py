"""Captions of a film as WebVTT (W3C): what is said, and from when to when."""

import html
import re
from dataclasses import dataclass

from portal.core.texts import gettext as _

MOST_CUES = 20_000
_TIMES = re.compile(
    r"(?:(\d{2,4}):)?([0-5]\d):([0-5]\d)\.(\d{3})[ \t]+-->[ \t]+(?:(\d{2,4}):)?([0-5]\d):([0-5]\d)\.(\d{3})(?:[ \t].*)?"
)
_TAG = re.compile(r"<[^>\n]*>")
_HEADER = re.compile(r"WEBVTT(?:[ \t].*)?")


class NoCaptions(ValueError):
    """A text that is no sound WebVTT, and why, in the page's language."""


@dataclass(frozen=True, slots=True)
class Cue:
    """What is said between two moments, in milliseconds from the beginning; plain text."""

    starts: int
    ends: int
    text: str


def looks_like(text: str) -> bool:
    """Whether a text claims to be WebVTT."""
    return bool(_HEADER.fullmatch(text.partition("\n")[0].rstrip("\r")))


def read(text: str) -> list[Cue]:
    """The cues of a WebVTT text, in order. `NoCaptions` where it is not sound."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if not looks_like(lines):
        raise NoCaptions(_("Captions begin with the line WEBVTT."))
    cues: list[Cue] = []
    for block in re.split(r"\n{2,}", lines.strip())[1:]:
        cue = _cue(block.split("\n"))
        if cue is None:
            continue
        if cues and cue.starts < cues[-1].starts:
            raise NoCaptions(_("The captions are not in order: %(time)s comes too late.", time=clock_of(cue.starts)))
        cues.append(cue)
        if len(cues) > MOST_CUES:
            raise NoCaptions(_("There are too many captions for one film."))
    if not cues:
        raise NoCaptions(_("There are no captions in the file."))
    return cues


def _cue(lines: list[str]) -> Cue | None:
    """The cue that a block holds; none for a note."""
    if re.fullmatch(r"NOTE(?:[ \t].*)?", lines[0]):
        return None
    if lines[0].rstrip() in ("STYLE", "REGION"):
        raise NoCaptions(_("Captions with styles or regions of their own are not taken."))
    times = lines[1:] if "-->" not in lines[0] else lines
    found = _TIMES.fullmatch(times[0].strip()) if times else None
    if found is None:
        raise NoCaptions(
            _("“%(line)s” is no caption: a time such as 00:01.000 --> 00:04.000 is missing.", line=lines[0][:60])
        )
    starts, ends = _milliseconds(*found.groups()[:4]), _milliseconds(*found.groups()[4:])
    if ends <= starts:
        raise NoCaptions(_("The caption at %(time)s ends before it begins.", time=clock_of(starts)))
    said = " ".join(html.unescape(_TAG.sub("", line)).strip() for line in times[1:])
    return Cue(starts, ends, " ".join(said.split()))


def _milliseconds(hours: str | None, minutes: str, seconds: str, parts: str) -> int:
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(parts)


def clock_of(milliseconds: int) -> str:
    """A moment in a film as people write it: 1:02:03 or 4:05."""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def spoken(cues: list[Cue], pause: int = 4000) -> str:
    """What is said as running text: a paragraph ends where nobody says anything for a while."""
    paragraphs: list[list[str]] = []
    before: Cue | None = None
    for cue in cues:
        if not cue.text or (before and cue.text == before.text):
            continue
        if before is None or cue.starts - before.ends > pause:
            paragraphs.append([])
        paragraphs[-1].append(cue.text)
        before = cue
    return "\n\n".join(" ".join(one) for one in paragraphs)


def passages(cues: list[Cue], pause: int = 4000, longest: int = 45_000) -> list[Cue]:
    """What is said in pieces to read along with the film: each ends at a pause, or with a sentence when it is long."""
    found: list[Cue] = []
    for cue in cues:
        last = found[-1] if found else None
        if not cue.text or (last and last.text.endswith(cue.text)):
            continue
        is_over = last is None or cue.starts - last.ends > pause
        if last is None or is_over or (last.ends - last.starts > longest and last.text[-1] in ".?!…"):
            found.append(cue)
        else:
            found[-1] = Cue(last.starts, cue.ends, f"{last.text} {cue.text}")
    return found
