"""/order/ and /order/<id>/."""

from decimal import Decimal
from typing import Any

import pytest

from shop.customers.services import create_customer
from shop.models import Customer, Order, OrderEvent, Product, StockMovement, User
from shop.products.services import create_product, set_product_active
from testing.api_client import Api

pytestmark = pytest.mark.django_db

QUANTITY = "Product 1 of the list: a quantity is a whole number from 1 to 1,000,000."


@pytest.fixture
def api(clerk: User) -> Api:
    return Api(clerk)


@pytest.fixture
def carl(db) -> Customer:
    return create_customer(name="Carl", once=None, staff_id=None)


@pytest.fixture
def mug(db) -> Product:
    return create_product(name="Mug", unit_price=Decimal("12.30"), stock=5, once=None, staff_id=None)


@pytest.fixture
def pen(db) -> Product:
    return create_product(name="Pen", unit_price=Decimal("8.00"), once=None, staff_id=None)


#: What JSON says of the money of an order without discount and tax that nobody has paid for.
NO_MONEY = dict.fromkeys(("discount", "tax", "returned", "paid"), "0.00") | {"balance": None}


def make_line(order: Order, product: Product, quantity: int, price: str, total: str) -> dict[str, Any]:
    """A sold line without discount and tax, as JSON has it."""
    nothing = dict.fromkeys(("discount", "share", "tax"), "0.00")
    return {
        "id": order.lines.get(product=product).pk,
        "product": product.pk,
        "quantity": quantity,
        "unit_price": price,
        "gross": total,
        "net": total,
        "returned": 0,
        **nothing,
    }


def test_post_answers_with_the_placed_order(api: Api, clerk: User, carl, mug, pen):
    answer = api.post(
        "/order/",
        {
            "subtotal": 28.3,
            "customer": {"id": carl.pk, "name": None},
            "products": [{"id": mug.pk, "name": None, "price": 0}, {"id": pen.pk, "quantity": 2}],
        },
    )

    order = Order.objects.get()
    assert answer == NO_MONEY | {
        "id": order.pk,
        "reference": order.reference,
        "status": "placed",
        "customer_id": carl.pk,
        "subtotal": "28.30",
        "total": "28.30",
        "placed_at": answer["placed_at"],
        "products": [
            {"id": mug.pk, "quantity": 1, "price": "12.30"},
            {"id": pen.pk, "quantity": 2, "price": "8.00"},
        ],
        "lines": [
            make_line(order, mug, 1, "12.30", "12.30"),
            make_line(order, pen, 2, "8.00", "16.00"),
        ],
    }
    assert api.get("/order/") == api.get(f"/order/{order.pk}/") == [answer]
    assert order.placed_by == clerk


def test_placing_takes_stock_and_writes_the_event(api: Api, clerk: User, mug, pen):
    api.post("/order/", {"products": [{"id": mug.pk, "quantity": 3}, {"id": pen.pk}]})

    mug.refresh_from_db()
    assert mug.stock == 2
    sold = StockMovement.objects.get(reason="sold")
    assert (sold.product, sold.quantity, sold.author) == (mug, -3, clerk)
    assert (OrderEvent.objects.get().kind, OrderEvent.objects.get().author) == ("placed", clerk)


@pytest.mark.parametrize("customer", [{}, {"customer": None}])
def test_a_walk_in_has_no_customer(api: Api, mug, customer):
    assert api.post("/order/", {"products": [{"id": mug.pk}]} | customer)["customer_id"] is None


def test_a_product_named_twice_is_one_line(api: Api, mug):
    order = api.post("/order/", {"products": [{"id": mug.pk}, {"id": mug.pk, "quantity": 2}]})

    assert order["products"] == [{"id": mug.pk, "quantity": 3, "price": "12.30"}]


def test_ids_may_come_as_text(api: Api, carl, mug):
    order = api.post("/order/", {"customer": {"id": str(carl.pk)}, "products": [{"id": str(mug.pk)}]})

    assert (order["customer_id"], order["products"][0]["id"]) == (carl.pk, mug.pk)


@pytest.mark.parametrize("subtotal", [b"24.6", b"24.60", b'"24.6"', b'"24.60"', b"2.46e1", b"null"])
def test_a_right_subtotal_in_any_spelling_is_fine(api: Api, mug, subtotal):
    raw = b'{"subtotal": %s, "products": [{"id": %d, "quantity": 2}]}' % (subtotal, mug.pk)

    assert api.send("POST", "/order/", raw=raw).json()["subtotal"] == "24.60"


def test_a_wrong_subtotal_is_refused_with_both(api: Api, mug):
    body = {"subtotal": "0.01", "products": [{"id": mug.pk, "quantity": 2}]}

    error = api.refused(409, "POST", "/order/", body)

    assert error["error"] == "subtotal_mismatch"
    assert error["fields"] == {"sent": "0.01", "subtotal": "24.60"}
    assert (error["sent"], error["subtotal"]) == ("0.01", "24.60")
    assert error["detail"] == "The subtotal sent is 0.01, but today's prices add up to 24.60."
    assert not Order.objects.exists()
    mug.refresh_from_db()
    assert mug.stock == 5


