"""Compares the payments, returns and documents of all orders with what clients asked for.

A request about money says beforehand what it will enter. Its key is stored together with these entries, so
all entries of an order are exactly those of the keys that are stored: one more was paid or refunded twice,
one less was lost.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from e2e.faults.books import Books, Findings, Order, read_amount
from e2e.faults.databases import Database

#: Counts of facts, by order.
Facts = defaultdict[int, Counter[Any]]
#: The kinds of documents that sales and exchanges issue.
ISSUED = ("receipt", "credit_note")


class Ledger:
    """Payments, units that came back, and documents: those that are stored, or those that were asked for."""

    def __init__(self) -> None:
        self.payments: Facts = defaultdict(Counter)
        self.units: Facts = defaultdict(Counter)
        self.papers: Facts = defaultdict(Counter)


class Accounts(Ledger):
    """The rows about money."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.payment_order: dict[int, int] = {}
        for pk, order, method, amount in database.rows(
            "SELECT id, order_id, method, amount FROM shop_payment"
        ):
            self.payment_order[pk] = order
            self.payments[order][method, read_amount(amount)] += 1
        self.return_order: dict[int, int] = {}
        self.given_back = Counter[int]()
        self.kinds: Facts = defaultdict(Counter)
        self.gross: dict[int, Decimal] = defaultdict(Decimal)
        self.restocked: Facts = defaultdict(Counter)
        self._load_returns(database)
        self._load_papers(database)

    def _load_returns(self, database: Database) -> None:
        for pk, order, kind, gross in database.rows(
            "SELECT id, order_id, kind, gross FROM shop_return WHERE order_id IS NOT NULL"
        ):
            self.return_order[pk] = order
            self.kinds[order][kind] += 1
            self.gross[order] += read_amount(gross)
        for order, kind, line, product, quantity, restock in database.rows(
            "SELECT r.order_id, r.kind, l.line_id, l.product_id, l.quantity, l.restock FROM shop_returnline l"
            " JOIN shop_return r ON r.id = l.of_return_id WHERE r.order_id IS NOT NULL"
        ):
            self.given_back[line] += quantity
            if kind == "goods":
                self.units[order][line] += quantity
            if restock:
                self.restocked[order][str(product)] += quantity

    def _load_papers(self, database: Database) -> None:
        self.next_number = dict(database.rows("SELECT id, next_number FROM shop_register"))
        self.series: Facts = defaultdict(Counter)
        self.numbers = Counter[str]()
        for register, sequence, number, kind, order in database.rows(
            "SELECT register_id, sequence, number, kind, order_id FROM shop_document"
        ):
            self.series[register][sequence] += 1
            self.numbers[number] += 1
            if kind in ISSUED:
                self.papers[order][kind] += 1


def check_money(findings: Findings, books: Books, database: Database, told: Iterable[dict[str, Any]]) -> None:
    """Adds to `findings` what is wrong with payments, returns and documents."""
    accounts = Accounts(database)
    by_key: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in told:
        by_key[entry["key"]].append(entry)
    wanted = Ledger()
    for key, entries in by_key.items():
        _check_answers(findings, books, accounts, key, entries)
        if key in books.keys:
            _add_wanted(wanted, books, entries[0], books.keys[key])
    findings.documents = sum(accounts.numbers.values())
    for name in ("payments", "units", "papers"):
        _compare(findings, books, name, getattr(accounts, name), getattr(wanted, name))
    _check_numbers(findings, accounts)
    _check_orders(findings, books, accounts)


def _check_answers(
    findings: Findings, books: Books, accounts: Accounts, key: str, entries: list[dict[str, Any]]
) -> None:
    """Checks that all answers to a key name the one row that the key made."""
    done = [entry for entry in entries if entry["told"] == "done"]
    if not done:
        return
    findings.money[done[0]["name"]] += 1
    made = {str(entry["made"]) for entry in done}
    if len(made) > 1:
        findings.doubled.append(f"key {key} was answered with {made}: {done[0]}")
    pk = books.keys.get(key)
    if pk is None:
        findings.lost.append(f"acknowledged, but its key is not there: {done[0]}")
        return
    name, order = done[0]["name"], books.by_reference.get(done[0]["order"])
    if name in ("payment", "refund", "return"):
        rows = accounts.return_order if name == "return" else accounts.payment_order
        found = order is not None and rows.get(pk) == order.id and made == {str(pk)}
    else:
        found = pk in books.orders and made == {books.orders[pk].reference}
    if not found:
        findings.lost.append(f"the key made row {pk}, which is not what was acknowledged: {done[0]}")


