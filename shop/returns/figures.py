"""What is left of the lines of a sold order, and what comes back of them. Only loaded rows, no writes."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings

from shop.money.balance import Balance
from shop.money.errors import InvalidQuantity, MoneyError
from shop.money.returning import Part, Returnable, apply_part, apply_parts, compute_allowance, compute_return
from shop.returns.errors import NothingToReturn, UnknownLines

if TYPE_CHECKING:
    from shop.orders.models import Order, OrderLine
    from shop.returns.models import Return, ReturnLine


class LinePart(NamedTuple):
    """What comes back of one line. `before` is the line as it was until then."""

    line: "OrderLine"
    before: Returnable
    part: Part


@dataclass(frozen=True)
class SoldLine:
    """A line and what is left of it after its earlier returns and allowances."""

    line: "OrderLine"
    left: Returnable

    def take_units(self, units: int) -> LinePart:
        """Returns what `units` more give back. Raises MoreThanBought, InvalidQuantity, with the line."""
        try:
            return LinePart(self.line, self.left, compute_return(self.left, units))
        except MoneyError as error:
            raise _name_line(error, self.line) from None

    def take_amount(self, amount: Decimal) -> LinePart:
        """Returns what an allowance takes off. Raises MoreThanLeft, ZeroAmount and others, with the line."""
        try:
            return LinePart(self.line, self.left, compute_allowance(self.left, amount))
        except MoneyError as error:
            raise _name_line(error, self.line) from None


def _name_line(error: MoneyError, line: "OrderLine") -> MoneyError:
    return type(error)(**error.values(), line=line.pk)


def build_sold_lines(
    lines: "Iterable[OrderLine]", return_lines: "Iterable[ReturnLine]"
) -> "dict[int, SoldLine]":
    """Returns the lines by id with what is left of each; `return_lines` are all of theirs, oldest first."""
    parts: dict[int | None, list[Part]] = {}
    for row in return_lines:
        parts.setdefault(row.line_id, []).append(read_part(row))
    return {line.pk: SoldLine(line, apply_parts(start_line(line), parts.get(line.pk, ()))) for line in lines}


def start_line(line: "OrderLine") -> Returnable:
    """Returns a line for the arithmetic, as it was sold."""
    assert line.gross is not None  # placing sets both
    assert line.tax is not None
    return Returnable(line.quantity, line.gross, line.tax, decimals=settings.SHOP_DECIMALS)


def read_part(row: "ReturnLine") -> Part:
    """Returns the stored figures of one line of a return."""
    return Part(row.quantity, row.gross, row.net, row.tax)


def count_units(lines: Iterable[tuple[int, int]]) -> Counter[int]:
    """Returns the units of each line id, which may be named several times.

    Raises NothingToReturn, InvalidQuantity.
    """
    units = Counter[int]()
    for line_id, quantity in lines:
        if quantity < 1:
            raise InvalidQuantity(quantity=quantity, line=line_id)
        units[line_id] += quantity
    if not units:
        raise NothingToReturn
    return units


def take_units(sold: Mapping[int, SoldLine], units: Counter[int]) -> list[LinePart]:
    """Returns what these units give back, in the order of the lines. Raises UnknownLines, MoreThanBought."""
    if unknown := [line_id for line_id in units if line_id not in sold]:
        raise UnknownLines(unknown)
    return [row.take_units(units[line_id]) for line_id, row in sold.items() if line_id in units]


def take_everything(sold: dict[int, SoldLine]) -> list[LinePart]:
    """Returns what all units give back that are not back yet."""
    return [row.take_units(row.left.quantity_left) for row in sold.values() if row.left.quantity_left]


def sum_parts(parts: Sequence[LinePart]) -> Part:
    """Returns the sums of what comes back."""
    rows = [row.part for row in parts]
    return Part(
        sum(row.quantity for row in rows),
        sum((row.gross for row in rows), Decimal(0)),
        sum((row.net for row in rows), Decimal(0)),
        sum((row.tax for row in rows), Decimal(0)),
    )


def replay_returns(lines: "Iterable[OrderLine]", returns: "Iterable[Return]") -> "dict[int, list[LinePart]]":
    """Returns the stored parts of each return by its id, each with its line as it was before.

    `returns` are all of the order, the oldest first, with their lines loaded.
    """
    rows = {line.pk: line for line in lines}
    left = {pk: start_line(line) for pk, line in rows.items()}
    replayed: dict[int, list[LinePart]] = {}
    for made in returns:
        parts = replayed[made.pk] = []
        for row in made.lines.all():
            if row.line_id is None:
                continue
            before, part = left[row.line_id], read_part(row)
            parts.append(LinePart(rows[row.line_id], before, part))
            left[row.line_id] = apply_part(before, part)
    return replayed


def compute_balance_after(order: "Order", gross: Decimal) -> Decimal | None:
    """Returns the order's balance once `gross` more came back; None where no money is kept."""
    if order.balance is None or order.total is None:
        return None
    return Balance(order.total, order.returned + gross, order.paid).amount
