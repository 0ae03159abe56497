"""Staff sign in in a real browser: with a passkey, which is not given up while it is the only one, or with an app."""

import re
import time
from collections.abc import Callable

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import give_password
from tests.journeys.sound import prove

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


def with_authenticator(page: Page) -> None:
    """Give the browser a built-in authenticator whose owner always shows a finger."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**options, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )


def test_an_editor_sets_up_a_passkey_and_signs_in_with_it(
    visit: Callable[..., Page], people: Callable[..., str]
) -> None:
    email = people("passkey-editor@example.org", roles=("editor",))
    page = visit("/en/account/sign-in?next=/en/staff")
    with_authenticator(page)
    prove(page)
    give_password(page, email)
    page.wait_for_url(re.compile("/en/account/second-factor"))
    prove(page)
    page.get_by_role("link", name="Use a passkey").click()
    prove(page)
    page.get_by_label("Name").fill("Office laptop")
    page.get_by_role("button", name="Set up").click()
    page.wait_for_url(re.compile("/second-factor/codes"))
    prove(page)
    assert page.locator(".codes li").count() == 10
    page.get_by_role("button", name="I have kept them, go on").click()
    page.wait_for_url(re.compile("^[^?]*/en/staff$"))

    page.goto(page.url.replace("/en/staff", "/en/account/settings/second-factor"))
    prove(page)
    assert page.get_by_text("Office laptop").is_visible()
    assert page.get_by_text("Staff keep at least one second factor").is_visible()
    assert page.get_by_role("button", name="Remove").count() == 0

    page.get_by_role("button", name="Sign out").first.click()
    page.goto(re.sub("/en.*", "/en/account/sign-in?next=/en/staff", page.url))
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(re.compile("^[^?]*/en/staff$"))
    assert page.get_by_role("heading", level=1).inner_text() == "Staff desk"

    # With the password, the passkey is the second step.
    page.get_by_role("button", name="Sign out").first.click()
    page.goto(re.sub("/en.*", "/en/account/sign-in?next=/en/staff", page.url))
    give_password(page, email)
    page.wait_for_url(re.compile("/en/account/second-factor"))
    prove(page)
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url(re.compile("^[^?]*/en/staff$"))


def test_an_administrator_sets_up_an_app_and_signs_in_with_its_next_code(
    visit: Callable[..., Page], people: Callable[..., str]
) -> None:
    email = people("app-administrator@example.org", roles=("administrator",))
    page = visit("/en/account/sign-in?next=/en/staff")
    give_password(page, email)
    page.get_by_role("link", name="Use an authenticator app").click()
    prove(page)
    app = pyotp.TOTP(page.locator("code.secret").inner_text().replace(" ", ""))
    step = int(time.time()) // app.interval
    page.get_by_label("Code from your app").fill(app.generate_otp(step))
    page.get_by_role("button", name="Set up").click()
    page.get_by_role("button", name="I have kept them, go on").click()
    page.wait_for_url(re.compile("^[^?]*/en/staff$"))

    page.get_by_role("button", name="Sign out").first.click()
    page.goto(re.sub("/en.*", "/en/account/sign-in?next=/en/staff", page.url))
    give_password(page, email)
    page.get_by_label("Code from your app").fill(app.generate_otp(step))
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_label("Code from your app")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Code from your app").fill(app.generate_otp(step + 1))
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(re.compile("^[^?]*/en/staff$"))