def _add_wanted(wanted: Ledger, books: Books, entry: dict[str, Any], made: int) -> None:
    """Adds the entries of a request whose key is stored. `made` stands for an order that is None."""
    for reference, method, amount in entry["payments"]:
        wanted.payments[_find(books, reference, made)][method, Decimal(amount)] += 1
    for line, quantity in entry["units"].items():
        wanted.units[_find(books, entry["order"], made)][int(line)] += quantity
    for reference, kind in entry["papers"]:
        wanted.papers[_find(books, reference, made)][kind] += 1


def _find(books: Books, reference: str | None, made: int) -> int:
    """Returns the id of an order; 0 if it is not there."""
    if reference is None:
        return made
    return books.by_reference[reference].id if reference in books.by_reference else 0


def _compare(findings: Findings, books: Books, name: str, stored: Facts, wanted: Facts) -> None:
    for pk in stored.keys() | wanted.keys():
        reference = books.orders[pk].reference if pk in books.orders else "an order that is gone"
        if more := stored[pk] - wanted[pk]:
            findings.doubled.append(f"{name} of {reference} that nobody asked for: {dict(more)}")
        if less := wanted[pk] - stored[pk]:
            findings.lost.append(f"{name} of {reference} that are not there: {dict(less)}")


def _check_numbers(findings: Findings, accounts: Accounts) -> None:
    """Checks that the documents of each register count 1, 2, 3 … up to its next number."""
    findings.doubled += [f"document {number}" for number, count in accounts.numbers.items() if count > 1]
    for register, following in accounts.next_number.items():
        stored, wanted = accounts.series[register], Counter(range(1, following))
        if doubled := sorted(stored - wanted):
            findings.doubled.append(f"documents of register {register} beyond its count: {doubled}")
        if missing := sorted(wanted - stored):
            findings.lost.append(f"documents of register {register} that are missing: {missing}")


def _check_orders(findings: Findings, books: Books, accounts: Accounts) -> None:
    for pk, (order_id, quantity) in books.lines.items():
        order, back = books.orders[order_id], accounts.given_back[pk]
        is_cancelled = order.status == "cancelled" and order.was_placed
        if back > quantity or (is_cancelled and back != quantity):
            findings.wrong.append(f"{back} of {quantity} came back of line {pk} of {order}")
    for order in books.orders.values():
        findings.wrong += _problems(order, accounts)


def _problems(order: Order, accounts: Accounts) -> list[str]:
    """Returns the contradictions within the account of one order."""
    problems = []
    paid = sum((amount * count for (_, amount), count in accounts.payments[order.id].items()), Decimal(0))
    if order.paid != paid:
        problems.append(f"its payments add up to {paid}: {order}")
    if order.returned != accounts.gross[order.id]:
        problems.append(f"its returns add up to {accounts.gross[order.id]}: {order}")
    if accounts.payments[order.id] and order.balance is None:
        problems.append(f"it has payments and no balance: {order}")
    left = (order.total or Decimal(0)) - order.returned - order.paid
    if order.balance is not None and order.balance != left:
        problems.append(f"the balance is not what is left: {order}")
    if order.events["returned"] != accounts.kinds[order.id]["goods"]:
        problems.append(f"not one event a return: {order}")
    sold = Counter[str]() if order.imported or not order.was_placed else order.lines
    moved = Counter(accounts.restocked[order.id])
    moved.subtract(sold)
    if _without_zeros(moved) != _without_zeros(order.moved):
        problems.append(f"moved {order.moved} of stock, and {moved} is right: {order}")
    return problems


def _without_zeros(counts: Counter[str]) -> dict[str, int]:
    return {pk: count for pk, count in counts.items() if count}
