"""The rows behind a figure: exactly the facts whose sum it is, and that sum."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, QuerySet

from shop.db.ids import MAX_ID, is_id
from shop.db.transactions import read_in_snapshot
from shop.payments.models import Payment
from shop.reports.days import Days
from shop.reports.facts import PAYMENTS, RETURNED_LINES, RETURNS, SALES, SOLD_LINES, Facts
from shop.reports.key_names import name_keys
from shop.reports.statements import sum_by
from shop.returns.models import Return

#: The parameter of an address that names keys without a value. A text such as "none" may be a value.
WITHOUT = "without"
#: Keys that are typed texts, and the most characters that one has. "percent" is a tax rate; keys that are
#: neither these nor choices are whole numbers, of which some have a range.
TEXTS, MAX_TEXT = ("code", "reason"), 200
RANGES = {"hour": range(24), "weekday": range(1, 8)}
CHOICES = {"kind": Return.Kind.values, "method": Payment.Method.values}
_PERCENT = re.compile(r"\d{1,2}(\.\d{1,3})?", re.ASCII)
PAGE_SIZE = 100
#: Keys by name; None is for rows without a value.
Keys = Mapping[str, str | None]


@dataclass(frozen=True)
class FactList:
    """One kind of facts as a list: its title, its figures with labels, and the relations that a row shows.

    `about` is the label of the column that says what a row is about. `of_lines` is for facts that have a
    quantity and no clerk of their own.
    """

    title: str
    facts: Facts
    counts: Mapping[str, str]
    amounts: Mapping[str, str]
    about: str
    related: tuple[str, ...] = ()
    of_lines: bool = False


FACT_LISTS = {
    "sales": FactList(
        "Orders sold",
        SALES,
        {"orders": "Orders"},
        {"sales": "Sales"},
        "Customer",
        ("customer", "placed_by", "created_by"),
    ),
    "sold-lines": FactList(
        "Lines sold",
        SOLD_LINES,
        {"quantity": "Quantity"},
        {"sales": "Sales"},
        "Product",
        ("order",),
        of_lines=True,
    ),
    "returns": FactList(
        "Returns",
        RETURNS,
        {"return_count": "Returns"},
        {"returns": "Returned"},
        "Kind and reason",
        ("order", "author"),
    ),
    "returned-lines": FactList(
        "Lines returned",
        RETURNED_LINES,
        {"returned_quantity": "Quantity"},
        {"returns": "Returned"},
        "Product",
        ("of_return__order",),
        of_lines=True,
    ),
    "payments": FactList(
        "Payments",
        PAYMENTS,
        {"payments": "Payments", "refunds": "Refunds"},
        {"paid": "Paid", "refunded": "Refunded"},
        "Method and till",
        ("order", "session__register", "author"),
    ),
}


@dataclass(frozen=True)
class RowsBehind:
    """One page of facts, the newest first, and the sums of all pages.

    `chosen` is whose rows they are: label and name of each key. `next` is the `after` of the next page.
    """

    fact_list: FactList
    rows: list[Any]
    sums: dict[str, int]
    chosen: list[tuple[str, str]]
    next: int | None


def read_keys(fact_list: FactList, query: Mapping[str, str], without: Sequence[str]) -> dict[str, str | None]:
    """Returns the keys that are in an address; `without` names those that are without a value.

    Raises ValueError for one that no row can have.
    """
    names = [name for name in fact_list.facts.keys if name != "day"]
    keys: dict[str, str | None] = {name: query[name] for name in names if name in query}
    for name, text in keys.items():
        if not _is_possible(name, text or ""):
            raise ValueError(name)
    for name in without:
        if name not in names or name in keys:
            raise ValueError(name)
        keys[name] = None
    return keys


def write_query(keys: Mapping[str, Any]) -> str:
    """Returns keys, and other parameters, as the query of an address."""
    return urlencode([(WITHOUT, name) if value is None else (name, value) for name, value in keys.items()])


def _is_possible(name: str, text: str) -> bool:
    if name in TEXTS:
        # PostgreSQL takes no text with this character.
        return len(text) <= MAX_TEXT and "\0" not in text
    if name in CHOICES:
        return text in CHOICES[name]
    if name == "percent":
        return _PERCENT.fullmatch(text) is not None
    return is_id(text) and int(text) in RANGES.get(name, range(MAX_ID + 1))


def read_rows(fact_list: FactList, days: Days, keys: Keys, after: int) -> RowsBehind:
    """Reads the facts of these days with these keys; `after` is the id of the last row of the page before."""

    def read() -> RowsBehind:
        facts = fact_list.facts
        rows = _filter_by_keys(facts, facts.between(*days), keys)
        figures = (*fact_list.counts, *fact_list.amounts)
        (sums,) = sum_by([facts.select(rows, (), figures)], (), figures)
        page = rows.select_related(*fact_list.related).order_by("-pk")
        found = list((page.filter(pk__lt=after) if after else page)[: PAGE_SIZE + 1])
        following = found[PAGE_SIZE - 1].pk if len(found) > PAGE_SIZE else None
        values = {name: value or 0 for name, value in zip(figures, sums, strict=True)}
        return RowsBehind(fact_list, found[:PAGE_SIZE], values, name_keys(keys), following)

    return read_in_snapshot("rows behind a figure", read)


def _filter_by_keys(facts: Facts, rows: "QuerySet[Any]", keys: Keys) -> "QuerySet[Any]":
    for name, text in keys.items():
        wanted = facts.keys[name]
        if text is None:
            rows = rows.alias(**{f"_{name}": wanted}).filter(**{f"_{name}__isnull": True})
        elif isinstance(wanted, F):
            rows = rows.filter(**{wanted.name: text})
        else:
            rows = rows.alias(**{f"_{name}": wanted}).filter(**{f"_{name}": text})
    return rows
