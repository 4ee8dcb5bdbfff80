"""Entries of orders' accounts that tests make by the services, and what has to hold for them (A6, A7)."""

from decimal import Decimal
from typing import Any

from shop.models import Order, Payment
from shop.payments import services
from shop.payments.tenders import Tender
from shop.till.services import find_register_id
from testing.factories import PlacedFactory, ProductFactory


def make_order(*prices: str) -> Order:
    return PlacedFactory(lines=[ProductFactory(unit_price=Decimal(price)) for price in prices])


def pay(
    order: Order, method: str, amount: str | None = None, tendered: str | None = None, **more: Any
) -> Payment:
    paid, laid_down = (Decimal(text) if text else None for text in (amount, tendered))
    tender = Tender(method, paid, laid_down, more.pop("slip", ""))
    return services.record_payment(
        **{
            "reference": order.reference,
            "tender": tender,
            "register_id": find_register_id(None),
            "seen_balance": None,
            "staff_id": None,
            "once": None,
        }
        | more
    )


def refund(order: Order, method: str, amount: str, of: Payment | None = None, **more: Any) -> Payment:
    return services.refund_payment(
        **{
            "reference": order.reference,
            "method": method,
            "amount": Decimal(amount),
            "refund_of": of and of.pk,
            "register_id": find_register_id(None),
            "seen_balance": None,
            "staff_id": None,
            "once": None,
        }
        | more
    )


def reverse(payment: Payment, reason: str = "Keyed wrong") -> Payment:
    return services.reverse_payment(payment_id=payment.pk, reason=reason, staff_id=None)


def take_back(order: Order, gross: str) -> None:
    """Lowers what the order was sold for, as a return of goods does."""
    order.refresh_from_db()
    order.returned += Decimal(gross)
    order.balance = order.total - order.returned - order.paid
    order.save(update_fields=["returned", "balance"])


def figures(payment: Payment) -> str:
    """Amount, change, cash and rounding as they are stored."""
    payment.refresh_from_db()
    return f"{payment.amount} {payment.change} {payment.cash} {payment.rounding}"


def check_account(order: Order) -> str:
    """Checks A6 and A7 of a stored order. Returns what is paid, and the balance."""
    order.refresh_from_db()
    rows = list(order.payments.all())
    assert order.paid == sum((row.amount for row in rows), Decimal(0)) >= 0
    assert order.balance == order.total - order.returned - order.paid
    for row in rows:
        refunded = -sum(other.amount for other in rows if other.refund_of_id == row.pk)
        assert refunded <= max(row.amount, 0)
        for other in rows:
            if other.reverses_id == row.pk:
                reversed_figures = (-row.amount, -row.cash, -row.rounding)
                assert (other.amount, other.cash, other.rounding) == reversed_figures
    return f"{order.paid} {order.balance}"
