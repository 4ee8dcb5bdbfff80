"""Words the errors of returns, and explains the amounts of a return."""

from shop.money.amounts import format_money
from shop.money.rounding import to_minor
from shop.returns import errors
from shop.returns.figures import LinePart
from shop.web.wording import word_error


@word_error.register
def _(error: errors.NothingToReturn) -> str:
    return "Enter how many units of a line come back."


@word_error.register
def _(error: errors.UnknownLines) -> str:
    return f"Not on this order: line {', '.join(map(str, error.lines))}."


@word_error.register
def _(error: errors.ReasonMissing) -> str:
    return "Say why."


@word_error.register
def _(error: errors.ReturnChanged) -> str:
    seen, now = format_money(error.seen), format_money(error.now)
    return f"Nothing was stored: somebody took something back meanwhile. You saw {seen}; now it is {now}."


def describe_part(row: LinePart) -> str:
    """Explains the amount of one line of a return with its numbers (R6 of docs/MONEY.md)."""
    return _describe_units(row) if row.part.quantity else _describe_allowance(row)


def _describe_units(row: LinePart) -> str:
    before, part = row.before, row.part
    units, whole = before.returned + part.quantity, format_money(before.gross)
    kept = "sold" if _is_as_sold(row) else "left after the price was lowered"
    if units == before.quantity:
        sentence = f"{whole} for {'all ' if units > 1 else ''}{_count(units)} {kept}"
    else:
        is_exact = not to_minor(before.gross, before.decimals) * units % before.quantity
        up_to_now = format_money(before.returned_gross + part.gross)
        sentence = (
            f"{whole} × {units:,} ÷ {before.quantity:,} is {up_to_now}{'' if is_exact else ' (rounded)'} "
            f"for {units:,} of {_count(before.quantity)} {kept}"
        )
    if before.returned:
        back = format_money(before.returned_gross)
        sentence += f", less {back} for the {before.returned:,} that came back before"
    return f"{sentence}."


def _describe_allowance(row: LinePart) -> str:
    left, off = row.before.gross_left, row.part.gross
    units, after = _count(row.before.quantity_left), format_money(left - off)
    return f"{format_money(off)} off the {format_money(left)} for {units} kept, which leaves {after}."


def _is_as_sold(row: LinePart) -> bool:
    return (row.before.quantity, row.before.gross) == (row.line.quantity, row.line.gross)


def _count(units: int) -> str:
    return f"{units:,} {'unit' if units == 1 else 'units'}"
