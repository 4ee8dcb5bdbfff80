"""The forms of payments, refunds and reversals."""

from collections.abc import Iterable
from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms

from shop.db.errors import InvalidValue, ShopError
from shop.money.amounts import format_money
from shop.money.balance import PaymentLeft
from shop.money.errors import TenderedTooLittle
from shop.payments.errors import CardNumberRefused, CashRefundAboveLimit, ReasonMissing
from shop.payments.models import Payment
from shop.payments.tenders import METHODS
from shop.staff.errors import ConfirmationRefused, TooManyAttempts
from shop.till.forms import make_amount_field
from shop.web.forms import ShopForm, build_helper

_METHODS = [(method, Payment.Method(method).label) for method in METHODS]
#: The value of the choice "cash from the drawer"; the other choices are the ids of payments.
CASH = "cash"


class PaymentForm(ShopForm):
    """A payment. Cash laid down that is more than is to pay gives change."""

    field_of: ClassVar = {
        TenderedTooLittle: "tendered",
        CardNumberRefused: "reference",
        InvalidValue: "amount",
    }
    method = forms.ChoiceField(choices=_METHODS)
    tendered = make_amount_field("Cash laid down", required=False)
    amount = make_amount_field("Amount", required=False, help_text="Empty: as much as the cash pays.")
    reference = forms.CharField(label="Number of the slip", max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = build_helper()
        self.fields["reference"].widget.attrs["autocomplete"] = "off"


class RefundForm(ShopForm):
    """A refund: of which payment, or in cash from the drawer, and perhaps which manager confirms it."""

    not_kept: ClassVar = frozenset({"manager", "password"})
    field_of: ClassVar = {
        CashRefundAboveLimit: "manager",
        ConfirmationRefused: "manager",
        TooManyAttempts: "manager",
        InvalidValue: "amount",
    }
    source = forms.ChoiceField(label="Back by")
    amount = make_amount_field("Amount")
    reason = forms.CharField(max_length=200, required=False)
    manager = forms.CharField(label="Manager's username", max_length=150, required=False)
    password = forms.CharField(
        label="Manager's password", max_length=1000, required=False, strip=False, widget=forms.PasswordInput
    )

    def __init__(self, *args: Any, left: Iterable[PaymentLeft], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = build_helper()
        self.fields["manager"].widget.attrs |= {"autocapitalize": "off", "spellcheck": "false"}
        for name in ("manager", "password"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.helper.layout = Layout("source", "amount", "reason")
        if "manager" in self.data:
            self._show_manager()
        self.fields["source"].choices = [  # type: ignore[attr-defined]
            (CASH, "Cash"),
            *(
                (str(row.payment_id), f"{Payment.Method(row.method).label}, {format_money(row.left)} left")
                for row in left
                if row.method in METHODS
                and row.method != CASH
                # Sent again, the form names a payment of which nothing is left any more.
                and (row.left or str(row.payment_id) == self.data.get("source"))
            ),
        ]

    def add_refusal(self, refusal: ShopError) -> None:
        """Also shows the fields of a manager, where one is needed."""
        if isinstance(refusal, CashRefundAboveLimit) and "manager" not in self.data:
            self._show_manager()
        super().add_refusal(refusal)

    def _show_manager(self) -> None:
        self.helper.layout.extend(["manager", "password"])


class ReversalForm(ShopForm):
    field_of: ClassVar = {ReasonMissing: "reason"}
    reason = forms.CharField(max_length=200, widget=forms.TextInput(attrs={"autofocus": True}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = build_helper()
