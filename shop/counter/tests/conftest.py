"""Drafts of the worked examples of docs/MONEY.md, as a manager makes them at the desk, and a plain one."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from shop.models import Order, Product, User
from shop.money.pricing import NO_DISCOUNT, Discount
from shop.orders.services import discounts
from testing.factories import DraftFactory
from testing.products import make_taxed_product

MakeDraft = Callable[..., Order]


@pytest.fixture
def make_draft(manager: User) -> MakeDraft:
    """Makes a draft of lines such as "3 × 33.33 @ 19", with discounts of the first line and of the order."""

    def make(*texts: str, line: Discount = NO_DISCOUNT, order: Discount = NO_DISCOUNT) -> Order:
        parts = [text.split() for text in texts]
        lines = [(make_taxed_product(part[2], part[4]), int(part[0])) for part in parts]
        draft = DraftFactory(staff=manager, lines=lines)
        values = {"reference": draft.reference, "seen": NO_DISCOUNT, "staff_id": manager.pk}
        if line != NO_DISCOUNT:
            first = draft.lines.get(position=1)
            discounts.set_line_discount(line_id=first.pk, discount=line, reason="scratched", **values)
        if order != NO_DISCOUNT:
            discounts.set_order_discount(discount=order, reason="regular", **values)
        return Order.objects.get(pk=draft.pk)

    return make


@pytest.fixture
def make_e3(make_draft: MakeDraft) -> Callable[[], Order]:
    lines = ("2 × 19.99 @ 19", "3 × 3.49 @ 7", "1 × 12.50 @ 19")
    return lambda: make_draft(*lines, order=Discount(Decimal("10.00")))


@pytest.fixture
def make_e8(make_draft: MakeDraft) -> Callable[[], Order]:
    lines = ("3 × 33.33 @ 19", "1 × 50.00 @ 7")
    return lambda: make_draft(*lines, line=Discount(percent=Decimal(10)), order=Discount(Decimal("5.00")))


@pytest.fixture
def make_e9(make_draft: MakeDraft) -> Callable[[], Order]:
    return lambda: make_draft("1 × 49.90 @ 19", "1 × 20.00 @ 7", order=Discount(percent=Decimal(10)))


@pytest.fixture
def draft(clerk: User, lamp: Product) -> Order:
    """A draft of two lamps at 10.00."""
    return DraftFactory(staff=clerk, lines=[(lamp, 2)])
