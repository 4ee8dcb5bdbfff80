"""The worked examples: what orders cost, line by line, with prices that include tax and with net prices."""

from decimal import Decimal
from typing import NamedTuple

import pytest

from shop.money.bundles import Bundle
from shop.money.pricing import NO_DISCOUNT, Discount, UnpricedLine, price_order
from shop.money.tests.orders import amounts_of, line, money


class Example(NamedTuple):
    """An order, and for each line and each tax rate its gross, net and tax: with tax included, then net."""

    sold: list[UnpricedLine]
    including: list[str]
    including_sums: list[str]
    net: list[str]
    net_sums: list[str]
    discount: Discount = NO_DISCOUNT
    bundles: tuple[Bundle, ...] = ()
    shares: str = ""


EXAMPLES = {
    "E1 five lines": Example(
        [line("1 × 100.00 @ 19")] * 5,
        ["100.00 84.03 15.97"] * 3 + ["100.00 84.04 15.96"] * 2,
        ["500.00 420.17 79.83"],
        ["119.00 100.00 19.00"] * 5,
        ["595.00 500.00 95.00"],
    ),
    "E1 one line": Example(
        [line("5 × 100.00 @ 19")],
        ["500.00 420.17 79.83"],
        ["500.00 420.17 79.83"],
        ["595.00 500.00 95.00"],
        ["595.00 500.00 95.00"],
    ),
    "E2 one line": Example(
        [line("10 × 3.60 @ 5.5")],
        ["36.00 34.12 1.88"],
        ["36.00 34.12 1.88"],
        ["37.98 36.00 1.98"],
        ["37.98 36.00 1.98"],
    ),
    "E2 ten lines": Example(
        [line("1 × 3.60 @ 5.5")] * 10,
        ["3.60 3.41 0.19"] * 8 + ["3.60 3.42 0.18"] * 2,
        ["36.00 34.12 1.88"],
        ["3.80 3.60 0.20"] * 8 + ["3.79 3.60 0.19"] * 2,
        ["37.98 36.00 1.98"],
    ),
    "E3": Example(
        [line("2 × 19.99 @ 19"), line("3 × 3.49 @ 7"), line("1 × 12.50 @ 19")],
        ["33.63 28.26 5.37", "8.81 8.23 0.58", "10.51 8.83 1.68"],
        ["44.14 37.09 7.05", "8.81 8.23 0.58"],
        ["40.02 33.63 6.39", "9.43 8.81 0.62", "12.51 10.51 2.00"],
        ["52.53 44.14 8.39", "9.43 8.81 0.62"],
        discount=Discount(amount=Decimal("10.00")),
        shares="6.35 1.66 1.99",
    ),
    "E4": Example(
        [line("10 × 23.90 @ 20", percent="25")],
        ["179.25 149.37 29.88"],
        ["179.25 149.37 29.88"],
        ["215.10 179.25 35.85"],
        ["215.10 179.25 35.85"],
    ),
    "E6": Example(
        [line("1 × 10.00 @ 19"), line("1 × 10.00 @ 19"), line("1 × 7.99 @ 7")],
        ["7.14 6.00 1.14", "7.15 6.01 1.14", "5.71 5.34 0.37"],
        ["14.29 12.01 2.28", "5.71 5.34 0.37"],
        ["8.50 7.14 1.36", "8.51 7.15 1.36", "6.11 5.71 0.40"],
        ["17.01 14.29 2.72", "6.11 5.71 0.40"],
        bundles=(Bundle(3, 2, (0, 1, 2)),),
        shares="2.86 2.85 2.28",
    ),
    "E8": Example(
        [line("3 × 33.33 @ 19", percent="10"), line("1 × 50.00 @ 7")],
        ["86.78 72.92 13.86", "48.21 45.06 3.15"],
        ["86.78 72.92 13.86", "48.21 45.06 3.15"],
        ["103.27 86.78 16.49", "51.58 48.21 3.37"],
        ["103.27 86.78 16.49", "51.58 48.21 3.37"],
        discount=Discount(amount=Decimal("5.00")),
        shares="3.21 1.79",
    ),
    "E9": Example(
        [line("1 × 49.90 @ 19"), line("1 × 20.00 @ 7")],
        ["44.91 37.74 7.17", "18.00 16.82 1.18"],
        ["44.91 37.74 7.17", "18.00 16.82 1.18"],
        ["53.44 44.91 8.53", "19.26 18.00 1.26"],
        ["53.44 44.91 8.53", "19.26 18.00 1.26"],
        discount=Discount(percent=Decimal(10)),
        shares="4.99 2.00",
    ),
    "E14 erpnext": Example(
        [line("10 × 82.50 @ 0", percent="15")],
        *(["701.25 701.25 0.00"],) * 4,
    ),
    "E14 saleor": Example(
        [line("1 × 19.99 @ 0", percent="25")],
        *(["14.99 14.99 0.00"],) * 4,
    ),
}
TOTALS = {  # total = net + tax, as the table of examples has them
    "E1 five lines": "500.00 420.17 79.83",
    "E3": "52.95 45.32 7.63",
    "E4": "179.25 149.37 29.88",
    "E6": "20.00 17.35 2.65",
    "E8": "134.99 117.98 17.01",
    "E9": "62.91 54.56 8.35",
    "E14 erpnext": "701.25 701.25 0.00",
    "E14 saleor": "14.99 14.99 0.00",
}


@pytest.mark.parametrize("prices_include_tax", [True, False], ids=["including", "net"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_lines_and_tax_sums(name, prices_include_tax) -> None:
    example = EXAMPLES[name]
    order = price_order(
        example.sold,
        prices_include_tax=prices_include_tax,
        discount=example.discount,
        bundles=example.bundles,
    )
    lines, sums = example[1:3] if prices_include_tax else example[3:5]
    assert [amounts_of(priced) for priced in order.lines] == [money(amounts) for amounts in lines]
    assert [[tax.gross, tax.net, tax.tax] for tax in order.taxes] == [money(amounts) for amounts in sums]
    if example.shares:
        assert [priced.share for priced in order.lines] == money(example.shares)


@pytest.mark.parametrize("name", TOTALS)
def test_totals(name) -> None:
    example = EXAMPLES[name]
    order = price_order(
        example.sold, prices_include_tax=True, discount=example.discount, bundles=example.bundles
    )
    assert [order.total, order.net, order.tax] == money(TOTALS[name])


@pytest.mark.parametrize(
    ("name", "subtotal", "line_discounts", "discount"),
    [
        ("E3", "62.95", "0.00 0.00 0.00", "10.00"),
        ("E4", "239.00", "59.75", "0.00"),
        ("E6", "27.99", "0.00 0.00 0.00", "7.99"),
        ("E8", "149.99", "10.00 0.00", "5.00"),
        ("E9", "69.90", "0.00 0.00", "6.99"),
        ("E14 erpnext", "825.00", "123.75", "0.00"),
        ("E14 saleor", "19.99", "5.00", "0.00"),
    ],
)
def test_discounts(name, subtotal, line_discounts, discount) -> None:
    example = EXAMPLES[name]
    order = price_order(
        example.sold, prices_include_tax=False, discount=example.discount, bundles=example.bundles
    )
    assert order.subtotal == Decimal(subtotal)
    assert [priced.discount for priced in order.lines] == money(line_discounts)
    assert order.discount == Decimal(discount)
