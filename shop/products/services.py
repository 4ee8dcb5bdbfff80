"""Every write to products, except to their stock (stock.py)."""

import secrets
from typing import Unpack

from django.db.models import Q
from django.utils import timezone

from shop.db.errors import InvalidValue, raise_all
from shop.db.idempotency import Once
from shop.db.ids import CODE_ALPHABET
from shop.db.rows import lock_or_raise
from shop.db.transactions import retried_transaction
from shop.money.amounts import check_price
from shop.products.errors import BarcodeTaken, ProductInUse, SkuTaken
from shop.products.models import Product, ProductFields, StockMovement
from shop.search import text
from shop.search.terms import rewrite_terms, write_terms
from shop.staff.changes import (
    STAMP_FIELDS,
    find_differences,
    make_stamp,
    raise_if_stale,
    set_active,
    stamp_change,
)


@retried_transaction(once=Product.objects.all)
def create_product(
    *,
    stock: int | None = None,
    staff_id: int | None,
    once: Once | None,
    **fields: Unpack[ProductFields],
) -> Product:
    """Makes a product. Without `sku` it gets a random one; without `stock` its stock is not tracked.

    Raises PriceOutOfRange, SkuTaken, BarcodeTaken, SeveralErrors (both are taken); KeyReused.
    """
    product = Product(**fields, stock=stock, **make_stamp(staff_id))
    product.sku = product.sku or make_sku()
    _refuse_taken_codes(None, product.sku, product.barcode)
    product.unit_price = check_price(product.unit_price)
    product.name_key = text.make_sort_key(product.name)
    product.save(force_insert=True)
    if stock:
        StockMovement.objects.create(
            product=product, quantity=stock, reason=StockMovement.Reason.COUNTED, author_id=staff_id
        )
    write_terms([product])
    return product


def make_sku() -> str:
    """Returns a random SKU, such as P-K7M-2QX4."""
    letters = "".join(secrets.choice(CODE_ALPHABET) for _ in range(7))
    return f"P-{letters[:3]}-{letters[3:]}"


@retried_transaction
def update_product(
    *, product_id: int, seen_version: int, staff_id: int | None, **fields: Unpack[ProductFields]
) -> Product:
    """Changes a product's fields; name and price must be among them, and others that are left out stay.

    Raises NotFound, and what create_product does; Stale when it changed after `seen_version`.
    """
    fields["unit_price"] = check_price(fields["unit_price"])
    product = lock_or_raise(Product, product_id)
    differences = find_differences(product, fields)
    if not differences:
        return product
    raise_if_stale(product, differences, seen_version=seen_version, staff_id=staff_id)
    _refuse_taken_codes(product_id, fields.get("sku", ""), fields.get("barcode"))
    if (product.name, product.unit_price) != (fields["name"], fields["unit_price"]):
        product.priced_at = timezone.now()
    for field, value in fields.items():
        setattr(product, field, value)
    product.name_key = text.make_sort_key(product.name)
    stamp_change(product, staff_id)
    product.save(update_fields=[*fields, "priced_at", "name_key", *STAMP_FIELDS])
    rewrite_terms(product)
    return product


@retried_transaction
def set_product_active(*, product_id: int, active: bool, staff_id: int | None) -> Product:
    """Retires a product, or brings it back. Raises NotFound."""
    return set_active(Product, product_id, active=active, staff_id=staff_id)


@retried_transaction
def delete_product(*, product_id: int) -> None:
    """Deletes a product that nobody ordered or returned, and whose stock never moved.

    Does nothing when the product is already gone. Raises ProductInUse.
    """
    product = Product.objects.select_for_update().find(product_id)
    if product is None:
        return
    if any(rows.exists() for rows in (product.order_lines, product.return_lines, product.movements)):
        raise ProductInUse(product.name)
    product.delete()


def _refuse_taken_codes(product_id: int | None, sku: str, barcode: str | None) -> None:
    """Raises SkuTaken, BarcodeTaken or both when another product has this SKU or this barcode."""
    errors: list[InvalidValue] = []
    for other in Product.objects.filter(Q(sku=sku) | Q(barcode=barcode, barcode__isnull=False)):
        if other.pk == product_id:
            continue
        if sku and other.sku == sku:
            errors.append(SkuTaken(sku, other.name))
        if barcode and other.barcode == barcode:
            errors.append(BarcodeTaken(barcode, other.name))
    raise_all(errors)
