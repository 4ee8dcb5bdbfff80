"""How many functions of shop/ a request runs through: people who change it have to know them all."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

from shop.models import User
from testing.api_client import Api
from testing.factories import CustomerFactory, DraftFactory, ProductFactory
from testing.pages import Page, signed_in

# With real transactions and known roles, as in a process at work.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("known_roles")]

SHOP = f"{Path(__file__).parents[2]}/"
#: Computing with money is a room of its own: who changes how an order is placed need not know it.
ARITHMETIC = re.compile(r"money/|orders/pricing\.py|taxes/")


@contextmanager
def note_functions() -> Iterator[list[str]]:
    """Collects the functions of shop/ that are called within the block, by file and name.

    A lambda or a comprehension is a part of the function that it stands in.
    """
    codes: set[CodeType] = set()
    names: list[str] = []

    def note(frame: FrameType, event: str, argument: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(SHOP) and not code.co_name.startswith("<"):
            codes.add(code)

    sys.setprofile(note)
    try:
        yield names
    finally:
        sys.setprofile(None)
        called = (f"{code.co_filename.removeprefix(SHOP)}:{code.co_qualname}" for code in codes)
        names += sorted(name for name in called if "/tests/" not in name and not ARITHMETIC.match(name))


def test_placing_runs_through_few_functions(clerk: User) -> None:
    client, lines = signed_in(clerk), [ProductFactory(stock=5), ProductFactory()]
    url = DraftFactory(staff=clerk, customer=CustomerFactory(), lines=lines).get_absolute_url()
    form = Page(client.get(f"{url}review/")).snapshot()

    with note_functions() as names:
        response = client.post(f"{url}place/", form)

    assert response.status_code == 303
    assert len(names) <= 40, names


def test_an_order_in_one_post_runs_through_few_functions(clerk: User) -> None:
    api, lines = Api(clerk), [ProductFactory(stock=5), ProductFactory()]
    body = {
        "customer": {"id": CustomerFactory().pk},
        "products": [{"id": line.pk, "quantity": 2} for line in lines],
        "subtotal": "40.00",
    }
    # A token's first use is noted.
    api.post("/order/", body, Idempotency_Key="first")

    with note_functions() as names:
        api.send("POST", "/order/", body, Idempotency_Key="second")

    assert len(names) <= 50, names
