"""Reads the entries of a session that may explain its difference, for a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shop.till.detective import Clue, TillEntry, explain_difference
from shop.till.models import TillSession

#: So many payments are searched, and as many cash movements, the newest: a session may be open for months.
MAX_SEARCHED = 2_000
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


@dataclass(frozen=True)
class ShownClues:
    """The clues to a difference. Where `is_cut`, there are older entries that were not searched."""

    rows: Sequence[ShownClue] = ()
    is_cut: bool = False
    most: int = MAX_SEARCHED


def find_clues(session: TillSession, difference: Decimal | None = None) -> ShownClues:
    """Returns the clues to `difference`; without it, to the stored difference of a closed session."""
    difference = session.difference if difference is None else difference
    if not difference:
        return ShownClues()
    payments, left_out = _read_newest(session.payments.select_related("order", "author"))
    movements, more_left_out = _read_newest(session.movements.select_related("author"))
    rows: dict[tuple[str, int], Any] = {(row.method, row.pk): row for row in payments}
    rows |= {("movement", row.pk): row for row in movements}
    entries = [TillEntry(row.pk, row.method, row.amount, row.cash, row.tendered) for row in payments]
    entries += [TillEntry(row.pk, "movement", row.amount, row.amount) for row in movements]
    found = [_show(clue, rows) for clue in explain_difference(difference, entries)]
    return ShownClues(found, left_out or more_left_out)


def _read_newest(entries: Any) -> tuple[list[Any], bool]:
    """Returns the newest of these entries, the oldest first, and whether older ones were left out."""
    newest = list(entries.order_by("-pk")[: MAX_SEARCHED + 1])
    return newest[MAX_SEARCHED - 1 :: -1], len(newest) > MAX_SEARCHED


def _show(clue: Clue, rows: dict[tuple[str, int], Any]) -> ShownClue:
    return ShownClue(tuple(rows[entry.method, entry.pk] for entry in clue.entries), _SENTENCES[clue.kind])
