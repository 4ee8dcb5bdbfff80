"""SQL of rankings: the largest of very many sums, without adding up those that cannot be among them.

A stored year or month has one row for each product or customer, and an index with the largest first. Only
the rows that it does not cover, the rest, are grouped. The first groups of both parts are the candidates:
only their parts are added up. Any other group has at most the ranks of the last candidates of both parts
together. If each group that is wanted has more, no other group can be one of them.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from shop.reports.statements import fetch, select_sums

#: More rows than any table has.
ALL_ROWS = 2**63 - 1
#: The number of candidates that each part has for each group that is wanted.
CANDIDATES = 20


class Parts(NamedTuple):
    """What some days are made of: a stored year or month, if there is one, and all other rows."""

    stored: "QuerySet[Any] | None"
    rest: "list[QuerySet[Any]]"


class Ranking(NamedTuple):
    """Which sums of `figures` by `key` are ranked, and by what.

    `rank` and `where` are SQL of the figures. `rank` adds up multiples of them, so that the rank of a sum is
    the sum of the ranks. The largest comes first; of equal ones, the one with the smallest key. With
    `adds_losses` each row has one more column: the sum of the ranks of all groups whose rank is below 0.
    """

    key: str
    figures: tuple[str, ...]
    rank: str
    where: str
    adds_losses: bool = False


def rank_sums(parts: Parts, ranking: Ranking, *, limit: int | None) -> list[tuple[Any, ...]]:
    """Returns key and sums of the first groups, or of all."""
    if limit is not None and parts.stored is not None:
        rows = _rank_candidates(parts.stored, parts.rest, ranking, limit)
        if rows is not None:
            return rows
    pieces = parts.rest if parts.stored is None else [parts.stored, *parts.rest]
    sums, params = select_sums(pieces, (ranking.key,), ranking.figures)
    return fetch(_select_groups([f"added AS ({sums})"], ranking), params, limit)


def _rank_candidates(
    stored_rows: "QuerySet[Any]", rest_rows: "list[QuerySet[Any]]", ranking: Ranking, limit: int
) -> list[tuple[Any, ...]] | None:
    """Returns the first groups; None if a group that is no candidate may be one of them."""
    rest, params = select_sums(rest_rows, (ranking.key,), ranking.figures)
    stored, stored_params = stored_rows.query.sql_with_params()
    tables, count = {"rest": "rest", "stored": f"({stored}) AS stored"}, CANDIDATES * limit
    queries = [f"rest AS ({rest})", *_select_candidates(tables, ranking, count)]
    queries.append(_add_parts(tables, ranking))
    last = [
        f"(SELECT CASE WHEN COUNT(*) = {count} THEN MIN(size) END FROM top_{name})"  # noqa: S608
        for name in tables
    ]
    sql = _select_groups(queries, ranking, ranking.rank, *last)
    times = 3 if ranking.adds_losses else 2
    rows = fetch(sql, [*params, *stored_params * times], limit)
    if not rows:
        return None
    *_, least, last_of_rest, last_of_stored = rows[-1]
    if last_of_rest is not None or last_of_stored is not None:
        # A group may be in one part alone, or in none.
        most_of_others = max(last_of_rest or 0, 0) + max(last_of_stored or 0, 0)
        if len(rows) < limit or least <= most_of_others:
            return None
    return [row[:-3] for row in rows]


def _select_candidates(tables: dict[str, str], ranking: Ranking, count: int) -> list[str]:
    """Returns queries of a WITH: the first groups of each table with their `size`, and `candidate`."""
    key, rank = connection.ops.quote_name(ranking.key), ranking.rank
    tops = [
        f"top_{name} AS (SELECT {key}, {rank} AS size FROM {table} ORDER BY {rank} DESC LIMIT {count})"  # noqa: S608
        for name, table in tables.items()
    ]
    keys = [f"SELECT {key} FROM top_{name}" for name in tables]  # noqa: S608
    if ranking.adds_losses:
        # A group with a rank below 0 has one in at least one of its parts.
        keys += [f"SELECT {key} FROM {table} WHERE {rank} < 0" for table in tables.values()]  # noqa: S608
    return [*tops, f"candidate AS ({' UNION '.join(keys)})"]


def _add_parts(tables: dict[str, str], ranking: Ranking) -> str:
    """Returns the query `added` of a WITH: the sums of the candidates."""
    quote = connection.ops.quote_name
    key, figures = quote(ranking.key), [quote(name) for name in ranking.figures]
    names, sums = ", ".join(figures), ", ".join(f"CAST(SUM({name}) AS bigint) AS {name}" for name in figures)
    # Joined to the candidates, SQLite would read the rest anew for each of them.
    parts = " UNION ALL ".join(
        f"SELECT {key}, {names} FROM {table} WHERE {key} IN (SELECT {key} FROM candidate)"  # noqa: S608
        for table in tables.values()
    )
    return f"added AS (SELECT {key}, {sums} FROM ({parts}) AS part GROUP BY {key})"  # noqa: S608


def _select_groups(queries: Sequence[str], ranking: Ranking, *more: str) -> str:
    """Returns the SELECT of the groups in `added`, one of the queries of its WITH; `more` are columns."""
    quote, rank = connection.ops.quote_name, ranking.rank
    columns = [quote(name) for name in (ranking.key, *ranking.figures)]
    if ranking.adds_losses:
        columns.append(f"(SELECT COALESCE(CAST(SUM({rank}) AS bigint), 0) FROM added WHERE {rank} < 0)")  # noqa: S608
    return (
        f"WITH {', '.join(queries)} SELECT {', '.join([*columns, *more])} FROM added"  # noqa: S608
        f" WHERE {ranking.where} ORDER BY {rank} DESC, {quote(ranking.key)}"
    )


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
