"""Lists: filters, sorts, pages, and whatever is written into their addresses."""

import base64
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.signing import Signer
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.models import Order, User
from shop.products import stock
from shop.returns import services as returns
from shop.web.lists import PAGE_SIZE
from testing.factories import CustomerFactory, DraftFactory, PlacedFactory, ProductFactory, UserFactory
from testing.pages import Page, signed_in

pytestmark = pytest.mark.django_db

LISTS: dict[str, tuple[Callable[[], object], list[str]]] = {
    "/customers/": (CustomerFactory, ["name", "-name", "newest", "oldest"]),
    "/products/": (ProductFactory, ["name", "-name", "sku", "price", "-price"]),
    "/orders/": (lambda: Order.objects.create(), ["newest", "oldest", "largest", "smallest"]),
}


@pytest.fixture
def client(clerk: User) -> Client:
    return signed_in(clerk)


def rows(page: Page) -> list[str]:
    """Addresses of the rows that a list shows."""
    table = page.source.split("<tbody>")[1].split("</tbody>")[0] if "<tbody>" in page.source else ""
    return [part.split('"')[0] for part in table.split('href="')[1:]]


@pytest.mark.parametrize(
    ("path", "sort"), [(path, sort) for path, (_, sorts) in LISTS.items() for sort in sorts]
)
def test_the_next_page_goes_on_where_the_last_ended(path: str, sort: str, client: Client) -> None:
    for _ in range(PAGE_SIZE + 3):
        LISTS[path][0]()

    first = Page(client.get(path, {"sort": sort}, follow=True))
    [following] = first.all("a", rel="next")
    second = Page(client.get(path + following["href"]))

    assert (len(rows(first)), len(rows(second))) == (PAGE_SIZE, 3)
    assert not set(rows(first)) & set(rows(second))
    assert not second.all("a", rel="next")
    assert "First page" in second.text
    assert second.all("option", value=sort)[0].get("selected") == ""


@pytest.mark.parametrize("path", LISTS)
def test_a_full_page_without_more_has_no_next(path: str, client: Client) -> None:
    for _ in range(PAGE_SIZE):
        LISTS[path][0]()

    assert not Page(client.get(path)).all("a", rel="next")


BAD_CURSORS = [
    "x",
    "%00",
    "é",
    "." * 100,
    "[]",
    *(
        base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
        for text in (
            '["a", null]',
            "[Infinity, 1]",
            '["\\u0000", 1]',
            '["1e400", 1]',
            "[" * 3000,
            "[1, 2, 3]",
            "null",
        )
    ),
    Signer(sep=".").sign_object(["a", 1]),
]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("cursor", BAD_CURSORS)
def test_a_page_that_no_list_gave_out_does_not_exist(path: str, cursor: str, client: Client) -> None:
    for sort in LISTS[path][1]:
        assert client.get(path, {"after": cursor, "sort": sort}, follow=True).status_code == 404


def test_a_cursor_is_good_for_its_own_list_and_sort_only(client: Client) -> None:
    for _ in range(PAGE_SIZE + 1):
        CustomerFactory()
    [following] = Page(client.get("/customers/")).all("a", rel="next")

    assert client.get(f"/customers/{following['href']}").status_code == 200
    for path in ("/customers/{}&sort=newest", "/customers/{}&sort=-name", "/products/{}", "/orders/{}"):
        assert client.get(path.format(following["href"])).status_code == 404


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["Ada", "Bob"]),
        ({"q": "ad"}, ["Ada"]),
        ({"shown": "retired"}, ["Zed"]),
        ({"shown": "all"}, ["Ada", "Bob", "Zed"]),
        ({"q": "z"}, []),
        ({"q": "z", "shown": "all"}, ["Zed"]),
        ({"sort": "-name"}, ["Bob", "Ada"]),
        ({"sort": "nonsense", "shown": "nonsense"}, ["Ada", "Bob"]),
    ],
)
def test_customers_are_filtered(query: dict[str, str], names: list[str], client: Client) -> None:
    customers = {name: CustomerFactory(name=name, active=name != "Zed") for name in ("Bob", "Ada", "Zed")}

    page = Page(client.get("/customers/", query, follow=True))

    assert rows(page) == [customers[name].get_absolute_url() for name in names]
    assert page.text.count("is found by that") == (not names)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["Low", "Much", "Out", "Untracked"]),
        ({"stock": "low"}, ["Low", "Out"]),
        ({"stock": "tracked"}, ["Low", "Much", "Out"]),
        ({"stock": "untracked"}, ["Untracked"]),
        ({"q": "mu"}, ["Much"]),
        ({"q": "x1"}, ["Out"]),
        ({"shown": "retired"}, ["Gone"]),
        ({"shown": "all", "stock": "low"}, ["Gone", "Low", "Out"]),
        ({"sort": "-price"}, ["Much", "Low", "Out", "Untracked"]),
    ],
)
def test_products_are_filtered(query: dict[str, str], names: list[str], client: Client) -> None:
    products = {
        "Untracked": ProductFactory(name="Untracked", unit_price=1),
        "Out": ProductFactory(name="Out", stock=0, sku="X1", unit_price=2),
        "Low": ProductFactory(name="Low", stock=5, unit_price=3),
        "Much": ProductFactory(name="Much", stock=6, unit_price=4),
        "Gone": ProductFactory(name="Gone", stock=0, active=False),
    }

    assert rows(Page(client.get("/products/", query))) == [
        products[name].get_absolute_url() for name in names
    ]


