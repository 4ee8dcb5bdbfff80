"""The desk, as a browser uses it: with htmx and without."""

import pytest
from django.test import Client

from shop.models import Order, User
from shop.orders.services import drafts
from shop.products import stock
from testing.factories import DraftFactory, ProductFactory
from testing.pages import HTMX, Page, post_step, signed_in
from testing.snapshots import saw_quantity

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(clerk: User) -> Client:
    return signed_in(clerk)


@pytest.fixture
def order(clerk: User) -> Order:
    return drafts.open_draft(staff_id=clerk.pk)


def lines(order: Order) -> list[tuple[str, int]]:
    return list(order.lines.values_list("name", "quantity"))


def test_a_new_order_opens_the_desk_on_the_customer(client: Client) -> None:
    response = client.post("/orders/new/")
    page = Page(client.get(response["Location"]))

    assert response.status_code == 303
    assert page.focused_names == ["text"]
    assert "autofocus" in page.all("input", id="customer-text")[0]
    assert "Subtotal $0.00" in page.text
    assert client.post("/orders/new/")["Location"] == response["Location"]


@pytest.mark.parametrize("typed", ["WHL-1", "whl-1", "4006", "white", "wh lam", "  lamp "])
def test_one_match_is_added_at_once(typed: str, client: Client, order: Order) -> None:
    ProductFactory(name="White lamp", sku="WHL-1", barcode="4006")
    ProductFactory(name="Red vase", sku="RV")

    response = post_step(client, order, "lines", {"text": typed})

    assert (response.status_code, response["Location"]) == (303, order.get_absolute_url())
    assert lines(order) == [("White lamp", 1)]


@pytest.mark.parametrize(("typed", "quantity"), [("3*lamp", 3), (" 12 * lamp", 12), ("1000000*L", 1_000_000)])
def test_a_number_and_a_star_say_how_many(typed: str, quantity: int, client: Client, order: Order) -> None:
    ProductFactory(name="Lamp", sku="L")
    post_step(client, order, "lines", {"text": typed})

    assert lines(order) == [("Lamp", quantity)]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Type a SKU, a barcode or the beginning of a name."),
        ("3*", "Type a SKU, a barcode or the beginning of a name."),
        ("0*lamp", "A quantity is between 1 and 1,000,000."),
        ("1000001*lamp", "A quantity is between 1 and 1,000,000."),
        (f"{'9' * 150}*lamp", "A quantity is between 1 and 1,000,000."),
        ("zebra", "Nothing is called “zebra”."),
        ("!!", "Nothing is called “!!”."),
        ("x" * 201, "Ensure this value has at most 200 characters (it has 201)."),
        ("a\0b", "Null characters are not allowed."),
        ("gone", "Gone (GONE) is retired and cannot be ordered."),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_cannot_be_added_is_said_and_stays_typed(
    typed: str, sentence: str, headers: dict[str, str], client: Client, order: Order
) -> None:
    ProductFactory(name="Lamp")
    ProductFactory(name="Gone", sku="GONE", active=False)
    response = post_step(client, order, "lines", {"text": typed}, **headers)
    page = Page(response)

    assert response.status_code == 422
    assert sentence in page.text
    assert page.is_whole == (not headers)
    if not headers:
        assert page.all("input", id="add-text")[0]["value"] == typed
        assert page.focused_names == ["text"]
    assert lines(order) == []


def test_several_matches_are_offered_and_the_chosen_one_is_added(client: Client, order: Order) -> None:
    small, large = ProductFactory(name="Lamp small"), ProductFactory(name="Lamp large", stock=7)
    response = post_step(client, order, "lines", {"text": "3*lamp"})
    assert response["Location"] == f"{order.get_absolute_url()}?add=3%2Alamp"

    page = Page(client.get(response["Location"]))
    choices = page.all("button", name="product")
    assert [choice["value"] for choice in choices] == [str(large.pk), str(small.pk)]
    assert page.focused_names == ["text"]
    assert "$10.00 · 7 left" in page.text

    chosen = {"product": choices[0]["value"], "quantity": page.value("quantity"), "key": page.value("key")}
    post_step(client, order, "lines", chosen)
    assert lines(order) == [("Lamp large", 3)]


def test_more_than_eight_matches_ask_for_another_word(client: Client, order: Order) -> None:
    for number in range(9):
        ProductFactory(name=f"Lamp {number}")

    page = Page(post_step(client, order, "lines", {"text": "lamp"}, **HTMX))

    assert len(page.all("button", name="product")) == 8
    assert "More than eight match: type another word." in page.text


def test_a_chosen_product_that_is_gone_is_said(client: Client, order: Order) -> None:
    response = post_step(client, order, "lines", {"product": "999999999"})

    assert response.status_code == 404
    assert "This product does not exist any more." in Page(response).text


