"""What a page knew comes back signed; what no page of ours wrote is refused, and quickly."""

from decimal import Decimal
from urllib.parse import quote

import pytest
from django.core.signing import Signer
from django.test import Client, RequestFactory

from shop.models import Customer, Order, OrderLine, Product, User
from shop.money.amounts import MAX_AMOUNT
from shop.orders.services.drafts import MAX_LINES
from shop.orders.services.placing import SeenLine, SeenOrder
from shop.web.snapshots import MAX_LENGTH, Snapshot, SnapshotRefused, check_text
from testing.factories import CustomerFactory, DraftFactory, PlacedFactory, ProductFactory, only_line, seen
from testing.pages import HTMX, Page, post_step
from testing.snapshots import saw_customer, saw_form, saw_note, saw_quantity, saw_review

pytestmark = pytest.mark.django_db

REVIEW_AGAIN = "Please review the order again before placing it."
LOAD_AGAIN = "Please load this page again: it cannot be told what it showed. Nothing was changed."
STEPS = {"customer": {"customer": ""}, "customer/new": {"name": "Eve"}, "note": {"note": "mine"}}


@pytest.fixture
def order(lamp: Product) -> Order:
    return DraftFactory(lines=[(lamp, 3)], customer=CustomerFactory(name="Ada"), note="Ring")


@pytest.fixture
def other(lamp: Product) -> Order:
    """It looks the same as `order`."""
    return DraftFactory(lines=[(lamp, 3)], customer=Customer.objects.get(), note="Ring")


def tamper(snapshot: dict[str, str], old: str, new: str) -> dict[str, str]:
    assert old in snapshot["snapshot"]
    return {"snapshot": snapshot["snapshot"].replace(old, new)}


def refuses(client: Client, order: Order, snapshot: dict[str, str]) -> bool:
    """Whether placing and accepting both refuse the snapshot and say what to do."""
    answers = [post_step(client, order, name, snapshot) for name in ("place", "accept")]
    order.refresh_from_db()
    return order.is_draft and all(
        answer.status_code == 422 and REVIEW_AGAIN in Page(answer).text for answer in answers
    )


@pytest.mark.parametrize(
    "text",
    ["", "x", "x:y", "[null, []]", "\ud800", '[[null,[[1,1,"1.00","\ud800"]]],[null,[]]]:x', "\0", "é:é"],
)
def test_a_made_up_review_is_refused(text: str, clerks: Client, order: Order) -> None:
    raw = "snapshot=" + quote(text, errors="surrogatepass")
    for name in ("place", "accept"):
        answer = clerks.post(
            f"{order.get_absolute_url()}{name}/", raw, content_type="application/x-www-form-urlencoded"
        )
        assert (answer.status_code, REVIEW_AGAIN in Page(answer).text) == (422, True)


