"""What a page tells the browser so that it makes or asks for a passkey; the challenge waits in the reader's session."""

import ipaddress
import os
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import current_app, session
from webauthn import generate_authentication_options, generate_registration_options, options_to_json
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.accounts.models import Account, Passkey
from portal.accounts.second_factor.passkeys import Site

LIFETIME_S = 5 * 60
_KEY = "passkey"


def site() -> Site | None:
    """What passkeys are bound to here; none where the portal has only an IP address, for which browsers make none."""
    parts = urlsplit(str(current_app.config["PORTAL_BASE_URL"]))
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return Site(host, f"{parts.scheme}://{parts.netloc}")
    return None


def to_create(account: Account, have: Sequence[Passkey], *, here: Site, portal: str) -> str:
    """What the browser needs to make a passkey for the account, unless its authenticator has one already."""
    options = generate_registration_options(
        rp_id=here.host,
        rp_name=portal,
        user_id=f"account {account.id}".encode(),
        user_name=str(account.email),
        user_display_name=account.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in have],
        timeout=LIFETIME_S * 1000,
    )
    _remember("create", options.challenge)
    return options_to_json(options)


def to_give(have: Sequence[Passkey], *, here: Site) -> str:
    """What the browser needs to ask for one of these passkeys."""
    options = generate_authentication_options(
        rp_id=here.host,
        allow_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in have],
        user_verification=UserVerificationRequirement.PREFERRED,
        timeout=LIFETIME_S * 1000,
    )
    _remember("give", options.challenge)
    return options_to_json(options)


def to_enter(*, here: Site) -> str:
    """What the browser needs to ask for any passkey of this site, of somebody we do not know yet."""
    options = generate_authentication_options(
        rp_id=here.host, user_verification=UserVerificationRequirement.REQUIRED, timeout=LIFETIME_S * 1000
    )
    _remember("enter", options.challenge)
    return options_to_json(options)


def challenge(purpose: str) -> bytes:
    """The challenge that this browser was given for this purpose; one that nobody has been given when there is none."""
    kept = session.pop(_KEY, None)
    if not kept or kept[0] != purpose or time.time() - kept[2] > LIFETIME_S:
        return os.urandom(32)
    return base64url_to_bytes(kept[1])


def _remember(purpose: str, value: bytes) -> None:
    session[_KEY] = [purpose, bytes_to_base64url(value), int(time.time())]
