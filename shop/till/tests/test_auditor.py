"""What the services of payments and tills write is right for the auditor."""

from decimal import Decimal

import pytest
from django.test.utils import override_settings

from shop.audit.checks import run_checks
from shop.audit.scope import Scope
from shop.payments.tests.entries import make_order, pay, refund, reverse
from shop.till.tests.test_sessions import close, move, start

pytestmark = pytest.mark.django_db


@override_settings(SHOP_CASH_STEP=Decimal("0.05"))
def test_a_day_with_mistakes() -> None:
    session, order = start(), make_order("12.91")
    card = pay(order, "card", "10.00")
    pay(order, "cash", tendered="5.00")
    reverse(refund(order, "card", "10.00", card))
    refund(order, "card", "10.00", card)
    refund(order, "cash", "2.91")
    reverse(pay(order, "cash", "5.00"))
    pay(make_order("0.02"), "cash", tendered="1.00")
    move(session, "drop", "50.00")
    close(session, "3×50", "50.00")
    start("2×50")

    found = {result.code: result.failures for result in run_checks(Scope())}
    assert {code: found[code] for code in ("A6", "A7", "A9")} == {"A6": [], "A7": [], "A9": []}
