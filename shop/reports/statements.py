"""SQL that Django cannot say: sums over a UNION ALL of QuerySets, read or stored by the database itself.

The rows of a day stay in the database: nothing is fetched to be stored again.
"""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import connection, models
from django.db.models import QuerySet


def sum_by(
    pieces: Sequence["QuerySet[Any]"],
    keys: Sequence[str],
    figures: Sequence[str],
    *,
    order_by: str = "",
    limit: int | None = None,
    only_nonzero: bool = False,
) -> list[tuple[Any, ...]]:
    """Returns a row of keys and sums for each group of the rows of all pieces. `order_by` is SQL.

    With `only_nonzero`, groups whose sums are all 0 are left out.
    """
    sql, params = select_sums(pieces, keys, figures)
    if only_nonzero:
        sums = (f"SUM({connection.ops.quote_name(figure)}) <> 0" for figure in figures)
        sql += f" HAVING {' OR '.join(sums)}"
    sql += f" ORDER BY {order_by}" if order_by else ""
    rows = fetch(sql, params, limit)
    parsers = [_PARSERS.get(key) for key in keys]
    if not any(parsers):
        return rows
    parsers += [None] * len(figures)
    return [
        tuple(parse(value) if parse else value for parse, value in zip(parsers, row, strict=True))
        for row in rows
    ]


def fetch(sql: str, params: Sequence[Any], limit: int | None) -> list[tuple[Any, ...]]:
    """Returns the first `limit` rows, or all."""
    sql += f" LIMIT {int(limit)}" if limit is not None else ""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def store_sums(
    model: type[models.Model],
    pieces: Sequence["QuerySet[Any]"],
    keys: Sequence[str],
    figures: Sequence[str],
    *,
    add: bool = False,
) -> None:
    """Stores a row of keys and sums for each group; with `add`, adds to the rows that exist."""
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    columns = ", ".join(quote(name) for name in (*keys, *figures))
    sql, params = select_sums(pieces, keys, figures)
    if add:
        sums = ", ".join(f"{quote(f)} = {table}.{quote(f)} + excluded.{quote(f)}" for f in figures)
        sql += f" ON CONFLICT ({', '.join(map(quote, keys))}) DO UPDATE SET {sums}"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({columns}) {sql}", params)


def select_sums(
    pieces: Sequence["QuerySet[Any]"], keys: Sequence[str], figures: Sequence[str]
) -> tuple[str, list[Any]]:
    """Returns a SELECT of the sums by key, and its parameters. The columns have the names given here."""
    quote = connection.ops.quote_name
    compiled = [piece.query.sql_with_params() for piece in pieces]
    names = ", ".join(quote(name) for name in (*keys, *figures))
    nothing = f"SELECT {', '.join('0' for _ in (*keys, *figures))} WHERE 1 = 0"
    union = " UNION ALL ".join(sql for sql, _ in compiled) or nothing
    # The sum of a whole number of 64 bits has more digits in PostgreSQL.
    sums = [f"CAST(SUM({quote(figure)}) AS bigint) AS {quote(figure)}" for figure in figures]
    grouped = ", ".join(map(quote, keys))
    # With the condition, SQLite does not take ON CONFLICT for a part of the SELECT.
    selected = ", ".join([*map(quote, keys), *sums])
    sql = f"WITH piece ({names}) AS ({union}) SELECT {selected} FROM piece WHERE 1 = 1"  # noqa: S608
    return sql + (f" GROUP BY {grouped}" if keys else ""), [p for _, params in compiled for p in params]


def _parse_day(value: Any) -> datetime.date | None:
    return datetime.date.fromisoformat(value) if isinstance(value, str) else value


def _parse_percent(value: Any) -> Decimal:
    return value if isinstance(value, Decimal) else round(Decimal(str(value)), 3)


#: SQLite has no type for days and percents: it returns texts and floats.
_PARSERS = {"day": _parse_day, "percent": _parse_percent}
