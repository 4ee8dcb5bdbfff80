"""Amounts of money as people read them."""

from decimal import Decimal

import pytest

from shop.money.amounts import MAX_AMOUNT, format_money


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "$0.00"),
        ("1234.5", "$1,234.50"),
        ("-1.00", "-$1.00"),
        (str(MAX_AMOUNT), "$9,999,999,999,999.99"),
    ],
)
def test_money_is_written_with_its_two_decimals(amount: str, text: str) -> None:
    assert format_money(Decimal(amount)) == text
