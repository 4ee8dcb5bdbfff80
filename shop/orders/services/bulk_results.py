"""Stores the outcomes of bulk actions."""

from collections.abc import Sequence

from shop.db.outcomes import Outcome
from shop.db.transactions import retried_transaction
from shop.orders.models import BulkResult


@retried_transaction
def store_result(*, action: str, list_query: str, outcomes: Sequence[Outcome]) -> BulkResult:
    """Stores the outcomes, which the result page shows."""
    rows = [[outcome.name, outcome.refusal] for outcome in outcomes]
    return BulkResult.objects.create(action=action, list_query=list_query, outcomes=rows)
