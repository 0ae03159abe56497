"""An OpenID Connect provider on loopback, honest unless a test says otherwise."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from werkzeug import Request, Response
from werkzeug.serving import make_server

CLIENT_ID, CLIENT_SECRET = "portal-client", "a secret between the two of us"


class Provider:
    """`claims` are put over what the token would say, `lies` is called with the token's parts; see `token`."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
        self.address = ""
        self.user = {"sub": "person-1", "email": "person@example.org", "email_verified": True, "name": "A person"}
        self.claims: dict[str, Any] = {}
        self.algorithm = "RS256"
        self.codes: dict[str, dict[str, str]] = {}
        self.used: list[str] = []
        self.found: dict[str, Any] = {}
        self.redirect_to = ""
        self.pause_s = 0.0

    @Request.application
    def __call__(self, request: Request) -> Response:
        time.sleep(self.pause_s)
        if self.redirect_to:
            return Response(status=302, headers={"Location": self.redirect_to})
        if request.path == "/.well-known/openid-configuration":
            return self._json(
                {
                    "issuer": self.address,
                    "authorization_endpoint": f"{self.address}/authorize",
                    "token_endpoint": f"{self.address}/token",
                    "jwks_uri": f"{self.address}/keys",
                    **self.found,
                }
            )
        if request.path == "/keys":
            return self._json({"keys": [self.key.as_dict(private=False)]})
        if request.path == "/token":
            return self._tokens(request)
        return Response(status=404)

    def authorize(self, address: str, **changed: str) -> str:
        """A person signs in at the page that the portal has sent them to; returns where they are sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = {"code": code, "state": asked["state"], **changed}
        return f"{urlsplit(asked['redirect_uri']).path}?{urlencode(back)}"

    def _tokens(self, request: Request) -> Response:
        asked = self.codes.get(request.form["code"])
        verifier = base64.urlsafe_b64encode(hashlib.sha256(request.form["code_verifier"].encode()).digest())
        if (
            asked is None
            or request.form["code"] in self.used
            or request.form["client_secret"] != CLIENT_SECRET
            or request.form["redirect_uri"] != asked["redirect_uri"]
            or verifier.rstrip(b"=").decode() != asked["code_challenge"]
        ):
            return Response(json.dumps({"error": "invalid_grant"}), 400, content_type="application/json")
        self.used.append(request.form["code"])
        return self._json({"access_token": "x", "token_type": "Bearer", "id_token": self.token(asked["nonce"])})

    def token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.address,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "nonce": nonce,
            **self.user,
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.algorithm == "none":
            parts = [{"alg": "none"}, claims]
            return (
                ".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in parts)
                + "."
            )
        if self.algorithm == "HS256":
            public = OctKey.import_key(self.key.as_pem(private=False))
            return jwt.encode({"alg": "HS256", "kid": "first"}, claims, public)
        key = self.key if self.algorithm == "RS256" else RSAKey.generate_key(2048)
        return jwt.encode({"alg": "RS256", "kid": "first"}, claims, key)

    def _json(self, body: dict[str, Any]) -> Response:
        return Response(json.dumps(body), content_type="application/json")


@contextmanager
def running() -> Iterator[Provider]:
    """The provider, answering at its `address`."""
    provider = Provider()
    server = make_server("127.0.0.1", 0, provider, threaded=True)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
