"""What the services of orders raise."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from shop.db.errors import Difference, ShopError


class OrderError(ShopError):
    """An order in the wrong state for what was asked."""

    code = "order_state"


class NotOneMatch(ShopError):
    """What was typed stands for no product, or for several: `matches` are those that fit."""

    code = "not_one_match"
    status = 422

    def __init__(self, typed: str, matches: Sequence[Any]) -> None:
        nothing = f"Nothing is called “{typed}”."
        super().__init__(f"{len(matches)} products match. Choose one." if matches else nothing)
        self.matches = list(matches)


class OrderChanged(OrderError):
    """Placing was refused because the order is not what the clerk saw."""

    code = "order_changed"

    def __init__(self, differences: Sequence[Difference]) -> None:
        text = "; ".join(f"{d.what}: was {d.was}, now {d.now}" for d in differences)
        super().__init__(f"The order is not what you saw. {text}.")
        self.differences = list(differences)


class SubtotalMismatch(OrderError):
    """The client's subtotal is not the server's; `fields` holds both amounts, as the JSON API sends them."""

    code = "subtotal_mismatch"

    def __init__(self, sent: Decimal, subtotal: Decimal) -> None:
        super().__init__(f"The subtotal sent is {sent}, but today's prices add up to {subtotal}.")
        self.fields = {"sent": str(sent), "subtotal": str(subtotal)}
