"""The pages of documents: drawn from their bodies alone, issued by buttons of the order."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags
from pytest_django import Settings

from shop.documents.models import Document
from shop.documents.tests.sales import (
    credit_note,
    give_receipt,
    invoice,
    make_customer,
    pay_in_cash,
    sell_e3,
    sell_e8,
    take_back,
)
from shop.models import Customer, Order, OrderLine, User
from shop.orders.services import drafts
from testing.factories import DraftFactory, ProductFactory

pytestmark = pytest.mark.django_db


def read(response: Any) -> str:
    """What a page shows, with single spaces."""
    return re.sub(r"\s+", " ", strip_tags(response.content.decode()))


def show(client: Client, document: Document, query: str = "") -> str:
    return read(client.get(f"/documents/{document.number}/{query}"))


def test_a_receipt_on_paper(clerks: Client, settings: Settings) -> None:
    settings.SHOP_NAME, settings.SHOP_CURRENCY = "Lamps & Co", "EUR"
    settings.SHOP_ADDRESS, settings.SHOP_TAX_ID = "1 High Street\nBerlin", "DE123456789"
    order = sell_e3()
    receipt = give_receipt(order=order, payments=[pay_in_cash(order=order, amount="52.95", tendered="60.00")])
    settings.SHOP_NAME, settings.SHOP_CURRENCY = "Another shop", "USD"

    page = show(clerks, receipt)

    for text in (
        "Lamps &amp; Co1 High StreetBerlin Tax number DE123456789 Receipt T1-000001",
        f"Order {order.reference}, sold on",
        "Thing of 19.99 2 × €19.99 · tax 19 % · of the order's −€6.35 €33.63",
        "of which 19 % tax on €37.09 €7.05",
        "of which 7 % tax on €8.23 €0.58",
        "Total €52.95",
        "cash laid down €60.00, change €7.05",
        "Still to pay€0.00",
    ):
        assert text in page
    html = clerks.get(receipt.get_absolute_url()).content.decode()
    assert 'class="document roll"' in html
    assert 'class="document a4"' in clerks.get(receipt.get_absolute_url(), {"paper": "a4"}).content.decode()
    assert f'aria-label="Code of {order.reference}"' in html
    # The content security policy blocks them.
    assert "style=" not in html


def test_paper_does_not_follow_its_rows(clerks: Client) -> None:
    order = sell_e8(customer=make_customer())
    made = invoice(order)
    before = show(clerks, made)

    OrderLine.objects.filter(order=order).update(name="Something else")
    Customer.objects.update(name="Somebody else")

    assert "Ada Lovelace12 St James&#x27;s SquareLondon Invoice T1-000001" in before
    assert show(clerks, made) == before


def test_net_prices_add_tax_at_the_end(clerks: Client, settings: Settings) -> None:
    settings.SHOP_PRICES_INCLUDE_TAX = False

    page = show(clerks, give_receipt(order=sell_e3()))

    assert "of the order's −$6.35 $33.63" in page
    assert "Net$52.95 plus 19 % tax on $44.14 $8.39 plus 7 % tax on $8.81 $0.62 Total $61.96" in page


def test_the_buttons_of_an_order_issue_what_it_lacks(clerks: Client) -> None:
    order = sell_e8(customer=make_customer())
    page = f"/orders/{order.reference}/"
    assert f'href="{page}invoice/"' in clerks.get(page).content.decode()

    form = clerks.get(f"{page}invoice/")
    assert 'value="Ada Lovelace"' in form.content.decode()
    answer = clerks.post(f"{page}invoice/", {"name": "Ada King", "address": "Ockham Park"})

    assert (answer.status_code, answer["Location"]) == (303, "/documents/T1-000001/")
    order.refresh_from_db()
    payment = pay_in_cash(order=order, amount="60.00", tendered="100.00")
    back = take_back(order=order, units={1: 1})
    shown = clerks.get(page).content.decode()
    assert "Credit note of $28.93" in shown
    assert "Slip of $60.00" in shown
    assert f'href="{page}invoice/"' not in shown
    for path in (f"{page}returns/{back.pk}/credit-note/", f"{page}payments/{payment.pk}/slip/"):
        assert f'action="{path}"' in shown
        assert clerks.post(path).status_code == 303
    kinds = Document.objects.order_by("sequence").values_list("kind", flat=True)
    assert list(kinds) == ["invoice", "credit_note", "slip"]
    done = clerks.get(page).content.decode()
    assert "Credit note of" not in done
    assert "Slip of" not in done
    note = show(clerks, Document.objects.get(kind="credit_note"))
    assert "Ada KingOckham Park Credit note T1-000002" in note
    assert "Corrects invoice T1-000001" in note
    assert "Thing of 33.33 1 × · tax 19 % $28.93" in note
    assert "Credited $28.93" in note


def test_a_payment_and_a_return_have_papers_under_the_address_of_their_own_order_only(clerks: Client) -> None:
    invoice(order := sell_e8(customer=make_customer()))
    payment = pay_in_cash(order=order, amount="60.00", tendered="100.00")
    back, other = take_back(order=order, units={1: 1}), sell_e3()

    for step in (f"returns/{back.pk}/credit-note/", f"payments/{payment.pk}/slip/"):
        assert clerks.post(f"{other.get_absolute_url()}{step}").status_code == 404
    assert Document.objects.count() == 1


def test_an_invoice_of_which_nothing_is_left_has_no_button_to_withdraw_it(clerks: Client) -> None:
    made = invoice(order := sell_e8(customer=make_customer()))
    button = f"Withdraw {made.number}"
    credit_note(take_back(order=order, units={1: 3}))
    assert button in clerks.get(order.get_absolute_url()).content.decode()

    credit_note(take_back(order=order, units={2: 1}))

    assert button not in clerks.get(order.get_absolute_url()).content.decode()


def test_an_invoice_needs_a_name(clerks: Client) -> None:
    order = sell_e3()

    answer = clerks.post(f"/orders/{order.reference}/invoice/", {"name": ""})

    assert answer.status_code == 422
    assert Document.objects.count() == 0


@pytest.mark.parametrize(
    ("asked", "is_another"),
    [
        ({"name": "Somebody", "address": "12 St James's Square\r\nLondon"}, True),
        ({"name": "Ada Lovelace", "address": "Ockham Park"}, True),
        ({"name": "Ada Lovelace"}, True),
        ({"name": "Ada Lovelace", "address": "12 St James's Square\r\nLondon"}, False),
    ],
)
def test_a_second_invoice_is_the_first_and_says_so_if_it_is_for_another(
    asked: dict[str, str], is_another: bool, clerks: Client
) -> None:
    made = invoice(order := sell_e8(customer=make_customer()))

    answer = clerks.post(f"/orders/{order.reference}/invoice/", asked)

    assert answer["Location"] == made.get_absolute_url()
    warning = f"{made.number} is already issued for Ada Lovelace. Withdraw it first, then issue a new one."
    assert (warning in show(clerks, made)) == is_another


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", ["T1-000003", "T1-000002", "T1-000001"]),
        ("sort=oldest", ["T1-000001", "T1-000002", "T1-000003"]),
        ("kind=invoice", ["T1-000002"]),
        ("q=t1-2", ["T1-000002"]),
        ("q=3", ["T1-000003"]),
        ("q=t1", ["T1-000003", "T1-000002", "T1-000001"]),
        ("q=zz-1", []),
    ],
)
def test_the_list(clerks: Client, query: str, numbers: list[str]) -> None:
    give_receipt(order=sell_e3())
    order = sell_e8(customer=make_customer())
    invoice(order)
    credit_note(take_back(order=order, units={1: 1}))

    page = clerks.get(f"/documents/?{query}").content.decode()

    assert re.findall(r"/documents/(T1-\d+)/", page) == numbers


@pytest.mark.parametrize("typed", ["{reference}", "T1-1", "1", "T1"])
def test_a_search_asks_no_joined_table(typed: str) -> None:
    """Conditions on the documents alone are served by indexes; beside one on a joined table, none is."""
    order = give_receipt(order=sell_e3()).order
    assert order is not None

    rows = Document.objects.with_number(typed.format(reference=order.reference))

    assert [row.number for row in rows] == ["T1-000001"]
    assert "JOIN" not in str(rows.query)


def test_the_list_finds_an_order(clerks: Client) -> None:
    give_receipt(order=sell_e3())
    order = sell_e8(customer=make_customer())
    invoice(order)

    page = clerks.get(f"/documents/?q={order.reference.lower()}").content.decode()

    assert re.findall(r"/documents/(T1-\d+)/", page) == ["T1-000002"]


def add_line(client: Client, order: Order, text: str, **headers: str) -> Any:
    return client.post(f"/orders/{order.reference}/lines/", {"text": text}, headers=headers)


def test_a_scanned_reference_opens_its_order(clerks: Client, clerk: User) -> None:
    sold, draft = sell_e3(), drafts.open_draft(staff_id=clerk.pk)

    plain = add_line(clerks, draft, f" {sold.reference.lower()} ")
    swapped = add_line(clerks, draft, sold.reference, HX_Request="true")

    assert (plain.status_code, plain["Location"]) == (303, f"/orders/{sold.reference}/")
    assert swapped["HX-Redirect"] == f"/orders/{sold.reference}/"
    assert draft.lines.count() == 0


def test_other_text_still_adds_products(clerks: Client) -> None:
    """A draft's reference opens nothing, and a product may be called like one."""
    draft, other = DraftFactory(), DraftFactory()
    ProductFactory(name="Cable", sku="CAB-1234")

    add_line(clerks, draft, "CAB-1234")

    assert draft.lines.count() == 2
    assert add_line(clerks, draft, other.reference).status_code == 422
