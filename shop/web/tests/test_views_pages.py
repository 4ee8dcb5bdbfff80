"""What holds for every page: its headers, its parts, and nothing that the policy would block."""

import re
from typing import Any

import pytest
from django.urls import reverse

from shop.db.outcomes import Outcome
from shop.models import User
from shop.orders.services import drafts
from shop.orders.services.bulk_results import store_result
from shop.saved_views.services import save_view
from shop.staff.tokens import create_token
from testing.factories import (
    CustomerFactory,
    DraftFactory,
    FulfilledFactory,
    PlacedFactory,
    ProductFactory,
    only_line,
)
from testing.pages import HTMX, Page, signed_in

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}
#: A valid global date and time: at most three digits of a second's fraction.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)")
UNTYPED = {"checkbox", "radio", "button", "submit", "reset", "image", "file"}
FRAGMENTS = ["/customers/", "/products/", "/orders/"]


@pytest.fixture
def addresses() -> list[str]:
    """Every kind of page, each with something on it."""
    lamp, ada = ProductFactory(name="Lamp", stock=2), CustomerFactory(name="Ada", phone="1", note="a\nb")
    draft = DraftFactory(lines=[(lamp, 5), ProductFactory(name="Lamp 2")], customer=ada)
    placed, done = PlacedFactory(lines=[lamp], note="Ring"), FulfilledFactory(customer=ada)
    discarded = drafts.discard_draft(reference=DraftFactory().reference, staff_id=None)
    desk = draft.get_absolute_url()
    undo = f"{desk}?undo={lamp.pk}.2"
    rows = [
        reverse(f"{noun}-{page}", args=[row.pk])
        for noun, row, pages in (
            ("customer", ada, ("detail", "update", "delete")),
            ("product", lamp, ("detail", "update", "delete", "stock")),
        )
        for page in pages
    ]
    orders = [order.get_absolute_url() for order in (placed, done, discarded)]
    steps = [reverse(f"order-{step}", args=[draft.reference]) for step in ("review", "print")]
    asked = [undo, f"{desk}?add=lamp", f"{desk}?add=nothing", f"{desk}?customer=ada", f"{desk}?customer=zed"]
    chosen = f"order={placed.reference}&order={draft.reference}"
    outcomes = [Outcome(placed.reference), Outcome(draft.reference, "No.")]
    for action in ("fulfil", "cancel"):
        rows.append(f"/orders/bulk/?action={action}&{chosen}")
        kept = store_result(action=action, list_query="", outcomes=outcomes)
        rows.append(reverse("order-bulk-result", args=[kept.pk]))
    rows += [f"/orders/print/?{chosen}", "/orders/views/?status=placed", "/products/views/"]
    for owner, name in ((None, "Pack"), (draft.created_by_id, "Mine")):
        save_view(noun="order", name=name, query="status=placed", owner_id=owner)
    lists = [*FRAGMENTS, "/products/?q=nothing", "/customers/new/", "/products/new/"]
    return ["/", desk, *asked, *rows, *orders, *steps, *lists]


def test_no_page_holds_what_the_policy_blocks(addresses: list[str], manager: User) -> None:
    client = signed_in(manager)
    for path in [*addresses, "/nothing-here/"]:
        response = client.get(path)
        page = Page(response)
        assert response.status_code in (200, 404), path
        assert set(response["Content-Security-Policy"].split("; ")) == POLICY, path
        assert page.is_whole
        for tag, attrs in page.elements:
            assert not tag.startswith("inline "), (path, tag)
            assert tag != "style", path
            assert tag != "script" or attrs["src"].startswith("/static/"), (path, attrs)
            assert not any(
                name == "style" or name.startswith(("on", "hx-on", "hx-vals", "hx-vars")) for name in attrs
            )


def test_pages_are_private_never_stale_and_differ_for_htmx(addresses: list[str], clerk: User) -> None:
    client = signed_in(clerk)
    for path in addresses:
        response = client.get(path)
        assert {"no-store", "private", "no-cache"} <= set(response["Cache-Control"].split(", ")), path
        assert {"HX-Request", "Cookie"} <= set(response["Vary"].split(", ")), path
        assert response["X-Frame-Options"] == "DENY"
        assert response["X-Content-Type-Options"] == "nosniff"


