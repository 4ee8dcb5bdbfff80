"""Reads that pages repeat every few seconds to see whether anything changed: one statement each."""

from typing import Any


class WatchedOrders:
    """What `OrderQuerySet` answers to a page that watches an order."""

    def shown_at_desk(self: Any, reference: str) -> list[tuple[Any, ...]]:
        """All that the desk shows of an order and others can change; a row for each line, one without any."""
        rows = self.filter(reference=reference).order_by("lines__id")
        return list(rows.values_list("version", "status", "customer__version", "lines__product__stock"))
