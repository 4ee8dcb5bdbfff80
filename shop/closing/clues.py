"""Reads the entries of a session that may explain its difference, for a page."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shop.till.detective import Clue, TillEntry, explain_difference
from shop.till.models import TillSession

_SENTENCES = {
    "not_taken": "is booked as cash taken. Was it paid by card, or not at all?",
    "not_given": "is booked as cash given. Did it stay in the drawer?",
    "was_cash": "is not booked as cash. Was it cash?",
    "wrong_note": "Was another note laid down than was keyed?",
    "wrong_way": "Did it go the other way?",
    "pair": "together make the difference.",
    "digits": "Was it keyed wrong, digits swapped or the point one place off?",
}


@dataclass(frozen=True)
class ShownClue:
    """A clue as the page shows it: its payments or cash movements, and a question about them."""

    rows: tuple[Any, ...]
    sentence: str


def find_clues(session: TillSession, difference: Decimal | None = None) -> list[ShownClue]:
    """Returns the clues to `difference`; without it, to the stored difference of a closed session."""
    difference = session.difference if difference is None else difference
    if not difference:
        return []
    payments = session.payments.select_related("order", "author").order_by("pk")
    rows: dict[tuple[str, int], Any] = {(row.method, row.pk): row for row in payments}
    entries = [TillEntry(row.pk, row.method, row.amount, row.cash, row.tendered) for row in rows.values()]
    for movement in session.movements.select_related("author").order_by("pk"):
        rows["movement", movement.pk] = movement
        entries.append(TillEntry(movement.pk, "movement", movement.amount, movement.amount))
    return [_show(clue, rows) for clue in explain_difference(difference, entries)]


def _show(clue: Clue, rows: dict[tuple[str, int], Any]) -> ShownClue:
    return ShownClue(tuple(rows[entry.method, entry.pk] for entry in clue.entries), _SENTENCES[clue.kind])
