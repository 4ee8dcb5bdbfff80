"""Orders as a CSV file, and as paper copies."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shop.models import Order, User
from shop.orders.views import exports
from shop.returns import services as returns
from shop.web.csv_files import FORMULA
from testing.factories import CustomerFactory, DraftFactory, PlacedFactory, ProductFactory, UserFactory
from testing.pages import Page, signed_in

pytestmark = pytest.mark.django_db

EXPORT = "/orders/export/"
HEADER = (
    '"Order","Date","Status","Customer","Phone","Clerk","Subtotal","Total","Tax","Returned","Paid","Balance",'
    '"Placed","Number elsewhere","Note"'
)


@pytest.fixture
def client(clerk: User) -> Client:
    return signed_in(clerk)


def export_orders(client: Client, **query: Any) -> str:
    response = client.get(EXPORT, query)
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]


def read(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def export_references(client: Client, **query: Any) -> list[str]:
    return [row["Order"] for row in read(export_orders(client, **query))]


def test_a_file_to_the_letter(client: Client) -> None:
    ada = CustomerFactory(name="Åda, “A”", phone="555-1")
    lamp = ProductFactory(unit_price=Decimal("1234567.50"))
    order = PlacedFactory(
        customer=ada, lines=[(lamp, 2)], staff=UserFactory(username="otto"), note='a "b"\nc'
    )
    moment = datetime(2024, 2, 29, 13, 5, 7, tzinfo=UTC)
    Order.objects.filter(pk=order.pk).update(dated_at=moment, placed_at=moment)

    response = client.get(EXPORT)
    text = b"".join(response.streaming_content)  # type: ignore[attr-defined]

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="orders-2')
    assert text.startswith(b"\xef\xbb\xbf")
    assert text.decode("utf-8-sig") == (
        f"{HEADER}\r\n"
        f'"{order.reference}","2024-02-29 13:05:07+00:00","placed","Åda, “A”","555-1","otto","2469135.00",'
        '"2469135.00","0.00","0.00","","",'
        '"2024-02-29 13:05:07+00:00","","a ""b""\nc"\r\n'
    )


def test_a_draft_of_nobody_has_empty_cells(client: Client) -> None:
    draft = DraftFactory(lines=[], staff=UserFactory(username="otto"))

    [row] = read(export_orders(client))

    shown = (row["Order"], row["Status"], row["Customer"], row["Subtotal"])
    assert shown == (draft.reference, "draft", "Walk-in", "0.00")
    assert (row["Phone"], row["Placed"], row["Number elsewhere"], row["Note"]) == ("", "", "", "")
    assert [row[name] for name in ("Total", "Tax", "Returned", "Paid", "Balance")] == [""] * 5


def test_without_orders_there_is_only_the_header(client: Client) -> None:
    assert export_orders(client) == f"\ufeff{HEADER}\r\n"


@pytest.mark.parametrize("typed", ["=1+1", "+49 555", "-1", "@SUM(A1)", " =1", "＝1+1"])
def test_no_cell_is_a_formula(typed: str, client: Client) -> None:
    PlacedFactory(customer=CustomerFactory(name=f"={typed}", phone=typed.strip()), note=typed)

    [row] = read(export_orders(client))

    assert row["Note"] == f"'{typed}"
    assert row["Customer"].startswith("'=")
    assert row["Phone"] == f"'{typed.strip()}"


@pytest.mark.parametrize("typed", ["Ada;=1+1", "Ada; @A1", 'Ada;"-1+1', "Ada\n=1;\n+2", ";＝1"])
def test_no_cell_becomes_a_formula_where_semicolons_split_it(typed: str, client: Client) -> None:
    PlacedFactory(note=typed)

    text = export_orders(client)

    for cell in re.split("[;\n]", text.partition("\n")[2]):
        assert not cell.strip(' "\r').startswith(FORMULA), cell
    [row] = read(text)
    assert row["Note"].replace("'", "") == typed


@pytest.mark.parametrize("amount", ["0.00", "0.10", "1234567890123.45", "9999999999999.99"])
def test_amounts_are_exact_plain_decimals(amount: str, client: Client) -> None:
    Order.objects.create(subtotal=Decimal(amount))

    [row] = read(export_orders(client))

    assert row["Subtotal"] == amount


def test_filters_and_sort_are_the_lists(client: Client) -> None:
    lamp = ProductFactory(name="Lamp", unit_price=1)
    small, large = PlacedFactory(lines=[lamp]), PlacedFactory(lines=[(lamp, 9)])
    draft = DraftFactory(lines=[(lamp, 4)])

    assert export_references(client) == [draft.reference, large.reference, small.reference]
    assert export_references(client, sort="largest") == [large.reference, draft.reference, small.reference]
    assert export_references(client, status="placed", sort="oldest") == [small.reference, large.reference]
    assert export_references(client, product="nothing") == []


def test_selected_orders_are_exported_in_the_order_of_the_list(client: Client) -> None:
    first, second, _ = PlacedFactory(), PlacedFactory(), PlacedFactory()
    chosen = [second.reference, first.reference]

    answer = client.get("/orders/bulk/", {"action": "export", "order": chosen})

    assert answer.status_code == 302
    assert answer["Location"] == f"{EXPORT}?order={chosen[0]}&order={chosen[1]}"
    assert export_references(client, order=chosen) == chosen
    assert export_references(client, order=["AAA-2222", chosen[0]]) == [chosen[0]]


def test_the_list_offers_all_that_its_filters_find(client: Client) -> None:
    PlacedFactory()

    assert Page(client.get("/orders/")).all("a", href=EXPORT)
    page = Page(client.get("/orders/?status=placed&sort=oldest"))
    assert page.all("a", href=f"{EXPORT}?status=placed&sort=oldest")
    assert "Export all that these filters find" in page.text
    assert "Export" not in Page(client.get("/orders/?status=cancelled")).text


@pytest.mark.parametrize(
    ("sort", "totals"),
    [
        ("newest", [3, 2, 2, 1, 1, 0, 0]),
        ("oldest", [0, 0, 1, 1, 2, 2, 3]),
        ("largest", [3, 2, 2, 1, 1, 0, 0]),
        ("smallest", [0, 0, 1, 1, 2, 2, 3]),
    ],
)
@pytest.mark.parametrize("page", [1, 2, 3, 6, 7, 8])
def test_every_order_is_there_once_across_pages(
    page: int, sort: str, totals: list[int], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PAGE", page)
    references = [Order.objects.create(subtotal=Decimal(n // 2)).reference for n in range(7)]

    rows = read(export_orders(client, sort=sort))

    assert sorted(row["Order"] for row in rows) == sorted(references)
    assert [row["Subtotal"] for row in rows] == [f"{total}.00" for total in totals]


@pytest.mark.usefixtures("known_roles")
def test_the_file_is_read_page_by_page_as_it_is_sent(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "PAGE", 3)
    for _ in range(7):
        PlacedFactory(customer=CustomerFactory())

    response = client.get(EXPORT)
    sent: Iterator[bytes] = iter(response.streaming_content)  # type: ignore[attr-defined]
    counts = []
    for _ in range(4):
        with CaptureQueriesContext(connection) as captured:
            rows = next(sent).count(b"\r\n")
        counts.append((len(captured), rows))

    # The header, then two full pages and the rest, each with one statement.
    assert counts == [(0, 1), (1, 3), (1, 3), (1, 1)]
    assert next(sent, None) is None


def test_only_who_sees_orders_exports_and_prints_them(client: Client) -> None:
    stranger = signed_in(UserFactory())
    for path in (EXPORT, "/orders/print/"):
        assert stranger.get(path).status_code == 403
        response = client.get(path)
        assert response.status_code == 200
        assert b"".join(response)  # type: ignore[arg-type]
        assert client.post(path).status_code == 405


# --- Paper


def test_the_selected_orders_are_printed_one_after_the_other(client: Client) -> None:
    lamp, ada = (
        ProductFactory(name="Lamp", unit_price=Decimal("2.50")),
        CustomerFactory(name="Ada", address="1 Lane"),
    )
    first, second = PlacedFactory(lines=[(lamp, 3)], customer=ada, note="Ring twice"), PlacedFactory()
    returns.cancel_order(reference=second.reference, staff_id=None, allow_fulfilled=False)
    chosen = [second.reference, first.reference]

    answer = client.get("/orders/bulk/", {"action": "print", "order": chosen}, follow=True)

    page = Page(answer)
    assert [(sheet["class"], sheet["aria-labelledby"]) for sheet in page.all("article")] == [
        ("sheet", f"sheet-{reference}") for reference in chosen
    ]
    single_sheet = Page(client.get(f"/orders/{first.reference}/print/"))
    for words in ("Lamp", "$2.50", "$7.50", "Ada", "1 Lane", "Ring twice", f"Order {first.reference}"):
        assert words in page.text
        assert words in single_sheet.text
    assert "– cancelled" in page.text


def test_what_does_not_exist_is_told_and_the_others_printed(client: Client) -> None:
    placed = PlacedFactory()

    page = Page(client.get("/orders/print/", {"order": ["AAA-2222", placed.reference]}))

    assert "There is no such order: AAA-2222." in page.text
    assert len(page.all("article")) == 1


@pytest.mark.usefixtures("known_roles")
def test_many_sheets_take_as_many_statements_as_one(client: Client) -> None:
    def statements(chosen: list[str]) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/orders/print/", {"order": chosen}).status_code == 200
        return len(captured)

    references = [PlacedFactory(lines=[ProductFactory(), ProductFactory()]).reference for _ in range(6)]

    assert (statements(references[:1]), statements(references)) == (3, 3)
