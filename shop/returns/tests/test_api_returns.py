"""POST /order/<id>/return/: the worked examples of docs/MONEY.md, and what is refused."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.models import Order, Return, User
from shop.returns.tests.steps import cancel, check_order, check_stock, make_product
from shop.returns.tests.test_return_examples import EXAMPLES
from testing.api_client import Api
from testing.factories import DraftFactory, PlacedFactory, ProductFactory, in_stock

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(manager: User) -> Api:
    return Api(manager)


def place(api: Api, lines: list[str], discount: str = "") -> dict[str, Any]:
    """Places lines such as "3 × 33.33 @ 19 -10%" with an order discount such as "5.00"."""
    products = []
    for text in lines:
        quantity, _, price, _, percent, *off = text.split()
        entry: dict[str, Any] = {"id": make_product(price, percent).pk, "quantity": int(quantity)}
        products.append(entry | ({"discount_percent": off[0].strip("-%")} if off else {}))
    body = {"products": products} | ({"discount": discount} if discount else {})
    order: dict[str, Any] = api.post("/order/", body)
    return order


def give_back(api: Api, order: dict[str, Any], units: dict[int, int], **more: Any) -> dict[str, Any]:
    """Takes back units by the position of their line."""
    lines = [{"id": order["lines"][line]["id"], "quantity": quantity} for line, quantity in units.items()]
    answer: dict[str, Any] = api.post(f"/order/{order['id']}/return/", {"lines": lines} | more)
    return answer


@pytest.mark.parametrize(("mode", "lines", "discount", "split", "given_back"), EXAMPLES)
def test_units_give_back_their_part(mode, lines, discount, split, given_back, api, settings) -> None:
    settings.SHOP_PRICES_INCLUDE_TAX = mode
    order = place(api, lines, discount)

    made = [give_back(api, order, {0: units}, reason="broken") for units in split]

    assert [f"{row['gross']} {row['net']} {row['tax']}" for row in made] == given_back
    assert [row["balance"] for row in made] == [None] * len(split)
    [after] = api.get(f"/order/{order['id']}/")
    assert after["lines"][0]["returned"] == sum(split)
    assert Decimal(after["returned"]) == sum(Decimal(row["gross"]) for row in made)
    check_order(Order.objects.get(pk=order["id"]))


@pytest.mark.parametrize(("line", "gross"), [(0, "7.14"), (1, "7.15"), (2, "5.71")])
def test_e6_one_of_three_for_two_gives_its_share(line: int, gross: str, api: Api) -> None:
    order = place(api, ["1 × 10.00 @ 19", "1 × 10.00 @ 19", "1 × 7.99 @ 7"], "7.99")

    assert give_back(api, order, {line: 1})["gross"] == gross


def test_the_balance_is_told_where_money_is_kept(api: Api) -> None:
    order = place(api, ["3 × 33.33 @ 19 -10%", "1 × 50.00 @ 7"], "5.00")
    Order.objects.filter(pk=order["id"]).update(paid=Decimal("60.00"), balance=Decimal("74.99"))

    assert give_back(api, order, {0: 2}, reason="x") == {
        "id": Return.objects.get().pk,
        "gross": "57.85",
        "net": "48.61",
        "tax": "9.24",
        "balance": "17.14",
    }
    assert give_back(api, order, {0: 1}, reason="x")["balance"] == "-11.79"


def test_reason_and_restock_may_be_left_out(api: Api) -> None:
    lamp = ProductFactory(stock=5)
    order = api.post("/order/", {"products": [{"id": lamp.pk, "quantity": 3}]})

    give_back(api, order, {0: 1})
    give_back(api, order, {0: 1}, restock=False, reason="broken")

    assert list(Return.objects.order_by("id").values_list("reason", flat=True)) == ["not given", "broken"]
    assert in_stock(lamp) == 3
    check_stock()


def test_the_same_key_is_one_return(api: Api) -> None:
    order = place(api, ["3 × 10.00 @ 19"])
    path, lines = f"/order/{order['id']}/return/", [{"id": order["lines"][0]["id"], "quantity": 1}]

    first = api.post(path, {"lines": lines, "reason": "x"}, Idempotency_Key="r")

    assert api.post(path, {"lines": lines, "reason": "x", "restock": True}, Idempotency_Key="r") == first
    other = api.refused(422, "POST", path, {"lines": lines, "reason": "y"}, Idempotency_Key="r")
    assert other["error"] == "idempotency_key_reused"
    assert Return.objects.count() == 1


def test_more_than_bought_answers_with_the_numbers(api: Api) -> None:
    order = place(api, ["3 × 10.00 @ 19"])
    give_back(api, order, {0: 1})
    line = order["lines"][0]["id"]

    body = {"lines": [{"id": line, "quantity": 3}]}
    error = api.refused(422, "POST", f"/order/{order['id']}/return/", body)

    assert error == {
        "error": "more_than_bought",
        "detail": "Only 2 are left that can come back.",
        "fields": {"lines": "Only 2 are left that can come back."},
        "left": 2,
        "asked": 3,
        "line": line,
    }


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "lines"),
        ({"lines": []}, "lines"),
        ({"lines": {}}, "lines"),
        ({"lines": [1]}, "lines"),
        ({"lines": [{"id": 1}]}, "lines"),
        ({"lines": [{"id": 1, "quantity": 0}]}, "lines"),
        ({"lines": [{"id": 1, "quantity": "1"}]}, "lines"),
        ({"lines": [{"id": 1, "quantity": 1.5}]}, "lines"),
        ({"lines": [{"id": 1, "quantity": True}]}, "lines"),
        ({"lines": [{"id": 0, "quantity": 1}]}, "lines"),
        ({"lines": [{"id": 1, "quantity": 1}] * 501}, "lines"),
        ({"lines": [{"id": 1, "quantity": 1}], "reason": 5}, "reason"),
        ({"lines": [{"id": 1, "quantity": 1}], "reason": "x" * 201}, "reason"),
        ({"lines": [{"id": 1, "quantity": 1}], "restock": "yes"}, "restock"),
    ],
)
def test_what_cannot_be_read_names_its_field(body, field, api: Api) -> None:
    order = place(api, ["3 × 10.00 @ 19"])

    error = api.refused(422, "POST", f"/order/{order['id']}/return/", body)

    assert (error["error"], list(error["fields"])) == ("invalid", [field])
    assert not Return.objects.exists()


def test_a_line_of_another_order_is_unknown(api: Api) -> None:
    order, other = place(api, ["3 × 10.00 @ 19"]), place(api, ["1 × 1.00 @ 19"])
    line = other["lines"][0]["id"]

    body = {"lines": [{"id": str(line), "quantity": 1}]}
    error = api.refused(422, "POST", f"/order/{order['id']}/return/", body)

    assert (error["error"], error["lines"]) == ("unknown_lines", [line])


def test_a_cancelled_order_is_closed(api: Api) -> None:
    order = place(api, ["3 × 10.00 @ 19"])
    cancel(Order.objects.get(pk=order["id"]))

    body = {"lines": [{"id": order["lines"][0]["id"], "quantity": 1}]}
    error = api.refused(409, "POST", f"/order/{order['id']}/return/", body)

    assert (error["error"], error["status"]) == ("wrong_state", "cancelled")


def test_drafts_and_unknown_orders_are_not_found(api: Api) -> None:
    draft = DraftFactory()
    for pk in (draft.pk, 999, "9" * 30):
        error = api.refused(404, "POST", f"/order/{pk}/return/", {"lines": [{"id": 1, "quantity": 1}]})
        assert error["error"] == "not_found"


def test_a_return_needs_its_permission(clerk: User) -> None:
    order = PlacedFactory()
    path, body = f"/order/{order.pk}/return/", {"lines": [{"id": order.lines.get().pk, "quantity": 1}]}
    outsider = User.objects.create_user("outsider")

    assert Api(outsider).refused(403, "POST", path, body)["error"] == "forbidden"
    assert Api().refused(401, "POST", path, body)["error"] == "unauthorized"
    outsider.user_permissions.add(Permission.objects.get(codename="add_return"))
    assert Api(User.objects.get(pk=outsider.pk)).post(path, body)["gross"] == "10.00"
    assert Api(clerk).send("GET", path).status_code == 405


@pytest.mark.parametrize("slash", ["", "/"])
def test_the_slash_at_the_end_may_be_left_out(slash: str, api: Api) -> None:
    order = place(api, ["1 × 10.00 @ 19"])

    body = {"lines": [{"id": order["lines"][0]["id"], "quantity": 1}]}
    assert api.post(f"/order/{order['id']}/return{slash}", body)["gross"] == "10.00"


@pytest.mark.parametrize("lines", [1, 20, 80])
def test_statements_do_not_grow_with_the_lines(lines: int, api: Api) -> None:
    products = [{"id": ProductFactory(stock=5).pk, "quantity": 2} for _ in range(lines)]
    order = api.post("/order/", {"products": products})

    with CaptureQueriesContext(connection) as captured:
        body = {"lines": [{"id": line["id"], "quantity": 1} for line in order["lines"]]}
        api.post(f"/order/{order['id']}/return/", body, Idempotency_Key="r")

    assert len(captured) == 15, [row["sql"][:90] for row in captured.captured_queries]
