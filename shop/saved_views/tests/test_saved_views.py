"""Saved views: a list's filters under a name, one's own or everybody's."""

import pytest
from django.test import Client

from shop.models import SavedView, User
from shop.saved_views.services import MAX_VIEWS
from testing.factories import DraftFactory, PlacedFactory, UserFactory
from testing.pages import Page, signed_in
from testing.saved_views import make_view, read_view_links

pytestmark = pytest.mark.django_db

VIEWS = "/orders/views/"


@pytest.fixture
def client(clerk: User) -> Client:
    return signed_in(clerk)


def save_view_and_list_all(client: Client, query: str, **form: str) -> list[tuple[str, str]]:
    client.post(f"{VIEWS}?{query}", form)
    return list(SavedView.objects.order_by("id").values_list("name", "query"))


# --- Saving


def test_a_view_is_saved_from_the_list_and_opens_with_its_filters(client: Client) -> None:
    placed = PlacedFactory()
    DraftFactory()
    [(words, form, _)] = read_view_links(client, "/orders/?status=placed&q=&sort=newest")
    page = Page(client.get(f"/orders/{form}" if form.startswith("?") else form))

    answer = client.post(form, {"name": "  To   pack "})

    assert words == "Save this view"
    assert form == "/orders/views/?status=placed"
    assert "Status Placed Sort Newest" in page.text
    assert (answer.status_code, answer["Location"]) == (303, "/orders/?status=placed")
    assert read_view_links(client) == [
        ("All", "/orders/", True),
        ("To pack", "?status=placed", False),
        ("Edit views", "/orders/views/", False),
    ]
    opened = Page(client.get("/orders/?status=placed"))
    assert [box["value"] for box in opened.all("input", name="order")] == [placed.reference]
    assert read_view_links(client, "/orders/?status=placed")[1:] == [
        ("To pack", "?status=placed", True),
        ("Edit views", "/orders/views/?status=placed", False),
    ]


@pytest.mark.parametrize(
    "query",
    ["sort=newest&status=placed", "status=placed&after=", "q=&status=placed&first=", "status=placed&x=1"],
)
def test_the_current_view_is_marked_however_its_address_is_written(
    query: str, client: Client, clerk: User
) -> None:
    make_view("Mine", owner=clerk)

    assert [current for _, _, current in read_view_links(client, f"/orders/?{query}")] == [False, True, False]


def test_other_filters_are_not_the_current_view(client: Client, clerk: User) -> None:
    make_view("Mine", owner=clerk)

    assert not any(current for *_, current in read_view_links(client, "/orders/?status=placed&sort=largest"))


def test_what_is_kept_are_filters_and_sort_and_never_the_page(client: Client) -> None:
    query = "csrfmiddlewaretoken=x&after=abc&sort=largest&status=draft&customer=ada+b&nonsense=1&q="

    assert save_view_and_list_all(client, query, name="A") == [
        ("A", "status=draft&customer=ada+b&sort=largest")
    ]


def test_the_same_name_takes_the_new_filters(client: Client) -> None:
    save_view_and_list_all(client, "status=placed", name="Mine")

    assert save_view_and_list_all(client, "status=draft", name="Mine") == [("Mine", "status=draft")]


def test_two_people_and_two_lists_may_use_one_name(client: Client, clerk: User) -> None:
    make_view("Mine", "status=draft", UserFactory())
    make_view("Mine", "q=a", clerk, noun="customer")
    make_view("Mine", "status=draft")

    assert len(save_view_and_list_all(client, "status=placed", name="Mine")) == 4
    assert [(words, address) for words, address, _ in read_view_links(client)][1:3] == [
        ("Mine", "?status=placed"),
        ("Mine shared", "?status=draft"),
    ]
    assert [words for words, *_ in read_view_links(client, "/customers/")] == ["All", "Mine", "Edit views"]


@pytest.mark.parametrize(
    ("query", "name"), [("status=placed", ""), ("status=placed", "x" * 61), ("", "Mine")]
)
def test_what_cannot_be_saved_is_told_at_the_field(query: str, name: str, client: Client) -> None:
    answer = client.post(f"{VIEWS}?{query}", {"name": name})

    assert answer.status_code == 422
    assert not SavedView.objects.exists()
    if query:
        page = Page(answer)
        [field] = page.all("input", id="id_name")
        assert (field["aria-invalid"], "autofocus" in field) == ("true", True)


def test_only_so_many_views_are_kept_for_one_list(client: Client, clerk: User) -> None:
    for number in range(MAX_VIEWS):
        make_view(f"View {number}", owner=clerk)

    answer = client.post(f"{VIEWS}?status=draft", {"name": "One more"})

    assert answer.status_code == 422
    assert "20 views are kept for this list already. Delete one first." in Page(answer).text
    assert client.post(f"{VIEWS}?status=draft", {"name": "View 7"}).status_code == 303
    assert SavedView.objects.count() == MAX_VIEWS
    assert client.post("/customers/views/?q=a", {"name": "One more"}).status_code == 303


def test_a_view_whose_filters_are_valid_no_more_still_opens(client: Client, clerk: User) -> None:
    draft = DraftFactory()
    make_view("Gone", "status=returned&clerk=99&colour=red&sort=colour", clerk)

    page = client.get("/orders/?status=returned&clerk=99&colour=red&sort=colour", follow=True)

    assert page.status_code == 200
    assert [box["value"] for box in Page(page).all("input", name="order")] == [draft.reference]
    editing = Page(client.get(f"{VIEWS}?status=returned&clerk=99&colour=red&sort=colour"))
    assert "Status no longer a choice" in editing.text
    assert read_view_links(client, "/orders/?status=returned&clerk=99&colour=red&sort=colour")[1][2]
