"""The desk's small forms: a line, a quantity, a customer, a discount, a note."""

import re
from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from shop.customers.models import Customer
from shop.db.ids import MAX_ID
from shop.money.amounts import MAX_QUANTITY
from shop.money.errors import MoneyError
from shop.money.pricing import NO_DISCOUNT, Discount
from shop.orders.errors import ReasonMissing
from shop.orders.models import Order
from shop.search import text
from shop.web.forms import ShopForm, build_helper
from shop.web.wording import word_error

#: A point or a comma before one or two decimals; "1,250" is refused, because it could mean either.
_AMOUNT = re.compile(r"\d{1,13}([.,]\d{1,2})?", re.ASCII)
_QUANTITY = re.compile(r"^\s*(\d+)\s*\*\s*(.*)$", re.ASCII | re.DOTALL)


class StepForm(ShopForm):
    """A form that changes one thing of a draft."""

    @property
    def first_sentence(self) -> str:
        """Returns the first error: the desk shows one at a time."""
        return next(iter(self.sentences().values()), "")


class AddLineForm(StepForm):
    """Raw text such as "3*wh lamp", or a product chosen from a list of matches."""

    not_kept: ClassVar = frozenset({"text"})
    text = forms.CharField(max_length=200, required=False)
    product = forms.IntegerField(min_value=1, max_value=MAX_ID, required=False)
    quantity = forms.IntegerField(min_value=1, max_value=MAX_QUANTITY, required=False)

    def clean(self) -> dict[str, Any]:
        """Splits the typed text into `words` and `quantity`."""
        data = super().clean() or {}
        typed = data.get("text", "")
        prefixed = _QUANTITY.match(typed)
        data["words"] = (prefixed[2] if prefixed else typed).strip()
        if prefixed:
            quantity = int(prefixed[1]) if len(prefixed[1]) < 10 else MAX_QUANTITY + 1
            if not 1 <= quantity <= MAX_QUANTITY:
                self.add_error("quantity", f"A quantity is between 1 and {MAX_QUANTITY:,}.")
            data["quantity"] = quantity
        data["quantity"] = data.get("quantity") or 1
        if not data["words"] and not data.get("product"):
            self.add_error("text", "Type a SKU, a barcode or the beginning of a name.")
        return data


class QuantityForm(StepForm):
    quantity = forms.IntegerField(min_value=0, max_value=MAX_QUANTITY)


class NewCustomerForm(StepForm):
    """A customer made at the desk."""

    name = forms.CharField(max_length=Customer._meta.get_field("name").max_length)
    phone = forms.CharField(max_length=Customer._meta.get_field("phone").max_length, required=False)

    def __init__(self, data: Any = None, *, initial: dict[str, str] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id="new-customer-%s")
        self.helper = build_helper()

    @classmethod
    def from_typed(cls, typed: str) -> "NewCustomerForm":
        """Returns a form with the typed text as the phone number, if it looks like one, or as the name."""
        is_phone = len(text.keep_digits(typed)) >= 4 and not any(char.isalpha() for char in typed)
        form = cls(initial={"phone": typed} if is_phone else {"name": typed})
        form.fields["name" if is_phone else "phone"].widget.attrs["autofocus"] = True
        return form


class DiscountForm(StepForm):
    """A discount such as "10%" or "2.50", why it is given, and perhaps who confirms it."""

    not_kept: ClassVar = frozenset({"discount", "manager", "password"})
    discount = forms.CharField(max_length=20, required=False)
    reason = forms.CharField(max_length=200, required=False)
    manager = forms.CharField(max_length=150, required=False)
    password = forms.CharField(max_length=1000, required=False, strip=False)

    def clean_discount(self) -> Discount:
        """Returns the discount that the text means; an empty text, or 0, is none."""
        typed = "".join(self.cleaned_data["discount"].split())
        number, is_percent = typed.removesuffix("%"), typed.endswith("%")
        if not typed:
            return NO_DISCOUNT
        if not _AMOUNT.fullmatch(number):
            raise forms.ValidationError("Type a percentage such as 10%, or an amount such as 2.50.")
        value = Decimal(number.replace(",", "."))
        if not value:
            return NO_DISCOUNT
        try:
            return Discount(percent=value) if is_percent else Discount(amount=value)
        except MoneyError as error:
            raise forms.ValidationError(word_error(error)) from None

    def clean(self) -> dict[str, Any]:
        """Asks for a reason where there is a discount."""
        data = super().clean() or {}
        if data.get("discount", NO_DISCOUNT) != NO_DISCOUNT and not data.get("reason"):
            self.add_error("reason", word_error(ReasonMissing()))
        return data


class NoteForm(StepForm):
    """The order's note."""

    with_lines: ClassVar = frozenset({"note"})
    note = forms.CharField(max_length=Order._meta.get_field("note").max_length, required=False)

    def clean_note(self) -> str:
        """Returns the note with "\\n" as its line ends; browsers send "\\r\\n"."""
        note: str = self.cleaned_data["note"]
        return note.replace("\r\n", "\n")
