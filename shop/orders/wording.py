"""Words the errors of orders, and what differs from what a clerk saw."""

from collections.abc import Callable
from typing import Any

from shop.money.amounts import format_money
from shop.orders import errors
from shop.orders.errors import OrderDifference, WantedAction, WrongState
from shop.orders.services.draft_products import MAX_CHOICES
from shop.staff.changes import format_value
from shop.web.wording import WordedDifference, name_somebody, word_difference, word_error

WALK_IN = "Walk-in"


def _word_cancelling(error: WrongState) -> str:
    if error.status == "draft":
        return f"{error.reference} is a draft: discard it at the desk."
    return f"{error.reference} was fulfilled. A manager can cancel it."


_WRONG_STATE: dict[WantedAction, Callable[[WrongState], str]] = {
    "place": lambda e: f"{e.reference} is {e.status} and cannot be placed.",
    "change": lambda e: f"{e.reference} is {e.status} by now and cannot be changed at the desk.",
    "reopen": lambda e: f"{e.reference} was placed and cannot become a draft again. Duplicate it instead.",
    "fulfil": lambda e: f"{e.reference} is {e.status}: only a placed order can be fulfilled.",
    "unfulfil": lambda e: f"{e.reference} is {e.status}: only fulfilling can be undone.",
    "cancel": _word_cancelling,
    "correct": lambda e: f"{e.reference} is {e.status}: only a placed order is corrected here.",
    "return": lambda e: (
        f"{e.reference} is {e.status}: only what was sold and is not cancelled can come back."
    ),
    "pay": lambda e: f"{e.reference} is {e.status}: only a placed order is paid for.",
    "refund": lambda e: f"{e.reference} is {e.status}: only what was placed is refunded.",
}


@word_error.register
def _(error: errors.WrongState) -> str:
    return _WRONG_STATE[error.wanted](error)


@word_error.register
def _(error: errors.LinesAreFixed) -> str:
    return (
        f"{error.reference} has a payment, a return or a document, so its lines stay as they were sold. "
        "Lower the price by an allowance, or take units back, on the order’s page."
    )


@word_error.register
def _(error: errors.ChangedSinceFulfilled) -> str:
    return f"{error.reference} was changed since it was fulfilled. It stays fulfilled."


@word_error.register
def _(error: errors.FulfilledTooLongAgo) -> str:
    return f"{error.reference} was fulfilled too long ago to be undone."


@word_error.register
def _(error: errors.FulfilledByOthers) -> str:
    return f"{error.reference} was fulfilled by somebody else. They or a manager can undo it."


@word_error.register
def _(error: errors.TooManyProducts) -> str:
    return (
        f"{error.reference} has {error.products} products; a draft has {error.most} lines at most, "
        "so it cannot be copied."
    )


@word_error.register
def _(error: errors.NoLines) -> str:
    return "An order needs at least one line before it can be placed."


@word_error.register
def _(error: errors.OrderChanged) -> str:
    rows = map(word_difference, error.differences)
    return f"The order is not what you saw. {'; '.join(f'{r.what}: was {r.was}, now {r.now}' for r in rows)}."


@word_error.register
def _(error: errors.SubtotalMismatch) -> str:
    return f"The subtotal sent is {error.sent}, but today's prices add up to {error.subtotal}."


def format_match_count(count: int) -> str:
    """Returns a number of matches; the search ends after one more than is offered."""
    return f"More than {MAX_CHOICES}" if count > MAX_CHOICES else str(count)


@word_error.register
def _(error: errors.NotOneMatch) -> str:
    if error.matches:
        return f"{format_match_count(len(error.matches))} products match. Choose one."
    return f"Nothing is called “{error.typed}”."


@word_error.register
def _(error: errors.NotOnSale) -> str:
    return f"Not on sale: product {', '.join(map(str, error.products))}."


@word_error.register
def _(error: errors.ProductRetired) -> str:
    return f"{error.name} ({error.sku}) is retired and cannot be ordered."


@word_error.register
def _(error: errors.TooManyLines) -> str:
    return f"An order has {error.most} lines at most. Open another one."


@word_error.register
def _(error: errors.TooManyOfProduct) -> str:
    return f"An order has {error.most:,} of a product at most."


@word_error.register
def _(error: errors.LineRemoved) -> str:
    return "Somebody else removed this line."


@word_error.register
def _(error: errors.CustomerChanged) -> str:
    now = _word_customer(error.differences[0].now)
    return f"{name_somebody(error)} set the customer to {now}. Choose again if that is wrong."


@word_error.register
def _(error: errors.QuantityChanged) -> str:
    line = error.differences[0]
    did = f"changed {line.name} from {line.was} to {line.now}" if line.now else f"removed {line.name}"
    return f"{name_somebody(error)} {did}."


@word_error.register
def _(error: errors.DiscountChanged) -> str:
    now = error.differences[0].now
    return f"{name_somebody(error)} made the discount {now} meanwhile. Save again to have yours."


@word_error.register
def _(error: errors.ReasonMissing) -> str:
    return "A discount needs a reason."


@word_error.register
def _(error: errors.NoteChanged) -> str:
    return f"{name_somebody(error)} wrote a note meanwhile: “{error.now}”"


@word_difference.register
def _(difference: OrderDifference) -> WordedDifference:
    what, word_was, word_now = _FIELDS[difference.field]
    mine = "" if difference.wanted is OrderDifference.UNKNOWN else word_now(difference.wanted)
    return WordedDifference(
        what.format(difference.name),
        word_was(difference.was),
        word_now(difference.now),
        mine,
        difference.change,
    )


def _word_customer(name: str | int | None) -> str:
    """Returns the customer's name; a number is the id of a customer that was deleted."""
    if name is None:
        return WALK_IN
    return name if isinstance(name, str) else "not known any more"


def _word_quantity(quantity: int) -> str:
    return str(quantity) if quantity else "none"


def _word_selling(is_active: bool) -> str:
    return "on sale" if is_active else "retired"


def _word_left(left: int) -> str:
    return f"only {left} left" if left else "sold out"


_Word = Callable[[Any], str]
#: How each field is called, and how its value is worded as it was, and as it is or shall be.
_FIELDS: dict[str, tuple[str, _Word, _Word]] = {
    "customer": ("Customer", _word_customer, _word_customer),
    "note": ("Note", format_value, format_value),
    "quantity": ("{}, quantity", _word_quantity, _word_quantity),
    "unit_price": ("{}, unit price", format_money, format_money),
    "discount": ("Discount", str, str),
    "total": ("Total, after discounts and with tax", format_money, format_money),
    "line": ("{}", lambda was: str(was or "not on the order"), lambda now: str(now or "removed")),
    "active": ("{}", _word_selling, _word_selling),
    "stock": ("{}, stock", lambda wanted: f"{wanted} wanted", _word_left),
}
