"""An order while it is taken: its customer, its note, and how it is put aside."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from shop.customers import services as customers
from shop.db.errors import NotFound, Stale
from shop.db.idempotency import Once
from shop.models import Customer, IdempotencyKey, Order, Product
from shop.orders.errors import OrderError
from shop.orders.services import drafts
from testing.drafts import add_line, reload, set_customer, set_quantity
from testing.factories import (
    CustomerFactory,
    DraftFactory,
    PlacedFactory,
    ProductFactory,
    UserFactory,
    only_line,
)
from testing.refusals import raises_worded

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Order:
    return drafts.open_draft(staff_id=UserFactory().pk)


def test_a_customer_is_set_changed_and_cleared(draft: Order) -> None:
    ada, bob = CustomerFactory(name="Ada"), CustomerFactory(name="Bob")

    assert set_customer(draft, ada).customer_name == "Ada"
    assert set_customer(draft, ada).customer_name == "Ada"  # sent twice
    assert set_customer(draft, bob, seen=ada).customer_name == "Bob"
    with raises_worded(Stale, "Somebody else set the customer to Bob"):
        set_customer(draft, ada, seen=ada)
    assert set_customer(draft, None, seen=bob).customer_name == "Walk-in"


def test_a_customer_that_is_gone_is_not_set(draft: Order) -> None:
    ada = CustomerFactory()
    customers.delete_customer(customer_id=ada.pk)

    with pytest.raises(NotFound):
        set_customer(draft, ada)


def create(order: Order, name: str = "Ada", seen: int | None = None, key: str = "k") -> Order:
    once = Once.from_payload(key, operation="customer", user_id=1, payload=name)
    return drafts.set_new_customer(
        reference=order.reference, name=name, phone="555", seen_customer_id=seen, once=once, staff_id=None
    )


def test_a_customer_is_made_at_the_desk_once(draft: Order) -> None:
    assert create(draft).customer_name == "Ada"
    assert create(draft).customer_name == "Ada"
    assert Customer.objects.count() == 1


def test_a_refused_step_makes_no_customer_and_leaves_its_key_unused(draft: Order) -> None:
    bob = CustomerFactory(name="Bob")
    set_customer(draft, bob)

    with pytest.raises(Stale):
        create(draft)
    assert Customer.objects.get() == bob
    assert not IdempotencyKey.objects.exists()

    assert create(draft, name="Cleo", seen=bob.pk).customer_name == "Cleo"


def test_a_note_is_never_written_over_somebody_elses(draft: Order) -> None:
    drafts.set_note(reference=draft.reference, note="Ring", seen_note="", staff_id=None)
    drafts.set_note(reference=draft.reference, note="Ring", seen_note="", staff_id=None)

    with raises_worded(Stale, "“Ring”"):
        drafts.set_note(reference=draft.reference, note="Knock", seen_note="", staff_id=None)
    assert (
        drafts.set_note(reference=draft.reference, note="Knock", seen_note="Ring", staff_id=None).note
        == "Knock"
    )


def test_a_parked_draft_waits_until_the_next_change(draft: Order) -> None:
    assert drafts.park_draft(reference=draft.reference, staff_id=None).parked_at
    assert reload(draft) in Order.objects.open_drafts()

    add_line(draft, ProductFactory())
    assert reload(draft).parked_at is None


def test_a_discarded_draft_can_be_brought_back_with_its_lines() -> None:
    draft, staff = DraftFactory(note="Ring"), UserFactory()
    for _ in range(2):
        assert drafts.discard_draft(reference=draft.reference, staff_id=staff.pk).status == "cancelled"
    for _ in range(2):
        assert drafts.reopen_draft(reference=draft.reference, staff_id=staff.pk).status == "draft"

    assert [event.kind for event in draft.events.all()] == ["opened", "discarded", "reopened"]
    assert (reload(draft).subtotal, reload(draft).note, draft.lines.count()) == (Decimal("10.00"), "Ring", 1)


def test_a_placed_order_never_becomes_a_draft_again() -> None:
    placed = PlacedFactory()

    with raises_worded(OrderError, "was placed and cannot become a draft again"):
        drafts.reopen_draft(reference=placed.reference, staff_id=None)


STEPS: dict[str, Callable[[Order], Any]] = {
    "add": lambda order: add_line(order, Product.objects.get()),
    "quantity": lambda order: set_quantity(order.lines.get(), 3, seen=1),
    "remove": lambda order: set_quantity(order.lines.get(), 0, seen=1),
    "customer": lambda order: set_customer(order, CustomerFactory()),
    "new customer": create,
    "note": lambda order: drafts.set_note(reference=order.reference, note="x", seen_note="", staff_id=None),
    "park": lambda order: drafts.park_draft(reference=order.reference, staff_id=None),
    "discard": lambda order: drafts.discard_draft(reference=order.reference, staff_id=None),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_placed_order_is_not_changed_at_the_desk(name: str) -> None:
    placed = PlacedFactory()

    with raises_worded(OrderError, f"{placed.reference} is placed by now"):
        STEPS[name](placed)
    assert (reload(placed).version, only_line(placed).quantity) == (placed.version, 1)


@pytest.mark.parametrize("name", sorted(set(STEPS) - {"quantity", "remove"}))
def test_a_draft_that_does_not_exist_is_not_found(name: str) -> None:
    DraftFactory()

    with raises_worded(NotFound, "This order does not exist any more"):
        STEPS[name](Order(reference="AAA-AAAA"))
