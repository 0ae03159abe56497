"""The lists of who was there that webinar tools write: their own reports, or any table with a column of addresses.

Zoom and GoTo begin with lines about the meeting, Teams with whole sections, and all may name somebody several times.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.core.sheets import Upload
from portal.webinars.registration.models import Registration, RegistrationState

ADDRESSES = frozenset(
    ("e-mail", "email", "e-mail address", "email address", "user email", "attendee email", "mail", "e-mailadresse",
     "mailadresse", "participant id (upn)")
)  # fmt: skip
NAMES = frozenset(
    ("name", "navn", "user name", "user name (original name)", "name (original name)", "full name", "attendee",
     "participant", "first name", "fornavn")
)  # fmt: skip
ATTENDED = frozenset(("attended", "deltog", "deltaget", "mødte"))
NO = frozenset(("no", "nej", "n", "false", "0"))
_ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+")


class Found(StrEnum):
    """What a line of the list says of somebody."""

    ATTENDED = "attended"
    KNOWN = "known"
    ABSENT = "absent"
    STRANGER = "stranger"
    NAMELESS = "nameless"


@dataclass(frozen=True)
class Line:
    """One person of the list, and their registration where the address has one."""

    found: Found
    name: str
    email: str
    registration: Registration | None = None


def compared(upload: Upload, registrations: Iterable[Registration]) -> list[Line] | None:
    """Each person of the list once; none where no column holds addresses."""
    known = {one.email: one for one in registrations if one.email}
    lines: dict[str, Line] = {}
    header: list[str] | None = None
    for cells in (upload.header, *(cells for _line, cells in upload.rows)):
        said = [cell.strip().casefold() for cell in cells]
        if not ADDRESSES.isdisjoint(said):
            header = said
            continue
        if header is None:
            continue
        name, email = _cell(header, cells, NAMES), _address(header, cells)
        if not name and not email:
            continue
        line = _line(name, email, _cell(header, cells, ATTENDED).casefold() in NO, known.get(email))
        # Of somebody who came, went and came again, one line says that they were there.
        key = email or name.casefold()
        if key not in lines or lines[key].found is Found.ABSENT:
            lines[key] = line
    return None if header is None else sorted(lines.values(), key=lambda one: list(Found).index(one.found))


def _line(name: str, email: str, is_absent: bool, registration: Registration | None) -> Line:
    if is_absent:
        return Line(Found.ABSENT, name, email, registration)
    if not email:
        return Line(Found.NAMELESS, name, email)
    if registration is None or registration.state in (RegistrationState.UNCONFIRMED, RegistrationState.CANCELLED):
        return Line(Found.STRANGER, name, email)
    is_known = registration.state is RegistrationState.ATTENDED
    return Line(Found.KNOWN if is_known else Found.ATTENDED, name, email, registration)


def _cell(header: Sequence[str], cells: Sequence[str], names: frozenset[str]) -> str:
    return next((cell for said, cell in zip(header, cells, strict=False) if said in names and cell), "")


def _address(header: Sequence[str], cells: Sequence[str]) -> str:
    """The first cell that is an address in a column of addresses."""
    for said, cell in zip(header, cells, strict=False):
        if said in ADDRESSES and (found := _ADDRESS.fullmatch(cell)):
            return found[0].lower()
    return ""
