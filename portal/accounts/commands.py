"""`flask users`: make accounts where nobody can sign in yet, and shut them out."""

import sys
from datetime import timedelta

import click
from flask import current_app
from flask.cli import AppGroup

from portal.accounts import onetime, operations, queries
from portal.accounts.models import Account, MembershipRole, TokenPurpose
from portal.accounts.second_factor import operations as operations_of_factors
from portal.core import bilingual, clock
from portal.core.db import transaction
from portal.core.errors import Invalid
from portal.core.permissions import SYSTEM, Role
from portal.core.web import address
from portal.partners.models import Partner

users = AppGroup("users", help="The people who sign in.")

FIRST_LINK = timedelta(days=7)


@users.command("create")
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([role.value for role in Role]),
    help="A staff role; may be given again.",
)
@click.option("--partner", "slug", metavar="SLUG", help="The partner that the person acts for.")
@click.option(
    "--partner-role", type=click.Choice([role.value for role in MembershipRole]), default="editor", show_default=True
)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--language", type=click.Choice(bilingual.LANGUAGES), default=bilingual.DEFAULT, show_default=True)
def create(
    email: str, name: str, roles: tuple[str, ...], slug: str, partner_role: str, password_stdin: bool, language: str
) -> None:
    """Make an account for EMAIL. Without a password, print a link with which the person sets one.

    Staff set up a second factor when they first sign in.
    """
    password = sys.stdin.read().rstrip("\r\n") if password_stdin else ""
    if password_stdin and not password:
        raise click.ClickException("no password came in on standard input")
    partner = _partner(slug) if slug else None
    token, now = "", clock.now()
    try:
        with bilingual.speaking(language), transaction():
            account = operations.create(
                email,
                name,
                actor=SYSTEM,
                now=now,
                password=password,
                roles={Role(role) for role in roles},
                partner=partner,
                partner_role=MembershipRole(partner_role),
            )
            if not password:
                token = onetime.issue(account, TokenPurpose.RESET, now=now, lifetime=FIRST_LINK)
    except Invalid as refusal:
        raise click.ClickException(f"{refusal.field} {refusal.reason}") from None
    click.echo(f"{account.email} has an account now.")
    if token:
        link = first_link(token, language)
        click.echo(f"This link sets the password, once, within {FIRST_LINK.days} days:\n{link}")


def first_link(token: str, language: str) -> str:
    """The address at which somebody sets the first password of an account."""
    with current_app.test_request_context(base_url=str(current_app.config["PORTAL_BASE_URL"])):
        return address("accounts.set_password", language=language, token=token)


@users.command("list")
def list_() -> None:
    """Every account: address, name, roles, partners, and whether it is suspended."""
    for account in queries.everybody():
        partners = [f"{one.partner.slug} ({one.role})" for one in account.memberships]
        marks = [
            *sorted(one.role for one in account.roles),
            *partners,
            *(["not verified"] if account.email_verified_at is None else []),
            *(["suspended"] if account.suspended_at else []),
        ]
        click.echo(f"{account.email}  {account.name}  {', '.join(marks)}".rstrip())


@users.command("suspend")
@click.argument("email")
def suspend(email: str) -> None:
    """Shut EMAIL out: every session ends at once."""
    account = _account(email)
    try:
        with transaction():
            operations.suspend(account, actor=SYSTEM, now=clock.now())
    except Invalid as refusal:
        raise click.ClickException(f"{email} {refusal.reason}") from None
    click.echo(f"{account.email} is suspended.")


@users.command("restore")
@click.argument("email")
def restore(email: str) -> None:
    """Let EMAIL in again."""
    account = _account(email)
    with transaction():
        operations.restore(account, actor=SYSTEM, now=clock.now())
    click.echo(f"{account.email} can sign in again.")


@users.command("reset-second-factor")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Take the lost second factor from EMAIL: at the next sign-in a new one is set up. Be sure who asks for it."""
    account = _account(email)
    with transaction():
        operations_of_factors.reset_second_factor(account, actor=SYSTEM, now=clock.now())
    click.echo(f"{account.email} has no second factor now, and every session has ended.")


def _account(email: str) -> Account:
    account = queries.by_email(email)
    if account is None:
        raise click.ClickException(f"nobody has an account with the address {email}")
    return account


def _partner(slug: str) -> Partner:
    partner = queries.partner_by_slug(slug)
    if partner is None:
        raise click.ClickException(
            f"there is no partner {slug!r}; the last part of a partner's page address is its SLUG"
        )
    return partner
