"""The worked examples of orders, in both price modes: quoted, ordered and read by the JSON API."""

from decimal import Decimal
from typing import Any

import pytest

from shop.models import User
from shop.money.pricing import Discount
from shop.money.tests.test_examples import EXAMPLES, Example
from testing.api_client import Api
from testing.products import make_taxed_product

pytestmark = pytest.mark.django_db

FIGURES = ("gross", "net", "tax")


def write_discount(discount: Discount) -> dict[str, str]:
    if discount.percent is not None:
        return {"discount_percent": str(discount.percent)}
    return {"discount": str(discount.amount)} if discount.amount else {}


def build_body(example: Example) -> dict[str, Any]:
    """Returns the order as a client sends it: what a bundle takes off is a discount of the order there."""
    entries = []
    for sold in example.sold:
        product = make_taxed_product(str(sold.unit_price), str(sold.tax_percent))
        entries.append({"id": product.pk, "quantity": sold.quantity} | write_discount(sold.discount))
    discount = Discount(Decimal("7.99")) if example.bundles else example.discount
    return {"products": entries} | write_discount(discount)


def list_figures(rows: list[dict[str, str]]) -> list[str]:
    return [" ".join(row[name] for name in FIGURES) for row in rows]


@pytest.mark.parametrize("prices_include_tax", [True, False], ids=["including", "net"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_quote_and_order(manager: User, settings: Any, name: str, prices_include_tax: bool) -> None:
    settings.SHOP_PRICES_INCLUDE_TAX = prices_include_tax
    example, api = EXAMPLES[name], Api(manager)
    lines, sums = example[1:3] if prices_include_tax else example[3:5]
    body = build_body(example)

    quote = api.post("/order/quote/", body)
    assert list_figures(quote["lines"]) == lines
    assert list_figures(quote["taxes"]) == sums
    if example.shares:
        assert [line["share"] for line in quote["lines"]] == example.shares.split()

    made = api.post("/order/", body | {"discount_reason": "regular"})
    [row] = api.get(f"/order/{made['id']}/")
    assert list_figures(row["lines"]) == lines
    assert (row["total"], row["tax"]) == (quote["total"], quote["tax"])
