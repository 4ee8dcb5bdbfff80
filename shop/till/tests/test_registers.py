"""What registers are called, and their pages in the admin."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shop.db.errors import NotFound, SeveralErrors
from shop.documents.tests.sales import give_receipt, sell_e3
from shop.models import Register
from shop.payments.tests.entries import make_order, pay
from shop.till import errors
from shop.till.services import create_register, find_register_id, rename_register
from testing.refusals import raises_worded

pytestmark = pytest.mark.django_db


def rename(name: str, prefix: str) -> Register:
    return rename_register(register_id=find_register_id(None), name=name, prefix=prefix)


def test_a_register_is_renamed() -> None:
    rename("Front", "F")

    till = Register.objects.get(pk=find_register_id(None))
    assert (till.name, till.prefix, till.next_number) == ("Front", "F", 1)


@pytest.mark.parametrize("prefix", ["", "t1", "T-1", "ÄB", "TOOLONG12"])
def test_a_prefix_is_capital_letters_and_digits(prefix: str) -> None:
    with pytest.raises(errors.InvalidPrefix):
        rename("Front", prefix)


def test_names_and_prefixes_are_unique() -> None:
    with pytest.raises(SeveralErrors) as refusal:
        rename("JSON API", "API")
    assert [type(error) for error in refusal.value.errors] == [errors.RegisterNameTaken, errors.PrefixTaken]
    assert Register.objects.get(pk=find_register_id(None)).name == "Till 1"


@pytest.fixture
def renamed() -> Register:
    """The first till, after its document T1-000001 and with the prefix F since then."""
    give_receipt(order=sell_e3())
    return rename("Front", "F")


def test_a_prefix_of_documents_is_not_for_another_register(renamed: Register) -> None:
    with raises_worded(errors.PrefixTaken, "Documents of Front begin with T1."):
        create_register(name="Back", prefix="T1", once=None)
    api = Register.objects.get(prefix="API")
    with raises_worded(errors.PrefixTaken, "Documents of Front begin with T1."):
        rename_register(register_id=api.pk, name="JSON API", prefix="T1")

    # Neither T nor T10 begins the number T1-000001.
    for prefix in ("T", "T10", "T1X"):
        assert create_register(name=prefix, prefix=prefix, once=None).prefix == prefix


def test_a_register_goes_back_to_its_own_old_prefix(renamed: Register) -> None:
    assert give_receipt(order=sell_e3()).number == "F-000002"

    rename("Front", "T1")

    assert give_receipt(order=sell_e3()).number == "T1-000003"


def test_a_prefix_that_was_changed_back_is_its_registers_own(renamed: Register) -> None:
    rename("Front", "T1")
    give_receipt(order=sell_e3())

    with pytest.raises(errors.PrefixTaken):
        create_register(name="Back", prefix="T1", once=None)
    assert rename("Still in front", "T1").name == "Still in front"


def test_an_admin_gives_no_register_the_prefix_of_anothers_documents(
    renamed: Register, admins: Client
) -> None:
    api = Register.objects.get(prefix="API")

    refused = admins.post(f"/admin/shop/register/{api.pk}/change/", {"name": "JSON API", "prefix": "T1"})

    assert refused.status_code == 200
    assert "Documents of Front begin with T1." in refused.content.decode()
    assert Register.objects.get(pk=api.pk).prefix == "API"


def test_a_retired_register_takes_no_money() -> None:
    till, order = find_register_id(None), make_order("5.00")
    Register.objects.filter(pk=till).update(active=False)

    with pytest.raises(NotFound):
        pay(order, "card", "5.00", register_id=till)
    with pytest.raises(NotFound):
        find_register_id(None)


def test_an_admin_changes_only_the_name_and_the_prefix(admins: Client) -> None:
    address = f"/admin/shop/register/{find_register_id(None)}/change/"

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
