"""Every write to products, except their stock (stock.py)."""

from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from shop.customers.services import sort_key
from shop.db.errors import InUse, InvalidFields
from shop.db.idempotency import Once
from shop.db.rows import locked
from shop.db.transactions import retried_transaction
from shop.money.amounts import checked_price
from shop.orders.models import OrderLine
from shop.orders.reference import new_reference
from shop.products.models import Product, StockMovement
from shop.search.terms import rewrite_terms, write_terms
from shop.staff.changes import SIGNED, refuse_stale, set_active, sign, signature


@retried_transaction(once=Product.objects.all)
def create_product(
    *,
    name: str,
    unit_price: Decimal,
    sku: str = "",
    barcode: str | None = None,
    stock: int | None = None,
    staff_id: int | None,
    once: Once | None,
) -> Product:
    """Makes a product; without `sku` it gets a random one, without `stock` it is not tracked.

    Raises InvalidFields when SKU or barcode are taken; KeyReused.
    """
    sku = sku or f"P-{new_reference()}"
    _refuse_taken_codes(None, sku, barcode)
    product = Product(sku=sku, name=name, barcode=barcode, stock=stock, **signature(staff_id))
    product.unit_price, product.name_key = checked_price(unit_price), sort_key(name)
    product.save(force_insert=True)
    if stock:
        StockMovement.objects.create(
            product=product, quantity=stock, reason=StockMovement.Reason.COUNTED, author_id=staff_id
        )
    write_terms([product])
    return product


@retried_transaction
def update_product(
    *,
    product_id: int,
    name: str,
    unit_price: Decimal,
    sku: str,
    barcode: str | None,
    seen_version: int,
    staff_id: int | None,
) -> Product:
    """Changes a product's fields.

    Raises NotFound; InvalidFields when SKU or barcode are taken; Stale when it changed after `seen_version`.
    """
    product = locked(Product, product_id)
    wanted = {"name": name, "unit_price": checked_price(unit_price), "sku": sku, "barcode": barcode}
    if not refuse_stale(product, wanted, seen_version, staff_id):
        return product
    _refuse_taken_codes(product_id, sku, barcode)
    if (product.name, product.unit_price) != (name, unit_price):
        product.priced_at = timezone.now()
    for field, value in wanted.items():
        setattr(product, field, value)
    product.name_key = sort_key(name)
    sign(product, staff_id)
    product.save(update_fields=[*wanted, "priced_at", "name_key", *SIGNED])
    rewrite_terms(product)
    return product


@retried_transaction
def set_product_active(*, product_id: int, active: bool, staff_id: int | None) -> Product:
    """Retires a product, or brings it back. Raises NotFound."""
    return set_active(Product, product_id, active=active, staff_id=staff_id)


@retried_transaction
def delete_product(*, product_id: int) -> None:
    """Deletes a product nobody ordered and whose stock never moved. Raises InUse."""
    product = Product.objects.select_for_update().filter(pk=product_id).first()
    if product is None:
        return
    if OrderLine.objects.filter(product=product).exists() or product.movements.exists():
        raise InUse(
            f"{product.name} has orders or stock entries and cannot be deleted. Retire the product instead."
        )
    product.delete()


def _refuse_taken_codes(product_id: int | None, sku: str, barcode: str | None) -> None:
    problems = {}
    for other in Product.objects.filter(Q(sku=sku) | Q(barcode=barcode, barcode__isnull=False)):
        if other.pk == product_id:
            continue
        if sku and other.sku == sku:
            problems["sku"] = f"{other.name} has this SKU already."
        if barcode and other.barcode == barcode:
            problems["barcode"] = f"{other.name} has this barcode already."
    if problems:
        raise InvalidFields(problems)
