"""Whose a saved view is: shared, renamed, deleted, and on every list."""

import pytest
from django.test import Client
from django.urls import reverse

from shop.db.errors import InvalidValue, NotFound
from shop.models import Order, SavedView, User
from shop.saved_views import services as saved_views
from testing.factories import CustomerFactory, ProductFactory, UserFactory
from testing.pages import HTMX, Page, notices, signed_in
from testing.saved_views import make_view, read_view_links

pytestmark = pytest.mark.django_db

VIEWS = "/orders/views/"


@pytest.fixture
def client(clerk: User) -> Client:
    return signed_in(clerk)


# --- Everybody's


def test_a_manager_saves_for_everybody_and_a_clerk_cannot(client: Client, manager: User, clerk: User) -> None:
    boss = signed_in(manager)
    assert "For everybody" in Page(boss.get(f"{VIEWS}?status=placed")).text
    assert "For everybody" not in Page(client.get(f"{VIEWS}?status=placed")).text

    boss.post(f"{VIEWS}?status=placed", {"name": "Pack", "shared": "on"})
    client.post(f"{VIEWS}?status=draft", {"name": "Mine", "shared": "on"})

    owners = list(SavedView.objects.order_by("id").values_list("name", "owner"))
    assert owners == [("Pack", None), ("Mine", clerk.pk)]
    assert read_view_links(client)[1:3] == [
        ("Mine", "?status=draft", False),
        ("Pack shared", "?status=placed", False),
    ]
    assert read_view_links(boss)[1] == ("Pack shared", "?status=placed", False)


@pytest.mark.parametrize("step", ["rename", "delete"])
def test_a_clerk_cannot_change_what_is_everybodys(step: str, client: Client, manager: User) -> None:
    shared = make_view("Pack")
    address = reverse(f"view-{step}", args=[shared.pk])

    assert client.post(address, {"name": "Other"}).status_code == 403
    assert "/rename/" not in client.get(VIEWS).content.decode()
    assert SavedView.objects.get().name == "Pack"
    assert signed_in(manager).post(address, {"name": "Other"}).status_code == 303


@pytest.mark.parametrize("step", ["rename", "delete"])
def test_nobody_sees_or_changes_anothers_view(step: str, client: Client, manager: User) -> None:
    theirs = make_view("Theirs", owner=manager)

    assert read_view_links(client) == []
    assert "Theirs" not in Page(client.get(VIEWS)).text
    assert client.post(reverse(f"view-{step}", args=[theirs.pk]), {"name": "x"}).status_code == 404
    assert SavedView.objects.get().name == "Theirs"


# --- Renaming and deleting


def test_a_view_is_renamed(client: Client, clerk: User) -> None:
    mine = make_view("Mine", owner=clerk)

    answer = client.post(f"/views/{mine.pk}/rename/", {"name": " To  pack "})

    assert (answer.status_code, answer["Location"]) == (303, VIEWS)
    assert "“Mine” is called “To pack” now." in Page(client.get(VIEWS)).text
    assert read_view_links(client)[1] == ("To pack", "?status=placed", False)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Other", "Another view is called “Other”. Choose another name."),
        ("", "This field is required."),
        ("x" * 61, "at most 60 characters"),
    ],
)
def test_a_name_that_is_refused_is_told_where_it_was_typed(
    name: str, sentence: str, client: Client, clerk: User
) -> None:
    mine, _ = make_view("Mine", owner=clerk), make_view("Other", "status=draft", clerk)

    answer = client.post(f"/views/{mine.pk}/rename/", {"name": name})

    page = Page(answer)
    assert answer.status_code == 422
    assert sentence in page.text
    assert [field["value"] for field in page.all("input") if "autofocus" in field] == [name]
    assert SavedView.objects.get(pk=mine.pk).name == "Mine"


def test_a_deleted_view_can_be_saved_again_at_once(client: Client, clerk: User) -> None:
    mine = make_view("To pack", "status=placed&sort=oldest", clerk)

    answer = client.post(f"/views/{mine.pk}/delete/")
    page = Page(client.get(answer["Location"]))

    assert not SavedView.objects.exists()
    assert "“To pack” was deleted." in page.text
    assert page.all("input", id="id_name")[0]["value"] == "To pack"
    [action] = [form["action"] for form in page.all("form") if form.get("action", "").startswith("?")]
    client.post(f"{VIEWS}{action}", {"name": "To pack"})
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("To pack", "status=placed&sort=oldest")


def test_deleting_twice_is_fine_and_renaming_what_is_gone_is_told(clerk: User) -> None:
    mine = make_view("Mine", owner=clerk)
    for _ in range(2):
        saved_views.delete_view(view_id=mine.pk, owner_id=clerk.pk)

    with pytest.raises(NotFound):
        saved_views.rename_view(view_id=mine.pk, owner_id=clerk.pk, name="x")


def test_a_service_changes_only_the_owners_views(clerk: User, manager: User) -> None:
    mine = make_view("Mine", owner=clerk)

    saved_views.delete_view(view_id=mine.pk, owner_id=manager.pk)
    with pytest.raises(NotFound):
        saved_views.rename_view(view_id=mine.pk, owner_id=None, name="x")
    assert SavedView.objects.get().name == "Mine"


def test_everybodys_names_are_unique_too() -> None:
    first, _ = make_view("Pack"), make_view("Other", "status=draft")
    make_view("Pack", "status=draft")

    assert SavedView.objects.get(pk=first.pk).query == "status=draft"
    with pytest.raises(InvalidValue):
        saved_views.rename_view(view_id=first.pk, owner_id=None, name="Other")


# --- The lists


@pytest.mark.parametrize(
    ("noun", "query", "make"),
    [("customer", "q=zed", CustomerFactory), ("product", "q=zed", ProductFactory), ("order", "q=ZED", Order)],
)
def test_every_list_has_views(noun: str, query: str, make: type, client: Client) -> None:
    path = f"/{noun}s/"
    assert read_view_links(client, path) == []

    client.post(f"{path}views/?{query}", {"name": "Zeds"})

    assert read_view_links(client, path)[1] == ("Zeds", f"?{query}", False)
    fragment = client.get(f"{path}?{query}", headers=HTMX).content.decode()
    assert f'href="?{query}" aria-current="page"' in fragment


def test_what_a_view_is_called_is_never_read_as_html(client: Client, manager: User) -> None:
    nasty = "<img src=x onerror=alert(1)>\"'"
    make_view(nasty)
    for path in ("/orders/", VIEWS):
        assert not Page(signed_in(manager).get(path)).all("img")
        assert nasty in Page(client.get(path)).text


def test_who_may_not_see_a_list_has_no_views_of_it(clerk: User) -> None:
    reader = UserFactory()
    reader.user_permissions.add(clerk.groups.get().permissions.get(codename="view_order"))
    client = signed_in(reader)

    assert client.get(VIEWS).status_code == 200
    assert client.post("/customers/views/?q=a", {"name": "x"}).status_code == 403
    assert not SavedView.objects.exists()
    assert notices(client.post(f"{VIEWS}?q=a", {"name": "x"}))


def test_an_admin_deletes_anybodys_view_in_the_admin_site(admins: Client, clerk: User) -> None:
    mine, shared = make_view("Mine", owner=clerk), make_view("Pack")

    for row in (mine, shared):
        answer = admins.post(reverse("admin:shop_savedview_delete", args=[row.pk]), {"post": "yes"})
        assert answer.status_code == 302

    assert not SavedView.objects.exists()
