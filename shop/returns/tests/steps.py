"""Steps that the tests of returns share."""

import datetime
from decimal import Decimal
from typing import Any

from shop.db.idempotency import Once
from shop.models import Order, OrderLine, Product, Return, StockMovement, TaxClass
from shop.money.pricing import NO_DISCOUNT, Discount
from shop.money.returning import Returnable, find_wrong_part
from shop.orders.services.new_orders import GivenDiscount, Item, place_new_order
from shop.returns import services as returns
from shop.returns.figures import read_part, start_line
from shop.taxes.services import set_tax_rate
from testing.factories import ProductFactory


def make_product(price: str, percent: str = "-", stock: int | None = None) -> Product:
    """A product of a class that is called like its percentage; "-" has no tax class."""
    values: dict[str, Any] = {"unit_price": Decimal(price), "stock": stock}
    if percent != "-":
        set_tax_rate(code=percent, percent=Decimal(percent), valid_from=datetime.date(2020, 1, 1))
        values["tax_class"] = TaxClass.objects.get(pk=percent)
    return ProductFactory(**values)


def sell(*lines: str, discount: str = "") -> Order:
    """Places lines such as "3 × 33.33 @ 19 -10%" with a discount of the order, and keeps a balance."""
    items = []
    for text in lines:
        quantity, _, price, _, percent, *off = text.split()
        own = Discount(percent=Decimal(off[0].strip("-%"))) if off else NO_DISCOUNT
        items.append(Item(make_product(price, percent).pk, int(quantity), own, "asked"))
    whole = GivenDiscount(Discount(amount=Decimal(discount)), "asked") if discount else GivenDiscount()
    order = place_new_order(
        customer_id=None, items=items, expected_subtotal=None, discount=whole, staff_id=None, once=None
    )
    return keep_balance(order)


def keep_balance(order: Order) -> Order:
    """Money is kept for the order from now on."""
    Order.objects.filter(pk=order.pk).update(balance=order.total)
    return Order.objects.get(pk=order.pk)


def get_lines(order: Order) -> list[OrderLine]:
    return list(order.lines.all())


def give_back(order: Order, units: dict[OrderLine, int], **values: Any) -> Return:
    """Takes back these units of each line."""
    lines = [(line.pk, quantity) for line, quantity in units.items()]
    common: dict[str, Any] = {"reason": "broken", "restock": True, "staff_id": None, "once": None}
    return returns.return_goods(reference=order.reference, lines=lines, **common | values)


def allow(line: OrderLine, amount: str, **values: Any) -> Return:
    common: dict[str, Any] = {"reason": "scratched", "staff_id": None, "once": None}
    return returns.grant_allowance(line_id=line.pk, amount=Decimal(amount), **common | values)


def cancel(order: Order) -> Order:
    return returns.cancel_order(reference=order.reference, staff_id=None, allow_fulfilled=True)


def make_once(key: str, payload: Any = None) -> Once:
    once = Once.from_payload(key, operation="test", user_id=None, payload=payload)
    assert once
    return once


def figures(row: Any) -> str:
    """Gross, net and tax of a return, as in "53.78 44.82 8.96"."""
    return f"{row.gross} {row.net} {row.tax}"


def check_order(order: Order) -> None:
    """Checks A5 and A6 against the rows: each line, each return, the order."""
    order = Order.objects.get(pk=order.pk)
    made = list(order.returns.prefetch_related("lines").order_by("id"))
    for line in order.lines.all():
        parts = [read_part(row) for entry in made for row in entry.lines.all() if row.line_id == line.pk]
        whole: Returnable = start_line(line)
        assert find_wrong_part(whole, parts) is None
        assert sum(part.quantity for part in parts) <= line.quantity
        if sum(part.quantity for part in parts) == line.quantity:
            assert sum(part.gross for part in parts) == line.gross
            assert sum(part.tax for part in parts) == line.tax
            assert sum(part.net for part in parts) == line.net
    for entry in made:
        rows = list(entry.lines.all())
        for name in ("gross", "net", "tax"):
            assert getattr(entry, name) == sum(getattr(row, name) for row in rows)
    assert order.returned == sum(entry.gross for entry in made)
    assert order.total is not None
    if order.balance is not None:
        assert order.balance == order.total - order.returned - order.paid


def check_stock() -> None:
    """Checks A12, and that each tracked product's stock is the sum of its movements."""
    put_back = sum(StockMovement.objects.filter(reason="returned").values_list("quantity", flat=True))
    restocked = [row for entry in Return.objects.prefetch_related("lines") for row in entry.lines.all()]
    assert put_back == sum(row.quantity for row in restocked if row.restock)
    for product in Product.objects.prefetch_related("movements"):
        assert (product.stock or 0) == sum(move.quantity for move in product.movements.all())
