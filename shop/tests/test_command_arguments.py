"""Commands say how a day is written."""

import pytest
from django.core.management import CommandError, call_command


@pytest.mark.parametrize(
    "arguments",
    [
        ("report", "sales-by-day", "--first", "yesterday"),
        ("audit_money", "--since", "yesterday"),
        ("set_tax_rate", "S", "19", "--from", "yesterday"),
    ],
)
def test_a_day_that_is_none_is_refused(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match="'yesterday' is no day: write one such as 2027-01-01"):
        call_command(*arguments)
