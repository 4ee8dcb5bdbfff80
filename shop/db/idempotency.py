"""Carries out a write once for each key of a client. The key is stored with the id of the row that it made.

An attempt that is rolled back leaves its key unused. Of two requests with the same key at the same time,
the second fails on the unique key, is run again, and finds the row of the first.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

from django.db import models

from shop.db.errors import KeyReused, MadeAndDeleted, ShopError
from shop.db.models import IdempotencyKey

ModelT = TypeVar("ModelT", bound=models.Model)


@dataclass(frozen=True)
class Once:
    """A client's key, and the fingerprint of the payload that came with it."""

    key: str
    payload_hash: str

    @classmethod
    def from_payload(
        cls, key: str, *, operation: str, user_id: int | None, payload: Any, source: str = "client"
    ) -> "Once | None":
        """Makes one for a `payload` of JSON values that a user sent; None when there is no key.

        Each user and each source has its own keys, so no client can use the key of an import.
        """
        if not key:
            return None
        text = json.dumps([operation, user_id, payload], sort_keys=True, default=str)
        owner = source if user_id is None else f"{source} {user_id}"
        return cls(f"{owner}:{key}", hashlib.sha256(text.encode()).hexdigest())


def find_row_of_key(once: Once, rows: Callable[[], models.QuerySet[ModelT]]) -> ModelT | None:
    """Returns the row that this key made before; None when the key is new.

    Raises KeyReused when the key came with another payload before, MadeAndDeleted when its row has since
    been deleted.
    """
    stored = IdempotencyKey.objects.filter(pk=once.key).first()
    if stored is None:
        return None
    if stored.payload_hash != once.payload_hash:
        raise KeyReused
    row = rows().filter(pk=stored.object_id).first()
    if row is None:
        raise MadeAndDeleted
    return row


def run_with_key(
    once: Once,
    rows: Callable[[], models.QuerySet[ModelT]],
    body: Callable[[], ModelT],
    run: Callable[[Callable[[], ModelT]], ModelT],
) -> ModelT:
    """Returns the row that this key made before, or the one that `body` makes in the transaction of `run`.

    It looks before the transaction: PostgreSQL would count a look within it as a read of the index page
    to which all requests write their keys, and refuse most of them.
    """
    earlier_attempts = count()

    def make_row() -> ModelT:
        # An earlier attempt, or another request with this key, may have made the row.
        if next(earlier_attempts) and (row := find_row_of_key(once, rows)):
            return row
        row = body()
        IdempotencyKey.objects.create(key=once.key, payload_hash=once.payload_hash, object_id=row.pk)
        return row

    if row := find_row_of_key(once, rows):
        return row
    try:
        return run(make_row)
    except ShopError:
        # Another request with this key may have been first, and may have bought the last in stock.
        if row := find_row_of_key(once, rows):
            return row
        raise
