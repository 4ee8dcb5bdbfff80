"""The audit finds nothing in what services wrote, and each wrong row that was planted behind their back.

The database itself refuses a wrong balance of an order (A6), and a wrong difference of a session (A9): such
rows cannot be planted.
"""

import datetime
import json
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.audit.checks import run_checks
from shop.audit.scope import KEPT, Scope
from shop.documents.models import Document, DocumentTax
from shop.documents.tests.sales import (
    credit_note,
    give_receipt,
    invoice,
    make_customer,
    make_product,
    pay_in_cash,
    sell,
    sell_e3,
    sell_e8,
    take_back,
)
from shop.models import Order, OrderLine, Payment, Register, Return, ReturnLine, StockMovement, TillSession
from shop.money.pricing import NO_DISCOUNT
from shop.orders.pricing import sell_line_without_tax, sell_without_tax
from testing.factories import ProductFactory

pytestmark = pytest.mark.django_db

CENT = Decimal("0.01")


def failed(since: datetime.date | None = None) -> dict[str, list[str]]:
    """The sentences of the checks that fail, by code."""
    return {
        result.code: [f"{failure.row}: {failure.sentence}" for failure in result.failures]
        for result in run_checks(Scope(since))
        if result.failed
    }


@pytest.fixture
def shop() -> Order:
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


def test_what_services_wrote_adds_up(shop: Order) -> None:
    assert failed() == {}
    rows = {result.code: result.rows for result in run_checks(Scope())}
    assert rows == {
        "A1": 5, "A2": 2, "A3": 2, "A4": 4, "A5": 1, "A6": 2, "A7": 2, "A8": 0, "A9": 1, "A10": 4,
        "A11": 4, "A12": 0,
    }  # fmt: skip


def test_an_imported_order_adds_up() -> None:
    now: Any = timezone.now()
    order = Order(status="placed", placed_at=now, dated_at=now, subtotal=Decimal("5.00"))
    order.external_number = "536365"
    sell_without_tax(order)
    order.save(force_insert=True)
    line = OrderLine(order=order, product=ProductFactory(), position=1, name="x", quantity=2)
    line.unit_price = Decimal("2.50")
    sell_line_without_tax(line)
    line.save()

    assert failed() == {}


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


PLANTED: dict[Callable[[Order], None], tuple[str, str]] = {
    plant_wrong_side: ("A1", "less discounts is 86.78; stored are gross 86.78, net 72.92 and tax 13.86"),
    plant_discount: ("A2", "discount is 5.01; the shares of its lines, which cost 139.99, add up to 5.00"),
    plant_total: ("A3", "Total 135.00 and tax 17.01 are stored; the lines add up to 134.99 and 17.01"),
    plant_tax: ("A4", "The tax T19 of 19.000 % in 86.78 is 13.86; the lines have 13.87."),
    plant_part: ("A5", "line 1: Its return number 1, of 2 units and 57.86 with 9.24 tax, is not what R6"),
    plant_returned: ("A6", "Returned is 86.77; the entries add up to 86.78."),
    plant_paid: ("A6", "Paid is 59.99; the entries add up to 60.00."),
    plant_return: ("A6", "is 57.85 with 9.24 tax; its lines add up to 58.85 with 9.24."),
    plant_refund: ("A7", "took 10.00 and gave back 10.01."),
    plant_refund_of_reversed: ("A7", "took 10.00 and gave back 11.00."),
    plant_reversal: ("A7", "of -9.99 reverses payment"),
    plant_pair: ("A8", "of 5.01 is the other half of payment"),
    plant_half: ("A8", "of 5.00 is an exchange without its other half."),
    plant_expected: ("A9", "Till 1 Z1: Expected is 112.94; float, payments and movements add up to 112.95."),
    plant_count: ("A9", "Till 1 Z1: Counted is 112.95; the pieces add up to 113.00."),
    plant_float: ("A9", "Till 1 Z2: The expected float is 12.00; the session before left 12.95."),
    plant_time: ("A9", "in cash is outside of its till's session."),
    plant_body: ("A10", "T1-000001: What it says was changed: its hash is another one."),
    plant_column: ("A10", "T1-000001: It prints another currency than is stored beside it."),
    plant_gap: ("A10", "Till 1: The next number is 5, after number 3."),
    plant_end: ("A10", "Till 1: The next number is 6, after number 4."),
    plant_removed: ("A10", "Till 1: The end of the chain is not the hash of its last document."),
    plant_order_of_time: ("A10", "T1-000002: It was issued before T1-000001."),
    plant_rate: ("A11", "At 19.000 % it states 86.79 with 13.86 tax; the lines have 86.78 with 13.86."),
    plant_document_sum: ("A11", "It is 57.85 with 9.24 tax; its rates add up to 57.85 with 9.25."),
    plant_second_invoice: ("A11", "It has 2 valid receipts and invoices that count its tax."),
    plant_movement: ("A12", "1 of Thing of 33.33 went back into stock, and no return says so."),
    plant_restock: ("A12", "2 of Thing of 33.33 went back by its returns, 0 in stock."),
}


@pytest.mark.parametrize("plant", PLANTED, ids=[plant.__name__ for plant in PLANTED])
def test_a_planted_row_is_found(shop: Order, plant: Callable[[Order], None]) -> None:
    code, sentence = PLANTED[plant]
    shop.refresh_from_db()

    plant(shop)

    assert any(sentence in found for found in failed()[code]), failed()
    assert code in failed(since=timezone.localdate())


def test_days_before_are_left_out(shop: Order) -> None:
    plant_discount(shop)

    assert failed(since=timezone.localdate() + datetime.timedelta(days=1)) == {}


def test_statements_do_not_grow_with_the_rows(shop: Order) -> None:
    def count_statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            list(run_checks(Scope()))
        return len(captured)

    before = count_statements()
    lamp = make_product("1.00", "19")
    for _ in range(5):
        order = sell([(lamp, 2, NO_DISCOUNT)], customer=make_customer())
        invoice(order)
        order.refresh_from_db()
        pay_in_cash(order=order, amount="1.00", tendered="2.00")
        credit_note(take_back(order=order, units={1: 1}))

    assert count_statements() == before
    assert failed() == {}


def test_only_the_first_failures_are_kept(shop: Order) -> None:
    lamp = make_product("1.00", "19")
    for _ in range(KEPT + 2):
        sell([(lamp, 1, NO_DISCOUNT)])
    update(Order.objects.exclude(pk=shop.pk), discount=F("discount") + CENT)

    shares = next(result for result in run_checks(Scope()) if result.code == "A2")
    assert (len(shares.failures), shares.failed, shares.left_out) == (KEPT, KEPT + 3, 3)


def run_command(*arguments: str) -> str:
    out = StringIO()
    try:
        call_command("audit_money", *arguments, stdout=out)
    except CommandError as error:
        out.write(f"{error}\n")
    return out.getvalue()


def test_the_command(shop: Order) -> None:
    clean = run_command()
    assert "A10          4 rows          ok  Documents have no gaps, and nobody changed one" in clean
    assert "Does not add up" not in clean

    plant_body(shop)

    assert run_command().endswith("Does not add up: A10.\n")
    read = json.loads(run_command("--json").splitlines()[0])
    assert read["failed"] == ["A10"]
    failures = {check["code"]: check["failures"] for check in read["checks"]}
    sentence = "What it says was changed: its hash is another one."
    assert failures["A10"] == [{"row": "T1-000001", "sentence": sentence}]
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert "Does not add up" not in run_command("--since", tomorrow.isoformat())
