"""Exactly once: a key from the client, stored with what it made.

A rolled-back attempt leaves its key unused. Two requests with one key at once: the second
meets the first's row, is run again, and finds what the first made.
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
    """A client's key and the fingerprint of what it asked for."""

    key: str
    payload_hash: str

    @classmethod
    def of(
        cls, key: str, *, operation: str, user_id: int | None, payload: Any, source: str = "client"
    ) -> "Once | None":
        """For `payload` (anything JSON can hold) sent by a user; None when there is no key.

        Keys of different users and sources never meet: no client can take the key of an import.
        """
        if not key:
            return None
        text = json.dumps([operation, user_id, payload], sort_keys=True, default=str)
        owner = source if user_id is None else f"{source} {user_id}"
        return cls(f"{owner}:{key}", hashlib.sha256(text.encode()).hexdigest())


def find_row_of_key(once: Once, rows: Callable[[], models.QuerySet[ModelT]]) -> ModelT | None:
    """Returns which of `rows` this key made before; None if it was not used.

    Raises KeyReused when it came with another payload, MadeAndDeleted when what it made has since
    been deleted.
    """
    used = IdempotencyKey.objects.filter(pk=once.key).first()
    if used is None:
        return None
    if used.payload_hash != once.payload_hash:
        raise KeyReused
    made = rows().filter(pk=used.object_id).first()
    if made is None:
        raise MadeAndDeleted
    return made


def run_with_key(
    once: Once,
    rows: Callable[[], models.QuerySet[ModelT]],
    body: Callable[[], ModelT],
    run: Callable[[Callable[[], ModelT]], ModelT],
) -> ModelT:
    """Returns what this key made before, or what `body` makes in the transaction that `run` opens.

    The first look is taken before the transaction: within it, PostgreSQL would take it for a read of
    the index page that all others are writing their keys to, and refuse most of them.
    """
    earlier_attempts = count()

    def make() -> ModelT:
        # An earlier attempt may have been committed unseen, or met the row of another request with this key.
        if next(earlier_attempts) and (made := find_row_of_key(once, rows)):
            return made
        made = body()
        IdempotencyKey.objects.create(key=once.key, payload_hash=once.payload_hash, object_id=made.pk)
        return made

    if made := find_row_of_key(once, rows):
        return made
    try:
        return run(make)
    except ShopError:
        # Another request with this key may have come first, and taken the last ones.
        if made := find_row_of_key(once, rows):
            return made
        raise
