"""Text that nobody can see, or that hides what it is: refused with a sentence wherever it is typed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from shop.models import Customer, Order, OrderLine, Product, SavedView, User
from shop.search import text
from testing.admin_pages import url
from testing.api_client import Api
from testing.factories import CustomerFactory, DraftFactory, ProductFactory
from testing.pages import HTMX, Page, signed_in
from testing.retail import OLD, run, writer
from testing.snapshots import saw_customer, saw_note

pytestmark = pytest.mark.django_db

UNSEEN = "This holds nothing that can be seen. Type it anew."
#: A turn of direction, an unpaired isolate, a tab, an escape sequence, C1, a line separator.
HIDING = ["Ada\u202egpj.exe", "\u2066Ada", "Ada\tLovelace", "\x1b[31mAda", "A\x85da", "Ada\u2028x"]
#: Zero width, a soft hyphen, fillers that count as letters, variation selectors, an empty Braille cell.
BLANK = ["\u200b", "\u00ad\u2060", "\u3164\u115f", "\ufe0f\U000e0100", "\u2800 \u2800", "\u200e\ufeff"]
#: Joiners in Persian and emoji, marks of direction in Hebrew, combining accents, a no-break space.
FINE = ["می\u200cخواهم", "👩\u200d💻 Lamp", "שלום\u200f!", "Zoe\u0308", "Ada\u00a0L.", "№ 5", "李"]


def refusal(character: str) -> str:
    return f"This holds a hidden character (U+{ord(character):04X}). Type it anew instead of pasting it."


@pytest.mark.parametrize("typed", FINE)
def test_what_people_are_called_is_taken(typed: str, clerk: User) -> None:
    response = signed_in(clerk).post("/customers/new/", {"name": typed, "note": f"{typed}\r\n\tdoor"})

    assert response.status_code == 303
    assert Customer.objects.get().name == typed


@pytest.mark.parametrize("typed", BLANK)
def test_a_name_of_nothing_to_see_is_refused_everywhere(typed: str, manager: User) -> None:
    client, api = signed_in(manager), Api(manager)
    draft = DraftFactory()
    admins = reverse("draft-customer-create", args=[draft.reference])

    pages = [
        client.post("/customers/new/", {"name": typed}),
        client.post("/products/new/", {"name": typed, "unit_price": "1"}),
        client.post(admins, {"name": typed} | saw_customer(client, draft), headers=HTMX),
        client.post("/orders/views/?status=placed", {"name": typed}),
    ]

    assert [page.status_code for page in pages] == [422] * 4
    assert [UNSEEN in Page(page).text for page in pages] == [True] * 4
    for path in ("/customer/", "/product/"):
        error = api.refused(422, "POST", path, {"name": typed, "price": 1})
        assert error["fields"] == {"name": UNSEEN}
    assert not Customer.objects.exists()
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("typed", HIDING)
def test_a_name_that_hides_something_is_refused_with_the_character(typed: str, manager: User) -> None:
    [hidden] = [character for character in typed if not character.isprintable()]
    client, api = signed_in(manager), Api(manager)

    page = client.post("/customers/new/", {"name": "Ada", "phone": typed})
    assert page.status_code == 422
    assert refusal(hidden) in Page(page).text
    error = api.refused(422, "POST", "/product/", {"name": "Mug", "sku": f"{typed}.", "price": 1})
    assert error["fields"] == {"sku": refusal(hidden)}
    assert (Customer.objects.count(), Product.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("typed", "status"), [("a\nb\tc", 303), ("a\u202eb", 422), ("a\x1b[2Jb", 422), ("\u200b", 422)]
)
def test_a_note_has_lines_and_tabs_and_nothing_hidden(typed: str, status: int, clerk: User) -> None:
    client, draft = signed_in(clerk), DraftFactory()

    answers = [
        client.post("/customers/new/", {"name": "Ada", "note": typed}),
        client.post("/customers/new/", {"name": "Ada", "address": typed}),
        client.post(reverse("draft-note", args=[draft.reference]), {"note": typed} | saw_note(client, draft)),
    ]

    assert [answer.status_code for answer in answers] == [status] * 3
    assert Order.objects.get().note == (typed if status == 303 else "")


def test_an_old_note_with_something_hidden_can_still_be_replaced(clerk: User) -> None:
    draft = DraftFactory(note="old\x1b")

    client = signed_in(clerk)
    sent = {"note": "new"} | saw_note(client, draft, "old\x1b")
    answer = client.post(reverse("draft-note", args=[draft.reference]), sent)

    assert answer.status_code == 303
    assert Order.objects.get().note == "new"


def test_a_scan_with_a_separator_is_looked_up_and_not_refused(clerk: User) -> None:
    """Scanners send group separators inside of GS1 codes."""
    draft = DraftFactory()
    ProductFactory(sku="MUG")

    answer = signed_in(clerk).post(reverse("line-add", args=[draft.reference]), {"text": "01\x1d10"})

    assert answer.status_code == 422
    assert "hidden" not in Page(answer).text


def test_a_view_is_not_renamed_to_nothing(clerk: User) -> None:
    view = SavedView.objects.create(owner=clerk, noun="order", name="Mine", query="status=placed")

    page = signed_in(clerk).post(reverse("view-rename", args=[view.pk]), {"name": "\u200b"})

    assert (page.status_code, UNSEEN in Page(page).text) == (422, True)
    view.refresh_from_db()
    assert view.name == "Mine"


# --- In the admin


@pytest.mark.parametrize("typed", ["\u200b", "Ada\u202e"])
def test_the_admin_refuses_them_too(typed: str, admins: Client) -> None:
    ada = CustomerFactory(name="Ada")
    values = {"name": typed, "active": "on", "seen_version": ada.version}
    sentence = UNSEEN if typed == "\u200b" else refusal("\u202e")

    page = admins.post(url(Customer, "change", ada.pk), values)

    assert (page.status_code, sentence in page.content.decode()) == (200, True)
    assert Customer.objects.get().name == "Ada"


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("username", "\u3164\u3164"),
        ("first_name", "\u200b"),
        ("last_name", "x\u202e"),
        ("username", "a\x85b"),
    ],
)
def test_a_users_names_can_be_seen(field: str, typed: str, admins: Client, clerk: User) -> None:
    values = {
        "username": "clerk",
        "first_name": "",
        "last_name": "",
        "email": "",
        "is_active": "on",
        "groups": [group.pk for group in clerk.groups.all()],
        field: typed,
    }

    page = admins.post(url(User, "change", clerk.pk), values)

    assert page.status_code == 200
    assert "errorlist" in page.content.decode()
    clerk.refresh_from_db()
    assert (clerk.username, clerk.first_name, clerk.last_name) == ("clerk", "", "")


def test_a_user_of_nothing_to_see_is_not_added(admins: Client) -> None:
    values = {"username": "\u3164", "password1": "correct horse 9", "password2": "correct horse 9"}

    page = admins.post(url(User, "add"), values | {"usable_password": "true"})

    assert (page.status_code, UNSEEN in page.content.decode()) == (200, True)
    assert User.objects.count() == 1


# --- In an import


@pytest.mark.parametrize(
    "row",
    [
        OLD.replace("OLD LAMP", "OLD\u202eLAMP"),
        OLD.replace("OLD LAMP", "\u200b"),
        OLD.replace(",A,", ",\u3164,"),
        OLD.replace(",UK", ",U\x1bK"),
        OLD.replace("1,A", "\u200b1\u2066,A"),
    ],
)
def test_an_import_rejects_such_a_row_and_takes_the_others(row: str, tmp_path: Path) -> None:
    write: Callable[..., Path] = writer(tmp_path)

    figures = run(write("a.csv", row, OLD.replace("1,A", "2,A")), rejects=tmp_path / "rejects.csv")

    assert (figures["orders"], figures["skipped"]) == (1, {"unreadable": 1})
    assert OrderLine.objects.get().name == "OLD LAMP"


@pytest.mark.parametrize("typed", [*FINE, "", "Ada"])
def test_nothing_is_wrong_with_them(typed: str) -> None:
    assert text.find_problem(typed) == ""
