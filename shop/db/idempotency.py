"""Exactly once: a key from the client, stored with what it made.

A rolled-back attempt leaves its key unused. Two requests with one key at once: the second
meets the first's row, is run again, and finds what the first made.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models

from shop.db.errors import KeyReused, NotFound, ShopError
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


def find(once: Once | None, model: type[ModelT]) -> ModelT | None:
    """What this key made before, if it was used.

    Raises KeyReused when it came with another payload, NotFound when what it made has since
    been deleted.
    """
    used = once and IdempotencyKey.objects.filter(pk=once.key).first()
    if not once or not used:
        return None
    if used.payload_hash != once.payload_hash:
        raise KeyReused("This Idempotency-Key was used before for something else. Send a new key.")
    made = model._default_manager.filter(pk=used.object_id).first()
    if made is None:
        raise NotFound("This was done before, and what it made has since been deleted.")
    return made


def carried_out(once: Once | None, model: type[ModelT], carry_out: Callable[[], ModelT]) -> ModelT:
    """What this key made before, or what `carry_out`, a service that remembers it, makes now.

    The look is taken before the transaction: within it, PostgreSQL would take it for a read of
    the index page that all others are writing their keys to, and refuse most of them.
    """
    made = find(once, model)
    if made is None:
        try:
            made = carry_out()
        except ShopError:
            # Another request with this key may have come first, and taken the last ones.
            made = find(once, model)
            if made is None:
                raise
    return made


def remember(once: Once | None, made: models.Model) -> None:
    """Stores that this key made `made`, in the same transaction."""
    if once:
        IdempotencyKey.objects.create(key=once.key, payload_hash=once.payload_hash, object_id=made.pk)
