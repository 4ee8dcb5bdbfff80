"""The rows behind a figure: exactly the facts whose sum it is, and that sum."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import ExtractIsoWeekDay

from shop.db.ids import is_id
from shop.db.transactions import read_in_snapshot
from shop.reports.days import Days
from shop.reports.facts import PAYMENTS, RETURNED_LINES, RETURNS, SALES, SOLD_LINES, Facts
from shop.reports.statements import sum_by

#: What a key without a value is called in an address.
NONE = "none"
#: Keys that are texts. "percent" is a tax rate; the others are whole numbers.
TEXTS = ("code", "kind", "method", "reason")
_PERCENT = re.compile(r"\d{1,2}(\.\d{1,3})?", re.ASCII)
PAGE_SIZE = 100


@dataclass(frozen=True)
class Kind:
    """A kind of facts as a list: its title, its figures with labels, and the relations that a row shows."""

    title: str
    facts: Facts
    counts: Mapping[str, str]
    amounts: Mapping[str, str]
    related: tuple[str, ...] = ()


def _with_weekday(facts: Facts) -> Facts:
    return replace(facts, keys={**facts.keys, "weekday": ExtractIsoWeekDay("business_day")})


KINDS = {
    "sales": Kind(
        "Orders sold",
        _with_weekday(SALES),
        {"orders": "Orders"},
        {"sales": "Sales"},
        ("customer", "placed_by", "created_by"),
    ),
    "sold-lines": Kind("Lines sold", SOLD_LINES, {"quantity": "Quantity"}, {"sales": "Sales"}, ("order",)),
    "returns": Kind(
        "Returns",
        _with_weekday(RETURNS),
        {"return_count": "Returns"},
        {"returns": "Returned"},
        ("order", "author"),
    ),
    "returned-lines": Kind(
        "Lines returned",
        RETURNED_LINES,
        {"returned_quantity": "Quantity"},
        {"returns": "Returned"},
        ("of_return__order",),
    ),
    "payments": Kind(
        "Payments",
        PAYMENTS,
        {"payments": "Payments", "refunds": "Refunds"},
        {"paid": "Paid", "refunded": "Refunded"},
        ("order", "session__register", "author"),
    ),
}


@dataclass(frozen=True)
class RowsBehind:
    """One page of facts, the newest first, and the sums of all pages.

    `next` is the `after` of the next page.
    """

    kind: Kind
    rows: list[Any]
    sums: dict[str, int]
    next: int | None


def read_keys(kind: Kind, query: Mapping[str, str]) -> dict[str, str]:
    """Returns the keys that are in an address. Raises ValueError for one that no row can have."""
    keys = {name: query[name] for name in kind.facts.keys if name in query and name != "day"}
    for name, text in keys.items():
        if not _is_possible(name, text):
            raise ValueError(name)
    return keys


def _is_possible(name: str, text: str) -> bool:
    if text == NONE or name in TEXTS:
        return True
    if name == "percent":
        return _PERCENT.fullmatch(text) is not None
    return is_id(text)


def read_rows(kind: Kind, days: Days, keys: Mapping[str, str], after: int) -> RowsBehind:
    """Reads the facts of these days with these keys; `after` is the id of the last row of the page before."""

    def read() -> RowsBehind:
        rows = _filter_by_keys(kind.facts, kind.facts.between(*days), keys)
        figures = (*kind.counts, *kind.amounts)
        (sums,) = sum_by([kind.facts.select(rows, (), figures)], (), figures)
        page = rows.select_related(*kind.related).order_by("-pk")
        facts = list((page.filter(pk__lt=after) if after else page)[: PAGE_SIZE + 1])
        following = facts[PAGE_SIZE - 1].pk if len(facts) > PAGE_SIZE else None
        values = {name: value or 0 for name, value in zip(figures, sums, strict=True)}
        return RowsBehind(kind, facts[:PAGE_SIZE], values, following)

    return read_in_snapshot("rows behind a figure", read)


def _filter_by_keys(facts: Facts, rows: "QuerySet[Any]", keys: Mapping[str, str]) -> "QuerySet[Any]":
    for name, text in keys.items():
        wanted = facts.keys[name]
        if text == NONE:
            rows = rows.alias(**{f"_{name}": wanted}).filter(**{f"_{name}__isnull": True})
        elif isinstance(wanted, F):
            rows = rows.filter(**{wanted.name: text})
        else:
            rows = rows.alias(**{f"_{name}": wanted}).filter(**{f"_{name}": text})
    return rows
