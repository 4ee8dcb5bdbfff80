"""The words for errors about an order's state, and for the events of its timeline."""

from typing import Any, get_args

import pytest

from shop.models import Order, OrderEvent
from shop.orders.errors import WantedAction, WrongState
from shop.orders.events import describe_event
from shop.web.wording import word_error


@pytest.mark.parametrize("wanted", get_args(WantedAction))
@pytest.mark.parametrize("status", Order.Status.values)
def test_every_wish_that_a_status_does_not_allow_has_words(wanted: WantedAction, status: str) -> None:
    assert "K7M-2QX4" in word_error(WrongState("K7M-2QX4", status, wanted))


@pytest.mark.parametrize("kind", OrderEvent.Kind.values)
def test_an_event_without_parameters_says_no_more_than_its_kind(kind: str) -> None:
    assert describe_event(OrderEvent(kind=kind)) == ""


@pytest.mark.parametrize(
    ("kind", "parameters", "words"),
    [
        ("placed", {"subtotal": "1234.50"}, "$1,234.50"),
        ("opened", {"copied_from": "K7M-2QX4", "left_out": []}, "Copied from K7M-2QX4"),
        ("reopened", {"undone": "fulfilled"}, "Fulfilling was undone"),
        ("corrected", {"field": "note"}, "Note changed"),
        (
            "imported",
            {"invoice": "9001", "country": "", "file": "a.csv"},
            "Invoice 9001, no country, from a.csv",
        ),
    ],
)
def test_an_event_is_worded_when_it_is_shown(kind: str, parameters: dict[str, Any], words: str) -> None:
    assert describe_event(OrderEvent(kind=kind, parameters=parameters)) == words
