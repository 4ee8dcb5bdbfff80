"""The form above a report: which days, and whether to compare them with those before."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone

from shop.reports.days import Days, check_days, make_presets
from shop.reports.errors import InvalidRange

DEFAULT = "30-days"
UNKNOWN_RANGE = "There are no days of this name. Choose some above, or a first and a last day."


class DaysForm(forms.Form):
    """`range` names a preset. Without one the days are those between `first` and `last`."""

    #: The page shows the presets as links, and this field's error beside them.
    range = forms.ChoiceField(
        required=False,
        choices=lambda: [(name, label) for name, (label, _) in make_presets(timezone.localdate()).items()],
        error_messages={"invalid_choice": UNKNOWN_RANGE},
    )
    first = forms.DateField(label="From", required=False)
    last = forms.DateField(label="To", required=False)
    compare = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        today = timezone.localdate()
        presets = make_presets(today)
        chosen = values.get("range") or ("" if values.get("first") or values.get("last") else DEFAULT)
        if self.errors:
            return values
        if chosen in presets:
            values |= {"days": presets[chosen][1], "preset": chosen}
            return values
        values |= {"days": self._check_days(values, today), "preset": ""}
        return values

    def _check_days(self, values: dict[str, Any], today: datetime.date) -> Days | None:
        first = values.get("first") or values.get("last") or today
        try:
            return check_days(first, values.get("last") or max(first, today))
        except InvalidRange as error:
            self.add_error("last", f"Not before the first day, and at most {error.most} years after it.")
        return None

    def get_days(self) -> Days:
        """Returns the valid days; today while they are not valid."""
        today = timezone.localdate()
        return (self.is_valid() and self.cleaned_data.get("days")) or Days(today, today)

    def list_day_fields(self) -> list[tuple[forms.BoundField, str]]:
        """Returns the two fields with what stands in them: what was sent, or the days that are shown."""
        days = self.get_days()
        shown = zip(("first", "last"), days, strict=True)
        return [(self[name], self[name].value() if self.errors else day.isoformat()) for name, day in shown]
