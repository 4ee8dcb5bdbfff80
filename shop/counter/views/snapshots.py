"""The snapshot of an exchange: what was chosen, and the figures that the page showed."""

from dataclasses import astuple, dataclass
from typing import Any

from shop.counter.exchange import SeenExchange
from shop.counter.forms import MAX_GOODS
from shop.db.ids import MAX_ID
from shop.money.amounts import MAX_QUANTITY
from shop.orders.services.drafts import MAX_LINES
from shop.orders.views.snapshots import decode_amount
from shop.web.snapshots import LOAD_PAGE_ANEW, Snapshot, check_text, check_whole

Pairs = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class PlannedExchange:
    """A chosen exchange: pairs of line id and units, pairs of product id and quantity, and the figures."""

    units: Pairs
    items: Pairs
    reason: str
    restock: bool
    seen: SeenExchange


def _decode_pairs(value: Any, most: int) -> Pairs:
    if len(value) > most:
        raise ValueError("more than a page shows")
    return tuple(
        (check_whole(pk, 1, MAX_ID), check_whole(quantity, 1, MAX_QUANTITY)) for pk, quantity in value
    )


def _encode(plan: PlannedExchange) -> object:
    *amounts, given = astuple(plan.seen)
    texts = [[str(amount) for amount in amounts], [(method, str(amount)) for method, amount in given]]
    return [plan.units, plan.items, plan.reason, plan.restock, *texts]


def _decode(value: Any) -> PlannedExchange:
    units, items, reason, restock, amounts, given = value
    returned, total, to_pay, refund = map(decode_amount, amounts)
    back = tuple((check_text(method), decode_amount(amount)) for method, amount in given)
    return PlannedExchange(
        _decode_pairs(units, MAX_LINES),
        _decode_pairs(items, MAX_GOODS),
        check_text(reason),
        restock is True,
        SeenExchange(returned, total, to_pay, refund, back),
    )


#: The exchange that a page shows; its row is the order's reference.
EXCHANGE = Snapshot[PlannedExchange]("exchange", LOAD_PAGE_ANEW, _encode, _decode)
