"""Products: what the services do and refuse."""

from decimal import Decimal
from typing import Any

import pytest

from shop.db.errors import Difference, InUse, InvalidValue, KeyReused, NotFound, Stale
from shop.db.idempotency import Once
from shop.models import Product, StockMovement
from shop.money.amounts import MAX_AMOUNT
from shop.orders.services import drafts
from shop.products import services as products
from shop.products import stock
from shop.products.forms import ProductForm
from testing.factories import DraftFactory, ProductFactory, UserFactory, movements, version_of
from testing.refusals import raises_worded

pytestmark = pytest.mark.django_db

PRICE = Decimal("12.50")


def update(product: Product, **changes: Any) -> Product:
    values = {"name": "Lamp", "unit_price": PRICE, "sku": "L1", "barcode": None} | changes
    values = {"staff_id": None} | values
    if "seen_version" not in values:
        values["seen_version"] = version_of(product)
    return products.update_product(product_id=product.pk, **values)


@pytest.fixture
def lamp() -> Product:
    return ProductFactory(name="Lamp", unit_price=PRICE, sku="L1")


def test_a_product_without_a_sku_gets_one() -> None:
    product = products.create_product(name="Lamp", unit_price=PRICE, once=None, staff_id=None)

    assert product.sku.startswith("P-")
    assert len(product.sku) == 10
    assert Product.objects.get().is_tracked is False


def test_a_product_with_stock_begins_with_one_entry() -> None:
    staff = UserFactory()
    product = products.create_product(name="Lamp", unit_price=PRICE, stock=12, staff_id=staff.pk, once=None)

    assert movements(product) == [(12, "counted")]
    assert StockMovement.objects.get().author == staff


def test_a_product_that_is_sold_out_from_the_start_is_tracked() -> None:
    product = products.create_product(name="Lamp", unit_price=PRICE, stock=0, once=None, staff_id=None)

    assert (product.is_tracked, movements(product)) == (True, [])


@pytest.mark.parametrize("price", [Decimal(0), Decimal("0.01"), MAX_AMOUNT])
def test_a_price_is_kept_to_the_cent(price: Decimal) -> None:
    product = products.create_product(name="Lamp", unit_price=price, once=None, staff_id=None)

    assert Product.objects.get(pk=product.pk).unit_price == price


def word_refusal(refusal: InvalidValue) -> dict[str, str]:
    """Returns the messages of the product's form for the error."""
    form = ProductForm({"name": "Lamp", "sku": "S", "unit_price": "1"})
    form.add_refusal(refusal)
    return form.sentences()


def test_taken_codes_are_refused_with_the_name_that_has_them() -> None:
    ProductFactory(name="Vase", sku="V1")
    ProductFactory(name="Bowl", barcode="99")

    with pytest.raises(InvalidValue) as refused:
        products.create_product(
            name="Lamp", unit_price=PRICE, sku="V1", barcode="99", once=None, staff_id=None
        )

    assert word_refusal(refused.value) == {
        "sku": "Vase has this SKU already.",
        "barcode": "Bowl has this barcode already.",
    }
    assert Product.objects.count() == 2


def test_a_product_may_take_the_codes_it_has_but_not_anothers(lamp: Product) -> None:
    ProductFactory(name="Vase", sku="V1")

    assert update(lamp, name="Lamp 2").name == "Lamp 2"
    with pytest.raises(InvalidValue) as refused:
        update(lamp, sku="V1")
    assert word_refusal(refused.value) == {"sku": "Vase has this SKU already."}


def test_the_same_key_finds_the_same_product_and_counts_its_stock_once() -> None:
    def create(name: str) -> Product:
        key = Once.from_payload("k", operation="product", user_id=1, payload={"name": name})
        return products.create_product(name=name, unit_price=PRICE, sku="S", stock=3, once=key, staff_id=None)

    assert create("Lamp").pk == create("Lamp").pk
    assert StockMovement.objects.count() == 1
    with pytest.raises(KeyReused):
        create("Vase")


def test_a_change_on_an_old_page_is_refused_with_both_values(lamp: Product) -> None:
    update(lamp, unit_price=Decimal(0), barcode="77", seen_version=1)

    with pytest.raises(Stale) as refused:
        update(lamp, unit_price=Decimal("13.00"), seen_version=1)

    assert refused.value.differences == [
        Difference("unit_price", now=Decimal(0), wanted=Decimal("13.00")),
        Difference("barcode", now="77", wanted=None),
    ]
    assert Product.objects.get().unit_price == 0


def test_stock_that_moved_meanwhile_is_no_reason_to_refuse_a_new_name(lamp: Product) -> None:
    stock.count_stock(product_id=lamp.pk, counted=5, staff_id=None, once=None)

    update(lamp, name="Lamp 2", seen_version=1)

    assert (Product.objects.get().name, Product.objects.get().stock) == ("Lamp 2", 5)


def test_a_retired_product_can_be_brought_back(lamp: Product) -> None:
    products.set_product_active(product_id=lamp.pk, active=False, staff_id=None)
    assert not Product.objects.active().exists()

    products.set_product_active(product_id=lamp.pk, active=True, staff_id=None)
    assert Product.objects.active().get() == lamp


def test_an_unused_product_is_deleted(lamp: Product) -> None:
    products.delete_product(product_id=lamp.pk)
    products.delete_product(product_id=lamp.pk)

    assert not Product.objects.exists()


def test_a_product_on_an_order_or_with_stock_entries_is_kept(lamp: Product) -> None:
    counted = ProductFactory(stock=1)
    draft = DraftFactory(lines=[lamp])

    for product in (lamp, counted):
        with raises_worded(InUse, r"cannot be deleted\. Retire the product instead\.$"):
            products.delete_product(product_id=product.pk)

    drafts.set_quantity(
        reference=draft.reference, line_id=draft.lines.get().pk, quantity=0, seen_quantity=1, staff_id=None
    )
    products.delete_product(product_id=lamp.pk)
    assert Product.objects.get() == counted


def test_a_product_that_is_gone_is_not_found(lamp: Product) -> None:
    products.delete_product(product_id=lamp.pk)

    with raises_worded(NotFound, "This product does not exist any more"):
        update(lamp, seen_version=1)


def test_a_new_price_leaves_the_orders_that_were_taken(lamp: Product) -> None:
    draft = DraftFactory(lines=[lamp])

    update(lamp, unit_price=Decimal("99.00"))

    assert draft.lines.get().unit_price == PRICE


def test_a_field_that_is_left_out_stays(lamp: Product) -> None:
    products.update_product(
        product_id=lamp.pk, name="Torch", unit_price=PRICE, seen_version=version_of(lamp), staff_id=None
    )

    stored = Product.objects.get(pk=lamp.pk)
    assert (stored.name, stored.sku, stored.unit_price) == ("Torch", lamp.sku, PRICE)
