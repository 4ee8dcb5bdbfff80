"""Every error has words, and values that a program can read."""

import importlib
import json
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder

import shop
from shop.db.errors import Difference, ShopError, Stale
from shop.orders.errors import OrderChanged, OrderDifference
from shop.products.errors import OutOfStock, Shortage
from shop.web.wording import WordedDifference, word_difference, word_error

for module in pkgutil.walk_packages(shop.__path__, "shop."):
    if module.name.endswith(".errors"):
        importlib.import_module(module.name)

#: Kinds that nobody raises: what several have in common.
ABSTRACT = {"ShopError", "InvalidValue", "OrderError"}


def kinds_below(kind: type[ShopError]) -> Iterator[type[ShopError]]:
    for below in kind.__subclasses__():
        if below.__module__.startswith("shop.") and ".tests." not in below.__module__:
            yield below
            yield from kinds_below(below)


KINDS = {kind.__name__: kind for kind in kinds_below(ShopError) if kind.__name__ not in ABSTRACT}


@pytest.mark.parametrize("name", KINDS)
def test_every_error_has_words_of_its_own(name: str) -> None:
    assert word_error.dispatch(KINDS[name]) is not word_error.dispatch(ShopError)


@pytest.mark.parametrize("name", KINDS)
def test_a_code_stands_for_one_kind_of_error(name: str) -> None:
    kinds = {kind for kind in KINDS.values() if kind.code == KINDS[name].code}

    assert all(issubclass(kind, KINDS[name]) or issubclass(KINDS[name], kind) for kind in kinds) or (
        KINDS[name].code in {"refused", "stale", "in_use", "not_found", "invalid"}
    )


@pytest.mark.parametrize(
    ("error", "values"),
    [
        (
            OutOfStock([Shortage(7, "Mug", 3, 1)]),
            {
                "product": 7,
                "name": "Mug",
                "wanted": 3,
                "left": 1,
                "shortages": [{"product": 7, "name": "Mug", "wanted": 3, "left": 1}],
            },
        ),
        (
            Stale([Difference("phone", now="2", wanted="3")]),
            {"differences": [{"field": "phone", "now": "2", "mine": "3"}]},
        ),
        (
            OrderChanged([OrderDifference("stock", 3, 0, name="Mug")]),
            {"differences": [{"field": "stock", "name": "Mug", "was": 3, "now": 0}]},
        ),
    ],
)
def test_values_are_numbers_and_texts(error: ShopError, values: dict[str, Any]) -> None:
    assert json.loads(json.dumps(error.values(), cls=DjangoJSONEncoder)) == values
    assert error.code in str(error)


def test_a_value_that_is_not_known_has_no_words() -> None:
    difference = Difference("unit_price", now="", wanted=None)

    assert word_difference(difference) == WordedDifference("unit price", "", "–", "–")
