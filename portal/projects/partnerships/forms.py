"""The forms in which partners are asked, answer, change and leave."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from portal.core.fields import DayField, NumberField
from portal.core.forms import PortalForm
from portal.core.labels import label
from portal.core.texts import gettext as _
from portal.projects.models import Role
from portal.projects.money.forms import USUAL, CurrencyField, needs_currency
from portal.projects.partnerships.operations import Terms
from portal.projects.parts.forms import ChoiceField

SHORT = [Length(max=2000, message=_l("Write at most %(max)d characters."))]


class TermsForm(PortalForm):
    """As what a partner takes part. `roles` are the words it may be."""

    role = SelectField(_l("Role"))
    starts_on = DayField(_l("From"), [Optional()])
    ends_on = DayField(_l("Until"), [Optional()])

    def offer(self, roles: Any) -> None:
        self.role.choices = [(one.value, label(one)) for one in roles]

    def validate_ends_on(self, field: Any) -> None:
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_("The end is before the start."))

    def terms(self) -> Terms:
        return Terms(Role(self.role.data), self.starts_on.data, self.ends_on.data)


class InviteForm(TermsForm):
    partner = ChoiceField(_l("Partner"))
    budget_share = NumberField(
        _l("Share of the budget"), least=0, description=_l("Leave it empty when nothing is agreed yet.")
    )
    budget_currency = CurrencyField(_l("Currency of the share"))
    message = TextAreaField(
        _l("What you want to say to them"), SHORT, description=_l("It stands in the mail and beside the question.")
    )
    shares_currency = ""

    def ask_one_of(self, partners: Sequence[tuple[int, str]]) -> None:
        """Offer the partners; where there are several, none is asked that nobody chose."""
        if len(partners) == 1:
            self.partner.choices = [(str(id), name) for id, name in partners]
        else:
            self.partner.offer(partners, _("Choose a partner"))

    def validate_partner(self, field: Any) -> None:
        if field.data is None:
            raise ValidationError(_("Choose one from the list."))

    def use(self, currency: str) -> None:
        """Let the share be in the project's currency, where its shares have one already."""
        self.shares_currency = currency
        if not self.budget_currency.raw_data:
            self.budget_currency.data = currency or USUAL

    def validate_budget_currency(self, field: Any) -> None:
        needs_currency(self.budget_share, field)
        if self.budget_share.data is not None and self.shares_currency not in ("", field.data):
            wanted = self.shares_currency
            raise ValidationError(_("The shares of this project are in %(currency)s.", currency=wanted))

    def terms(self) -> Terms:
        share = self.budget_share.data
        money = (share, self.budget_currency.data or "") if share is not None else (None, "")
        return Terms(Role(self.role.data), self.starts_on.data, self.ends_on.data, *money)


class AnswerForm(PortalForm):
    reason = TextAreaField(_l("Why not"), SHORT, description=_l("Needed only if you say no: those who asked read it."))


class TransferForm(PortalForm):
    partner = SelectField(_l("Who is to coordinate"), coerce=int)
    message = TextAreaField(_l("What you want to say to them"), SHORT)
    force = BooleanField(_l("Do it now, without asking them. What you write above is the reason."))
