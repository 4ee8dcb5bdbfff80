"""Which entries of a session may explain that cash is missing, or that there is too much.

Pure arithmetic on entries that were read before. It accuses nobody: each clue is a mistake that is easily
made, and that would make exactly this difference.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

#: Notes that are mistaken for one another.
NOTES = tuple(Decimal(note) for note in (5, 10, 20, 50, 100, 200, 500))

#: - not_taken: booked as cash, but by card, or never
#: - not_given: cash that was booked as given, and was not
#: - was_cash: booked by another method, but cash came or went
#: - wrong_way: booked as taken instead of given, or the other way round
#: - pair: two entries that add up to the difference
#: - wrong_note: another note was laid down than the one that was keyed
#: - digits: two neighbouring digits were swapped, or the point was keyed one place off
Kind = Literal["not_taken", "not_given", "was_cash", "wrong_way", "pair", "wrong_note", "digits"]


@dataclass(frozen=True)
class TillEntry:
    """A payment, a refund, or a movement of cash (its method is "movement"). `cash` is signed."""

    pk: int
    method: str
    amount: Decimal
    cash: Decimal
    tendered: Decimal = Decimal(0)


@dataclass(frozen=True)
class Clue:
    """One entry, or a pair of them, and what may have happened."""

    kind: Kind
    entries: tuple[TillEntry, ...]


def explain_difference(difference: Decimal, entries: Sequence[TillEntry], most: int = 20) -> list[Clue]:
    """Returns clues to a difference, the simplest first; `difference` is below zero where cash is missing."""
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
    if entry.cash and entry.cash == -difference:
        yield "not_taken" if entry.cash > 0 else "not_given"
    if not entry.cash and entry.method != "movement" and entry.amount == difference:
        yield "was_cash"
    if entry.cash and 2 * entry.cash == -difference:
        yield "wrong_way"
    laid_down = entry.tendered + difference
    if entry.tendered in NOTES and laid_down in NOTES and laid_down >= entry.cash > 0:
        yield "wrong_note"
    if entry.cash and entry.cash + difference in _misread(entry.cash):
        yield "digits"


def _find_pairs(difference: Decimal, entries: Iterable[TillEntry]) -> list[Clue]:
    """Two entries of the same cash that add up to the difference, such as 5.00 twice for 10.00."""
    halves = [entry for entry in entries if entry.cash and 2 * entry.cash == -difference]
    return [Clue("pair", (first, second)) for first, second in pairwise(halves)]


def _misread(cash: Decimal) -> set[Decimal]:
    """What this amount may have been, with two neighbouring digits swapped or the point one place off."""
    sign, digits = (-1 if cash < 0 else 1), str(abs(int(cash * 100)))
    swapped = {
        digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
        for place in range(len(digits) - 1)
    }
    meant = swapped | {f"{digits}0"} | ({digits[:-1]} if digits.endswith("0") and len(digits) > 1 else set())
    return {sign * Decimal(int(text)) / 100 for text in meant} - {cash}
