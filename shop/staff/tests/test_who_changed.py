"""Who changed a customer, a product or an order last, and when: every way there is to change one."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from shop.demo import small as demo
from shop.models import Customer, Order, Product, User
from shop.orders.services import drafts
from shop.products import stock
from testing.api_client import Api
from testing.changes import forget_change, is_unchanged, read_change
from testing.factories import (
    CustomerFactory,
    DraftFactory,
    PlacedFactory,
    ProductFactory,
    only_line,
    seen,
)
from testing.pages import Page, signed_in
from testing.retail import OLD, run, writer
from testing.snapshots import saw_customer, saw_form, saw_note, saw_quantity, saw_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(clerk: User) -> Client:
    return signed_in(clerk)


@pytest.fixture
def draft() -> Order:
    return DraftFactory(lines=[ProductFactory(name="Lamp", sku="L")])


#: What each step of the desk posts, after a line and a customer are put in.
STEPS: dict[str, dict[str, str]] = {
    "lines": {"text": "L"},
    "lines/{line}": {"quantity": "7"},
    "lines/{line} removed": {"quantity": "0"},
    "customer": {"customer": "{ada}"},
    "customer/new": {"name": "Cleo"},
    "note": {"note": "Ring"},
    "park": {},
    "discard": {},
    "place": {},
}


def saw(client: Client, step: str, draft: Order) -> dict[str, str]:
    """Returns the other fields of the form of this step."""
    if step.startswith("lines/"):
        return saw_quantity(client, only_line(draft), 1)
    if step == "note":
        return saw_note(client, draft)
    if step == "place":
        return saw_review(client, draft, seen(draft))
    return saw_customer(client, draft, draft.customer)


@pytest.mark.parametrize("step", STEPS)
def test_each_step_of_the_desk_says_who_made_it(step: str, client: Client, draft: Order) -> None:
    words = {"line": str(only_line(draft).pk), "ada": str(CustomerFactory().pk)}
    data = {name: value.format(**words) for name, value in STEPS[step].items()}
    data |= saw(client, step, draft)
    forget_change(draft)
    path = step.split()[0].format(**words)

    assert client.post(f"{draft.get_absolute_url()}{path}/", data).status_code == 303
    assert read_change(draft) == ("clerk", True)


@pytest.mark.parametrize(("step", "data"), [("lines/{line}", {"quantity": "1"}), ("note", {"note": ""})])
def test_a_step_that_changes_nothing_leaves_the_name_of_before(
    step: str, data: dict[str, str], client: Client, draft: Order
) -> None:
    forget_change(draft)
    path = step.format(line=only_line(draft).pk)

    data |= saw(client, step, draft)
    assert client.post(f"{draft.get_absolute_url()}{path}/", data).status_code == 303
    assert is_unchanged(draft)


def test_what_happens_to_an_order_later_says_who_did_it(client: Client, manager: User) -> None:
    order = PlacedFactory(lines=[ProductFactory(name="Lamp")])
    path = order.get_absolute_url()
    for step, browser in (("fulfil", client), ("cancel", signed_in(manager))):
        forget_change(order)
        assert browser.post(f"{path}{step}/").status_code == 303
        assert read_change(order) == ("clerk" if step == "fulfil" else "manager", True)


def test_a_new_order_a_duplicate_and_a_reopened_one_say_whose_they_are(client: Client, draft: Order) -> None:
    opened = client.post("/orders/new/")["Location"]
    copied = client.post(f"{draft.get_absolute_url()}duplicate/", {"key": "k"})["Location"]
    for path in (opened, copied):
        assert read_change(Order.objects.get(reference=path.split("/")[2])) == ("clerk", True)

    drafts.discard_draft(reference=draft.reference, staff_id=None)
    assert read_change(draft) == (None, True)
    client.post(f"{draft.get_absolute_url()}reopen/")
    assert read_change(draft) == ("clerk", True)


def test_accepting_says_who_did_it_once(client: Client, draft: Order) -> None:
    Product.objects.update(unit_price=12)
    url = draft.get_absolute_url()
    saw = Page(client.get(f"{url}review/")).snapshot()
    for _ in range(2):
        assert client.post(f"{url}accept/", saw).status_code == 303
    assert read_change(draft) == ("clerk", True)

    forget_change(draft)
    version = Order.objects.get().version
    assert client.post(f"{url}accept/", saw).status_code == 303
    assert is_unchanged(draft)
    assert Order.objects.get().version == version


def test_a_customers_pages_say_who_saved(client: Client) -> None:
    client.post("/customers/new/", {"name": "Ada"})
    ada = Customer.objects.get()
    assert read_change(ada) == ("clerk", True)
    for path, data in (("edit", {"name": "Bob"} | saw_form(client, ada)), ("retire", {})):
        forget_change(ada)
        assert client.post(f"/customers/{ada.pk}/{path}/", data).status_code == 303
        assert read_change(ada) == ("clerk", True)


def test_a_products_pages_say_who_saved(manager: User) -> None:
    client = signed_in(manager)
    lamp = {"name": "Lamp", "sku": "L", "unit_price": "10"}
    client.post("/products/new/", lamp)
    product = Product.objects.get()
    assert read_change(product) == ("manager", True)
    for path, data in (("edit", lamp | {"unit_price": "11"} | saw_form(client, product)), ("retire", {})):
        forget_change(product)
        assert client.post(f"/products/{product.pk}/{path}/", data).status_code == 303
        assert read_change(product) == ("manager", True)


def test_a_sale_is_no_change_of_the_product(client: Client) -> None:
    lamp = ProductFactory(stock=5)
    forget_change(lamp)
    PlacedFactory(lines=[lamp])

    assert is_unchanged(lamp)


def test_a_count_of_nothing_has_no_entry_and_is_said_by_the_product(manager: User) -> None:
    lamp = ProductFactory()
    stock.count_stock(product_id=lamp.pk, counted=0, staff_id=manager.pk, once=None)

    assert read_change(lamp) == ("manager", True)


def test_the_api_names_its_tokens_owner(manager: User) -> None:
    api = Api(manager)
    ada = api.post("/customer/", {"name": "Ada"})
    lamp = api.post("/product/", {"name": "Lamp", "price": "10.00"})
    order = api.post("/order/", {"products": [{"id": lamp["id"]}]})
    rows = Customer.objects.get(), Product.objects.get(), Order.objects.get(pk=order["id"])
    assert [read_change(row) for row in rows] == [("manager", True)] * 3

    for row in rows[:2]:
        forget_change(row)
    api.put(f"/customer/{ada['id']}/", {"name": "Bob"})
    api.put(f"/product/{lamp['id']}/", {"name": "Lamp", "price": "11.00"})
    assert [read_change(row) for row in rows[:2]] == [("manager", True)] * 2


def test_an_import_is_nobody(tmp_path: Path) -> None:
    write = writer(tmp_path)
    run(write("a.csv", OLD))
    rows: list[Any] = [Product.objects.get(), Order.objects.get(), *Customer.objects.all()]
    assert {read_change(row) for row in rows} == {(None, True)}

    forget_change(rows[0])
    run(write("b.csv", OLD.replace("1,A", "2,A", 1).replace("1.00", "1.50")))
    assert Product.objects.get().unit_price == Decimal("1.50")
    assert read_change(rows[0]) == (None, True)


def test_the_demo_data_was_changed_when_it_was_made(clerk: User) -> None:
    now = timezone.now()
    demo.load_demo(now=now, staff_ids=[clerk.pk])

    assert {order.changed_by for order in Order.objects.select_related("changed_by")} == {clerk}
    models: tuple[Any, ...] = (Customer, Product, Order)
    for model in models:
        assert not model.objects.filter(changed_at=None).exists()
        assert not model.objects.filter(changed_at__gt=now).exists()
