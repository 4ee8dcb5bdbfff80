"""What the database itself refuses, whatever a program does."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, models, transaction
from django.utils import timezone

from shop.db.ids import CODE_ALPHABET
from shop.models import (
    ApiToken,
    Customer,
    CustomerTerm,
    IdempotencyKey,
    Order,
    OrderLine,
    Product,
    ProductTerm,
    StockMovement,
    User,
)
from shop.money.amounts import MAX_AMOUNT, MAX_QUANTITY
from shop.orders.reference import new_reference
from testing.factories import CustomerFactory, DraftFactory, PlacedFactory, ProductFactory, only_line

pytestmark = pytest.mark.django_db

NOW = timezone.now()
CENT = Decimal("0.01")


def refuses(write: Callable[[], Any], error: type[DatabaseError] = IntegrityError) -> None:
    with pytest.raises(error), transaction.atomic():
        write()


def refuses_update(row: models.Model, **values: Any) -> None:
    rows = type(row)._default_manager.filter(pk=row.pk)
    refuses(lambda: rows.update(**values))


@pytest.mark.parametrize(
    "values",
    [
        {"sku": ""},
        {"name": ""},
        {"barcode": ""},
        {"unit_price": -CENT},
        {"unit_price": MAX_AMOUNT + CENT},
        {"stock": -1},
        {"sku": None},
        {"name": None},
        {"unit_price": None},
    ],
)
def test_no_product_breaks_a_rule(values: dict[str, Any]) -> None:
    refuses_update(ProductFactory(), **values)


def test_no_two_products_share_a_code() -> None:
    ProductFactory(sku="ONE", barcode="111")
    other = ProductFactory(sku="TWO", barcode="222")

    refuses_update(other, sku="ONE")
    refuses_update(other, barcode="111")


def test_many_products_have_no_barcode() -> None:
    ProductFactory()
    ProductFactory()

    assert Product.objects.filter(barcode=None).count() == 2


def test_a_customer_has_a_name() -> None:
    refuses_update(CustomerFactory(), name="")


def test_no_two_customers_share_an_external_number() -> None:
    Customer.objects.filter(pk=CustomerFactory().pk).update(external_number="17850")

    refuses_update(CustomerFactory(), external_number="17850")


@pytest.mark.parametrize(
    "values",
    [
        {"subtotal": -CENT},
        {"subtotal": MAX_AMOUNT + CENT},
        {"status": "placed"},
        {"status": "fulfilled"},
        {"status": "unheard of"},
        {"placed_at": NOW, "dated_at": NOW},
    ],
)
def test_no_draft_breaks_a_rule(values: dict[str, Any]) -> None:
    refuses_update(DraftFactory(), **values)


@pytest.mark.parametrize(
    "values",
    [
        {"status": "draft"},
        {"placed_at": None},
        {"placed_at": NOW - timedelta(days=1)},
        {"dated_at": NOW - timedelta(days=1)},
        {"parked_at": NOW},
    ],
)
def test_no_placed_order_breaks_a_rule(values: dict[str, Any]) -> None:
    refuses_update(PlacedFactory(), **values)


def test_no_two_orders_share_a_reference_or_an_external_number() -> None:
    first, second = DraftFactory(), DraftFactory()
    Order.objects.filter(pk=first.pk).update(external_number="536365")

    refuses_update(second, reference=first.reference)
    refuses_update(second, external_number="536365")


@pytest.mark.parametrize(
    "values",
    [
        {"quantity": 0},
        {"quantity": -1},
        {"quantity": MAX_QUANTITY + 1},
        {"unit_price": -CENT},
        {"unit_price": MAX_AMOUNT + CENT},
        {"position": -1},
    ],
)
def test_no_line_breaks_a_rule(values: dict[str, Any]) -> None:
    refuses_update(only_line(DraftFactory()), **values)


@pytest.mark.parametrize(("quantity", "reason"), [(0, "received"), (-1, "sold"), (1, "returned")])
def test_stock_entries_move_something_and_sales_name_their_order(quantity: int, reason: str) -> None:
    product = ProductFactory(stock=1)

    refuses(lambda: StockMovement.objects.create(product=product, quantity=quantity, reason=reason))


def test_a_word_is_kept_once_a_row() -> None:
    product, customer = ProductFactory(name="Lamp"), CustomerFactory(name="Ada")

    refuses(lambda: ProductTerm.objects.create(product=product, term=b"lamp"))
    refuses(lambda: CustomerTerm.objects.create(customer=customer, term=b"ada"))


def test_keys_and_token_hashes_are_unique() -> None:
    user = User.objects.create_user("ada")
    IdempotencyKey.objects.create(key="k", payload_hash="h", object_id=1)
    ApiToken.objects.create(user=user, token_hash="h", expires_at=NOW)

    refuses(lambda: IdempotencyKey.objects.create(key="k", payload_hash="h", object_id=2))
    refuses(lambda: ApiToken.objects.create(user=user, token_hash="h", expires_at=NOW))


@pytest.mark.parametrize("kind", [Customer, Product, User])
def test_what_orders_refer_to_cannot_be_deleted(kind: type[models.Model]) -> None:
    PlacedFactory(customer=CustomerFactory())

    refuses(lambda: kind._default_manager.all().delete())


def test_a_reference_can_be_read_out() -> None:
    references = {new_reference() for _ in range(1000)}

    assert len(references) == 1000
    assert all(re.fullmatch(f"[{CODE_ALPHABET}]{{3}}-[{CODE_ALPHABET}]{{4}}", r) for r in references)
    assert not set("01ILOU") & set(CODE_ALPHABET)


@pytest.mark.parametrize(
    "amount", [MAX_AMOUNT, Decimal("0.00"), CENT, Decimal("1234567890123.45"), Decimal("0.10")]
)
def test_amounts_come_back_as_they_were_stored(amount: Decimal) -> None:
    product = ProductFactory(unit_price=amount)

    stored = Product.objects.get(pk=product.pk).unit_price

    assert str(stored) == str(amount)
    assert Product.objects.filter(unit_price=amount).count() == 1


def test_a_lines_total_is_exact() -> None:
    line = OrderLine(quantity=MAX_QUANTITY, unit_price=Decimal("9999999.99"))

    assert line.subtotal == Decimal("9999999990000.00")
