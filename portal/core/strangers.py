"""Forms that anybody may send: what keeps machines from filling them in, without asking a third party or a riddle.

A field that people do not see, a moment that a person needs at least, few links, and a limit for each address.
"""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from itsdangerous import BadSignature, URLSafeTimedSerializer
from wtforms import HiddenField, StringField

from portal.core import throttle
from portal.core.forms import PortalForm
from portal.core.texts import gettext as _
from portal.core.tokens import keys
from portal.core.web import came_from

MOST_LINKS = 3
LONGEST_S = 24 * 3600


class Pace:
    """How long somebody who reads and writes needs at least; tests write faster."""

    least_s = 3.0


BY_ADDRESS = throttle.Limit("stranger", 10, timedelta(hours=1))


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(keys(), salt="stranger")


def _begun() -> str:
    return str(_signer().dumps("form"))


class StrangerForm(PortalForm):
    """The base of forms for visitors. `texts` names the fields in which links are counted."""

    texts: tuple[str, ...] = ()

    begun = HiddenField(default=_begun)
    homepage = StringField(_l("Leave this empty"), render_kw={"autocomplete": "off", "tabindex": "-1"})

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        if is_valid and (said := self._suspicion()):
            self.form_errors.append(said)
            # The summary lists fields, and the control that a person sees nothing of is none.
            self.begun.errors = [said]
            self.begun.data = _begun()
            return False
        return is_valid

    def _suspicion(self) -> str:
        if self.homepage.data:
            return _("This looks as if a machine had written it. Leave the hidden field empty.")
        try:
            _form, at = _signer().loads(self.begun.data or "", max_age=LONGEST_S, return_timestamp=True)
        except BadSignature:
            return _("This page was open for very long. Send it once more.")
        if (datetime.now(at.tzinfo) - at).total_seconds() < Pace.least_s:
            return _("That was quicker than anybody can read. Wait a moment and send it once more.")
        written = " ".join(str(self[name].data or "") for name in self.texts)
        if written.count("://") > MOST_LINKS:
            return _("Write at most three links.")
        return ""


def note_stranger(now: datetime) -> None:
    """Count what the sender's address sends, in the running transaction; `TooMany` after too much."""
    origin = came_from()
    throttle.check(BY_ADDRESS, origin, now=now)
    throttle.note(BY_ADDRESS, origin, now=now)
