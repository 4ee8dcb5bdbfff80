"""Who may see and do what: every address, every role, the exact answer."""

from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import URLPattern

from shop import urls
from shop.conftest import member_of
from shop.models import Order, User
from testing.factories import (
    DraftFactory,
    ProductFactory,
    UserFactory,
)
from testing.pages import signed_in
from testing.shared_rows import SharedRows

from .page_addresses import address

pytestmark = pytest.mark.django_db

#: URL name, method, and the answers to a clerk and to a manager (an admin may do the same).
#: A form is sent empty, an order is a draft with one line.
TABLE = [
    ("home", "GET", 200, 200),
    ("sign-in", "GET", 302, 302),
    ("sign-out", "POST", 302, 302),
    ("keys", "GET", 200, 200),
    ("account", "GET", 200, 200),
    ("account", "POST", 422, 422),
    ("token-revoke", "POST", 404, 404),
    ("customer-list", "GET", 200, 200),
    ("customer-suggest", "GET", 200, 200),
    ("customer-create", "GET", 200, 200),
    ("customer-create", "POST", 422, 422),
    ("customer-detail", "GET", 200, 200),
    ("customer-update", "GET", 200, 200),
    ("customer-update", "POST", 422, 422),
    ("customer-retire", "POST", 303, 303),
    ("customer-delete", "GET", 200, 200),
    ("customer-delete", "POST", 303, 303),
    ("product-list", "GET", 200, 200),
    ("product-suggest", "GET", 200, 200),
    ("product-create", "GET", 403, 200),
    ("product-create", "POST", 403, 422),
    ("product-detail", "GET", 200, 200),
    ("product-update", "GET", 403, 200),
    ("product-update", "POST", 403, 422),
    ("product-retire", "POST", 403, 303),
    ("product-delete", "GET", 403, 200),
    ("product-delete", "POST", 403, 409),
    ("product-stock", "GET", 403, 200),
    ("product-stock", "POST", 403, 422),
    ("product-untrack", "POST", 403, 303),
    ("order-list", "GET", 200, 200),
    ("document-list", "GET", 200, 200),
    ("document-detail", "GET", 200, 200),
    ("document-withdraw", "GET", 200, 200),
    ("document-withdraw", "POST", 422, 422),
    ("order-receipt", "POST", 409, 409),
    ("order-invoice", "GET", 303, 303),
    ("order-invoice", "POST", 303, 303),
    ("credit-note-issue", "POST", 404, 404),
    ("slip-issue", "POST", 404, 404),
    ("money-audit", "GET", 403, 200),
    ("till-list", "GET", 200, 200),
    ("register-create", "GET", 403, 200),
    ("register-create", "POST", 403, 422),
    ("till-detail", "GET", 200, 200),
    ("till-choose", "POST", 303, 303),
    ("till-open", "GET", 200, 200),
    ("till-open", "POST", 422, 422),
    ("till-cash", "GET", 200, 200),
    ("till-cash", "POST", 422, 422),
    ("drawer-open", "POST", 303, 303),
    ("till-close", "GET", 200, 200),
    ("till-close", "POST", 422, 422),
    ("till-report", "GET", 200, 200),
    ("customer-views", "GET", 200, 200),
    ("customer-views", "POST", 422, 422),
    ("product-views", "GET", 200, 200),
    ("order-views", "GET", 200, 200),
    ("view-rename", "POST", 403, 422),
    ("view-delete", "POST", 403, 303),
    ("order-bulk", "GET", 200, 200),
    ("order-print-many", "GET", 200, 200),
    ("order-export", "GET", 200, 200),
    ("order-bulk", "POST", 404, 404),
    ("order-bulk-result", "GET", 200, 200),
    ("order-create", "POST", 303, 303),
    ("order-detail", "GET", 200, 200),
    ("draft-customer", "POST", 422, 422),
    ("draft-customer-create", "POST", 422, 422),
    ("line-add", "POST", 422, 422),
    ("line-update", "POST", 422, 422),
    ("line-discount", "GET", 200, 200),
    ("line-discount", "POST", 422, 422),
    ("draft-discount", "GET", 200, 200),
    ("draft-discount", "POST", 422, 422),
    ("draft-note", "POST", 422, 422),
    ("draft-live", "GET", 200, 200),
    ("draft-park", "POST", 303, 303),
    ("draft-discard", "POST", 303, 303),
    ("draft-reopen", "POST", 303, 303),
    ("order-review", "GET", 200, 200),
    ("order-place", "POST", 422, 422),
    ("order-accept", "POST", 422, 422),
    ("order-sell", "POST", 422, 422),
    ("order-sold", "GET", 404, 404),
    ("order-exchange", "GET", 303, 303),
    ("order-exchange", "POST", 303, 303),
    ("order-fulfil", "POST", 409, 409),
    ("order-cancel", "POST", 409, 409),
    ("order-return", "GET", 303, 303),
    ("order-return", "POST", 303, 303),
    ("order-allowance", "GET", 303, 303),
    ("order-allowance", "POST", 422, 422),
    ("order-duplicate", "POST", 303, 303),
    ("order-print", "GET", 200, 200),
    ("report-list", "GET", 403, 200),
    ("report-detail", "GET", 403, 200),
    ("report-download", "GET", 403, 200),
    ("report-rows", "GET", 403, 200),
    ("order-pay", "GET", 200, 200),
    ("order-pay", "POST", 422, 422),
    ("order-refund", "GET", 200, 200),
    ("order-refund", "POST", 422, 422),
    ("payment-reverse", "GET", 200, 200),
    ("payment-reverse", "POST", 422, 422),
]
PAGES = {name for name, method, *_ in TABLE if method == "GET"}
POST_ONLY = sorted({name for name, *_ in TABLE} - PAGES)
#: Anybody who is signed in has an account.
WITHOUT_ROLE = {"sign-in": 302, "sign-out": 302, "token-revoke": 404}


