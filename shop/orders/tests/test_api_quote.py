"""/order/quote/: the worked examples of docs/MONEY.md, in both price modes."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.models import Order, OrderLine, Product, StockMovement, User
from shop.taxes.services import set_tax_rate
from testing.api_client import Api
from testing.factories import ProductFactory
from testing.products import make_taxed_product

pytestmark = pytest.mark.django_db

INCLUDING, NET = True, False
FIGURES = ("gross", "net", "tax")


@pytest.fixture
def api(clerk: User) -> Api:
    return Api(clerk)


def make_entry(text: str, **more: Any) -> dict[str, Any]:
    """A product of the quote, as in "3 × 3.49 @ 7"; "@ -" has no tax class."""
    quantity, _, price, _, percent = text.split()
    product = make_taxed_product(price, None if percent == "-" else percent)
    return {"id": product.pk, "quantity": int(quantity)} | more


def ask(api: Api, entries: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = api.post("/order/quote/", {"products": entries} | more)
    assert [line["id"] for line in answer["lines"]] == [entry["id"] for entry in entries]
    assert [line["quantity"] for line in answer["lines"]] == [entry["quantity"] for entry in entries]
    return answer


def figures(rows: list[dict[str, str]], *names: str) -> list[str]:
    return [" ".join(row[name] for name in names or FIGURES) for row in rows]


EXAMPLES = [
    pytest.param(INCLUDING, "5 × 100.00 @ 19", 1, ["500.00 420.17 79.83"], "79.83", id="E1 one line"),
    pytest.param(
        INCLUDING,
        "1 × 100.00 @ 19",
        5,
        ["100.00 84.03 15.97"] * 3 + ["100.00 84.04 15.96"] * 2,
        "79.83",
        id="E1 five lines",
    ),
    pytest.param(NET, "1 × 100.00 @ 19", 5, ["119.00 100.00 19.00"] * 5, "95.00", id="E1 net"),
    pytest.param(NET, "10 × 3.60 @ 5.5", 1, ["37.98 36.00 1.98"], "1.98", id="E2 one line"),
    pytest.param(
        NET,
        "1 × 3.60 @ 5.5",
        10,
        ["3.80 3.60 0.20"] * 8 + ["3.79 3.60 0.19"] * 2,
        "1.98",
        id="E2 ten lines",
    ),
    pytest.param(
        INCLUDING,
        "1 × 3.60 @ 5.5",
        10,
        ["3.60 3.41 0.19"] * 8 + ["3.60 3.42 0.18"] * 2,
        "1.88",
        id="E2 including",
    ),
]


@pytest.mark.parametrize(("mode", "text", "times", "lines", "tax"), EXAMPLES)
def test_tax_is_rounded_once_and_goes_to_the_lines(mode, text, times, lines, tax, api: Api, settings):
    settings.SHOP_PRICES_INCLUDE_TAX = mode
    entry = make_entry(text)

    answer = ask(api, [entry] * times)

    assert figures(answer["lines"]) == lines
    assert answer["tax"] == answer["taxes"][0]["tax"] == tax
    assert sum(Decimal(line["gross"]) for line in answer["lines"]) == Decimal(answer["total"])


@pytest.mark.parametrize(
    ("mode", "lines", "taxes", "total", "tax"),
    [
        (
            INCLUDING,
            ["33.63 28.26 5.37", "8.81 8.23 0.58", "10.51 8.83 1.68"],
            ["19 44.14 37.09 7.05", "7 8.81 8.23 0.58"],
            "52.95",
            "7.63",
        ),
        (
            NET,
            ["40.02 33.63 6.39", "9.43 8.81 0.62", "12.51 10.51 2.00"],
            ["19 52.53 44.14 8.39", "7 9.43 8.81 0.62"],
            "61.96",
            "9.01",
        ),
    ],
)
def test_e3_shares_the_discount_of_the_order(mode, lines, taxes, total, tax, api: Api, settings):
    settings.SHOP_PRICES_INCLUDE_TAX = mode
    entries = [make_entry(text) for text in ("2 × 19.99 @ 19", "3 × 3.49 @ 7", "1 × 12.50 @ 19")]

    answer = ask(api, entries, discount="10.00")

    assert figures(answer["lines"], "discount", "share") == ["0.00 6.35", "0.00 1.66", "0.00 1.99"]
    assert figures(answer["lines"]) == lines
    assert figures(answer["taxes"], "percent", *FIGURES) == taxes
    assert figures([answer], "subtotal", "discount", "total", "tax") == [f"62.95 10.00 {total} {tax}"]


@pytest.mark.parametrize(
    ("mode", "text", "percent", "discount", "line"),
    [
        (INCLUDING, "10 × 23.90 @ 20", 25, "59.75", "179.25 149.37 29.88"),
        (NET, "10 × 23.90 @ 20", "25", "59.75", "215.10 179.25 35.85"),
        (INCLUDING, "10 × 82.50 @ -", 15, "123.75", "701.25 701.25 0.00"),
        (NET, "10 × 82.50 @ -", 15, "123.75", "701.25 701.25 0.00"),
        (INCLUDING, "1 × 19.99 @ -", "25.000", "5.00", "14.99 14.99 0.00"),
    ],
    ids=["E4", "E4 net", "E14", "E14 net", "E14 one"],
)
def test_e4_and_e14_round_the_discount_of_a_line_once(
    mode, text, percent, discount, line, api: Api, settings
):
    settings.SHOP_PRICES_INCLUDE_TAX = mode

    answer = ask(api, [make_entry(text, discount_percent=percent)])

    assert figures(answer["lines"]) == [line]
    assert figures(answer["lines"], "discount", "share") == [f"{discount} 0.00"]
    assert answer["discount"] == "0.00"


def test_e8_and_e9_have_discounts_on_lines_and_on_the_order(api: Api):
    e8 = [make_entry("3 × 33.33 @ 19", discount_percent=10), make_entry("1 × 50.00 @ 7")]
    answer = ask(api, e8, discount=5)
    assert figures(answer["lines"], "discount", "share", "gross") == ["10.00 3.21 86.78", "0.00 1.79 48.21"]
    assert figures([answer], "total", "tax") == ["134.99 17.01"]

    e9 = [make_entry("1 × 49.90 @ 19"), make_entry("1 × 20.00 @ 7")]
    answer = ask(api, e9, discount_percent=10)
    assert figures(answer["lines"], "share", *FIGURES) == ["4.99 44.91 37.74 7.17", "2.00 18.00 16.82 1.18"]
    assert figures([answer], "discount", "total", "tax") == ["6.99 62.91 8.35"]


def test_the_whole_answer(api: Api):
    mug, pen = make_taxed_product("12.30", "19"), make_taxed_product("8.00", None)
    products = [{"id": str(mug.pk), "discount": 2.3}, {"id": pen.pk, "quantity": 2}]

    answer = api.post("/order/quote", {"products": products, "discount": None})

    nothing = {"discount": "0.00", "share": "0.00"}
    of_mug = {"gross": "10.00", "net": "8.40", "tax": "1.60"}
    of_pen = {"gross": "16.00", "net": "16.00", "tax": "0.00"}
    assert answer == {
        "subtotal": "28.30",
        "discount": "0.00",
        "total": "26.00",
        "tax": "1.60",
        "lines": [
            {"id": mug.pk, "quantity": 1} | nothing | {"discount": "2.30"} | of_mug,
            {"id": pen.pk, "quantity": 2} | nothing | of_pen,
        ],
        "taxes": [{"percent": "19"} | of_mug, {"percent": "0"} | of_pen],
    }


def test_the_same_product_twice_stays_two_lines(api: Api):
    entry = make_entry("1 × 5.00 @ -")

    answer = ask(api, [entry, entry | {"quantity": 2, "discount": "0.50"}, entry])

    assert figures(answer["lines"], "gross") == ["5.00", "9.50", "5.00"]


def test_the_order_is_never_worth_less_than_nothing(api: Api):
    answer = ask(api, [make_entry("1 × 5.00 @ 19", discount=1)], discount="100.00")

    assert figures([answer], "discount", "total", "tax") == ["4.00 0.00 0.00"]


def test_the_rate_of_today_counts(api: Api):
    entry = make_entry("1 × 119.00 @ 19")
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    set_tax_rate(code="19", percent=Decimal(7), valid_from=tomorrow)
    assert ask(api, [entry])["tax"] == "19.00"

    set_tax_rate(code="19", percent=Decimal("16"), valid_from=None)

    assert figures(ask(api, [entry])["taxes"], "percent", "tax") == ["16 16.41"]


def test_nothing_is_stored_and_stock_is_not_looked_at(api: Api):
    lamp = ProductFactory(unit_price=Decimal("5.00"), stock=1)

    assert ask(api, [{"id": lamp.pk, "quantity": 3}])["total"] == "15.00"

    assert not Order.objects.exists()
    assert not OrderLine.objects.exists()
    assert StockMovement.objects.count() == 1
    assert Product.objects.get().stock == 1


@pytest.mark.usefixtures("known_roles")
@pytest.mark.parametrize("lines", [1, 20, 500])
def test_products_and_their_rates_take_one_statement(lines: int, api: Api):
    entries = [make_entry("1 × 5.00 @ 19"), make_entry("1 × 5.00 @ 7")]
    wanted = [*entries, *[{"id": ProductFactory().pk, "quantity": 1} for _ in range(min(lines, 20) - 1)]]
    wanted = (wanted * lines)[:lines]
    ask(api, wanted)

    with CaptureQueriesContext(connection) as captured:
        ask(api, wanted)

    # The first one reads the token with its owner, the second the products with their rates.
    assert ['FROM "shop_product"' in query["sql"] for query in captured] == [False, True]
