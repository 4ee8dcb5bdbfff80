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


class Parts(NamedTuple):
    """What some days are made of: a stored year or month, if there is one, and all other rows."""

    stored: "QuerySet[Any] | None"
    rest: "list[QuerySet[Any]]"


def rank_sums(
    parts: Parts, key: str, figures: Sequence[str], *, where: str, order_by: str, limit: int | None
) -> list[tuple[Any, ...]]:
    """Returns key and sums of the first groups. `where` and `order_by` are SQL of the sums and the key."""
    first = f" ORDER BY {order_by}" + (f" LIMIT {int(limit)}" if limit is not None else "")
    sql, params = _select_groups(parts, key, figures, where, first)
    return fetch(f"{sql} ORDER BY {order_by}", params, limit)


def add_up_groups(parts: Parts, key: str, figures: Sequence[str], *, total: str, where: str) -> int:
    """Returns the sum of `total` over the groups that fulfil `where`; both are SQL of the sums."""
    sql, params = _select_groups(parts, key, figures, where)
    summed = f"SELECT COALESCE(CAST(SUM({total}) AS bigint), 0) FROM ({sql}) AS chosen"  # noqa: S608
    return int(fetch(summed, params, None)[0][0])


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
    columns = ", ".join(map(quote, names))
    sql = (
        f"WITH a ({columns}) AS ({row_sql}), rest AS ({rest}),"  # noqa: S608
        f" joined AS (SELECT a.*, {added} AS {total} FROM a{joins})"
        f" SELECT * FROM joined ORDER BY {order_by}"
    )
    return fetch(sql, [*row_params, *params], limit)


def _select_groups(
    parts: Parts, key: str, figures: Sequence[str], where: str, first: str = ""
) -> tuple[str, list[Any]]:
    """Returns a SELECT of the groups and its parameters. `first` cuts those that have only stored sums."""
    quote = connection.ops.quote_name
    names, column = ", ".join(map(quote, (key, *figures))), quote(key)
    rest, params = select_sums(parts.rest, (key,), figures)
    if parts.stored is None:
        return f"SELECT {names} FROM ({rest}) AS sums WHERE {where}", params  # noqa: S608
    stored, stored_params = parts.stored.query.sql_with_params()
    added = ", ".join(f"rest.{quote(name)} + COALESCE(stored.{quote(name)}, 0)" for name in figures)
    sql = (
        f"WITH rest AS ({rest}), sums ({names}) AS ("  # noqa: S608
        f"SELECT rest.{column}, {added} FROM rest"
        f" LEFT JOIN ({stored}) AS stored ON stored.{column} = rest.{column}"
        f" UNION ALL SELECT * FROM (SELECT {names} FROM ({stored}) AS stored"
        f" WHERE {column} NOT IN (SELECT {column} FROM rest) AND ({where}){first}) AS alone)"
        f" SELECT {names} FROM sums WHERE {where}"
    )
    return sql, [*params, *stored_params, *stored_params]
