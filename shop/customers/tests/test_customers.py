"""Customers: what the services do and refuse."""

import pytest

from shop.customers import services as customers
from shop.db.errors import Difference, InUse, KeyReused, NotFound, Stale
from shop.db.idempotency import Once
from shop.models import Customer
from testing.factories import CustomerFactory, DraftFactory, UserFactory, version_of
from testing.refusals import raises_worded

pytestmark = pytest.mark.django_db


def make_once(key: str = "k", **payload: str) -> Once | None:
    return Once.from_payload(key, operation="customer", user_id=1, payload=payload)


def update(customer: Customer, **changes: object) -> Customer:
    values = {"name": "Ada", "phone": "1", "email": "", "address": "", "note": ""} | changes
    values = {"staff_id": None} | values
    if "seen_version" not in values:
        values["seen_version"] = version_of(customer)
    return customers.update_customer(customer_id=customer.pk, **values)  # type: ignore[arg-type]


@pytest.fixture
def ada() -> Customer:
    return CustomerFactory(name="Ada", phone="1")


def test_a_customer_keeps_everything_that_was_typed() -> None:
    customer = customers.create_customer(
        name="Zoë Groß",
        phone="555 0100",
        email="z@example.com",
        address="1 Lane\nTown",
        note="rings twice",
        once=None,
        staff_id=None,
    )

    stored = Customer.objects.get(pk=customer.pk)
    assert (stored.name, stored.phone, stored.email) == ("Zoë Groß", "555 0100", "z@example.com")
    assert (stored.address, stored.note) == ("1 Lane\nTown", "rings twice")
    assert (stored.name_key, stored.active, stored.version) == ("zoe gross", True, 1)


def test_the_same_key_finds_the_same_customer() -> None:
    first = customers.create_customer(name="Ada", once=make_once(name="Ada"), staff_id=None)
    second = customers.create_customer(name="Ada", once=make_once(name="Ada"), staff_id=None)

    assert first.pk == second.pk
    assert Customer.objects.count() == 1


def test_without_a_key_each_call_makes_a_customer() -> None:
    customers.create_customer(
        name="Ada", once=Once.from_payload("", operation="x", user_id=1, payload={}), staff_id=None
    )
    customers.create_customer(name="Ada", once=None, staff_id=None)

    assert Customer.objects.count() == 2


def test_a_key_used_for_another_payload_or_operation_is_refused() -> None:
    customers.create_customer(name="Ada", once=make_once(name="Ada"), staff_id=None)
    others = [
        make_once(name="Bob"),
        Once.from_payload("k", operation="product", user_id=1, payload={"name": "Ada"}),
    ]

    for other in others:
        with pytest.raises(KeyReused) as refused:
            customers.create_customer(name="Bob", once=other, staff_id=None)
        assert refused.value.http_status == 422
    assert [customer.name for customer in Customer.objects.all()] == ["Ada"]


def test_a_key_of_a_deleted_customer_says_so() -> None:
    customer = customers.create_customer(name="Ada", once=make_once(), staff_id=None)
    customers.delete_customer(customer_id=customer.pk)

    with raises_worded(NotFound, "has since been deleted"):
        customers.create_customer(name="Ada", once=make_once(), staff_id=None)


def test_a_change_is_saved_and_raises_the_version(ada: Customer) -> None:
    changed = update(ada, name="Ada Lovelace", seen_version=1)

    assert (changed.name, changed.name_key, changed.version) == ("Ada Lovelace", "ada lovelace", 2)
    assert Customer.objects.get(pk=ada.pk).name == "Ada Lovelace"


def test_saving_what_is_there_changes_nothing(ada: Customer) -> None:
    assert update(ada, seen_version=1).version == 1
    assert update(ada, seen_version=77).version == 1


def test_a_change_made_on_an_old_page_is_refused_with_both_values(ada: Customer) -> None:
    update(ada, phone="2", seen_version=1)

    with pytest.raises(Stale) as refused:
        update(ada, phone="3", note="", seen_version=1)

    assert refused.value.differences == [Difference("phone", now="2", wanted="3")]
    assert (refused.value.now, refused.value.now.version) == (ada, 2)
    assert Customer.objects.get(pk=ada.pk).phone == "2"


def test_having_seen_the_other_change_a_clerk_can_insist(ada: Customer) -> None:
    update(ada, phone="2", seen_version=1)

    assert update(ada, phone="3", seen_version=2).phone == "3"


def test_a_retired_customer_is_not_active_until_it_is_back(ada: Customer) -> None:
    retired = customers.set_customer_active(customer_id=ada.pk, active=False, staff_id=None)
    assert (retired.active, retired.version) == (False, 2)
    assert not Customer.objects.active().exists()

    retired_twice = customers.set_customer_active(customer_id=ada.pk, active=False, staff_id=None)
    assert retired_twice.version == 2
    assert customers.set_customer_active(customer_id=ada.pk, active=True, staff_id=None).active


def test_a_customer_without_orders_is_deleted_with_its_words(ada: Customer) -> None:
    customers.delete_customer(customer_id=ada.pk)
    customers.delete_customer(customer_id=ada.pk)

    assert not Customer.objects.exists()


def test_a_customer_with_orders_is_kept(ada: Customer) -> None:
    DraftFactory(customer=ada, staff=UserFactory())

    with raises_worded(
        InUse, r"^Ada has orders or credit notes and cannot be deleted\. Retire the customer instead\.$"
    ):
        customers.delete_customer(customer_id=ada.pk)
    assert Customer.objects.get() == ada


def test_a_customer_that_is_gone_is_not_found(ada: Customer) -> None:
    customers.delete_customer(customer_id=ada.pk)

    with raises_worded(NotFound, "This customer does not exist any more"):
        update(ada, seen_version=1)
    with pytest.raises(NotFound):
        customers.set_customer_active(customer_id=ada.pk, active=False, staff_id=None)


def test_a_field_that_is_left_out_stays(ada: Customer) -> None:
    changed = customers.update_customer(customer_id=ada.pk, name="Eve", seen_version=1, staff_id=None)

    assert (changed.name, changed.phone) == ("Eve", "1")
    assert Customer.objects.get(pk=ada.pk).phone == "1"