@pytest.mark.parametrize("subtotal", [-1, "1.005", "ten", "NaN", "", True, [1], {}, 10**30])
def test_what_is_no_amount_is_no_subtotal(api: Api, mug, subtotal):
    body = {"subtotal": subtotal, "products": [{"id": mug.pk}]}

    assert set(api.refused(422, "POST", "/order/", body)["fields"]) == {"subtotal"}


@pytest.mark.parametrize("quantity", [0, -1, 1.5, "2", True, False, 1_000_001, 10**40, [], {}])
def test_a_quantity_is_a_whole_number_in_range(api: Api, mug, quantity):
    error = api.refused(422, "POST", "/order/", {"products": [{"id": mug.pk, "quantity": quantity}]})

    assert error["fields"] == {"products": QUANTITY}


def test_a_quantity_of_null_is_one(api: Api, mug):
    order = api.post("/order/", {"products": [{"id": mug.pk, "quantity": None}]})

    assert order["products"][0]["quantity"] == 1


def test_quantities_of_one_product_are_limited_together(api: Api, pen):
    body = {"products": [{"id": pen.pk, "quantity": 1_000_000}, {"id": pen.pk}]}

    error = api.refused(422, "POST", "/order/", body)

    assert error["fields"] == {"products": "An order has 1,000,000 of a product at most."}


@pytest.mark.parametrize(
    "products", [None, [], {}, "mug", 5, [None], [5], [{}], [{"id": None}], [{"id": True}]]
)
def test_products_are_a_list_of_ids(api: Api, products):
    assert set(api.refused(422, "POST", "/order/", {"products": products})["fields"]) == {"products"}


@pytest.mark.parametrize("customer", [5, "Carl", [], {}, {"id": None}, {"id": 0}, {"id": 1.5}, {"id": 2**63}])
def test_a_customer_is_an_object_with_an_id(api: Api, mug, customer):
    body = {"customer": customer, "products": [{"id": mug.pk}]}

    assert set(api.refused(422, "POST", "/order/", body)["fields"]) == {"customer"}


def test_every_wrong_field_is_named_at_once(api: Api):
    error = api.refused(422, "POST", "/order/", {"customer": 1, "products": 1, "subtotal": "x"})

    assert set(error["fields"]) == {"customer", "products", "subtotal"}


# Foreign keys are looked at when a transaction is committed.
@pytest.mark.django_db(transaction=True)
def test_rows_that_do_not_exist_are_named(api: Api, carl, mug):
    gone = 2**62
    error = api.refused(422, "POST", "/order/", {"customer": {"id": gone}, "products": [{"id": mug.pk}]})
    assert error["fields"] == {"customer": f"There is no customer {gone}."}

    error = api.refused(422, "POST", "/order/", {"products": [{"id": mug.pk}, {"id": gone}]})
    assert error["fields"] == {"products": f"Not on sale: product {gone}."}


def test_a_retired_product_is_not_sold(api: Api, mug):
    set_product_active(product_id=mug.pk, active=False, staff_id=None)

    error = api.refused(422, "POST", "/order/", {"products": [{"id": mug.pk}]})

    assert error["fields"] == {"products": f"Not on sale: product {mug.pk}."}


def test_no_more_is_sold_than_is_in_stock(api: Api, mug):
    error = api.refused(422, "POST", "/order/", {"products": [{"id": mug.pk, "quantity": 6}]})

    assert error["fields"] == {"products": "Not enough in stock. Mug: 6 wanted, 5 left."}
    assert error["error"] == "out_of_stock"
    assert (error["product"], error["wanted"], error["left"]) == (mug.pk, 6, 5)


def test_a_total_that_cannot_be_stored_is_refused(api: Api):
    gold = create_product(name="Gold", unit_price=Decimal("9999999999999.99"), once=None, staff_id=None)

    error = api.refused(422, "POST", "/order/", {"products": [{"id": gold.pk, "quantity": 2}]})

    assert error["fields"] == {"products": "The order's total is too large to be stored."}


def test_500_products_fit_and_501_do_not(api: Api, mug):
    stamp = Product(name="Stamp", name_key="stamp", unit_price=Decimal("0.50"))
    rows = [Product(sku=f"S{n}", name=stamp.name, name_key="stamp", unit_price="0.50") for n in range(501)]
    Product.objects.bulk_create(rows)
    products = [{"id": pk} for pk in Product.objects.exclude(pk=mug.pk).values_list("pk", flat=True)]

    assert api.post("/order/", {"products": products[:500]})["subtotal"] == "250.00"
    error = api.refused(422, "POST", "/order/", {"products": products})
    assert error["fields"] == {"products": "An order has 500 products at most."}
