"""The newsletter's mails, each with the ways out of it (RFC 8058) and to what one gets."""

from typing import Any

from portal.core import mail
from portal.core.tokens import signed_for
from portal.core.web import absolute
from portal.newsletter.models import Subscriber

PURPOSE = "newsletter"


def token_for(reader: Subscriber) -> str:
    """What the links of a reader carry: it shows and changes what they get, and ends it."""
    return signed_for(PURPOSE, reader.id)


def write(reader: Subscriber, template: str, *, kind: str, **values: Any) -> None:
    """Write a mail to a reader into the running transaction."""
    token = token_for(reader)
    url = absolute(f"/{reader.language}/newsletter/unsubscribe/{token}")
    mail.post(
        reader.email,
        template,
        kind=kind,
        language=reader.language,
        headers={
            "List-Unsubscribe": f"<{url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Precedence": "bulk",
        },
        reader=reader,
        reader_token=token,
        locale=reader.language,
        **values,
    )
