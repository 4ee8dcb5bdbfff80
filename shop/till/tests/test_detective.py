"""Which entries explain a difference."""

from decimal import Decimal

import pytest

from shop.till.detective import Clue, TillEntry, explain_difference


def entry(text: str, number: int = 1) -> TillEntry:
    """An entry as in "cash 10.00 of 20.00", "card 10.00", "movement -20.00"."""
    method, amount, *tendered = text.replace(" of", "").split()
    cash = amount if method in ("cash", "movement") else "0"
    laid_down = tendered[0] if tendered else amount if method == "cash" and Decimal(amount) > 0 else "0"
    return TillEntry(number, method, Decimal(amount), Decimal(cash), Decimal(laid_down))


def clues(difference: str, *entries: str) -> list[str]:
    rows = [entry(text, number) for number, text in enumerate(entries, start=1)]
    return [
        f"{clue.kind} {' '.join(str(row.pk) for row in clue.entries)}" for clue in explain(difference, rows)
    ]


def explain(difference: str, rows: list[TillEntry]) -> list[Clue]:
    return explain_difference(Decimal(difference), rows)


@pytest.mark.parametrize(
    ("difference", "entries", "found"),
    [
        ("-10.00", ["cash 10.00", "cash 7.00", "card 10.00"], ["not_taken 1"]),
        ("-10.00", ["cash 5.00", "cash 3.00", "cash 5.00"], ["wrong_way 1", "wrong_way 3", "pair 1 3"]),
        ("-10.00", ["cash 8.50 of 20.00", "cash 15.00 of 20.00"], ["wrong_note 1"]),
        ("10.00", ["cash 8.50 of 10.00"], ["wrong_note 1"]),
        ("10.00", ["card 10.00", "cash -10.00", "cash 10.00"], ["not_given 2", "was_cash 1", "wrong_note 3"]),
        ("-10.00", ["card -10.00"], ["was_cash 1"]),
        ("10.00", ["exchange -10.00", "exchange 10.00", "card 10.00"], ["was_cash 3"]),
        ("20.00", ["movement -20.00"], ["not_given 1"]),
        ("-9.00", ["cash 21.00"], ["digits 1"]),
        ("-9.00", ["cash 10.00"], ["digits 1"]),
        ("90.00", ["cash 10.00"], ["wrong_note 1", "digits 1"]),
        ("-0.50", ["cash 75.00 of 100.00", "movement -20.00", "movement -100.00"], []),
        ("0.00", ["cash 10.00"], []),
    ],
)
def test_a_difference(difference: str, entries: list[str], found: list[str]) -> None:
    assert clues(difference, *entries) == found


def test_there_are_not_too_many_clues() -> None:
    assert len(clues("-10.00", *["cash 10.00"] * 50)) == 20
