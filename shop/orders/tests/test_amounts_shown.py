"""An order's amount in the list, in the file and on paper: the total, and of a draft what it would be."""

import csv
import datetime
import io
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.test import Client, override_settings

from shop.models import Order, User
from shop.money.pricing import Discount
from shop.taxes.services import set_tax_rate
from testing.factories import DraftFactory, PlacedFactory, ProductFactory, UserFactory, place
from testing.pages import Page, signed_in
from testing.products import make_taxed_product

from .discounts import give, percent

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(manager: User) -> Order:
    """E3 of docs/MONEY.md without its discount: 62.95."""
    parts = (("19.99", "19", 2), ("3.49", "7", 3), ("12.50", "19", 1))
    return DraftFactory(staff=manager, lines=[(make_taxed_product(*part[:2]), part[2]) for part in parts])


def export_row(client: Client, order: Order) -> dict[str, str]:
    answer = client.get("/orders/export/", {"order": order.reference})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    [row] = csv.DictReader(io.StringIO(text, newline=""))
    return row


@override_settings(SHOP_KEEP_BALANCES=True)
def test_the_file_has_what_is_to_pay_beside_the_subtotal(draft: Order, manager: User, clerks: Client) -> None:
    give(draft, Discount(Decimal("10.00")), staff_id=manager.pk)
    place(draft, manager)

    row = export_row(clerks, draft)

    names = ("Subtotal", "Total", "Tax", "Returned", "Paid", "Balance")
    assert [row[name] for name in names] == ["62.95", "52.95", "7.63", "0.00", "0.00", "52.95"]


def test_the_list_is_sorted_by_the_amounts_that_it_shows(draft: Order, manager: User, clerks: Client) -> None:
    give(draft, Discount(Decimal("10.00")), staff_id=manager.pk)
    place(draft, manager)
    PlacedFactory(lines=[(ProductFactory(unit_price=Decimal("60.00")), 1)])
    DraftFactory(lines=[(ProductFactory(unit_price=Decimal("55.00")), 1)])

    for sort, amounts in {
        "largest": ["$60.00", "$55.00", "$52.95"],
        "smallest": ["$52.95", "$55.00", "$60.00"],
    }.items():
        text = Page(clerks.get("/orders/", {"sort": sort})).text
        assert sorted(amounts, key=text.index) == amounts


def test_a_draft_is_printed_with_what_it_would_cost(draft: Order, manager: User, clerks: Client) -> None:
    give(draft, percent(10), staff_id=manager.pk)
    reference = draft.reference

    for path in (f"/orders/{reference}/print/", f"/orders/print/?order={reference}"):
        text = Page(clerks.get(path)).text
        assert "Not placed: Draft" in text
        assert "Subtotal $62.95 Discount 10 % regular −$6.30" in text
        assert "Total $56.65" in text
    stored = Order.objects.get(pk=draft.pk)
    assert (stored.total, stored.discount, stored.balance) == (None, 0, None)


def test_who_may_only_look_sees_what_a_draft_would_cost(draft: Order, manager: User) -> None:
    give(draft, percent(10), staff_id=manager.pk)
    reader = UserFactory()
    reader.user_permissions.set(
        Permission.objects.filter(content_type__app_label="shop", codename="view_order")
    )

    text = Page(signed_in(reader).get(draft.get_absolute_url())).text

    assert "Total $56.65" in text
    assert "To pay" not in text


def test_a_draft_that_cannot_be_priced_is_printed_without_a_total(clerks: Client) -> None:
    lamp = make_taxed_product("5.00", "19")
    draft = DraftFactory(lines=[(lamp, 2)])
    in_the_future = datetime.date(2999, 1, 1)
    set_tax_rate(code="LATER", percent=Decimal(7), valid_from=in_the_future)
    type(lamp).objects.filter(pk=lamp.pk).update(tax_class="LATER")

    answer = clerks.get(f"/orders/{draft.reference}/print/")

    assert answer.status_code == 200
    text = Page(answer).text
    assert "Subtotal $10.00" in text
    assert f"No total yet: Product {lamp.pk} has the tax class LATER, which has no rate on " in text
