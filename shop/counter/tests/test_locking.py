"""Services of money lock what they write before they look at it: order, products, register."""

from decimal import Decimal
from typing import Any

import pytest

from shop.counter.tests.sales import complete
from shop.counter.tests.test_exchange import exchange
from shop.documents import services as documents
from shop.documents.tests.sales import invoice
from shop.documents.withdrawing import withdraw_invoice
from shop.models import Order, Product, Register, User
from shop.orders.services.new_orders import Item
from shop.payments.tests.entries import make_order, pay, refund, reverse
from shop.returns import services as returns
from shop.staff.accounts import set_role_limits
from shop.staff.models import RoleLimit
from shop.till import services as registers
from shop.till.sessions import note_drawer_opening
from shop.till.tests.test_sessions import close, move, start
from testing.factories import CustomerFactory, DraftFactory, PlacedFactory, ProductFactory, only_line
from testing.locking import Calls, find_unlocked_reads
from testing.transactions import on_a_server

pytestmark = [pytest.mark.django_db(transaction=True), on_a_server]


def sell(product: Product, clerk: User) -> Order:
    """Sells a product for cash, with a receipt."""
    draft = DraftFactory(staff=clerk, customer=CustomerFactory(), lines=[product])
    return complete(draft, "500", staff_id=clerk.pk)


def till_services(clerk: User) -> Calls:
    """Opening, using and closing a register of its own."""
    drawer = registers.create_register(name="Door", prefix="D", once=None)
    values: Any = {"register_id": drawer.pk, "staff_id": clerk.pk}

    def get_session() -> Any:
        return Register.objects.get(pk=drawer.pk).open_session

    return {
        "open_till": lambda: start(**values),
        "move_cash": lambda: move(get_session(), "payout", "20.00"),
        "note_drawer_opening": lambda: note_drawer_opening(session_id=get_session().pk, once=None),
        "close_till": lambda: close(get_session(), "3×50", staff_id=clerk.pk),
        "rename_register": lambda: registers.rename_register(register_id=drawer.pk, name="Gate", prefix="G"),
    }


def payment_services(manager: User) -> Calls:
    paid, wrong, first, second = (make_order("20.00") for _ in range(4))
    payment, mistake = pay(paid, "cash", "20.00"), pay(wrong, "cash", "5.00")
    limit = RoleLimit.objects.get(role__name="clerk")
    return {
        "record_payment": lambda: pay(first, "cash", "4.00"),
        "record_payment of the API": lambda: pay(second, "cash", "4.00", register_id=None),
        "refund_payment": lambda: refund(paid, "cash", "2.00", payment, staff_id=manager.pk),
        "reverse_payment": lambda: reverse(mistake),
        "set_role_limits": lambda: set_role_limits(
            role_id=limit.pk, discount_percent=Decimal(5), cash_refund=Decimal(50)
        ),
    }


def goods_services(clerk: User) -> Calls:
    lamp, mug = ProductFactory(stock=90), ProductFactory(stock=90)
    draft = DraftFactory(staff=clerk, lines=[lamp, mug])
    returned, allowed, exchanged = (sell(lamp, clerk) for _ in range(3))
    returned_line, allowed_line = only_line(returned), only_line(allowed)
    more: Any = {"reason": "scratched", "staff_id": clerk.pk, "once": None}
    return {
        "complete_sale": lambda: complete(draft, "500", staff_id=clerk.pk),
        "return_goods": lambda: returns.return_goods(
            reference=returned.reference, lines=[(returned_line.pk, 1)], restock=True, **more
        ),
        "grant_allowance": lambda: returns.grant_allowance(
            line_id=allowed_line.pk, amount=Decimal("0.50"), **more
        ),
        "exchange_goods": lambda: exchange(exchanged, Item(mug.pk, 2), typed="500", staff_id=clerk.pk),
    }


def document_services(clerk: User) -> Calls:
    """Papers, of which each takes its number at the register."""
    lamp = ProductFactory(stock=90)
    sold, wrong, returned = sell(lamp, clerk), sell(lamp, clerk), sell(lamp, clerk)
    line = only_line(returned)
    of_return = returns.return_goods(
        reference=returned.reference,
        lines=[(line.pk, 1)],
        reason="scratched",
        restock=True,
        staff_id=None,
        once=None,
    )
    bare, paid = PlacedFactory(lines=[lamp]), make_order("20.00")
    payment = pay(paid, "cash", "20.00")
    number = invoice(wrong).number
    values: Any = {"register_id": registers.find_register_id(None), "staff_id": clerk.pk}
    return {
        "issue_payment_slip": lambda: documents.issue_payment_slip(
            reference=paid.reference, payment_id=payment.pk, **values
        ),
        "issue_invoice": lambda: documents.issue_invoice(reference=sold.reference, **values),
        "issue_order_receipt": lambda: documents.issue_order_receipt(reference=bare.reference, **values),
        "issue_credit_note": lambda: documents.issue_credit_note(
            reference=returned.reference, return_id=of_return.pk, **values
        ),
        "withdraw_invoice": lambda: withdraw_invoice(number=number, reason="Wrong name", **values),
    }


def test_every_service_of_money_locks_what_it_writes_before_it_looks(clerk: User, manager: User) -> None:
    calls = {
        **goods_services(clerk),
        **payment_services(manager),
        **document_services(clerk),
        **till_services(clerk),
    }

    assert find_unlocked_reads(calls) == {name: [] for name in calls}
