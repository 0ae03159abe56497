"""Accounts, for administrators: who there is, and what each may do."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts import queries as accounts
from portal.accounts import sessions
from portal.accounts.models import Account
from portal.accounts.second_factor import operations as second_factor
from portal.core import clock
from portal.core.errors import NotFound
from portal.core.forms import PortalForm, submit_once
from portal.core.labels import action_label, label
from portal.core.permissions import Role, allows, audience, require
from portal.core.steps import filtered_url, steps
from portal.core.web import actor, page_number, pages, table_download
from portal.staff import desk
from portal.staff.people import labels, operations, queries
from portal.staff.people import permissions as _rules  # noqa: F401  enters what is asked for here
from portal.staff.people.forms import EraseForm, RolesForm
from portal.staff.people.queries import Asked
from portal.staff.trail import labels as trail_labels
from portal.staff.trail import queries as trail

bp = pages("people", __name__, "/staff/accounts")

TRAIL = 20
FILTERS = ("q", "role", "partner", "state", "factor", "seen", "sort")


@bp.get("")
@audience("staff")
def index() -> ResponseReturnValue:
    require(actor(), "account.list", None)
    asked = _asked()
    part = queries.page(asked, actor(), page_number(), clock.now())
    return desk.render(
        "staff/people/index.html",
        asked=asked,
        rows=part.rows,
        total=part.total,
        roles=[(queries.STAFF, _("Any of them")), *((role.value, label(role)) for role in Role)],
        labels=labels,
        steps=steps(part),
        url=filtered_url,
    )


@bp.get(".<any(csv, xlsx):ending>")
@audience("staff")
def export(ending: str) -> ResponseReturnValue:
    require(actor(), "account.list", None)
    rows = queries.all_of(_asked(), actor(), clock.now())
    return table_download("accounts", ending, _columns(), _cells(rows))


@bp.get("/<int:account_id>")
@audience("staff")
def show(account_id: int) -> ResponseReturnValue:
    account = _account(account_id)
    return _page(account, _roles_form(account, is_filled=True))


@bp.post("/<int:account_id>/roles")
@audience("staff")
def set_roles(account_id: int) -> ResponseReturnValue:
    account = _account(account_id)
    require(actor(), "account.administer", account)
    form = _roles_form(account)
    before = frozenset(one.role for one in account.roles)
    administrators = [one.id for one in accounts.with_role(Role.ADMINISTRATOR)]
    is_last = Role.ADMINISTRATOR in before and not set(administrators) - {account.id}
    if not (form.validate() and form.validate_for(before, is_last=is_last)):
        return _page(account, form), 422

    def act() -> str:
        operations.set_roles(account, form.chosen, form.reason.data, actor=actor(), now=clock.now())
        flash(_("The roles are changed, and the person is signed out everywhere."), "success")
        return url_for(".show", account_id=account.id)

    return submit_once(form, act)


@bp.post("/<int:account_id>/suspend")
@audience("staff")
def suspend(account_id: int) -> ResponseReturnValue:
    return _do(account_id, operations.suspend, _("The account is suspended and signed out everywhere."))


@bp.post("/<int:account_id>/restore")
@audience("staff")
def restore(account_id: int) -> ResponseReturnValue:
    return _do(account_id, operations.restore, _("The person can sign in again."))


@bp.post("/<int:account_id>/reset")
@audience("staff")
def send_reset(account_id: int) -> ResponseReturnValue:
    return _do(account_id, operations.send_reset, _("A link for a new password is on its way."))


@bp.post("/<int:account_id>/end-sessions")
@audience("staff")
def end_sessions(account_id: int) -> ResponseReturnValue:
    return _do(account_id, operations.end_sessions, _("The person is signed out everywhere."))


@bp.post("/<int:account_id>/reset-second-factor")
@audience("staff")
def reset_second_factor(account_id: int) -> ResponseReturnValue:
    said = _("The second factor is taken away. The person sets up a new one at the next sign-in.")
    return _do(account_id, second_factor.reset_second_factor, said)


@bp.route("/<int:account_id>/erase", methods=["GET", "POST"])
@audience("staff")
def erase(account_id: int) -> ResponseReturnValue:
    account = _account(account_id)
    require(actor(), "account.administer", account)
    if account.erased_at is not None:
        raise NotFound("account", account_id)
    form = EraseForm()
    if form.validate_on_submit() and accounts.normal(form.email.data) == account.email:

        def act() -> str:
            operations.erase(account, actor=actor(), now=clock.now())
            flash(_("The account is deleted."), "success")
            return url_for(".index")

        return submit_once(form, act)
    if form.is_submitted():
        form.email.errors = [*form.email.errors, _("This is not the address of the account.")]
    shown = desk.render("staff/people/erase.html", account=account, form=form)
    return shown, 422 if form.errors else 200


def _do(account_id: int, operation: Callable[..., None], said: str) -> ResponseReturnValue:
    """One decision about an account, taken once."""
    account = _account(account_id)
    require(actor(), "account.administer", account)

    def act() -> str:
        operation(account, actor=actor(), now=clock.now())
        flash(said, "success")
        return url_for(".show", account_id=account.id)

    return submit_once(PortalForm(), act)


def _account(account_id: int) -> Account:
    require(actor(), "account.list", None)
    return queries.by_id(account_id, actor())


def _roles_form(account: Account, *, is_filled: bool = False) -> RolesForm:
    held = [one.role.value for one in account.roles]
    return RolesForm(formdata=None, data={"roles": held}) if is_filled else RolesForm()


def _page(account: Account, form: RolesForm) -> str:
    entries = trail.of_subject("account", account.id, actor(), TRAIL)
    return desk.render(
        "staff/people/show.html",
        account=account,
        form=form,
        state=labels.state_of(account),
        labels=labels,
        has_factor=queries.has_second_factor(account),
        sessions=sessions.of_account(account.id, now=clock.now()),
        may_administer=allows(actor(), "account.administer", account),
        entries=entries,
        action_label=action_label,
        words=trail_labels,
    )


def _asked() -> Asked:
    return Asked(**{name: request.args.get(name, "").replace("\x00", "").strip()[:200] for name in FILTERS})


def _columns() -> Sequence[str]:
    return (
        _("Name"),
        _("E-mail"),
        _("State"),
        _("Staff roles"),
        _("Partners"),
        _("Second factor"),
        _("Created"),
        _("Last seen"),
    )


def _cells(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for account, seen_at, has_factor in rows:
        last: datetime | None = seen_at
        yield (
            account.name,
            account.email or "",
            str(labels.STATES[labels.state_of(account)]),
            ", ".join(label(one.role) for one in account.roles),
            "; ".join(one.partner.called() for one in account.memberships),
            _("yes") if has_factor else _("no"),
            account.created_at,
            last,
        )
