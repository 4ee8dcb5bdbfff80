"""Stores the words by which rows are found.

A searchable row has a method `search_terms` and a reverse relation `terms` to a model of `SearchTerm`.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import models

from shop.search import text


def write_terms(rows: Sequence[Any]) -> None:
    """Stores the terms of new rows of one model in one statement."""
    if not rows:
        return
    relation = rows[0]._meta.get_field("terms")
    term_model: type[models.Model] = relation.related_model
    owner = relation.remote_field.name
    term_model._default_manager.bulk_create(
        term_model(**{owner: row}, **values) for row in rows for values in list_term_values(row)
    )


def rewrite_terms(row: Any) -> None:
    """Replaces the terms of a row after its name or codes changed."""
    row.terms.all().delete()
    write_terms([row])


def list_term_values(row: Any) -> Iterator[dict[str, Any]]:
    """Yields the fields of each term of a row."""
    words = row.search_terms()
    bits = text.make_beginning_bits(words)
    return ({"term": word.encode(), "beginnings": bits} for word in words)
