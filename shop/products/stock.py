"""Every change of stock: a signed movement, and the sum it adds up to."""

from collections import Counter
from collections.abc import Collection, Mapping

from django.db.models import Case, F, Sum, Value, When

from shop.db.errors import InvalidFields
from shop.db.idempotency import Once
from shop.db.rows import locked
from shop.db.transactions import retried_transaction
from shop.orders.errors import OrderError
from shop.orders.models import Order
from shop.products.models import MAX_STOCK, Product, StockMovement
from shop.staff.changes import signature

Reason = StockMovement.Reason


@retried_transaction(once=StockMovement.objects.all)
def adjust_stock(
    *,
    product_id: int,
    quantity: int,
    reason: str,
    note: str = "",
    staff_id: int | None,
    once: Once | None,
) -> StockMovement:
    """Moves a tracked product's stock by a signed `quantity`.

    Raises NotFound; InvalidFields for 0, when it is not tracked, or would go below zero or too high.
    """
    if not quantity:
        raise InvalidFields({"quantity": "A change of 0 is no change."})
    product = locked(Product, product_id)
    if product.stock is None:
        raise InvalidFields({"quantity": "Stock is not tracked. Count the product to begin."})
    if product.stock + quantity < 0:
        raise InvalidFields(
            {"quantity": f"Only {product.stock} in stock: no more than that can be taken out."}
        )
    return _move(product, quantity, reason, note, staff_id)


@retried_transaction
def count_stock(*, product_id: int, counted: int, note: str = "", staff_id: int | None) -> Product:
    """Sets the stock to what was counted, beginning to track it where it was not.

    Raises NotFound; InvalidFields.
    """
    product = locked(Product, product_id)
    difference = counted - (product.stock or 0)
    if product.stock is None and not difference:
        # No entry says who found nothing there.
        Product.objects.filter(pk=product.pk).update(stock=0, **signature(staff_id))
    elif difference:
        _move(product, difference, Reason.COUNTED, note, staff_id)
    product.stock = counted
    return product


@retried_transaction
def stop_tracking(*, product_id: int, staff_id: int | None) -> Product:
    """From now on the product can be sold without end; its entries add up to zero. Raises NotFound."""
    product = locked(Product, product_id)
    if product.stock:
        _move(product, -product.stock, Reason.UNTRACKED, "", staff_id)
    Product.objects.filter(pk=product.pk).update(stock=None)
    product.stock = None
    return product


def lock_products(product_ids: Collection[int]) -> dict[int, Product]:
    """Reads these products by their ids; those whose stock is counted stay locked.

    They are locked by the statement that reads them first: what is read before it is locked may have
    changed by then, and the database refuses the transaction. The others are written by no sale and
    take a second statement, where there are any.
    """
    products = {product.pk: product for product in Product.objects.tracked().locked(product_ids)}
    others = [pk for pk in product_ids if pk not in products]
    return products | Product.objects.in_bulk(others) if others else products


def take_stock(wanted: Mapping[int, int], *, order: Order, staff_id: int | None) -> None:
    """Takes `wanted` (product id → quantity) of tracked products that the caller has locked.

    Two statements for any number of products. Raises OrderError when one has too little;
    callers that know the lines say it better before.
    """
    _change({pk: -quantity for pk, quantity in wanted.items()}, Reason.SOLD, order, staff_id)


def return_stock(*, order: Order, staff_id: int | None) -> None:
    """Puts back what an order took, as far as it is still tracked."""
    sums = order.movements.order_by().values("product").annotate(moved=Sum("quantity"))
    taken = Counter({row["product"]: -row["moved"] for row in sums if row["moved"]})
    tracked = Product.objects.tracked().locked(taken)
    _change({product.pk: taken[product.pk] for product in tracked}, Reason.RETURNED, order, staff_id)


def correct_stock(product_id: int, quantity: int, *, order: Order, staff_id: int | None) -> None:
    """Moves the stock of one tracked product after an order's line was corrected.

    `quantity` is signed: negative when the order now takes more. An order from before the
    product was counted took nothing from its stock, so nothing moves. Raises OrderError.
    """
    if not quantity or not order.movements.filter(product=product_id).exists():
        return
    product = lock_products([product_id])[product_id]
    if product.stock is None:
        return
    if product.stock + quantity < 0:
        raise OrderError(f"Only {product.stock} of {product.name} left.")
    _change({product.pk: quantity}, Reason.SOLD if quantity < 0 else Reason.RETURNED, order, staff_id)


def _change(changes: Mapping[int, int], reason: str, order: Order, staff_id: int | None) -> None:
    """Applies signed changes to locked, tracked products in one statement, and their movements in another."""
    if not changes:
        return
    amount = Case(*(When(pk=pk, then=Value(change)) for pk, change in changes.items()))
    # The condition holds as long as the lock does; the table's CHECK stands behind both.
    changed = Product.objects.filter(pk__in=changes, stock__gte=-amount).update(stock=F("stock") + amount)
    if changed != len(changes):
        raise OrderError("A product was sold out just now. Please look at the order again.")
    StockMovement.objects.bulk_create(
        StockMovement(product_id=pk, quantity=change, reason=reason, order=order, author_id=staff_id)
        for pk, change in sorted(changes.items())
    )


def _move(product: Product, quantity: int, reason: str, note: str, staff_id: int | None) -> StockMovement:
    after = (product.stock or 0) + quantity
    if after > MAX_STOCK:
        raise InvalidFields({"quantity": f"Stock can be {MAX_STOCK:,} at most."})
    Product.objects.filter(pk=product.pk).update(stock=after)
    product.stock = after
    return StockMovement.objects.create(
        product=product, quantity=quantity, reason=reason, note=note, author_id=staff_id
    )
