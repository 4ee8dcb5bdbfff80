"""Keys of writes that were done."""

from typing import ClassVar

from django.db import models
from django.utils import timezone


class IdempotencyKey(models.Model):
    """A write that was done once, so that the same key and payload find what it made."""

    key = models.CharField(max_length=300, primary_key=True)
    payload_hash = models.CharField(max_length=64)
    object_id = models.BigIntegerField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        # The old ones, when they are cleaned up.
        indexes: ClassVar = [models.Index(fields=["created_at"], name="key_by_age")]

    def __str__(self) -> str:
        return self.key
