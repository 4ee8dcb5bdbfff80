"""The form of an exchange: units of each line that come back, and the new goods as text."""

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from shop.money.amounts import MAX_QUANTITY
from shop.returns.errors import NothingToReturn, ReasonMissing
from shop.web.forms import ShopForm
from shop.web.wording import word_error

#: So many lines of new goods an exchange has at most.
MAX_GOODS = 20
_WANTED = re.compile(r"(?:(\d{1,7})\s*\*\s*)?(.+)", re.ASCII)


class ExchangeForm(ShopForm):
    """What comes back, and what is sold for it.

    Cleaned, `units` are pairs of a line's id and a quantity, `goods` pairs of words and a quantity.
    """

    not_kept: ClassVar = frozenset({"goods"})
    goods = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    reason = forms.CharField(max_length=200, required=False)
    restock = forms.BooleanField(required=False)

    def __init__(self, data: Any, line_ids: Sequence[int]) -> None:
        super().__init__(data)
        for line_id in line_ids:
            self.fields[f"units-{line_id}"] = forms.IntegerField(
                min_value=0, max_value=MAX_QUANTITY, required=False
            )

    def clean_goods(self) -> list[tuple[str, int]]:
        """Returns words and quantity of each line, such as "3*mug"; a comma ends a line too."""
        wanted = []
        for line in re.split(r"[\n,]", self.cleaned_data["goods"]):
            if match := _WANTED.fullmatch(line.strip()):
                wanted.append((match[2].strip(), int(match[1] or 1)))
        if not wanted:
            raise forms.ValidationError(self.fields["goods"].error_messages["required"])
        if len(wanted) > MAX_GOODS:
            raise forms.ValidationError(f"An exchange has {MAX_GOODS} new goods at most.")
        return wanted

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        units = {name: value for name, value in data.items() if name.startswith("units-") and value}
        data["units"] = [(int(name.removeprefix("units-")), value) for name, value in units.items()]
        if not data["units"]:
            self.add_error(None, word_error(NothingToReturn()))
        if not data.get("reason"):
            self.add_error("reason", word_error(ReasonMissing()))
        return data
