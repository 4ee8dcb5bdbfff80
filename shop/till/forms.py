"""The forms of tills: a count, a cash movement, and a new register."""

from typing import Any, ClassVar

from django import forms

from shop.money.amounts import MAX_AMOUNT, format_money
from shop.money.errors import MoreThanCounted
from shop.till.denominations import list_denominations
from shop.till.errors import (
    CashReasonMissing,
    CountsDiffer,
    InvalidPrefix,
    NotCounted,
    PrefixTaken,
    RegisterNameTaken,
)
from shop.till.models import CashMovement
from shop.web.forms import ShopForm, build_helper
from shop.web.wording import word_error

MAX_PIECES = 100_000


def make_amount_field(label: str, **options: Any) -> forms.DecimalField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.DecimalField(
        label=label, min_value=0, max_value=MAX_AMOUNT, decimal_places=2, widget=widget, **options
    )


class CountForm(ShopForm):
    """A number for each note and coin. Cleaned, `pieces` maps each for which one was typed to it."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.rows = [(f"pieces-{value}", value) for value in list_denominations()]
        for name, value in self.rows:
            widget = forms.TextInput(
                attrs={"inputmode": "numeric", "autocomplete": "off", "class": "form-control units"}
            )
            self.fields[name] = forms.IntegerField(
                label=format_money(value), min_value=0, max_value=MAX_PIECES, required=False, widget=widget
            )
        self.fields[self.rows[0][0]].widget.attrs["autofocus"] = True

    @property
    def piece_fields(self) -> list[forms.BoundField]:
        return [self[name] for name, _ in self.rows]

    @property
    def is_counted(self) -> bool:
        """Whether the numbers of pieces are valid; the other fields need not be."""
        wrong = self.errors.keys() & {"__all__", *(name for name, _ in self.rows)}
        return not wrong and bool(self.cleaned_data.get("pieces"))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        typed = {value: data.get(name) for name, value in self.rows}
        data["pieces"] = {value: number for value, number in typed.items() if number is not None}
        if not data["pieces"] and not self.errors and not self.is_counted_otherwise(data):
            self.add_error(None, word_error(NotCounted()))
        return data

    def is_counted_otherwise(self, data: dict[str, Any]) -> bool:
        """Whether another field holds what was counted, so that no pieces are needed."""
        return False


class OpenForm(CountForm):
    """The float: as pieces, or as one amount."""

    field_of: ClassVar = {CountsDiffer: "amount"}

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["amount"] = make_amount_field("All of it", required=False)

    def is_counted_otherwise(self, data: dict[str, Any]) -> bool:
        return data.get("amount") is not None


class CloseForm(CountForm):
    """The count at the end, the amount that goes to the bank, and a note."""

    field_of: ClassVar = {MoreThanCounted: "banked"}

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["banked"] = make_amount_field(
            "To the bank", required=False, help_text="The rest stays in the drawer for the next time."
        )
        self.fields["note"] = forms.CharField(max_length=200, required=False)


class CashForm(ShopForm):
    field_of: ClassVar = {CashReasonMissing: "reason"}
    kind = forms.ChoiceField(label="What", choices=CashMovement.Kind.choices)
    amount = make_amount_field("Amount")
    reason = forms.CharField(max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = build_helper()
        self.fields["amount"].widget.attrs["autofocus"] = True


class RegisterForm(ShopForm):
    field_of: ClassVar = {RegisterNameTaken: "name", PrefixTaken: "prefix", InvalidPrefix: "prefix"}
    name = forms.CharField(max_length=60)
    # Django takes a field out of the class, so that it does not hide the form's own `prefix`.
    prefix = forms.CharField(  # type: ignore[assignment]
        max_length=8, help_text="Begins the numbers of its documents, as in T2-000001."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = build_helper()
