"""Finds entries of a session that may explain why cash is missing, or why there is too much.

It computes on entries that were read before. Each clue is a common mistake that would make exactly this
difference; it proves nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

#: Notes that clerks mistake for one another.
NOTES = tuple(Decimal(note) for note in (5, 10, 20, 50, 100, 200, 500))

#: What may have happened:
#:
#: - not_taken: booked as cash taken, but it was paid by card, or not at all
#: - not_given: booked as cash given, but it stayed in the drawer
#: - was_cash: booked by another method, but cash was taken or given
#: - wrong_way: booked as taken instead of given, or as given instead of taken
#: - pair: two entries that make the difference together
#: - wrong_note: another note was laid down than the clerk keyed
#: - digits: the clerk swapped two neighbouring digits, or keyed the decimal point one place off
Kind = Literal["not_taken", "not_given", "was_cash", "wrong_way", "pair", "wrong_note", "digits"]


@dataclass(frozen=True)
class TillEntry:
    """A payment, a refund or a cash movement, whose method is "movement".

    `cash` is positive for what came in, negative for what went out.
    """

    pk: int
    method: str
    amount: Decimal
    cash: Decimal
    tendered: Decimal = Decimal(0)


@dataclass(frozen=True)
class Clue:
    """One entry or two, and what may have happened."""

    kind: Kind
    entries: tuple[TillEntry, ...]


def explain_difference(difference: Decimal, entries: Sequence[TillEntry], most: int = 20) -> list[Clue]:
    """Returns at most `most` clues to a difference, the likeliest first.

    `difference` is below zero where cash is missing.
    """
    if not difference:
        return []
    clues = [Clue(kind, (entry,)) for entry in entries for kind in _explain_one(difference, entry)]
    clues += _find_pairs(difference, entries)
    order: tuple[Kind, ...] = (
        *("not_taken", "not_given", "was_cash", "wrong_note"),
        *("wrong_way", "pair", "digits"),
    )
    return sorted(clues, key=lambda clue: order.index(clue.kind))[:most]


def _explain_one(difference: Decimal, entry: TillEntry) -> Iterator[Kind]:
    """Yields every mistake with this one entry that would make the difference."""
    if entry.cash and entry.cash == -difference:
        yield "not_taken" if entry.cash > 0 else "not_given"
    # The two entries of an exchange take from one order what they give to another: no cash is missing.
    if not entry.cash and entry.method not in ("movement", "exchange") and entry.amount == difference:
        yield "was_cash"
    if entry.cash and 2 * entry.cash == -difference:
        yield "wrong_way"
    laid_down = entry.tendered + difference
    if entry.tendered in NOTES and laid_down in NOTES and laid_down >= entry.cash > 0:
        yield "wrong_note"
    if entry.cash and entry.cash + difference in _list_misread(entry.cash):
        yield "digits"


def _find_pairs(difference: Decimal, entries: Iterable[TillEntry]) -> list[Clue]:
    """Returns pairs of entries with the same cash that make the difference, such as 5.00 twice for -10.00."""
    halves = [entry for entry in entries if entry.cash and 2 * entry.cash == -difference]
    return [Clue("pair", (first, second)) for first, second in pairwise(halves)]


def _list_misread(cash: Decimal) -> set[Decimal]:
    """Returns the amounts for which this one may have been keyed by mistake; see "digits"."""
    sign, digits = (-1 if cash < 0 else 1), str(abs(int(cash * 100)))
    swapped = {
        digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
        for place in range(len(digits) - 1)
    }
    meant = swapped | {f"{digits}0"} | ({digits[:-1]} if digits.endswith("0") and len(digits) > 1 else set())
    return {sign * Decimal(int(text)) / 100 for text in meant} - {cash}
