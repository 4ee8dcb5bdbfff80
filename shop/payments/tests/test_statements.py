"""The number of statements of payments, with BEGIN and COMMIT, the token and the key."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.models import Payment, User
from shop.payments.tests.entries import make_order, pay, reverse
from testing.api_client import Api

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("known_roles")]


def count_statements(api: Api, path: str, body: dict[str, Any]) -> int:
    """Returns the number of statements of a POST with a key."""
    with CaptureQueriesContext(connection) as captured:
        api.post(path, body, Idempotency_Key=f"k{Payment.objects.count()}")
    # Without the count of the key.
    return len(captured) - 1


@pytest.mark.parametrize("earlier", [1, 20])
def test_it_does_not_grow_with_the_payments(earlier: int, clerk: User) -> None:
    order, api = make_order("100.00"), Api(clerk)
    for _ in range(earlier):
        payment = pay(order, "cash", "1.00", register_id=None)
    path = f"/order/{order.pk}/"

    assert count_statements(api, f"{path}payment/", {"method": "cash", "tendered": "5.00"}) == 9
    assert count_statements(api, f"{path}payment/", {"method": "card", "amount": "5.00"}) == 8
    assert count_statements(api, f"{path}refund/", {"method": "cash", "amount": "1.00"}) == 11
    with CaptureQueriesContext(connection) as captured:
        reverse(payment)
    assert len(captured) == 7


def test_opening_the_register_takes_three_more(clerk: User) -> None:
    order, api = make_order("100.00"), Api(clerk)

    body = {"method": "cash", "tendered": "5.00"}
    assert count_statements(api, f"/order/{order.pk}/payment/", body) == 12
