"""Deletes old rows in small batches, so that nobody has to wait for it."""

import datetime

from django.db.models import QuerySet
from django.utils import timezone

from shop.db.models import IdempotencyKey
from shop.db.transactions import retried_transaction
from shop.orders.models import BulkResult
from shop.staff.models import FailedSignIn, Session
from shop.staff.sign_in_limits import KNOWN_ADDRESS_AGE

#: Most clients send a key again within minutes, and a program that was switched off within days.
KEYS_KEPT = datetime.timedelta(days=30)
#: People come back to the result of a bulk action on the same day or the next.
RESULTS_KEPT = datetime.timedelta(days=7)
#: Rows that are deleted in one transaction.
BATCH = 500


Rows = QuerySet[Session] | QuerySet[IdempotencyKey] | QuerySet[FailedSignIn] | QuerySet[BulkResult]


def delete_old_rows() -> dict[str, int]:
    """Deletes ended sessions, old keys of clients, old failed sign-ins and results of bulk actions.

    Returns the number of deleted rows by name. Keys of imports stay: they tell which invoices are stored.
    """
    now = timezone.now()
    return {
        "sessions": _delete_all(Session.objects.filter(expire_date__lt=now)),
        "keys": _delete_all(
            IdempotencyKey.objects.filter(created_at__lt=now - KEYS_KEPT).exclude(key__startswith="import:")
        ),
        "failed sign-ins": _delete_all(FailedSignIn.objects.filter(changed_at__lt=now - KNOWN_ADDRESS_AGE)),
        "results of bulk actions": _delete_all(BulkResult.objects.filter(created_at__lt=now - RESULTS_KEPT)),
    }


def _delete_all(rows: Rows) -> int:
    total = 0
    while count := delete_batch(rows=rows):
        total += count
    return total


@retried_transaction
def delete_batch(*, rows: Rows) -> int:
    """Deletes the first BATCH of these rows. Returns their number."""
    keys = list(rows.select_for_update().order_by("pk").values_list("pk", flat=True)[:BATCH])
    count, _ = rows.model._default_manager.filter(pk__in=keys).delete()
    return count
