"""The shape of what people write about money."""

from collections.abc import Iterable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import ValidationError

from portal.core.fields import NumberField, currency, filled_in, longest
from portal.core.forms import RevisionForm
from portal.core.texts import gettext as _
from portal.projects.models import FundingKind, FundingState, Project
from portal.projects.money.operations import Costs, Shares
from portal.projects.parts.forms import PartForm, VisibilityField, WordField
from portal.projects.parts.operations import Details

USUAL = "DKK"


class CurrencyField(StringField):
    """A currency by its code; kroner where nothing is said yet."""

    def __init__(self, text: Any = None, **options: Any) -> None:
        super().__init__(
            text or _l("Currency"),
            [currency],
            description=_l("Three letters, for instance DKK or EUR."),
            render_kw={"maxlength": 3, "autocapitalize": "characters"},
            **options,
        )

    def process_data(self, value: Any) -> None:
        self.data = value or USUAL


def needs_currency(amount: Any, code: Any) -> None:
    """An amount without a currency says nothing."""
    if amount.data is not None and not code.data:
        raise ValidationError(_("Say in which currency the amount is."))


class FundingForm(PartForm):
    values = ("funder", "programme", "grant_number", "amount", "currency", "kind", "state", "visibility")

    funder = StringField(_l("Who gives the money"), [filled_in(_l("Write who gives the money.")), longest(200)])
    programme = StringField(_l("Programme or call"), [longest(200)])
    grant_number = StringField(_l("Grant number"), [longest(60)])
    kind = WordField(_l("Kind"), FundingKind, default=FundingKind.GRANT)
    state = WordField(_l("State"), FundingState, _l("Not reported"))
    amount = NumberField(_l("Amount"), least=0, description=_l("Leave it empty when it is not known."))
    currency = CurrencyField()
    visibility = VisibilityField()

    def validate_currency(self, field: Any) -> None:
        needs_currency(self.amount, field)

    def details(self) -> Details:
        said = super().details()
        texts = {name: said.values[name] or "" for name in ("funder", "programme", "grant_number")}
        code = self.currency.data if self.amount.data is not None else ""
        return Details({}, {**said.values, **texts, "currency": code})


class CostForm(RevisionForm):
    total_cost = NumberField(
        _l("Total cost"), least=0, description=_l("What the whole project was planned to cost, whoever pays it.")
    )
    total_cost_currency = CurrencyField(_l("Currency of the total cost"))
    actual_cost = NumberField(
        _l("Actual cost"), least=0, description=_l("What it has cost in the end; leave it empty until that is known.")
    )
    actual_cost_currency = CurrencyField(_l("Currency of the actual cost"))
    costs_visibility = VisibilityField(_l("Who may see the costs"))

    def validate_total_cost_currency(self, field: Any) -> None:
        needs_currency(self.total_cost, field)

    def validate_actual_cost_currency(self, field: Any) -> None:
        needs_currency(self.actual_cost, field)

    def details(self) -> Costs:
        total, actual = self.total_cost.data, self.actual_cost.data
        return Costs(
            total,
            self.total_cost_currency.data if total is not None else "",
            actual,
            self.actual_cost_currency.data if actual is not None else "",
            self.costs_visibility.data,
        )


def shares_form(project: Project, names: Iterable[tuple[int, str]], **options: Any) -> Any:
    """A form with an amount for each participation, `names` by its id, filled from the project."""
    fields = {f"share_{id}": NumberField(name, least=0) for id, name in names}

    class SharesForm(_SharesForm):
        pass

    for name, field in fields.items():
        setattr(SharesForm, name, field)
    given = {f"share_{one.id}": one.budget_share for one in project.participations}
    stands = SimpleNamespace(
        version=project.version,
        currency=project.shares_currency,
        visibility=project.shares_visibility,
        **given,
    )
    form = SharesForm(obj=stands, **options)
    form.visibility.offer(project)
    return form


class _SharesForm(RevisionForm):
    currency = CurrencyField()
    visibility = VisibilityField(_l("Who may see the shares"))

    @property
    def shares(self) -> list[Any]:
        """The amounts, a field each."""
        return [field for field in self if field.short_name.startswith("share_")]

    def validate_currency(self, field: Any) -> None:
        if not field.data and any(share.data is not None for share in self.shares):
            raise ValidationError(_("Say in which currency the amount is."))

    def details(self) -> Shares:
        amounts: dict[int, Decimal | None] = {
            int(field.short_name.removeprefix("share_")): field.data for field in self.shares
        }
        known = any(amount is not None for amount in amounts.values())
        return Shares(amounts, self.currency.data if known else "", self.visibility.data)
