"""The rows behind a figure: what may be asked for, keys without a value, and whose rows they are."""

import datetime
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from django.db.models import Sum
from django.test import Client

from shop.models import Order, OrderLine, Payment, Register, Return
from shop.money.amounts import format_money
from testing.facts import FactMaker
from testing.pages import Page

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 1, 5)
RANGE = "first=2026-01-05&last=2026-01-05"


@pytest.fixture
def order(maker: FactMaker) -> Order:
    return maker.make_order(DAY)


def list_links(managers: Client, name: str) -> dict[str, str]:
    """Returns the text of each link of a report to rows, by its address."""
    source = managers.get(f"/reports/{name}/?{RANGE}").content.decode()
    table = ElementTree.fromstring(source[source.index("<table") : source.index("</table>") + 8])
    links = {link.attrib["href"]: (link.text or "").strip() for link in table.iter("a")}
    return {address: text for address, text in links.items() if address.startswith("/reports/rows/")}


@pytest.mark.parametrize(
    "query",
    [
        "returns/?reason=%00",
        "returns/?kind=%00",
        "returns/?kind=gift",
        "sold-lines/?code=a%00b",
        "payments/?method=%00",
        "payments/?method=none",
        f"returns/?reason={'x' * 201}",
        f"sold-lines/?code={'x' * 201}",
        "sales/?clerk=none",
        "sales/?without=day",
        "sales/?without=total",
        "sales/?without=clerk&clerk=1",
    ],
)
def test_what_no_row_can_have_is_not_found(managers: Client, query: str) -> None:
    assert managers.get(f"/reports/rows/{query}").status_code == 404


@pytest.mark.parametrize(
    "query", [f"returns/?reason={'x' * 200}", "sold-lines/?without=code", "returns/?reason="]
)
def test_what_no_row_has_is_an_empty_page(managers: Client, query: str) -> None:
    response = managers.get(f"/reports/rows/{query}")

    assert response.status_code == 200
    assert "No rows." in Page(response).text


def test_a_reason_none_is_a_text(managers: Client, maker: FactMaker, order: Order) -> None:
    back = maker.make_return(order, DAY)
    Return.objects.update(reason="none")

    amount = format_money(back.gross)
    links = list_links(managers, "returns").items()
    (address,) = [address for address, text in links if text == amount and "reason" in address]
    page = Page(managers.get(address))

    assert parse_qs(urlsplit(address).query)["reason"] == ["none"]
    assert f"Returned {amount} " in page.text
    assert "Reason none" in page.text
    assert "No rows." not in page.text


def test_a_tax_class_none_is_a_text_and_none_recorded_is_another(
    managers: Client, maker: FactMaker, order: Order
) -> None:
    maker.make_order(DAY)
    OrderLine.objects.filter(order=order).update(tax_code="none", tax_percent=5)
    OrderLine.objects.exclude(order=order).update(tax_code=None, tax_percent=0)
    sums = OrderLine.objects.order_by("order").values("order").annotate(sum=Sum("gross"))
    named, unnamed = (format_money(row["sum"]) for row in sums)

    links = [link for link in list_links(managers, "sales-by-tax-rate") if "percent" in link]
    keys = [parse_qs(urlsplit(link).query) for link in links]
    texts = [Page(managers.get(link)).text for link in links]

    assert [(found.get("code"), found.get("without")) for found in keys] == [
        (["none"], None),
        (None, ["code"]),
    ]
    assert "Tax class none Tax rate 5 % Quantity" in texts[0]
    assert f"Sales {named} " in texts[0]
    assert "Tax class not recorded Tax rate 0 % Quantity" in texts[1]
    assert f"Sales {unnamed} " in texts[1]


def test_rows_without_a_clerk_are_found_by_their_link(managers: Client, order: Order) -> None:
    Order.objects.update(placed_by=None, created_by=None)

    (address, *_) = [link for link in list_links(managers, "sales-by-clerk") if "without=clerk" in link]
    page = Page(managers.get(address))

    assert f"Sales {format_money(order.total)} " in page.text
    assert "Clerk not recorded" in page.text


def test_the_page_says_whose_rows_it_lists(managers: Client, maker: FactMaker, order: Order) -> None:
    customer, product, clerk = maker.customers[0], maker.products[0], maker.staff[0]
    register = Register.objects.order_by("id")[0]
    heads = {
        f"sales/?customer={customer.pk}": f"Customer {customer.name}",
        "sales/?customer=0": "Customer Walk-in",
        "sales/?customer=999": "Customer –",
        f"sales/?clerk={clerk.pk}": f"Clerk {clerk.username}",
        "sales/?hour=9&weekday=1": "Weekday Monday Hour 09:00",
        f"sold-lines/?product={product.pk}": f"Product {product.sku} {product.name}",
        "sold-lines/?code=S&percent=19": "Tax class S Tax rate 19 %",
        "returns/?kind=goods&reason=Broken": "Kind Goods returned Reason Broken",
        f"payments/?method=cash&register={register.pk}": f"Method Cash Till {register.name}",
        "payments/?method=card&without=register": "Method Card Till none",
    }
    for query, head in heads.items():
        page = Page(managers.get(f"/reports/rows/{query}&{RANGE}"))
        assert f" {head} " in page.text, query
        assert "2026-01-05" in page.text


@pytest.mark.parametrize(
    ("kind", "columns"),
    [
        ("sales", ["Order", "Date", "Customer", "Clerk", "Amount"]),
        ("sold-lines", ["Order", "Date", "Product", "Quantity", "Amount"]),
        ("returns", ["Order", "Date", "Kind and reason", "Clerk", "Amount"]),
        ("returned-lines", ["Order", "Date", "Product", "Quantity", "Amount"]),
        ("payments", ["Order", "Date", "Method and till", "Clerk", "Amount"]),
    ],
)
def test_columns_are_called_what_they_hold(
    managers: Client, maker: FactMaker, order: Order, kind: str, columns: list[str]
) -> None:
    maker.make_return(order, DAY)
    maker.make_payment(order, DAY)

    source = managers.get(f"/reports/rows/{kind}/?{RANGE}").content.decode()
    head = ElementTree.fromstring(source[source.index("<thead") : source.index("</thead>") + 8])

    assert [cell.text for cell in head.iter("th")] == columns


def test_a_payment_is_called_by_the_label_of_its_method(
    managers: Client, maker: FactMaker, order: Order
) -> None:
    maker.make_payment(order, DAY)
    Payment.objects.update(
        method="transfer", session=None, tendered=0, change=0, cash=0, rounding=0, amount="7.00"
    )

    assert " Transfer " in Page(managers.get(f"/reports/rows/payments/?{RANGE}")).text
    assert " Transfer " in Page(managers.get(f"/reports/sales-by-payment-method/?{RANGE}")).text
