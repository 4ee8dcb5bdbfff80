"""/order/<id>/return/."""

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

from django.http import HttpRequest, HttpResponse

from shop.api import bodies, paging
from shop.api.base import ApiView
from shop.api.fields import read_fields
from shop.api.responses import make_response
from shop.db.errors import InvalidValue
from shop.orders.api_bodies import is_quantity, read_id, read_reason
from shop.orders.quote_api import write_amounts
from shop.orders.services.drafts import MAX_LINES
from shop.returns.errors import ReasonMissing
from shop.returns.models import Return
from shop.returns.services import NOT_GIVEN, return_goods


class WantedReturn(NamedTuple):
    """A return as a client sends it: pairs of a line's id and a quantity."""

    lines: tuple[tuple[int, int], ...]
    reason: str
    restock: bool


class ReturnsView(ApiView):
    """Goods that come back."""

    permissions: ClassVar = {"POST": ("add_return",)}
    field_of: ClassVar = {ReasonMissing: "reason", InvalidValue: "lines"}

    def post(self, request: HttpRequest, pk: None) -> HttpResponse:
        """Takes back `{"lines": [{"id", "quantity"}], "reason", "restock": true}` of a placed order.

        A line's `id` is its own, as GET /order/<id>/ gives it in `lines`. Without a `reason` the stored one
        is "not given"; units go back into stock unless `restock` is false.
        """
        order_id = paging.parse_row_id(self.kwargs["order_id"])
        wanted = read_return(bodies.read_object(request))
        made = return_goods(
            reference=order_id,
            lines=wanted.lines,
            reason=wanted.reason,
            restock=wanted.restock,
            staff_id=self.staff_id,
            once=self.read_once(request, "return", [order_id, *wanted]),
        )
        return make_response(write_return(made))


def read_return(body: Mapping[str, Any]) -> WantedReturn:
    """Returns the return that `body` describes; ignores unknown fields. Raises InvalidFields."""
    values = read_fields(body, lines=_read_lines, reason=read_reason, restock=_read_restock)
    return WantedReturn(values["lines"], values["reason"] or NOT_GIVEN, values["restock"])


def _read_lines(value: Any) -> tuple[tuple[int, int], ...]:
    if not isinstance(value, list) or not value:
        raise ValueError("Send a list of at least one line: [{“id”: …, “quantity”: …}].")
    if len(value) > MAX_LINES:
        raise ValueError(f"A return has {MAX_LINES} lines at most.")
    return tuple(_read_line(position, entry) for position, entry in enumerate(value, start=1))


def _read_line(position: int, entry: Any) -> tuple[int, int]:
    """Reads an entry of the list; positions count from 1. Raises ValueError."""
    line_id = read_id(entry)
    if not line_id:
        raise ValueError(f"Line {position} of the list needs the id of an order's line.")
    quantity = entry.get("quantity")
    if not is_quantity(quantity):
        raise ValueError(f"Line {position} of the list needs a quantity: a whole number from 1.")
    return line_id, quantity


def _read_restock(value: Any) -> bool:
    if value is None:
        return True
    if not isinstance(value, bool):
        raise ValueError("Send true or false.")
    return value


def write_return(made: Return) -> dict[str, Any]:
    """Returns a return of an order; `balance` is that of the order, null where no money is kept."""
    return {
        "id": made.pk,
        **write_amounts(made, "gross", "net", "tax"),
        **write_amounts(made.order, "balance"),
    }