def test_htmx_gets_the_lines_with_the_total_said_aloud(client: Client, order: Order) -> None:
    ProductFactory(name="Lamp", sku="L")
    page = Page(post_step(client, order, "lines", {"text": "2*L", "key": "k"}, **HTMX))

    assert not page.is_whole
    assert page.elements[0][0] == "section"
    assert page.elements[0][1]["id"] == "desk-lines"
    assert page.text.endswith("2 × Lamp added. Subtotal $20.00.")
    assert page.all("div", id="live")[0]["hx-swap-oob"] == "innerHTML"


def read_rows(
    client: Client, order: Order, text: str, rows: list[str]
) -> tuple[list[str], list[str], list[str]]:
    """Adds a line, from a page with these rows. Returns names and fingerprints sent, and ids of rows kept."""
    page = Page(post_step(client, order, "lines", {"text": text, "rows": " ".join(rows)}, **HTMX))
    names = [name["aria-label"].removeprefix("Remove ") for name in page.all("button", name="quantity")]
    marks = [row["data-row"] for row in page.all("tr") if "data-row" in row]
    return names, marks, [row["id"] for row in page.all("tr") if "hx-preserve" in row]


def test_rows_that_the_page_has_are_not_drawn_again(client: Client, order: Order) -> None:
    for name in ("Lamp", "Vase", "Wok"):
        ProductFactory(name=name, sku=name)

    assert read_rows(client, order, "lamp", [])[::2] == (["Lamp"], [])
    names, marks, kept = read_rows(client, order, "vase", [])
    assert (names, kept) == (["Lamp", "Vase"], [])
    names, new, kept = read_rows(client, order, "wok", marks)
    assert (names, kept) == (["Wok"], [f"row-{line.pk}" for line in order.lines.all()[:2]])
    names, _, kept = read_rows(client, order, "lamp", marks + new)
    assert (names, kept) == (["Lamp"], [f"row-{line.pk}" for line in order.lines.all()[1:]])


def test_rows_that_others_changed_meanwhile_are_drawn(client: Client) -> None:
    lamp, vase = ProductFactory(name="Lamp", stock=9), ProductFactory(name="Vase")
    order = DraftFactory(lines=[(lamp, 3), vase, ProductFactory(name="Tray")])
    ProductFactory(name="Wok", sku="WOK")
    page = Page(client.get(order.get_absolute_url()))
    rows = [row["data-row"] for row in page.all("tr") if "data-row" in row]
    _, second, third = order.lines.all()

    stock.count_stock(product_id=lamp.pk, counted=1, staff_id=None, once=None)
    drafts.set_quantity(
        reference=order.reference, line_id=second.pk, quantity=4, seen_quantity=1, staff_id=None
    )

    names, _, kept = read_rows(client, order, "wok", rows)
    assert (names, kept) == (["Lamp", "Vase", "Wok"], [f"row-{third.pk}"])


def test_a_row_whose_quantity_was_refused_is_drawn(client: Client) -> None:
    order = DraftFactory(lines=[ProductFactory(name="Lamp"), ProductFactory(name="Vase")])
    bad, other = order.lines.all()
    page = Page(client.get(order.get_absolute_url()))
    rows = " ".join(row["data-row"] for row in page.all("tr") if "data-row" in row)

    data = {"quantity": "12o", "rows": rows} | saw_quantity(client, bad, 1)
    page = Page(post_step(client, order, f"lines/{bad.pk}", data, **HTMX))

    assert [field["aria-label"] for field in page.all("input", name="quantity")] == ["Quantity of Lamp"]
    [field] = page.all("input", name="quantity")
    assert (field["value"], field["aria-invalid"]) == ("12o", "true")
    assert [row["id"] for row in page.all("tr") if "hx-preserve" in row] == [f"row-{other.pk}"]
    # Without htmx the answer is a page, and a page is whole.
    page = Page(post_step(client, order, f"lines/{bad.pk}", data | {"quantity": "9" * 5000}))
    assert [field["value"] for field in page.all("input", name="quantity")] == ["9" * 20, "1"]


def test_a_scan_sent_twice_adds_once(client: Client, order: Order) -> None:
    ProductFactory(name="Lamp", sku="L")
    for _ in range(2):
        assert post_step(client, order, "lines", {"text": "L", "key": "scan"}).status_code == 303

    assert lines(order) == [("Lamp", 1)]


@pytest.mark.parametrize("key", ["\0", "k" * 500, "é"])
def test_a_key_that_was_tampered_with_does_no_harm(key: str, client: Client, order: Order) -> None:
    ProductFactory(sku="L")

    assert post_step(client, order, "lines", {"text": "L", "key": key}).status_code == 303
