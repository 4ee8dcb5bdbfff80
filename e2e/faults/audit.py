"""Compares what clients were told with what the database holds."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from e2e.faults import money_audit, till_audit
from e2e.faults.books import Books, Findings, Order
from e2e.faults.databases import Database
from e2e.faults.journal import Journal


def audit(journal: Journal, database: Database) -> Findings:
    """Checks every promise of docs/RELIABILITY.md for every order."""
    findings, books = Findings(), Books(database)
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
    money_audit.check_money(findings, books, database, told["money"])
    till_audit.check_tills(findings, database, told["closing"])
    return findings


def _check_acknowledged(findings: Findings, books: Books, told: Iterable[dict[str, Any]]) -> None:
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


def _check_doubled(findings: Findings, books: Books, told: list[dict[str, Any]]) -> None:
    """Checks that somebody asked for each placed order, and that no key or draft made two."""
    asked = {entry["reference"] for entry in told if entry["path"] == "desk"}
    asked_keys = {entry["key"] for entry in told if entry["path"] != "desk"}
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


def _check_adjustments(findings: Findings, books: Books, told: list[dict[str, Any]]) -> None:
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


def _check_cancelled(findings: Findings, books: Books, told: list[dict[str, Any]]) -> None:
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
    return problems


def _check_stock(findings: Findings, books: Books) -> None:
    for product, (stock, _) in books.stock.items():
        if stock is None:
            continue
        if stock < 0:
            findings.oversold.append(f"product {product} has {stock} left")
        if stock != books.ledger[product]:
            findings.wrong.append(
                f"product {product} has {stock}, its entries add up to {books.ledger[product]}"
            )
