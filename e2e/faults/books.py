"""The rows that an audit reads while no transaction is open, and the findings of the audit."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from e2e.faults.databases import Database


@dataclass
class Order:
    """A stored order with the sums of its lines, events and stock movements."""

    id: int
    reference: str
    status: str
    subtotal: Decimal
    was_placed: bool
    imported: str | None
    total: Decimal | None
    returned: Decimal
    paid: Decimal
    balance: Decimal | None
    lines: Counter[str] = field(default_factory=Counter)
    amount: Decimal = Decimal(0)
    events: Counter[str] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)


@dataclass
class Findings:
    """What an audit found. If every promise was kept, all lists are empty."""

    acknowledged: int = 0
    stored: int = 0
    #: Acknowledged requests about money, by name, and documents that are stored.
    money: Counter[str] = field(default_factory=Counter)
    documents: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    oversold: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def broken(self) -> list[str]:
        return [
            f"{name}: {what}"
            for name in ("lost", "doubled", "oversold", "wrong")
            for what in getattr(self, name)
        ]


class Books:
    """The rows of orders, keys and stock, loaded while no transaction is open."""

    def __init__(self, database: Database) -> None:
        self.orders: dict[int, Order] = {}
        for pk, reference, status, subtotal, placed, number, *amounts in database.rows(
            "SELECT id, reference, status, subtotal, placed_at, external_number,"
            " total, returned, paid, balance FROM shop_order"
        ):
            self.orders[pk] = Order(
                pk,
                reference,
                status,
                read_amount(subtotal),
                placed is not None,
                number,
                *map(read_optional_amount, amounts),
            )
        self.by_reference = {order.reference: order for order in self.orders.values()}
        self._load_lines(database)
        # Clients' keys without their user, whose name stands before the first colon: each is random here.
        rows = database.rows("SELECT key, object_id FROM shop_idempotencykey WHERE key LIKE 'client%'")
        self.keys = {str(key).partition(":")[2]: int(pk) for key, pk in rows}
        self.stock = {
            str(pk): (stock, read_amount(price))
            for pk, stock, price in database.rows("SELECT id, stock, unit_price FROM shop_product")
        }
        self.ledger: Counter[str] = Counter()
        self.adjusted: dict[int, tuple[str, int]] = {}
        self._load_movements(database)

    def _load_lines(self, database: Database) -> None:
        #: The id of its order and the quantity of each order line.
        self.lines: dict[int, tuple[int, int]] = {}
        for pk, order, product, quantity, price in database.rows(
            "SELECT id, order_id, product_id, quantity, unit_price FROM shop_orderline"
        ):
            self.lines[pk] = order, quantity
            self.orders[order].lines[str(product)] += quantity
            self.orders[order].amount += quantity * read_amount(price)
        for order, kind in database.rows("SELECT order_id, kind FROM shop_orderevent"):
            self.orders[order].events[kind] += 1

    def _load_movements(self, database: Database) -> None:
        for pk, product, order, quantity, reason in database.rows(
            "SELECT id, product_id, order_id, quantity, reason FROM shop_stockmovement"
        ):
            self.ledger[str(product)] += quantity
            if order is not None:
                self.orders[order].moved[str(product)] += quantity
            elif reason in ("received", "damaged"):
                self.adjusted[pk] = (str(product), quantity)


def read_amount(value: Any) -> Decimal:
    """Returns an amount as a Decimal, because SQLite gives a float."""
    return Decimal(str(value)).quantize(Decimal("0.01"))


def read_optional_amount(value: Any) -> Any:
    return None if value is None else read_amount(value)
