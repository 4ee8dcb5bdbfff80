"""Plants wrong rows behind the services' back, one way for each rule, and finds what fails."""

import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils import timezone

from shop.audit.checks import CHECKS, run_checks
from shop.audit.scope import Scope
from shop.documents.models import Document, DocumentTax
from shop.documents.tests.sales import (
    credit_note,
    give_receipt,
    invoice,
    make_customer,
    pay_in_cash,
    sell_e3,
    sell_e8,
    take_back,
)
from shop.models import Order, OrderLine, Payment, Register, Return, ReturnLine, StockMovement, TillSession

CENT = Decimal("0.01")


def failed(since: datetime.date | None = None, only: str = "") -> dict[str, list[str]]:
    """The sentences of the checks that fail, by code. `only` is the code of the check to run."""
    checks = [check for check in CHECKS if only in ("", check.code)]
    return {
        result.code: [f"{failure.row}: {failure.sentence}" for failure in result.failures]
        for result in run_checks(Scope(since), checks)
        if result.failed
    }


def fill_shop() -> Order:
    """E3 with a receipt, E8 paid in part with an invoice and two returns with credit notes; returns E8."""
    walk_in = sell_e3()
    give_receipt(order=walk_in, payments=[pay_in_cash(order=walk_in, amount="52.95", tendered="60.00")])
    order = sell_e8(customer=make_customer())
    invoice(order)
    order.refresh_from_db()
    pay_in_cash(order=order, amount="60.00", tendered="100.00")
    for units in (2, 1):
        credit_note(take_back(order=order, units={1: units}))
    return order


def update(rows: Any, **values: Any) -> None:
    assert rows.update(**values)


def lines_of(order: Order) -> Any:
    return OrderLine.objects.filter(order=order)


def plant_wrong_side(order: Order) -> None:
    """The amounts fit, if the prices were net."""
    update(Order.objects.filter(pk=order.pk), prices_include_tax=False)


def plant_discount(order: Order) -> None:
    update(Order.objects.filter(pk=order.pk), discount=F("discount") + CENT)


def plant_total(order: Order) -> None:
    update(Order.objects.filter(pk=order.pk), total=F("total") + CENT, balance=F("balance") + CENT)


def plant_tax(order: Order) -> None:
    """A cent of tax goes from one rate to the other, so that every sum is right."""
    update(lines_of(order).filter(position=1), tax=F("tax") + CENT, net=F("net") - CENT)
    update(lines_of(order).filter(position=2), tax=F("tax") - CENT, net=F("net") + CENT)


def plant_part(order: Order) -> None:
    """The first return gave a cent more, and the second one less."""
    for of_return, more in zip(order.returns.order_by("pk"), (CENT, -CENT), strict=True):
        for rows in (ReturnLine.objects.filter(of_return=of_return), Return.objects.filter(pk=of_return.pk)):
            update(rows, gross=F("gross") + more, net=F("net") + more)


def plant_returned(order: Order) -> None:
    update(Order.objects.filter(pk=order.pk), returned=F("returned") - CENT, balance=F("balance") + CENT)


def plant_paid(order: Order) -> None:
    update(Order.objects.filter(pk=order.pk), paid=F("paid") - CENT, balance=F("balance") + CENT)


def plant_return(order: Order) -> None:
    update(
        ReturnLine.objects.filter(of_return__order=order, quantity=2), gross=F("gross") + 1, net=F("net") + 1
    )


def entry(order: Order, amount: str, method: str = "card", **values: Any) -> Payment:
    """A payment, and the order's account with it, as the database wants it."""
    day = {"business_day": timezone.localdate(), "currency": order.currency}
    made = Payment.objects.create(order=order, method=method, amount=Decimal(amount), **day, **values)
    Order.objects.filter(pk=order.pk).update(
        paid=F("paid") + made.amount, balance=F("total") - F("returned") - F("paid") - made.amount
    )
    return made


def plant_refund(order: Order) -> None:
    paid = entry(order, "10.00")
    entry(order, "-10.01", refund_of=paid)


def plant_refund_of_reversed(order: Order) -> None:
    paid = entry(order, "10.00")
    entry(order, "-10.00", reverses=paid, reason="typed twice")
    entry(order, "-1.00", refund_of=paid)


def plant_reversal(order: Order) -> None:
    paid = entry(order, "10.00")
    entry(order, "-9.99", reverses=paid, reason="typed twice")


def plant_pair(order: Order) -> None:
    other = sell_e3()
    half = entry(order, "-5.00", "exchange")
    entry(other, "5.01", "exchange", pair=half)


def plant_half(order: Order) -> None:
    entry(order, "5.00", "exchange")


def close_session(**values: Any) -> None:
    """Closes the session of Till 1, which took 112.95, with 100.00 for the bank."""
    counted = Decimal("112.95")
    closed = {"closed_at": timezone.now(), "expected": counted, "counted": counted, "banked": Decimal(100)}
    update(TillSession.objects.filter(closed_at=None), **(closed | {"difference": 0} | values))


def plant_expected(order: Order) -> None:
    close_session(expected=Decimal("112.94"), difference=CENT)


def plant_count(order: Order) -> None:
    close_session()
    TillSession.objects.get().counts.create(moment="close", denomination=Decimal("0.05"), pieces=2260)


def plant_float(order: Order) -> None:
    close_session()
    TillSession.objects.create(register=Register.objects.get(prefix="T1"), number=2, float_expected=12)


def plant_time(order: Order) -> None:
    close_session()
    update(Payment.objects.filter(amount=60), created_at=timezone.now() + datetime.timedelta(hours=1))


def first_document() -> Any:
    return Document.objects.filter(sequence=1)


def plant_body(order: Order) -> None:
    body = first_document().get().body
    update(first_document(), body=body | {"subtotal": "0.01"})


def plant_column(order: Order) -> None:
    update(first_document(), currency="CHF")


def plant_gap(order: Order) -> None:
    update(Document.objects.filter(sequence=4), sequence=5)


def plant_end(order: Order) -> None:
    update(Register.objects.filter(prefix="T1"), next_number=6)


def plant_removed(order: Order) -> None:
    """The last document is gone, and the number is given out again."""
    last = Document.objects.filter(sequence=4)
    DocumentTax.objects.filter(document__in=last).delete()
    last.delete()
    update(Register.objects.filter(prefix="T1"), next_number=4)


def plant_order_of_time(order: Order) -> None:
    earlier = first_document().get().issued_at - datetime.timedelta(microseconds=1)
    update(Document.objects.filter(sequence=2), issued_at=earlier)


def plant_rate(order: Order) -> None:
    """A cent goes from one rate to the other, so that the sums are right."""
    for percent, more in ((19, CENT), (7, -CENT)):
        rows = DocumentTax.objects.filter(document__kind="invoice", percent=percent)
        update(rows, gross=F("gross") + more, net=F("net") + more)


def plant_document_sum(order: Order) -> None:
    rows = DocumentTax.objects.filter(document__kind="credit_note", gross__gt=50)
    update(rows, tax=F("tax") + CENT, net=F("net") - CENT)


def plant_second_invoice(order: Order) -> None:
    row = Document.objects.get(kind="invoice")
    row.pk, row.sequence, row.number, row._state.adding = None, 99, "T1-99", True
    row.save()


def plant_movement(order: Order) -> None:
    product = lines_of(order)[0].product
    StockMovement.objects.create(product=product, quantity=1, reason="returned", order=order)


def plant_restock(order: Order) -> None:
    update(ReturnLine.objects.filter(of_return__order=order, quantity=2), restock=True)
