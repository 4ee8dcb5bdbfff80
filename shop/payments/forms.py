"""The forms of payments, refunds and reversals."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms

from shop.db.errors import InvalidValue
from shop.money.amounts import MAX_AMOUNT, format_money
from shop.money.balance import PaymentLeft
from shop.money.errors import TenderedTooLittle
from shop.payments.errors import CardNumberRefused, ReasonMissing
from shop.payments.models import Payment
from shop.payments.tenders import METHODS
from shop.web.forms import ShopForm, build_helper

_METHODS = [(method, Payment.Method(method).label) for method in METHODS]
#: The choice of cash from the drawer, among payments that are named by their ids.
CASH = "cash"


def _make_amount(label: str, **options: Any) -> forms.DecimalField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.DecimalField(
        label=label, min_value=0, max_value=MAX_AMOUNT, decimal_places=2, widget=widget, **options
    )


class PaymentForm(ShopForm):
    """Money that a customer gives. Cash that was laid down gives change."""

    field_of: ClassVar = {
        TenderedTooLittle: "tendered",
        CardNumberRefused: "reference",
        InvalidValue: "amount",
    }
    method = forms.ChoiceField(choices=_METHODS)
    tendered = _make_amount("Cash laid down", required=False)
    amount = _make_amount("Amount", required=False, help_text="Empty: as much as the cash pays.")
    reference = forms.CharField(label="Number of the slip", max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = build_helper()
        self.fields["reference"].widget.attrs["autocomplete"] = "off"


class RefundForm(ShopForm):
    """Money that goes back: to which payment, or from the drawer."""

    field_of: ClassVar = {InvalidValue: "amount"}
    source = forms.ChoiceField(label="Back by")
    amount = _make_amount("Amount")
    reason = forms.CharField(max_length=200, required=False)

    def __init__(self, *args: Any, left: Iterable[PaymentLeft], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = build_helper()
        self.fields["source"].choices = [  # type: ignore[attr-defined]
            (CASH, "Cash"),
            *(
                (str(row.payment), f"{Payment.Method(row.method).label}, {format_money(row.left)} left")
                for row in left
                if row.left and row.method in METHODS and row.method != CASH
            ),
        ]


class ReversalForm(ShopForm):
    field_of: ClassVar = {ReasonMissing: "reason"}
    reason = forms.CharField(max_length=200, widget=forms.TextInput(attrs={"autofocus": True}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = build_helper()
