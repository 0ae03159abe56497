"""Signing in by an OpenID Connect provider, an honest one and a hostile one; both answer on loopback."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.models import Account, AccountSession, Identity
from portal.accounts.oidc import provider as ours
from portal.core import clock, outgoing
from portal.core.db import db
from portal.core.permissions import Role
from tests.accounts.factors import with_app
from tests.accounts.provider import CLIENT_ID, CLIENT_SECRET, Provider, running
from tests.make import Make
from tests.postbox import Postbox

PASSWORD = "a long enough password for a test"
START = "/en/account/oidc/start"
LINK = "/en/account/oidc/link"
UNLINK = "/en/account/oidc/unlink"
SIGN_IN = "/en/account/sign-in"
SETTINGS = "/en/account/settings/second-factor"


@pytest.fixture
def provider(app: Flask) -> Iterator[Provider]:
    with running() as one:
        app.config.update(
            PORTAL_OIDC_ISSUER=one.address,
            PORTAL_OIDC_CLIENT_ID=CLIENT_ID,
            PORTAL_OIDC_CLIENT_SECRET=CLIENT_SECRET,
            PORTAL_OIDC_NAME="Work ID",
            PORTAL_OUTGOING_ALLOW=frozenset({one.address.removeprefix("http://")}),
        )
        yield one


def arrive(client: Any, provider: Provider, start: str = START, **changed: str) -> Any:
    """Go to the provider, sign in there, and come back."""
    return client.get(provider.authorize(client.get(start).location, **changed))


def count(app: Flask, kind: Any) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(kind)) or 0


def refused(app: Flask, client: Any, answer: Any, words: str) -> None:
    """Nobody came in, nothing was made, and a plain page says why and offers the password."""
    assert answer.status_code == 303
    assert answer.location.partition("?")[0] == SIGN_IN
    page = client.page(SIGN_IN)
    assert words in page.text
    assert "Password" in page.text
    assert count(app, Identity) == 0
    assert client.get("/en/my").location.startswith(SIGN_IN)


UNUSABLE = "its answer cannot be used"


def test_somebody_new_gets_an_account_and_comes_back_to_it(app: Flask, client: Any, provider: Provider) -> None:
    assert f"{START}?next=/en/my" in client.page(f"{SIGN_IN}?next=/en/my").links
    assert arrive(client, provider, f"{START}?next=/en/my").location == "/en/my"
    client.page("/en/my")
    assert arrive(app.test_client(), provider).location == "/en/my"
    with app.app_context():
        account = db.session.scalars(select(Account)).one()
        assert (account.email, account.name) == ("person@example.org", "A person")
        assert account.email_verified_at
    assert count(app, Identity) == 1


def test_without_settings_there_is_no_such_way(client: Any) -> None:
    assert "oidc" not in client.page(SIGN_IN).html
    for address in (START, LINK, "/da/account/oidc/callback"):
        assert client.get(address).status_code in (404, 303), address
    assert client.get(START).status_code == 404


@pytest.mark.parametrize("algorithm", ["none", "HS256", "a foreign key"])
def test_a_token_that_the_provider_has_not_signed_is_not_believed(
    app: Flask, client: Any, provider: Provider, algorithm: str
) -> None:
    provider.algorithm = algorithm
    refused(app, client, arrive(client, provider), UNUSABLE)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "http://127.0.0.1:1"},
        {"aud": "another-client"},
        {"aud": [CLIENT_ID, "another-client"]},
        {"aud": [CLIENT_ID, "another-client"], "azp": "another-client"},
        {"azp": "another-client"},
        {"nonce": "a foreign one"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": None},
    ],
)
def test_a_token_for_somebody_or_something_else_is_not_believed(
    app: Flask, client: Any, provider: Provider, claims: dict[str, Any]
) -> None:
    provider.claims = claims
    refused(app, client, arrive(client, provider), UNUSABLE)


def test_a_swapped_state_is_refused(app: Flask, client: Any, provider: Provider) -> None:
    refused(app, client, arrive(client, provider, state="swapped"), "begun in another window")


def test_the_way_back_without_the_way_there_is_refused(app: Flask, client: Any, provider: Provider) -> None:
    victim = app.test_client()
    back = provider.authorize(client.get(START).location)
    answer = victim.get(back)
    assert answer.location == "/da/account/sign-in"
    assert count(app, Account) == 0


def test_a_code_counts_once(app: Flask, client: Any, provider: Provider) -> None:
    back = provider.authorize(client.get(START).location)
    cookie = client.get_cookie("session").value
    client.get(back)
    thief = app.test_client()
    thief.set_cookie("session", cookie)
    assert thief.get(back).location.partition("?")[0] == SIGN_IN
    assert thief.get("/en/my").location.startswith(SIGN_IN)


def test_a_person_who_says_no_there_is_told_so(app: Flask, client: Any, provider: Provider) -> None:
    refused(app, client, arrive(client, provider, error="access_denied"), "not signed in by Work ID")


@pytest.mark.parametrize("verified", [False, None, "true"])
def test_an_address_that_is_not_verified_makes_no_account(
    app: Flask, client: Any, provider: Provider, verified: Any
) -> None:
    provider.claims = {"email_verified": verified}
    refused(app, client, arrive(client, provider), "does not say that your e-mail address is verified")
    assert count(app, Account) == 0


def test_the_providers_word_alone_opens_no_account_that_is_here(
    app: Flask, client: Any, make: Make, provider: Provider
) -> None:
    make.account("Person", roles=[Role.ADMINISTRATOR])
    answer = arrive(client, provider, f"{START}?next=/en/account/settings")
    refused(app, client, answer, "There is an account with your e-mail address already")
    assert answer.location == f"{SIGN_IN}?next=/en/account/settings"


def test_an_account_is_linked_by_its_owner_who_then_signs_in_either_way(
    app: Flask, client: Any, make: Make, provider: Provider, postbox: Postbox
) -> None:
    member = make.account("Person", password=PASSWORD)
    client.sign_in(member)
    assert LINK in client.page(SETTINGS).links
    assert arrive(client, provider, LINK).location == SETTINGS
    assert arrive(app.test_client(), provider, f"{START}?next=/en/my").location == "/en/my"
    assert count(app, Account) == 1
    client.submit(SETTINGS, UNLINK)
    assert count(app, Identity) == 0
    assert len(postbox.fetch("person@example.org")) == 2


@pytest.mark.parametrize("claims", [{"email": "somebody.else@example.org"}, {"email_verified": False}])
def test_nobody_links_another_address(
    app: Flask, client: Any, make: Make, provider: Provider, claims: dict[str, Any]
) -> None:
    provider.claims = claims
    arrive(client.sign_in(make.account("Person")), provider, LINK)
    assert count(app, Identity) == 0


def test_nobody_links_somebody_elses_identity(app: Flask, client: Any, make: Make, provider: Provider) -> None:
    arrive(app.test_client(), provider)
    other = make.account("Other")
    arrive(client.sign_in(other), provider, LINK)
    assert "linked with another account" in client.page(SETTINGS).text
    with app.app_context():
        assert db.session.scalars(select(Identity)).one().account_id != other.id


def test_the_only_way_in_stays(app: Flask, client: Any, provider: Provider) -> None:
    arrive(client, provider)
    page = client.page(SETTINGS)
    assert UNLINK not in page.html
    token = next(e.get("value") for e in page.all("input") if e.get("name") == "csrf_token")
    assert client.post(UNLINK, data={"csrf_token": token, "once": "x"}).status_code == 422
    assert count(app, Identity) == 1


def test_the_second_factor_is_asked_for_all_the_same(app: Flask, client: Any, make: Make, provider: Provider) -> None:
    provider.claims = {"amr": ["pwd", "otp", "mfa"], "acr": "high"}
    arrive(client, provider)
    with app.app_context():
        account = db.session.scalars(select(Account)).one()
    with_app(make, account)
    fresh = app.test_client()
    assert arrive(fresh, provider, f"{START}?next=/en/my").location == "/en/account/second-factor?next=/en/my"
    assert fresh.get("/en/my").location.startswith("/en/account/second-factor")


def test_who_has_no_password_shows_by_the_provider_that_it_is_they(
    app: Flask, client: Any, make: Make, provider: Provider
) -> None:
    arrive(client, provider)
    with make.writing():
        for row in db.session.scalars(select(AccountSession)):
            row.authenticated_at = clock.now() - timedelta(hours=1)
    wanted = "/en/account/second-factor/app"
    confirm = client.get(wanted).location
    start = next(link for link in client.page(confirm).links if link.startswith(START))
    asked = client.get(start).location
    assert "prompt=login" in asked
    provider.claims = {"auth_time": 1}
    client.get(provider.authorize(asked))
    assert client.get(wanted).location == confirm
    provider.claims = {}
    assert arrive(client, provider, start).location == wanted
    client.page(wanted)


def test_a_suspended_account_stays_out(app: Flask, client: Any, make: Make, provider: Provider) -> None:
    arrive(client, provider)
    with make.writing():
        db.session.scalars(select(Account)).one().suspended_at = clock.now()
    fresh = app.test_client()
    assert arrive(fresh, provider).location == f"{SIGN_IN}?next=/en/my"
    assert "suspended" in fresh.page(SIGN_IN).text


@pytest.mark.parametrize(
    "where", ["http://127.0.0.2:80/", "http://169.254.169.254/latest", "http://[::1]:631/", "http://10.0.0.1/"]
)
def test_a_provider_that_points_inside_leads_nowhere(app: Flask, client: Any, provider: Provider, where: str) -> None:
    provider.redirect_to = where
    refused(app, client, client.get(START), UNUSABLE)


@pytest.mark.parametrize("word", ["token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("where", ["http://169.254.169.254/latest", "file:///etc/passwd", "http://127.0.0.2:80/", ""])
def test_a_provider_that_names_an_address_inside_is_not_asked_there(
    app: Flask, client: Any, provider: Provider, word: str, where: str
) -> None:
    provider.found = {word: where}
    refused(app, client, arrive(client, provider), UNUSABLE)


@pytest.mark.parametrize("found", [{"issuer": "http://127.0.0.1:1"}, {"authorization_endpoint": "javascript:alert(1)"}])
def test_a_provider_that_is_another_is_not_gone_to(
    app: Flask, client: Any, provider: Provider, found: dict[str, str]
) -> None:
    provider.found = found
    refused(app, client, client.get(START), UNUSABLE)


def test_a_slow_provider_is_given_up(
    app: Flask, client: Any, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ours, "LIMITS", outgoing.Limits(seconds=0.3, redirects=0))
    provider.pause_s = 1.0
    refused(app, client, client.get(START), UNUSABLE)


def test_a_provider_that_is_down_leaves_the_password(app: Flask, client: Any, make: Make, provider: Provider) -> None:
    make.account("Person", password=PASSWORD)
    app.config["PORTAL_OIDC_ISSUER"] = "http://127.0.0.1:9"
    refused(app, client, client.get(START), UNUSABLE)
    client.submit(SIGN_IN, email="person@example.org", password=PASSWORD)
    client.page("/en/my")
