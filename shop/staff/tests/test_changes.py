"""How it is said who changed something, and how little is read for it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.db.errors import Change, Difference, Stale
from shop.models import Order, User
from shop.orders.services import drafts
from shop.products import stock
from shop.staff import changes
from shop.web.times import format_time
from testing.factories import CustomerFactory, DraftFactory, ProductFactory, only_line
from testing.refusals import raises_worded

pytestmark = pytest.mark.django_db

LONG_AGO = datetime(2001, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def draft() -> Order:
    return DraftFactory()


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (None, "Who changed it is not recorded."),
        (Change(None, None), "Who changed it is not recorded."),
        (Change(None, LONG_AGO), "Last changed by an import or a program, 2001-02-03 04:05."),
        (Change(1, LONG_AGO, "ada"), "Last changed by ada, 2001-02-03 04:05."),
    ],
)
def test_who_it_was_is_said_as_far_as_it_is_known(change: Change | None, text: str) -> None:
    assert changes.write_change_sentence(change) == text


def test_a_moment_of_today_is_its_time() -> None:
    now = timezone.localtime()

    assert format_time(now) == f"{now:%H:%M}"
    assert format_time(now - timedelta(days=400)) == f"{now - timedelta(days=400):%Y-%m-%d %H:%M}"


def test_names_take_one_statement_however_many_there_are(clerk: User, manager: User) -> None:
    def differences(count: int) -> list[Difference]:
        price, stock = Change(clerk.pk, LONG_AGO), Change(manager.pk, LONG_AGO)
        return [Difference("price", "1", "2", change=price)] + [
            Difference("stock", "1", "0", change=stock) for _ in range(count)
        ]

    for count in (1, 20):
        rows = differences(count)
        with CaptureQueriesContext(connection) as captured:
            named = changes.name_changers(rows)
        assert len(captured) == 1
        assert [row.change and row.change.by for row in named] == ["clerk", *["manager"] * count]


def test_stock_was_changed_by_who_moved_it_last(clerk: User, manager: User) -> None:
    lamp = ProductFactory(stock=3, staff_id=manager.pk)
    stock.adjust_stock(product_id=lamp.pk, quantity=-2, reason="damaged", staff_id=clerk.pk, once=None)

    [change] = stock.find_last_moves([lamp.pk]).values()
    assert change.by_id == clerk.pk


STALE: dict[str, Callable[[Order, int], object]] = {
    "note": lambda order, me: drafts.set_note(
        reference=order.reference, note="mine", seen_note="old", staff_id=me
    ),
    "customer": lambda order, me: drafts.set_customer(
        reference=order.reference, customer_id=CustomerFactory().pk, seen_customer_id=1, staff_id=me
    ),
    "quantity": lambda order, me: drafts.set_quantity(
        reference=order.reference, line_id=only_line(order).pk, quantity=9, seen_quantity=8, staff_id=me
    ),
}


@pytest.mark.parametrize("step", STALE)
def test_ones_own_last_change_is_not_put_down_to_somebody_else(
    step: str, draft: Order, clerk: User, manager: User
) -> None:
    """The change may come from another window, or from a colleague before it."""
    drafts.park_draft(reference=draft.reference, staff_id=clerk.pk)

    with raises_worded(Stale, r"^Somebody (set|changed|wrote)"):
        STALE[step](draft, clerk.pk)
    with raises_worded(Stale, r"^Somebody else"):
        STALE[step](draft, manager.pk)
