"""The OpenID Connect provider that an operator has named: found, asked, and believed only what it has signed.

Authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0, RFC 7636, RFC 9700). Every request of
ours goes by the rules of `core.outgoing`, and none is redirected: a provider that turned hostile leads nowhere.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from flask import current_app
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from portal.core import outgoing

# Signed with the provider's private key. Never "none", and no HS256: its secret would be the public key.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
KEY_TYPES = ("RSA", "EC", "OKP")
LIMITS = outgoing.Limits(seconds=6.0, connect_seconds=3.0, raw=512 * 1024, unpacked=512 * 1024, redirects=0)
LEEWAY_S = 60
FOUND_FOR_S = 5 * 60
LONGEST_ANSWER = 100_000
_FOUND = "oidc_found"


class ProviderError(Exception):
    """The provider does not answer, or not as it should; the message says why in words for the log."""


@dataclass(frozen=True)
class Request:
    """What only the browser that began has, to be compared with what comes back."""

    state: str
    nonce: str
    verifier: str
    return_to: str


@dataclass(frozen=True)
class Person:
    """Whom the provider vouches for."""

    issuer: str
    subject: str
    email: str
    is_verified: bool
    name: str
    authenticated_at: float


def is_set_up() -> bool:
    return bool(current_app.config["PORTAL_OIDC_ISSUER"])


def name() -> str:
    """What the provider is called on our buttons."""
    return str(current_app.config["PORTAL_OIDC_NAME"])


def where_to_go(request: Request, *, anew: bool = False) -> str:
    """The provider's page at which a person signs in; `anew` also when they are signed in there already."""
    endpoint = _endpoint("authorization_endpoint")
    asked = {
        "response_type": "code",
        "client_id": current_app.config["PORTAL_OIDC_CLIENT_ID"],
        "redirect_uri": request.return_to,
        "scope": "openid email profile",
        "state": request.state,
        "nonce": request.nonce,
        "code_challenge": create_s256_code_challenge(request.verifier),
        "code_challenge_method": "S256",
        **({"prompt": "login", "max_age": "0"} if anew else {}),
    }
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"


def person(code: str, request: Request) -> Person:
    """Whom the provider vouches for by this code."""
    tokens = _tokens(code, request)
    claims = _claims(str(tokens.get("id_token", "")), str(tokens.get("access_token", "")), request.nonce)
    subject, email = claims["sub"], claims.get("email")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise ProviderError("the token names nobody")
    return Person(
        issuer=str(claims["iss"]),
        subject=subject,
        email=email if isinstance(email, str) else "",
        is_verified=claims.get("email_verified") is True,
        name=str(claims.get("name") or ""),
        authenticated_at=float(claims.get("auth_time") or 0),
    )


def _claims(token: str, access_token: str, nonce: str) -> CodeIDToken:
    keys = _json(outgoing.fetch, _endpoint("jwks_uri"))
    try:
        usable = [key for key in keys["keys"] if key.get("kty") in KEY_TYPES]
        read = jwt.decode(token, KeySet.import_key_set({"keys": usable}), algorithms=ALGORITHMS)
        client = current_app.config["PORTAL_OIDC_CLIENT_ID"]
        expected = {"iss": current_app.config["PORTAL_OIDC_ISSUER"], "aud": client}
        claims = CodeIDToken(
            read.claims,
            read.header,
            options={key: {"essential": True, "value": value} for key, value in expected.items()},
            params={"client_id": client, "nonce": nonce, "access_token": access_token},
        )
        claims.validate(leeway=LEEWAY_S)
    except (JoseError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ProviderError(f"the token cannot be believed: {type(error).__name__}: {error}") from error
    return claims


def _tokens(code: str, request: Request) -> Mapping[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": request.return_to,
        "code_verifier": request.verifier,
        "client_id": current_app.config["PORTAL_OIDC_CLIENT_ID"],
        "client_secret": current_app.config["PORTAL_OIDC_CLIENT_SECRET"],
    }
    return _json(outgoing.post, _endpoint("token_endpoint"), form=form)


def _endpoint(word: str) -> str:
    address = str(_found().get(word, ""))
    allowed = {"https", urlsplit(current_app.config["PORTAL_OIDC_ISSUER"]).scheme}
    if urlsplit(address).scheme not in allowed:
        raise ProviderError(f"no usable {word}")
    return address


def _found() -> Mapping[str, Any]:
    """What the provider says of itself; asked again after a while."""
    known = current_app.extensions.get(_FOUND)
    if known and known[0] > time.monotonic():
        return dict(known[1])
    issuer = str(current_app.config["PORTAL_OIDC_ISSUER"])
    found = _json(outgoing.fetch, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != issuer:
        raise ProviderError("the provider gives itself another name than the one that is set")
    current_app.extensions[_FOUND] = (time.monotonic() + FOUND_FOR_S, found)
    return found


def _json(ask: Any, address: str, **options: Any) -> dict[str, Any]:
    try:
        answer = ask(address, allow=current_app.config["PORTAL_OUTGOING_ALLOW"], limits=LIMITS, **options)
        if answer.status != 200 or len(answer.body) > LONGEST_ANSWER:
            raise ProviderError(f"{address} answers with status {answer.status}")
        read = json.loads(answer.body)
    except outgoing.OutgoingError as error:
        raise ProviderError(f"{address}: {type(error).__name__}: {error}") from error
    except (ValueError, RecursionError) as error:
        raise ProviderError(f"{address} answers with no JSON") from error
    if not isinstance(read, dict):
        raise ProviderError(f"{address} answers with no object")
    return read


def issuer() -> str:
    """The provider's own name for itself."""
    return str(current_app.config["PORTAL_OIDC_ISSUER"])