def test_times_and_fields_are_written_as_html_wants_them(addresses: list[str], manager: User) -> None:
    client = signed_in(manager)
    create_token(user=manager)
    times = 0
    for path in [*addresses, "/account/", "/keys/"]:
        page = Page(client.get(path))
        written = [attrs["datetime"] for attrs in page.all("time")]
        times += len(written)
        assert [time for time in written if not MOMENT.fullmatch(time)] == [], path
        # A box or a button has no text that a browser could complete.
        boxes = [attrs for _, attrs in page.elements if attrs.get("type") in UNTYPED]
        assert [attrs for attrs in boxes if "autocomplete" in attrs] == [], path
    assert times > 20


def test_ids_on_a_page_are_unique_and_labels_name_a_field(addresses: list[str], manager: User) -> None:
    client = signed_in(manager)
    for path in addresses:
        page = Page(client.get(path))
        ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
        assert len(ids) == len(set(ids)), (path, sorted(ids))
        assert all(label["for"] in ids for label in page.all("label") if "for" in label), path
        assert len(page.focused_names) <= 1, (path, page.focused_names)


def test_every_form_that_posts_carries_a_token(addresses: list[str], manager: User) -> None:
    client = signed_in(manager)
    for path in addresses:
        page = Page(client.get(path))
        assert len(page.all("form", method="post")) == len(page.all("input", name="csrfmiddlewaretoken")), (
            path
        )


def test_every_link_on_a_page_leads_somewhere(addresses: list[str], manager: User) -> None:
    client = signed_in(manager)
    links = {
        link["href"].split("#")[0]
        for path in addresses
        for link in Page(client.get(path)).all("a")
        if link.get("href", "").startswith("/")
    }

    assert len(links) > 20
    assert [link for link in links if client.get(link).status_code != 200] == []


@pytest.mark.parametrize("path", FRAGMENTS)
def test_htmx_gets_only_the_results_of_a_list(path: str, addresses: list[str], clerk: User) -> None:
    response = signed_in(clerk).get(path, headers=HTMX)
    page = Page(response)

    assert response.status_code == 200
    assert not page.is_whole
    assert page.elements[0] == ("div", {"id": "results"})
    assert page.all("div", id="live") == [{"id": "live", "hx-swap-oob": "innerHTML"}]
    assert not page.all("form")
    assert "HX-Request" in response["Vary"]


def test_what_people_typed_is_never_read_as_html(manager: User) -> None:
    nasty = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    product = ProductFactory(name=nasty, sku="<b>", stock=1)
    order: Any = DraftFactory(
        lines=[product], customer=CustomerFactory(name=nasty, address=nasty), note=nasty
    )
    client = signed_in(manager)
    paths = [
        "/",
        "/customers/",
        "/products/",
        f"/products/?q={nasty}",
        "/orders/",
        order.get_absolute_url(),
        f"{order.get_absolute_url()}?add={nasty}",
        f"{order.get_absolute_url()}?customer={nasty}",
        product.get_absolute_url(),
        order.customer.get_absolute_url(),
        f"{order.customer.get_absolute_url()}edit/",
        f"{product.get_absolute_url()}stock/",
        reverse("order-review", args=[order.reference]),
        reverse("order-print", args=[order.reference]),
        f"/customers/new/?name={nasty}",
    ]
    for path in paths:
        page = Page(client.get(path))
        assert not page.all("img"), path
        assert not any(tag == "inline script" for tag, _ in page.elements), path
    assert only_line(order).name == nasty


def test_one_persons_messages_are_not_shown_to_another(clerk: User, manager: User) -> None:
    mine, theirs = signed_in(clerk), signed_in(manager)
    mine.post("/customers/new/", {"name": "Ada"})

    assert "Ada was created." not in Page(theirs.get("/")).text
    assert "Ada was created." in Page(mine.get("/")).text
    assert "Ada was created." not in Page(mine.get("/")).text
