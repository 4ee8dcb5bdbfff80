"""The forms of returns and allowances."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from shop.db.errors import InvalidValue, ShopError
from shop.money.amounts import MAX_AMOUNT, MAX_QUANTITY, format_money
from shop.returns.errors import ReasonMissing
from shop.returns.figures import LinePart, SoldLine, count_units, take_units
from shop.web.forms import ShopForm, build_helper

PLACEHOLDER = "Broken, wrong colour, no longer wanted …"
UNITS = {"class": "form-control form-control-sm", "inputmode": "numeric", "autocomplete": "off", "size": 4}


class ReasonForm(ShopForm):
    """Asks what comes back of the sold lines `sold`, by their ids, and for the reason."""

    field_of: ClassVar = {ReasonMissing: "reason"}
    reason = forms.CharField(
        max_length=200,
        widget=forms.TextInput(
            attrs={"class": "form-control", "autocomplete": "off", "placeholder": PLACEHOLDER}
        ),
    )

    def __init__(self, data: Any, sold: Mapping[int, SoldLine], **more: Any) -> None:
        super().__init__(data, **more)
        self.sold = sold

    def try_to_compute(self, compute: Callable[[], list[LinePart]]) -> list[LinePart]:
        """Returns what comes back; nothing for a form with errors. Adds an InvalidValue to the form."""
        if not self.is_valid():
            return []
        try:
            return compute()
        except InvalidValue as error:
            self.add_refusal(error)
            return []


class ReturnForm(ReasonForm):
    """The units of each line that come back."""

    restock = forms.BooleanField(
        label="Put back into stock",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def __init__(self, data: Any, sold: Mapping[int, SoldLine], **more: Any) -> None:
        super().__init__(data, sold, **more)
        self.returnable = [row for row in sold.values() if row.left.quantity_left]
        for row in self.returnable:
            self.fields[_name_field(row.line.pk)] = forms.IntegerField(
                required=False,
                min_value=0,
                max_value=MAX_QUANTITY,
                widget=forms.TextInput(attrs=UNITS),
            )

    @property
    def rows(self) -> list[tuple[SoldLine, forms.BoundField]]:
        """The lines of which something can come back, each with its field."""
        return [(row, self[_name_field(row.line.pk)]) for row in self.returnable]

    def read_parts(self) -> list[LinePart]:
        """Returns what the units of each line give back; nothing for a form with errors."""
        return self.try_to_compute(lambda: take_units(self.sold, count_units(self.read_lines())))

    def read_lines(self) -> list[tuple[int, int]]:
        """Returns pairs of a line's id and its units, of a valid form."""
        units = {row.line.pk: self.cleaned_data[_name_field(row.line.pk)] for row in self.returnable}
        return [(line_id, quantity) for line_id, quantity in units.items() if quantity]

    def add_refusal(self, refusal: ShopError) -> None:
        """Adds the sentence to the line that the error is about."""
        name = _name_field(refusal.values().get("line"))
        if name in self.fields:
            self.add_error(name, self.word(refusal))
        else:
            super().add_refusal(refusal)


def _name_field(line_id: Any) -> str:
    return f"units_{line_id}"


def make_return_values(lines: Sequence[tuple[int, int]], reason: str, *, restock: bool) -> dict[str, Any]:
    """Returns what a form with these lines would send."""
    units = {_name_field(line_id): str(quantity) for line_id, quantity in lines}
    return {**units, "reason": reason, **({"restock": "on"} if restock else {})}


class AllowanceForm(ReasonForm):
    """An amount off one line."""

    field_of: ClassVar = {**ReasonForm.field_of, InvalidValue: "amount"}
    line = forms.TypedChoiceField(coerce=int)
    amount = forms.DecimalField(
        label="Amount off, tax included",
        max_value=MAX_AMOUNT,
        max_digits=18,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    field_order = ("line", "amount", "reason")

    def __init__(self, data: Any, sold: Mapping[int, SoldLine], **more: Any) -> None:
        super().__init__(data, sold, **more)
        self.helper = build_helper()
        field = self.fields["line"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [
            (pk, f"{row.left.quantity_left} × {row.line.name}, {format_money(row.left.gross_left)}")
            for pk, row in sold.items()
            if row.left.gross_left
        ]

    def read_parts(self) -> list[LinePart]:
        """Returns what the amount takes off its line; nothing for a form with errors."""
        return self.try_to_compute(
            lambda: [self.sold[self.cleaned_data["line"]].take_amount(self.cleaned_data["amount"])]
        )
