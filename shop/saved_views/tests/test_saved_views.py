"""Saved views: a list's filters under a name, one's own or everybody's."""

import html

import pytest
from django.test import Client
from django.urls import reverse

from shop.db.errors import InvalidFields, NotFound
from shop.models import Order, SavedView, User
from shop.saved_views import services as saved_views
from shop.saved_views.services import MAX_VIEWS
from testing.factories import CustomerFactory, DraftFactory, PlacedFactory, ProductFactory, UserFactory
from testing.pages import HTMX, Page, notices, signed_in

pytestmark = pytest.mark.django_db

VIEWS = "/orders/views/"


@pytest.fixture
def client(clerk: User) -> Client:
    return signed_in(clerk)


def view(
    name: str, query: str = "status=placed", owner: User | None = None, noun: str = "order"
) -> SavedView:
    return saved_views.save_view(noun=noun, name=name, query=query, owner_id=owner.pk if owner else None)


def links(client: Client, path: str = "/orders/") -> list[tuple[str, str, bool]]:
    """The links above a list: their text, their address, and whether it is the current one."""
    source = client.get(path, follow=True).content.decode()
    if 'aria-label="Saved views"' not in source:
        return []
    nav = source.split('aria-label="Saved views"')[1].split("</nav>")[0]
    found = []
    for part in nav.split("<a ")[1:]:
        text = part.split(">", 1)[1].split("</a>")[0].replace("<small>", "").replace("</small>", "")
        address = html.unescape(part.split('href="')[1].split('"')[0])
        found.append((html.unescape(text), address, "aria-current" in part))
    return found


def kept(client: Client, query: str, **form: str) -> list[tuple[str, str]]:
    client.post(f"{VIEWS}?{query}", form)
    return list(SavedView.objects.order_by("id").values_list("name", "query"))


# --- Saving