@pytest.fixture(scope="module")
def order(shared_rows: SharedRows) -> Order:
    with shared_rows():
        return DraftFactory(lines=[ProductFactory(stock=3)])


@pytest.fixture(scope="module")
def staff(shared_rows: SharedRows) -> dict[str, User]:
    """One of each role, and one of none."""
    with shared_rows():
        return {role: member_of(role) for role in ("clerk", "manager", "admin")} | {"": UserFactory()}


@pytest.fixture
def clerk(staff: dict[str, User]) -> User:
    return staff["clerk"]


@pytest.fixture
def manager(staff: dict[str, User]) -> User:
    return staff["manager"]


@pytest.fixture
def admin_user(staff: dict[str, User]) -> User:
    return staff["admin"]


def find_status(user: User, method: str, path: str) -> int:
    """Returns the answer's status. Reads the answer to its end, so that an export gives its slot back."""
    response = signed_in(user).generic(method, path)
    for _ in response:
        pass
    return response.status_code


def test_the_table_names_every_page() -> None:
    named = {pattern.name for pattern in urls.urlpatterns if isinstance(pattern, URLPattern)}

    named = {name for name in named if name and not name.startswith("api-")}
    assert named - {"metrics"} == {name for name, *_ in TABLE}


@pytest.mark.parametrize(("name", "method", "expected"), [(n, m, clerk) for n, m, clerk, _ in TABLE])
def test_a_clerk(name: str, method: str, expected: int, order: Order, clerk: User) -> None:
    assert find_status(clerk, method, address(name, order)) == expected


@pytest.mark.parametrize(("name", "method", "expected"), [(n, m, manager) for n, m, _, manager in TABLE])
def test_a_manager(name: str, method: str, expected: int, order: Order, manager: User) -> None:
    assert find_status(manager, method, address(name, order)) == expected


@pytest.mark.parametrize(("name", "method", "expected"), [(n, m, manager) for n, m, _, manager in TABLE])
def test_an_admin(name: str, method: str, expected: int, order: Order, admin_user: User) -> None:
    assert find_status(admin_user, method, address(name, order)) == expected


@pytest.mark.parametrize(("name", "method"), [(n, m) for n, m, *_ in TABLE])
def test_somebody_without_a_role_may_do_nothing(
    name: str, method: str, order: Order, staff: dict[str, User]
) -> None:
    response = signed_in(staff[""]).generic(method, address(name, order))

    own = {"GET": 200, "POST": 422} if name == "account" else {}
    assert response.status_code == own.get(method, WITHOUT_ROLE.get(name, 403))


@pytest.mark.parametrize(("name", "method"), [(n, m) for n, m, *_ in TABLE if n != "sign-in"])
def test_a_stranger_is_sent_to_sign_in_and_back(name: str, method: str, order: Order) -> None:
    path = address(name, order)
    response = Client().generic(method, path)

    assert response.status_code == 302
    # The address of a step cannot be gone back to.
    assert unquote(response["Location"]) == f"/sign-in/?next={path if method == 'GET' else '/'}"


def test_a_stranger_goes_back_to_the_page_on_which_a_form_was_sent(order: Order) -> None:
    path = address("draft-note", order)
    response = Client().post(path, headers={"Referer": f"http://testserver{order.get_absolute_url()}?add=x"})

    assert unquote(response["Location"]) == f"/sign-in/?next={order.get_absolute_url()}"


def test_nobody_is_sent_to_another_site_after_signing_in(order: Order) -> None:
    response = Client().post(address("draft-note", order), headers={"Referer": "https://evil.example/x"})

    assert response["Location"] == "/sign-in/?next=%2F"


@pytest.mark.parametrize("name", POST_ONLY)
def test_steps_are_not_pages(name: str, order: Order, manager: User) -> None:
    response = signed_in(manager).get(address(name, order))

    assert response.status_code == 405
    assert "POST" in response["Allow"]
    assert b"<h1>" in response.content


@pytest.mark.parametrize("name", sorted(PAGES - {"sign-in"}))
def test_what_is_asked_for_by_head_has_no_body(name: str, order: Order, manager: User) -> None:
    response = signed_in(manager).head(address(name, order))

    assert (name, "GET", response.status_code) in [(*row[:2], row[3]) for row in TABLE]
