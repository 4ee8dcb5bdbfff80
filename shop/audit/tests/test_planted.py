"""The audit finds nothing in what services wrote, and each wrong row that was planted behind their back.

The database itself refuses a wrong balance of an order (A6), and a wrong difference of a session (A9): such
rows cannot be planted.
"""

from collections.abc import Callable

import pytest
from django.utils import timezone

from shop.audit.tests.planting import (
    failed,
    fill_shop,
    plant_body,
    plant_column,
    plant_count,
    plant_discount,
    plant_document_sum,
    plant_end,
    plant_expected,
    plant_float,
    plant_gap,
    plant_half,
    plant_movement,
    plant_order_of_time,
    plant_paid,
    plant_pair,
    plant_part,
    plant_rate,
    plant_refund,
    plant_refund_of_reversed,
    plant_removed,
    plant_restock,
    plant_return,
    plant_returned,
    plant_reversal,
    plant_second_invoice,
    plant_tax,
    plant_time,
    plant_total,
    plant_wrong_side,
)
from shop.models import Order
from testing.shared_rows import SharedRows

pytestmark = pytest.mark.django_db


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


@pytest.fixture(scope="module")
def filled(shared_rows: SharedRows) -> int:
    with shared_rows():
        return fill_shop().pk


@pytest.fixture
def shop(filled: int) -> Order:
    return Order.objects.get(pk=filled)


@pytest.mark.parametrize("plant", PLANTED, ids=[plant.__name__ for plant in PLANTED])
def test_a_planted_row_is_found(shop: Order, plant: Callable[[Order], None]) -> None:
    code, sentence = PLANTED[plant]
    shop.refresh_from_db()

    plant(shop)

    found = failed(only=code)
    assert any(sentence in failure for failure in found[code]), found
    assert code in failed(since=timezone.localdate(), only=code)
