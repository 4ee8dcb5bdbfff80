"""The database refuses rows of returns that do not add up."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F, ProtectedError
from django.utils import timezone

from shop.models import Order, Return, ReturnLine
from shop.returns.tests.steps import get_lines, give_back, keep_balance
from testing.factories import PlacedFactory, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Return:
    order = keep_balance(PlacedFactory(lines=[(ProductFactory(), 3)]))
    return give_back(order, {get_lines(order)[0]: 1})


def refuse(write: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        write()


@pytest.mark.parametrize(
    "values",
    [
        {"gross": Decimal("10.01")},
        {"net": Decimal("9.99")},
        {"tax": Decimal("0.01")},
        {"gross": -10, "net": -10},
        {"net": 11, "tax": -1},
        {"reason": ""},
        {"order": None},
    ],
)
def test_a_return_adds_up_and_has_a_reason(values: dict[str, Any], made: Return) -> None:
    refuse(lambda: Return.objects.filter(pk=made.pk).update(**values))


@pytest.mark.parametrize(
    "values",
    [
        {"gross": Decimal("10.01")},
        {"net": 11, "tax": -1},
        {"gross": -1, "net": -1},
        {"quantity": -1},
        {"quantity": 0, "restock": True},
    ],
)
def test_a_line_of_a_return_adds_up(values: dict[str, Any], made: Return) -> None:
    refuse(lambda: ReturnLine.objects.filter(of_return=made).update(**values))


def test_a_line_is_in_a_return_once(made: Return) -> None:
    row = made.lines.get()
    row.pk = None

    refuse(lambda: row.save(force_insert=True))


def test_a_credit_note_is_stored_once() -> None:
    def store() -> Return:
        return Return.objects.create(
            kind="goods",
            reason="x",
            gross=1,
            net=1,
            tax=0,
            business_day=timezone.localdate(),
            external_number="C1",
        )

    store()
    refuse(store)


@pytest.mark.parametrize(
    "values", [{"returned": F("returned") + 1}, {"returned": 31, "balance": -1}, {"returned": -1}]
)
def test_the_order_agrees(values: dict[str, Any], made: Return) -> None:
    refuse(lambda: Order.objects.filter(returns=made).update(**values))


def test_what_was_returned_cannot_be_deleted(made: Return) -> None:
    for row in (made, made.order, made.lines.get().line, made.lines.get().product):
        assert row
        with pytest.raises(ProtectedError):
            row.delete()