@pytest.fixture
def three_orders() -> dict[str, Order]:
    staff = UserFactory(username="otto")
    lamp, ada = ProductFactory(name="Lamp"), CustomerFactory(name="Ada", phone="5551234")
    placed = PlacedFactory(lines=[lamp], customer=ada, staff=staff)
    old = PlacedFactory(lines=[(ProductFactory(name="Vase"), 3)])
    day = timezone.now() - timedelta(days=40)
    Order.objects.filter(pk=old.pk).update(dated_at=day, placed_at=day)
    returns.cancel_order(reference=old.reference, staff_id=None, allow_fulfilled=False)
    return {"placed": placed, "old": old, "draft": DraftFactory(lines=[(lamp, 2)])}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["draft", "placed", "old"]),
        ({"sort": "oldest"}, ["old", "placed", "draft"]),
        ({"sort": "largest"}, ["old", "draft", "placed"]),
        ({"status": "placed"}, ["placed"]),
        ({"status": "cancelled"}, ["old"]),
        ({"customer": "1234"}, ["placed"]),
        ({"customer": "nobody"}, []),
        ({"product": "lamp"}, ["draft", "placed"]),
        ({"product": "lamp", "status": "draft"}, ["draft"]),
        ({"first": "{today}"}, ["draft", "placed"]),
        ({"last": "{month_ago}"}, ["old"]),
        ({"first": "{month_ago}", "last": "{today}"}, ["draft", "placed"]),
        ({"clerk": "{otto}"}, ["placed"]),
        ({"q": "{placed}"}, ["placed"]),
    ],
)
def test_orders_are_filtered(
    query: dict[str, str], names: list[str], client: Client, three_orders: dict[str, Order]
) -> None:
    today = timezone.localdate()
    words = {
        "today": today.isoformat(),
        "month_ago": (today - timedelta(days=30)).isoformat(),
        "otto": str(three_orders["placed"].created_by_id),
        "placed": three_orders["placed"].reference.lower().replace("-", ""),
    }
    asked = {name: value.format(**words) for name, value in query.items()}

    links = [link for link in rows(Page(client.get("/orders/", asked))) if link.startswith("/orders/")]

    assert links == [three_orders[name].get_absolute_url() for name in names]


def counted(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def orders_for_all() -> None:
    lamp = ProductFactory(name="Lamp", stock=9)
    PlacedFactory(customer=CustomerFactory(), lines=[lamp])
    DraftFactory(customer=CustomerFactory(), lines=[lamp])


@pytest.mark.usefixtures("known_roles")
@pytest.mark.parametrize(
    "path", [*LISTS, "/", "/orders/?customer=c&product=lamp&status=placed", "/products/?q=lamp&stock=tracked"]
)
def test_longer_lists_need_no_more_statements(path: str, client: Client) -> None:
    orders_for_all()
    few = counted(client, path)
    for _ in range(9):
        orders_for_all()

    assert counted(client, path) == few


@pytest.mark.usefixtures("known_roles")
def test_longer_orders_and_histories_need_no_more_statements(client: Client) -> None:
    def paths(number: int) -> list[str]:
        lamp, ada, staff = ProductFactory(stock=0), CustomerFactory(), UserFactory()
        for _ in range(number):
            stock.adjust_stock(
                product_id=lamp.pk, quantity=9, reason="received", staff_id=staff.pk, once=None
            )
            order: Order = PlacedFactory(
                lines=[lamp, *(ProductFactory() for _ in range(number))], customer=ada
            )
        draft: Order = DraftFactory(lines=[ProductFactory(stock=9) for _ in range(number)], customer=ada)
        desk = draft.get_absolute_url()
        pages = [order.get_absolute_url(), f"{order.get_absolute_url()}print/", desk, f"{desk}review/"]
        return [*pages, lamp.get_absolute_url(), ada.get_absolute_url()]

    few, many = ([counted(client, path) for path in paths(number)] for number in (1, 8))

    assert many == few