def test_a_long_snapshot_is_refused_before_it_is_unsigned(
    clerks: Client, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    lengths: list[int] = []
    unsign = Signer.unsign

    def note_length(signer: Signer, text: str) -> str:
        lengths.append(len(text))
        return unsign(signer, text)

    monkeypatch.setattr(Signer, "unsign", note_length)
    lines = tuple(SeenLine(n + 1, 1, Decimal("1.00"), "Lamp") for n in range(10_000))
    saw = saw_review(clerks, order, SeenOrder(None, lines, Decimal(1)))

    assert 400_000 < len(saw["snapshot"]) < 1_000_000
    assert refuses(clerks, order, saw)
    assert max(lengths, default=0) < MAX_LENGTH


@pytest.mark.parametrize("name", ["place", "accept"])
def test_two_megabytes_are_refused_before_they_are_read(name: str, clerks: Client, order: Order) -> None:
    lines = ",".join(f'[{number},1,"1.00","Lamp"]' for number in range(90_000))
    answer = post_step(clerks, order, name, {"snapshot": f"[[null,[{lines}]],[null,[]]]:x"})

    assert answer.status_code == 413
    assert "That is too much at once" in Page(answer).text


def test_a_tampered_price_is_refused(clerks: Client, order: Order) -> None:
    saw = saw_review(clerks, order, seen(order))

    assert refuses(clerks, order, tamper(saw, "10.00", "90.00"))
    assert post_step(clerks, order, "place", saw).status_code == 303


@pytest.mark.parametrize("price", ["-1", "NaN", "sNaN", "Infinity", "1E+999999999", str(MAX_AMOUNT + 1)])
def test_a_price_out_of_bounds_is_refused_even_when_signed(price: str, clerks: Client, order: Order) -> None:
    line = SeenLine(only_line(order).pk, 3, Decimal(price), "Lamp")
    assert refuses(
        clerks, order, saw_review(clerks, order, SeenOrder(order.customer_id, (line,), Decimal(1)))
    )


@pytest.mark.parametrize(("line_id", "quantity"), [(0, 1), (2**63, 1), (1, 0), (1, -5), (1, 1_000_001)])
def test_a_line_out_of_bounds_is_refused_even_when_signed(
    line_id: int, quantity: int, clerks: Client, order: Order
) -> None:
    line = SeenLine(line_id, quantity, Decimal(1), "Lamp")
    assert refuses(clerks, order, saw_review(clerks, order, SeenOrder(None, (line,), Decimal(1))))


def test_a_review_has_as_many_lines_as_an_order_and_no_more(clerks: Client, order: Order) -> None:
    lines = [SeenLine(2**63 - 1 - n, 1_000_000, MAX_AMOUNT, '"' * 200) for n in range(MAX_LINES + 1)]
    longest = saw_review(clerks, order, SeenOrder(None, tuple(lines[:MAX_LINES]), MAX_AMOUNT))

    assert len(longest["snapshot"]) < MAX_LENGTH
    assert post_step(clerks, order, "place", longest).status_code == 409
    assert refuses(clerks, order, saw_review(clerks, order, SeenOrder(None, tuple(lines), MAX_AMOUNT)))


def test_a_copy_has_no_more_lines_than_a_draft(clerks: Client) -> None:
    long = PlacedFactory()
    [first] = long.lines.all()
    goods = [ProductFactory() for _ in range(MAX_LINES)]
    OrderLine.objects.bulk_create(
        OrderLine(order=long, product=product, name=product.name, quantity=1, unit_price=1, position=2)
        for product in goods
    )
    answer = post_step(clerks, long, "duplicate", {"key": "k"})

    assert answer.status_code == 409
    assert "has 501 products; a draft has 500 lines at most, so it cannot be copied." in Page(answer).text
    assert Order.objects.count() == 1
    first.delete()
    assert post_step(clerks, long, "duplicate", {"key": "k"}).status_code == 303


def test_one_orders_review_does_not_pass_for_anothers(
    clerks: Client, managers: Client, order: Order, other: Order
) -> None:
    foreign = saw_review(clerks, other, seen(order))
    assert refuses(clerks, order, foreign)
    assert refuses(clerks, order, saw_review(managers, order, seen(order)))
    assert refuses(clerks, order, saw_note(clerks, order, "Ring"))


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("name", STEPS)
def test_a_step_at_the_desk_takes_its_own_pages_snapshot_alone(
    name: str, headers: dict[str, str], clerks: Client, managers: Client, order: Order, other: Order
) -> None:
    customer = Customer.objects.get()
    strangers = [
        {},
        {"snapshot": "x" * 900_000},
        {"snapshot": "\ufffd"},
        saw_customer(clerks, other, customer) if name != "note" else saw_note(clerks, other, "Ring"),
        saw_customer(managers, order, customer) if name != "note" else saw_note(managers, order, "Ring"),
        saw_note(clerks, order, "Ring") if name != "note" else saw_customer(clerks, order, customer),
    ]
    for stranger in strangers:
        answer = post_step(clerks, order, name, STEPS[name] | stranger, **headers)
        assert (answer.status_code, LOAD_AGAIN in Page(answer).text) == (422, True)
    order.refresh_from_db()
    assert (order.customer, order.note, Customer.objects.count()) == (customer, "Ring", 1)


def test_a_line_takes_its_own_snapshot_alone(clerks: Client, order: Order, other: Order) -> None:
    line, path = only_line(order), f"lines/{only_line(order).pk}"
    for stranger in (
        {},
        tamper(saw_quantity(clerks, line, 3), "[3,", "[4,"),
        saw_quantity(clerks, only_line(other), 3),
    ):
        answer = post_step(clerks, order, path, {"quantity": "7"} | stranger)
        assert (answer.status_code, LOAD_AGAIN in Page(answer).text) == (422, True)

    assert only_line(order).quantity == 3
    assert (
        post_step(clerks, order, path, {"quantity": "7"} | saw_quantity(clerks, line, 3)).status_code == 303
    )


def test_a_snapshot_of_another_kind_of_page_is_refused(clerk: User) -> None:
    own, other = (Snapshot[str](kind, LOAD_AGAIN, str, check_text) for kind in ("one", "other"))
    request = RequestFactory().post("/", {"snapshot": own.write(clerk, "a row", "a text")})
    request.user = clerk

    assert own.read(request, "a row") == "a text"  # type: ignore[arg-type]
    with pytest.raises(SnapshotRefused):
        other.read(request, "a row")  # type: ignore[arg-type]


def test_a_form_of_another_row_overwrites_nothing(clerks: Client) -> None:
    ada, bob = CustomerFactory(name="Ada"), CustomerFactory(name="Bob")
    path = f"/customers/{ada.pk}/edit/"
    answer = clerks.post(path, {"name": "Eve"} | saw_form(clerks, bob, name="Bob"))
    page = Page(answer)

    assert answer.status_code == 409
    title = "It cannot be told what this page showed. Nothing of yours was saved yet. Please compare."
    assert title in page.text
    assert "Name not known Ada Eve" in page.text
    assert Customer.objects.get(pk=ada.pk).name == "Ada"
    # What is there was shown now.
    assert clerks.post(path, {"name": "Eve"} | page.snapshot()).status_code == 303


def test_an_error_does_not_make_a_forged_form_good(clerks: Client) -> None:
    ada = CustomerFactory(name="Ada")
    path = f"/customers/{ada.pk}/edit/"
    page = Page(clerks.post(path, {"name": "", "snapshot": "x" * 900_000}))

    assert not page.all("input", name="snapshot")
    assert clerks.post(path, {"name": "Eve"}).status_code == 409


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_mending_a_note_keeps_what_somebody_wrote_meanwhile(
    headers: dict[str, str], clerks: Client, managers: Client, order: Order
) -> None:
    saw = saw_note(clerks, order, "Ring")
    post_step(managers, order, "note", {"note": "Theirs"} | saw_note(managers, order, "Ring"))
    page = Page(post_step(clerks, order, "note", {"note": "n" * 2001} | saw, **headers))

    assert page.snapshot("note/") == saw
    assert post_step(clerks, order, "note", {"note": "Mine"} | page.snapshot("note/")).status_code == 409
    assert Order.objects.get(pk=order.pk).note == "Theirs"


def test_mending_a_new_customer_keeps_whom_somebody_chose_meanwhile(
    clerks: Client, managers: Client, order: Order
) -> None:
    saw, bob = saw_customer(clerks, order, order.customer), CustomerFactory(name="Bob")
    chosen = {"customer": str(bob.pk)} | saw_customer(managers, order, order.customer)
    post_step(managers, order, "customer", chosen)
    page = Page(post_step(clerks, order, "customer/new", {"name": ""} | saw))

    assert page.snapshot("customer/new/") == saw
    answer = post_step(clerks, order, "customer/new", {"name": "Eve"} | page.snapshot("customer/new/"))
    assert answer.status_code == 409
    assert Order.objects.get(pk=order.pk).customer == bob
