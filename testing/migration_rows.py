"""The rows that migrations make (roles, permissions, registers), for tests whose tables were emptied."""

from itertools import groupby
from operator import attrgetter
from typing import Any

from django.core import serializers
from django.db import transaction

#: Models to which other rows refer come first: CockroachDB checks a reference at once, not at COMMIT.
FIRST = ("contenttypes.contenttype", "auth.permission", "auth.group")


class MigrationRows:
    """The rows that were there after migrating."""

    def __init__(self, contents: str) -> None:
        rows = [*serializers.deserialize("json", contents)]
        rows.sort(key=lambda row: (_find_rank(row), row.object._meta.label_lower))
        self._tables = [
            [*rows_of_table] for _, rows_of_table in groupby(rows, key=lambda row: type(row.object))
        ]

    def restore(self) -> None:
        """Stores those rows that are missing, because a test has emptied the tables."""
        with transaction.atomic():
            for rows in self._tables:
                model = type(rows[0].object)
                model._default_manager.bulk_create(map(attrgetter("object"), rows), ignore_conflicts=True)
                for name in rows[0].m2m_data or ():
                    _store_relations(model, name, rows)


def _find_rank(row: Any) -> int:
    label = row.object._meta.label_lower
    return FIRST.index(label) if label in FIRST else len(FIRST)


def _store_relations(model: Any, name: str, rows: list[Any]) -> None:
    """Stores a many-to-many relation of these rows."""
    field = model._meta.get_field(name)
    through = field.remote_field.through
    own, other = field.m2m_field_name() + "_id", field.m2m_reverse_field_name() + "_id"
    relations = (
        through(**{own: row.object.pk, other: getattr(value, "pk", value)})
        for row in rows
        for value in row.m2m_data[name]
    )
    through._default_manager.bulk_create(relations, ignore_conflicts=True)
