"""SQL of rankings: the largest of very many sums, without adding up those that cannot be among them.

A stored year or month has one row for each product or customer, and an index with the largest first. Only
the rows that it does not cover are grouped. A key with such rows has its stored sums looked up and added; of
the other keys no more rows are read, in the order of the index, than are wanted.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from shop.reports.statements import fetch, select_sums

#: More rows than any table has.
ALL_ROWS = 2**63 - 1


class Parts(NamedTuple):
    """What some days are made of: a stored year or month, if there is one, and all other rows."""

    stored: "QuerySet[Any] | None"
    rest: "list[QuerySet[Any]]"


def rank_sums(
    parts: Parts,
    key: str,
    figures: Sequence[str],
    *,
    where: str,
    order_by: str,
    limit: int | None,
    beside: tuple[str, str] | None = None,
) -> list[tuple[Any, ...]]:
    """Returns key and sums of the first groups. `where` and `order_by` are SQL of the sums and the key.

    `beside` adds a last column, the same in each row: the sum of its first expression over the groups that
    fulfil its second. The rows that are not stored are then still grouped only once.
    """
    rest, params = _select_rest(parts, key, figures)
    extra = ""
    if beside:
        others, more = _select_groups(parts, key, figures, beside[1])
        extra = f", (SELECT COALESCE(CAST(SUM({beside[0]}) AS bigint), 0) FROM ({others}) AS others)"  # noqa: S608
        params += more
    first = f" ORDER BY {order_by}" + (f" LIMIT {int(limit)}" if limit is not None else "")
    groups, more = _select_groups(parts, key, figures, where, first)
    sql = f"WITH {rest} SELECT chosen.*{extra} FROM ({groups}) AS chosen ORDER BY {order_by}"  # noqa: S608
    return fetch(sql, [*params, *more], limit)


def join_sums(
    rows: "QuerySet[Any]",
    names: Sequence[str],
    parts: Parts,
    figure: str,
    *,
    order_by: str,
    limit: int | None,
) -> list[tuple[Any, ...]]:
    """Returns rows, whose first column is the key of the parts, each with its sum of `figure` or 0.

    `names` are what `order_by`, which is SQL, calls the columns of `rows`.
    """
    quote = connection.ops.quote_name
    key, total = quote(names[0]), quote(figure)
    rest, params = select_sums(parts.rest, (names[0],), (figure,))
    row_sql, row_params = rows.query.sql_with_params()
    added, joins = f"COALESCE(rest.{total}, 0)", f" LEFT JOIN rest ON rest.{key} = a.{key}"
    if parts.stored is not None:
        stored, stored_params = parts.stored.query.sql_with_params()
        params += stored_params
        added += f" + COALESCE(stored.{total}, 0)"
        joins += f" LEFT JOIN ({stored}) AS stored ON stored.{key} = a.{key}"
    sql = (
        f"WITH a ({', '.join(map(quote, names))}) AS ({row_sql}), rest AS ({rest})"  # noqa: S608
        # Without a limit SQLite looks each row up again to sort it: bench/BEFORE_AFTER.md.
        f" SELECT * FROM (SELECT a.*, {added} AS {total} FROM a{joins} LIMIT {ALL_ROWS}) AS joined"
        f" ORDER BY {order_by}"
    )
    return fetch(sql, [*row_params, *params], limit)


def _select_rest(parts: Parts, key: str, figures: Sequence[str]) -> tuple[str, list[Any]]:
    """Returns queries of a WITH and their parameters: `rest`, and `added` with what is stored of its keys."""
    quote = connection.ops.quote_name
    names, column = ", ".join(map(quote, (key, *figures))), quote(key)
    rest, params = select_sums(parts.rest, (key,), figures)
    if parts.stored is None:
        return f"rest AS ({rest}), added AS (SELECT * FROM rest)", params  # noqa: S608
    stored, stored_params = parts.stored.query.sql_with_params()
    added = ", ".join(f"rest.{quote(name)} + COALESCE(stored.{quote(name)}, 0)" for name in figures)
    sql = (
        f"rest AS ({rest}), added ({names}) AS (SELECT rest.{column}, {added} FROM rest"  # noqa: S608
        f" LEFT JOIN ({stored}) AS stored ON stored.{column} = rest.{column})"
    )
    return sql, [*params, *stored_params]


def _select_groups(
    parts: Parts, key: str, figures: Sequence[str], where: str, first: str = ""
) -> tuple[str, list[Any]]:
    """Returns a SELECT of the groups and its parameters. `first` cuts those that have only stored sums."""
    quote = connection.ops.quote_name
    names, column = ", ".join(map(quote, (key, *figures))), quote(key)
    sql = f"SELECT {names} FROM added WHERE {where}"  # noqa: S608
    if parts.stored is None:
        return sql, []
    stored, params = parts.stored.query.sql_with_params()
    alone = (
        f"SELECT {names} FROM ({stored}) AS stored"  # noqa: S608
        f" WHERE {column} NOT IN (SELECT {column} FROM rest) AND ({where}){first}"
    )
    return f"{sql} UNION ALL SELECT * FROM ({alone}) AS alone", list(params)  # noqa: S608
