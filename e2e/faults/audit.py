"""Compares what clients were told with what the database holds."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from e2e.faults.databases import Database
from e2e.faults.journal import Journal

PLACED = {"placed", "fulfilled"}


@dataclass
class Order:
    """A stored order with the sums of its lines, events and stock movements."""

    id: int
    reference: str
    status: str
    subtotal: Decimal
    was_placed: bool
    imported: str | None
    lines: Counter[str] = field(default_factory=Counter)
    amount: Decimal = Decimal(0)
    events: Counter[str] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)


@dataclass
class Audit:
    """The findings of an audit. If every promise was kept, all lists are empty."""

    acknowledged: int = 0
    stored: int = 0
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
    """The database's rows, loaded at a quiet moment."""

    def __init__(self, database: Database) -> None:
        self.orders: dict[int, Order] = {}
        for pk, reference, status, subtotal, placed_at, number in database.rows(
            "SELECT id, reference, status, subtotal, placed_at, external_number FROM shop_order"
        ):
            self.orders[pk] = Order(pk, reference, status, money(subtotal), placed_at is not None, number)
        self.by_reference = {order.reference: order for order in self.orders.values()}
        self._load_lines(database)
        # Clients' keys without their user, whose name stands before the first colon: each is random here.
        rows = database.rows("SELECT key, object_id FROM shop_idempotencykey WHERE key LIKE 'client%'")
        self.keys = {str(key).partition(":")[2]: int(pk) for key, pk in rows}
        self.stock = {
            str(pk): (stock, money(price))
            for pk, stock, price in database.rows("SELECT id, stock, unit_price FROM shop_product")
        }
        self.ledger: Counter[str] = Counter()
        self.adjusted: dict[int, tuple[str, int]] = {}
        self._load_movements(database)

    def _load_lines(self, database: Database) -> None:
        for order, product, quantity, price in database.rows(
            "SELECT order_id, product_id, quantity, unit_price FROM shop_orderline"
        ):
            self.orders[order].lines[str(product)] += quantity
            self.orders[order].amount += quantity * money(price)
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


def money(value: Any) -> Decimal:
    """Returns an amount as a Decimal, because SQLite gives a float."""
    return Decimal(str(value)).quantize(Decimal("0.01"))


def audit(journal: Journal, database: Database) -> Audit:
    """Checks every promise of docs/RELIABILITY.md for every order."""
    findings, books = Audit(), Books(database)
    told: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in journal.read():
        told[entry["what"]].append(entry)
    _check_acknowledged(findings, books, [entry for entry in told["order"] if entry["told"] == "done"])
    _check_doubled(findings, books, told["order"])
    _check_adjustments(findings, books, told["stock"])
    _check_cancelled(findings, books, told["cancel"])
    for order in books.orders.values():
        findings.wrong += _problems(order)
    _check_stock(findings, books)
    return findings


def _check_acknowledged(findings: Audit, books: Books, told: Iterable[dict[str, Any]]) -> None:
    references: dict[str, str] = {}
    for entry in told:
        name = entry.get("key") or entry["reference"]
        if references.setdefault(name, entry["reference"]) != entry["reference"]:
            findings.doubled.append(f"{name} was answered with two orders: {references[name]}, {entry}")
        order = books.by_reference.get(entry["reference"])
        if order is None or not order.was_placed:
            findings.lost.append(f"acknowledged, but not there: {entry}")
        elif order.lines != Counter(entry["lines"]) or order.subtotal != Decimal(entry["total"]):
            findings.wrong.append(f"{order} is not what was acknowledged: {entry}")
        elif "key" in entry and books.keys.get(entry["key"]) != order.id:
            findings.lost.append(f"the key of {entry} is not that of {order.reference}")
    findings.acknowledged = len(references)


def _check_doubled(findings: Audit, books: Books, told: list[dict[str, Any]]) -> None:
    """Checks that somebody asked for each placed order, and that no key or draft made two."""
    asked = {entry["reference"] for entry in told if entry["path"] == "desk"}
    asked_keys = {entry["key"] for entry in told if entry["path"] == "api"}
    stored = Counter(pk for key, pk in books.keys.items() if key in asked_keys)
    numbers = Counter(order.imported for order in books.orders.values() if order.imported)
    findings.doubled += [
        f"invoice {number} is there {count} times" for number, count in numbers.items() if count > 1
    ]
    for order in books.orders.values():
        if not order.was_placed or order.imported:
            continue
        findings.stored += 1
        if (order.reference in asked) + stored[order.id] != 1:
            findings.doubled.append(f"nobody asked for {order}")


def _check_adjustments(findings: Audit, books: Books, told: list[dict[str, Any]]) -> None:
    stored = Counter[int]()
    for entry in told:
        pk = books.keys.get(entry["key"])
        if entry["told"] == "asked" and pk is not None:
            stored[pk] += 1
        if entry["told"] == "done" and books.adjusted.get(pk or 0) != (
            str(entry["product"]),
            entry["quantity"],
        ):
            findings.lost.append(f"acknowledged, but not there: {entry}")
    findings.doubled += [
        f"stock entry {pk} of {books.adjusted[pk]}" for pk in books.adjusted if stored[pk] != 1
    ]


def _check_cancelled(findings: Audit, books: Books, told: list[dict[str, Any]]) -> None:
    for entry in told:
        if entry["told"] == "done" and books.by_reference[entry["reference"]].status != "cancelled":
            findings.lost.append(f"acknowledged, but not cancelled: {entry}")


def _problems(order: Order) -> list[str]:
    """Returns the contradictions within one order."""
    problems = []
    if order.subtotal != order.amount:
        problems.append(f"the lines add up to {order.amount}: {order}")
    if order.was_placed and not order.lines:
        problems.append(f"placed without a line: {order}")
    if order.was_placed and order.events["imported" if order.imported else "placed"] != 1:
        problems.append(f"not one event of placing: {order}")
    if order.events["cancelled"] != (order.status == "cancelled" and order.was_placed):
        problems.append(f"not one event of cancelling: {order}")
    sold = {pk: -count for pk, count in order.lines.items()} if order.status in PLACED else {}
    moved = {pk: count for pk, count in order.moved.items() if count}
    if moved != ({} if order.imported else sold):
        problems.append(f"moved {moved} of stock: {order}")
    return problems


def _check_stock(findings: Audit, books: Books) -> None:
    for product, (stock, _) in books.stock.items():
        if stock is None:
            continue
        if stock < 0:
            findings.oversold.append(f"product {product} has {stock} left")
        if stock != books.ledger[product]:
            findings.wrong.append(
                f"product {product} has {stock}, its entries add up to {books.ledger[product]}"
            )