def test_a_view_is_saved_from_the_list_and_opens_with_its_filters(client: Client) -> None:
    placed = PlacedFactory()
    DraftFactory()
    [(words, form, _)] = links(client, "/orders/?status=placed&q=&sort=newest")
    page = Page(client.get(f"/orders/{form}" if form.startswith("?") else form))

    answer = client.post(form, {"name": "  To   pack "})

    assert words == "Save this view"
    assert form == "/orders/views/?status=placed"
    assert "Status Placed Sort Newest" in page.text
    assert (answer.status_code, answer["Location"]) == (303, "/orders/?status=placed")
    assert links(client) == [
        ("All", "/orders/", True),
        ("To pack", "?status=placed", False),
        ("Edit views", "/orders/views/", False),
    ]
    opened = Page(client.get("/orders/?status=placed"))
    assert [box["value"] for box in opened.all("input", name="order")] == [placed.reference]
    assert links(client, "/orders/?status=placed")[1:] == [
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
    view("Mine", owner=clerk)

    assert [current for _, _, current in links(client, f"/orders/?{query}")] == [False, True, False]


def test_other_filters_are_not_the_current_view(client: Client, clerk: User) -> None:
    view("Mine", owner=clerk)

    assert not any(current for *_, current in links(client, "/orders/?status=placed&sort=largest"))


def test_what_is_kept_are_filters_and_sort_and_never_the_page(client: Client) -> None:
    query = "csrfmiddlewaretoken=x&after=abc&sort=largest&status=draft&customer=ada+b&nonsense=1&q="

    assert kept(client, query, name="A") == [("A", "status=draft&customer=ada+b&sort=largest")]


def test_the_same_name_takes_the_new_filters(client: Client) -> None:
    kept(client, "status=placed", name="Mine")

    assert kept(client, "status=draft", name="Mine") == [("Mine", "status=draft")]


def test_two_people_and_two_lists_may_use_one_name(client: Client, clerk: User) -> None:
    view("Mine", "status=draft", UserFactory())
    view("Mine", "q=a", clerk, noun="customer")
    view("Mine", "status=draft")

    assert len(kept(client, "status=placed", name="Mine")) == 4
    assert [(words, address) for words, address, _ in links(client)][1:3] == [
        ("Mine", "?status=placed"),
        ("Mine shared", "?status=draft"),
    ]
    assert [words for words, *_ in links(client, "/customers/")] == ["All", "Mine", "Edit views"]


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
        view(f"View {number}", owner=clerk)

    answer = client.post(f"{VIEWS}?status=draft", {"name": "One more"})

    assert answer.status_code == 422
    assert "20 views are kept for this list already. Delete one first." in Page(answer).text
    assert client.post(f"{VIEWS}?status=draft", {"name": "View 7"}).status_code == 303
    assert SavedView.objects.count() == MAX_VIEWS
    assert client.post("/customers/views/?q=a", {"name": "One more"}).status_code == 303


def test_a_view_whose_filters_are_valid_no_more_still_opens(client: Client, clerk: User) -> None:
    draft = DraftFactory()
    view("Gone", "status=returned&clerk=99&colour=red&sort=colour", clerk)

    page = client.get("/orders/?status=returned&clerk=99&colour=red&sort=colour", follow=True)

    assert page.status_code == 200
    assert [box["value"] for box in Page(page).all("input", name="order")] == [draft.reference]
    editing = Page(client.get(f"{VIEWS}?status=returned&clerk=99&colour=red&sort=colour"))
    assert "Status no longer a choice" in editing.text
    assert links(client, "/orders/?status=returned&clerk=99&colour=red&sort=colour")[1][2]


# --- Everybody's


def test_a_manager_saves_for_everybody_and_a_clerk_cannot(client: Client, manager: User, clerk: User) -> None:
    boss = signed_in(manager)
    assert "For everybody" in Page(boss.get(f"{VIEWS}?status=placed")).text
    assert "For everybody" not in Page(client.get(f"{VIEWS}?status=placed")).text

    boss.post(f"{VIEWS}?status=placed", {"name": "Pack", "shared": "on"})
    client.post(f"{VIEWS}?status=draft", {"name": "Mine", "shared": "on"})

    owners = list(SavedView.objects.order_by("id").values_list("name", "owner"))
    assert owners == [("Pack", None), ("Mine", clerk.pk)]
    assert links(client)[1:3] == [
        ("Mine", "?status=draft", False),
        ("Pack shared", "?status=placed", False),
    ]
    assert links(boss)[1] == ("Pack shared", "?status=placed", False)


@pytest.mark.parametrize("step", ["rename", "delete"])
def test_a_clerk_cannot_change_what_is_everybodys(step: str, client: Client, manager: User) -> None:
    shared = view("Pack")
    address = reverse(f"view-{step}", args=[shared.pk])

    assert client.post(address, {"name": "Other"}).status_code == 403
    assert "/rename/" not in client.get(VIEWS).content.decode()
    assert SavedView.objects.get().name == "Pack"
    assert signed_in(manager).post(address, {"name": "Other"}).status_code == 303


@pytest.mark.parametrize("step", ["rename", "delete"])
def test_nobody_sees_or_changes_anothers_view(step: str, client: Client, manager: User) -> None:
    theirs = view("Theirs", owner=manager)

    assert links(client) == []
    assert "Theirs" not in Page(client.get(VIEWS)).text
    assert client.post(reverse(f"view-{step}", args=[theirs.pk]), {"name": "x"}).status_code == 404
    assert SavedView.objects.get().name == "Theirs"


# --- Renaming and deleting


def test_a_view_is_renamed(client: Client, clerk: User) -> None:
    mine = view("Mine", owner=clerk)

    answer = client.post(f"/views/{mine.pk}/rename/", {"name": " To  pack "})

    assert (answer.status_code, answer["Location"]) == (303, VIEWS)
    assert "“Mine” is called “To pack” now." in Page(client.get(VIEWS)).text
    assert links(client)[1] == ("To pack", "?status=placed", False)


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
    mine, _ = view("Mine", owner=clerk), view("Other", "status=draft", clerk)

    answer = client.post(f"/views/{mine.pk}/rename/", {"name": name})

    page = Page(answer)
    assert answer.status_code == 422
    assert sentence in page.text
    assert [field["value"] for field in page.all("input") if "autofocus" in field] == [name]
    assert SavedView.objects.get(pk=mine.pk).name == "Mine"


def test_a_deleted_view_can_be_saved_again_at_once(client: Client, clerk: User) -> None:
    mine = view("To pack", "status=placed&sort=oldest", clerk)

    answer = client.post(f"/views/{mine.pk}/delete/")
    page = Page(client.get(answer["Location"]))

    assert not SavedView.objects.exists()
    assert "“To pack” was deleted." in page.text
    assert page.all("input", id="id_name")[0]["value"] == "To pack"
    [action] = [form["action"] for form in page.all("form") if form.get("action", "").startswith("?")]
    client.post(f"{VIEWS}{action}", {"name": "To pack"})
    again = SavedView.objects.get()
    assert (again.name, again.query) == ("To pack", "status=placed&sort=oldest")


def test_deleting_twice_is_fine_and_renaming_what_is_gone_is_told(clerk: User) -> None:
    mine = view("Mine", owner=clerk)
    for _ in range(2):
        saved_views.delete_view(view_id=mine.pk, owner_id=clerk.pk)

    with pytest.raises(NotFound):
        saved_views.rename_view(view_id=mine.pk, owner_id=clerk.pk, name="x")


def test_a_service_changes_only_the_owners_views(clerk: User, manager: User) -> None:
    mine = view("Mine", owner=clerk)

    saved_views.delete_view(view_id=mine.pk, owner_id=manager.pk)
    with pytest.raises(NotFound):
        saved_views.rename_view(view_id=mine.pk, owner_id=None, name="x")
    assert SavedView.objects.get().name == "Mine"


def test_everybodys_names_are_unique_too() -> None:
    first, _ = view("Pack"), view("Other", "status=draft")
    view("Pack", "status=draft")

    assert SavedView.objects.get(pk=first.pk).query == "status=draft"
    with pytest.raises(InvalidFields):
        saved_views.rename_view(view_id=first.pk, owner_id=None, name="Other")


# --- The lists


@pytest.mark.parametrize(
    ("noun", "query", "make"),
    [("customer", "q=zed", CustomerFactory), ("product", "q=zed", ProductFactory), ("order", "q=ZED", Order)],
)
def test_every_list_has_views(noun: str, query: str, make: type, client: Client) -> None:
    path = f"/{noun}s/"
    assert links(client, path) == []

    client.post(f"{path}views/?{query}", {"name": "Zeds"})

    assert links(client, path)[1] == ("Zeds", f"?{query}", False)
    fragment = client.get(f"{path}?{query}", headers=HTMX).content.decode()
    assert f'href="?{query}" aria-current="page"' in fragment


def test_what_a_view_is_called_is_never_read_as_html(client: Client, manager: User) -> None:
    nasty = "<img src=x onerror=alert(1)>\"'"
    view(nasty)
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


def test_an_admin_deletes_anybodys_view_in_the_admin_site(admin_user: User, clerk: User) -> None:
    mine, shared = view("Mine", owner=clerk), view("Pack")
    desk = signed_in(admin_user)

    for row in (mine, shared):
        answer = desk.post(reverse("admin:shop_savedview_delete", args=[row.pk]), {"post": "yes"})
        assert answer.status_code == 302

    assert not SavedView.objects.exists()
