"""What quantities and money may be. Nothing is rounded: what does not fit is refused."""

from collections.abc import Iterable
from decimal import Decimal

from shop.errors import InvalidFields
from shop.models import MAX_AMOUNT, MAX_QUANTITY, OrderLine


def checked_quantity(quantity: int) -> int:
    """`quantity`. Raises InvalidFields outside of 1 to MAX_QUANTITY."""
    if not 1 <= quantity <= MAX_QUANTITY:
        raise InvalidFields({"quantity": f"A quantity is between 1 and {MAX_QUANTITY:,}."})
    return quantity


def checked_price(unit_price: Decimal) -> Decimal:
    """The price, if it can be stored as it is. Raises InvalidFields."""
    if not 0 <= unit_price <= MAX_AMOUNT or unit_price != round(unit_price, 2):
        raise InvalidFields(
            {"unit_price": f"A price is between 0 and {MAX_AMOUNT:,}, with two decimals at most."}
        )
    return unit_price


def sum_of(lines: Iterable[OrderLine]) -> Decimal:
    """The lines' total. Raises InvalidFields past MAX_AMOUNT."""
    subtotal = sum((line.total for line in lines), Decimal(0))
    if subtotal > MAX_AMOUNT:
        raise InvalidFields({"quantity": "The order's total is too large to be stored."})
    return subtotal
