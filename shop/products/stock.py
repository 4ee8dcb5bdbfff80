"""Every change of stock: a signed movement, and the product's stock, which is the sum of its movements."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from django.db.models import Case, Exists, F, OuterRef, Subquery, Value, When

from shop.db.errors import Change
from shop.db.idempotency import Once
from shop.db.rows import lock_or_raise
from shop.db.transactions import retried_transaction
from shop.products.errors import NoStockChange, OutOfStock, Shortage, StockNotTracked, StockTooHigh
from shop.products.models import MAX_STOCK, Product, StockMovement
from shop.staff.changes import make_stamp

if TYPE_CHECKING:
    from shop.orders.models import Order

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

    Raises NotFound, NoStockChange, StockNotTracked, OutOfStock, StockTooHigh.
    """
    if not quantity:
        raise NoStockChange
    product = lock_or_raise(Product, product_id)
    if product.stock is None:
        raise StockNotTracked(product.pk)
    if shortages := find_shortages([(product, -quantity)]):
        raise OutOfStock(shortages)
    return _store_movement(product, quantity, reason, note, staff_id)


@retried_transaction(once=Product.objects.all)
def count_stock(
    *, product_id: int, counted: int, note: str = "", staff_id: int | None, once: Once | None
) -> Product:
    """Sets the stock to what was counted. Starts to track it if it was not tracked.

    A count that is sent twice counts once: what was sold in between stays sold. Raises NotFound,
    StockTooHigh, KeyReused.
    """
    product = lock_or_raise(Product, product_id)
    difference = counted - (product.stock or 0)
    if product.stock is None and not difference:
        # A movement of 0 is not stored, so the stamp on the product tells who counted.
        Product.objects.filter(pk=product.pk).update(stock=0, **make_stamp(staff_id))
    elif difference:
        _store_movement(product, difference, Reason.COUNTED, note, staff_id)
    product.stock = counted
    return product


@retried_transaction
def stop_tracking(*, product_id: int, staff_id: int | None) -> Product:
    """Stops tracking the stock: a last movement brings the sum to zero. Raises NotFound."""
    product = lock_or_raise(Product, product_id)
    if product.stock:
        _store_movement(product, -product.stock, Reason.UNTRACKED, "", staff_id)
    # With a stock of 0 there is no movement, so the stamp on the product tells who did it.
    Product.objects.filter(pk=product.pk).update(stock=None, **make_stamp(staff_id))
    product.stock = None
    return product


def lock_products(product_ids: Collection[int]) -> dict[int, Product]:
    """Reads these products by their ids, and locks those whose stock is tracked.

    The statement that first reads a product also locks it: a product that is read first and locked later
    may change in between, and then the database refuses the transaction. A sale does not write to the
    untracked products; if there are any, a second statement reads them without a lock. All have
    `percent_today`.
    """
    rows = Product.objects.with_percent_today()
    tracked = rows.filter(pk__in=sorted(product_ids), stock__isnull=False)
    # In the order of their ids, so that two orders cannot deadlock.
    products = {product.pk: product for product in tracked.order_by("pk").select_for_update()}
    others = [pk for pk in product_ids if pk not in products]
    return products | rows.in_bulk(others) if others else products


def find_shortages(wanted: Iterable[tuple[Product, int]]) -> list[Shortage]:
    """Returns the products of which less is left than is wanted in all.

    Only this function decides whether there is enough. The answer stays true until the transaction ends
    if the caller has locked the products; otherwise it may change at any time.
    """
    products: dict[int, Product] = {}
    quantities = Counter[int]()
    for product, quantity in wanted:
        products[product.pk] = product
        quantities[product.pk] += quantity
    return [
        Shortage(product.pk, product.name, quantities[product.pk], product.stock)
        for product in products.values()
        if product.stock is not None and product.stock < quantities[product.pk]
    ]


def return_stock(units: Mapping[int, int], *, order: "Order", staff_id: int | None) -> set[int]:
    """Puts units of an order (by product id) back into stock, and returns the ids of their products.

    Products that are not tracked now, or of which the order took nothing from stock, are left out. The number
    of statements does not grow with the products.
    """
    sold = order.movements.filter(product=OuterRef("pk"), reason=Reason.SOLD)
    tracked = Product.objects.filter(Exists(sold), stock__isnull=False)
    put_back = [product.pk for product in tracked.locked(units)]
    move_stock({pk: units[pk] for pk in put_back}, Reason.RETURNED, order, staff_id)
    return set(put_back)


def correct_stock(product_id: int, quantity: int, *, order: "Order", staff_id: int | None) -> None:
    """Moves the stock of one tracked product after an order's line was corrected.

    `quantity` is negative when the order now takes more. If the order took nothing from stock, because
    the product was not tracked then, nothing moves. Raises OutOfStock.
    """
    if not quantity or not order.movements.filter(product=product_id).exists():
        return
    product = lock_products([product_id])[product_id]
    if product.stock is None:
        return
    if shortages := find_shortages([(product, -quantity)]):
        raise OutOfStock(shortages)
    move_stock({product.pk: quantity}, Reason.CORRECTED, order, staff_id)


def move_stock(changes: Mapping[int, int], reason: str, order: "Order", staff_id: int | None) -> None:
    """Applies an order's signed changes (by product id) to tracked products that the caller has locked.

    Two statements for any number of products.
    """
    if not changes:
        return
    amount = Case(*(When(pk=pk, then=Value(change)) for pk, change in changes.items()))
    # The caller has checked for shortages under the lock, so this condition only catches mistakes in code.
    changed = Product.objects.filter(pk__in=changes, stock__gte=-amount).update(stock=F("stock") + amount)
    if changed != len(changes):
        raise RuntimeError("Stock was taken of products that are not locked, or of more than is left.")
    StockMovement.objects.bulk_create(
        StockMovement(product_id=pk, quantity=change, reason=reason, order=order, author_id=staff_id)
        for pk, change in sorted(changes.items())
    )


def _store_movement(
    product: Product, quantity: int, reason: str, note: str, staff_id: int | None
) -> StockMovement:
    after = (product.stock or 0) + quantity
    if after > MAX_STOCK:
        raise StockTooHigh(after, MAX_STOCK)
    Product.objects.filter(pk=product.pk).update(stock=after)
    product.stock = after
    return StockMovement.objects.create(
        product=product, quantity=quantity, reason=reason, note=note, author_id=staff_id
    )


def find_last_moves(product_ids: Collection[int]) -> dict[int, Change]:
    """Returns for each of these products who moved its stock last, and when."""
    if not product_ids:
        return {}
    moves = StockMovement.objects.filter(product=OuterRef("pk")).order_by("-created_at", "-id")
    last = Product.objects.filter(pk__in=product_ids).annotate(last=Subquery(moves.values("pk")[:1]))
    rows = StockMovement.objects.filter(pk__in=last.values("last"))
    return {move.product_id: Change(move.author_id, move.created_at) for move in rows}
