"""The table of idempotency keys."""

from typing import ClassVar

from django.db import models
from django.utils import timezone


class IdempotencyKey(models.Model):
    """The key of a write, and the id of the row that it made. Sent again, the key finds that row."""

    key = models.CharField(max_length=300, primary_key=True)
    payload_hash = models.CharField(max_length=64)
    object_id = models.BigIntegerField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        # `clean_up` deletes old keys by it.
        indexes: ClassVar = [models.Index(fields=["created_at"], name="key_by_age")]

    def __str__(self) -> str:
        return self.key
