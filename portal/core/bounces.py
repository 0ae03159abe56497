"""Mail that comes back: reading what other mail servers report about it (RFC 3464)."""

import re
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import NamedTuple

LARGEST = 1024 * 1024
_ID = re.compile(r"^Message-ID:\s*(<[^>\s]{1,250}>)", re.IGNORECASE | re.MULTILINE)


class Bounce(NamedTuple):
    """Which mail of ours came back, and why, in the words of the server that refused it."""

    message_id: str
    reason: str


def read(raw: bytes) -> Bounce | None:
    """The permanent failure that a report tells of; none for anything else, such as a delay or a holiday notice."""
    message = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(raw[:LARGEST])
    if message.get_content_type() != "multipart/report" or message.get_param("report-type") != "delivery-status":
        return None
    reason = message_id = ""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            reason = reason or _failure(part.as_string())
        elif kind in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
            found = _ID.search(part.as_string())
            message_id = message_id or (found[1] if found else "")
    return Bounce(message_id, reason) if reason and message_id else None


def _failure(report: str) -> str:
    """Why, where the report is of a permanent failure: action “failed” with a status of class 5."""
    fields = {
        name.strip().lower(): value.strip()
        for line in report.splitlines()
        for name, colon, value in [line.partition(":")]
        if colon
    }
    is_final = fields.get("action", "").lower() == "failed" and fields.get("status", "").startswith("5.")
    return fields.get("diagnostic-code") or fields["status"] if is_final else ""
