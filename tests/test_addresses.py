"""Addresses that nobody follows from a page: numbers that no row can have, on every address that holds one."""

import re

import pytest
from flask import Flask

from portal.core.permissions import Role
from tests.make import Make

SLOT = re.compile(r"<(?:(\w+)(?:\((.*?)\))?:)?(\w+)>")
NUMBERS = ("2147483648", "99999999999999999999")


def _filled(rule: str, number: str) -> str:
    """The address with a first word of each choice, a slug that there is, and the number."""

    def word(slot: re.Match[str]) -> str:
        kind, options, name = slot.groups()
        if kind == "any":
            return options.split(",")[0].strip().strip("'")
        return number if kind == "int" else {"language": "en", "slug": "open"}.get(name, "none")

    return SLOT.sub(word, rule)


@pytest.mark.sqlite_only  # PostgreSQL refuses such a number where it is compared, and so does SQLite's driver
def test_a_number_that_no_row_can_have_is_no_address(app: Flask, make: Make) -> None:
    partner = make.partner("Open")
    make.project("Open", partners=[partner])
    client = app.test_client().sign_in(make.account(admin_of=[partner], roles=list(Role)))
    addresses = [rule for rule in app.url_map.iter_rules() if "<int" in rule.rule]
    assert len(addresses) > 100
    for rule in addresses:
        for number in NUMBERS:
            method = "GET" if "GET" in (rule.methods or ()) else "POST"
            address = _filled(rule.rule, number)
            assert client.open(address, method=method).status_code in (303, 404, 410), address
