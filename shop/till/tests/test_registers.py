"""What registers are called, and their pages in the admin."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shop.db.errors import NotFound, SeveralErrors
from shop.models import Register
from shop.payments.tests.entries import make_order, pay
from shop.till import errors
from shop.till.services import get_default_register_id, rename_register

pytestmark = pytest.mark.django_db


def rename(name: str, prefix: str) -> Register:
    return rename_register(register_id=get_default_register_id(), name=name, prefix=prefix)


def test_a_register_is_renamed() -> None:
    rename("Front", "F")

    till = Register.objects.get(pk=get_default_register_id())
    assert (till.name, till.prefix, till.next_number) == ("Front", "F", 1)


@pytest.mark.parametrize("prefix", ["", "t1", "T-1", "ÄB", "TOOLONG12"])
def test_a_prefix_is_capital_letters_and_digits(prefix: str) -> None:
    with pytest.raises(errors.InvalidPrefix):
        rename("Front", prefix)


def test_names_and_prefixes_are_unique() -> None:
    with pytest.raises(SeveralErrors) as refusal:
        rename("JSON API", "API")
    assert [type(error) for error in refusal.value.errors] == [errors.RegisterNameTaken, errors.PrefixTaken]
    assert Register.objects.get(pk=get_default_register_id()).name == "Till 1"


def test_a_retired_register_takes_no_money() -> None:
    till, order = get_default_register_id(), make_order("5.00")
    Register.objects.filter(pk=till).update(active=False)

    with pytest.raises(NotFound):
        pay(order, "card", "5.00", register_id=till)
    with pytest.raises(NotFound):
        get_default_register_id()


def test_an_admin_changes_only_the_name_and_the_prefix(admins: Client) -> None:
    address = f"/admin/shop/register/{get_default_register_id()}/change/"

    assert admins.post(address, {"name": "Front", "prefix": "F", "next_number": "99"}).status_code == 302
    till = Register.objects.get(prefix="F")
    assert (till.name, till.next_number) == ("Front", 1)
    for prefix, sentence in (("API", "Prefix already exists"), ("f-1", "1 to 8 capital letters and digits")):
        refused = admins.post(address, {"name": "Front", "prefix": prefix})
        assert (refused.status_code, sentence in refused.content.decode()) == (200, True)


@pytest.mark.parametrize("model", ["payment", "register", "tillsession", "tillcount", "cashmovement"])
def test_the_lists_of_the_admin(model: str, admins: Client) -> None:
    pay(make_order("5.00"), "cash", "5.00")

    assert admins.get(f"/admin/shop/{model}/").status_code == 200
    with CaptureQueriesContext(connection) as captured:
        assert admins.get(f"/admin/shop/{model}/?q=T1").status_code == 200
    assert len(captured) <= 8
