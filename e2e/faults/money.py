"""Requests about money: payments, refunds, returns, sales and exchanges, each with a key of its own.

Each says beforehand what it enters into the accounts of orders, so that an audit can tell what was entered
twice or not at all.
"""

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from e2e.faults.clients import Basket, Clerk, Program, basket_total, describe_basket, read_refusal
from testing.browser_client import read_form
from testing.http_client import Answer, NoAnswer

Send = Callable[[], Answer]
ZERO = Decimal(0)
#: Reference, method and amount. Without a reference it is the order that the request makes.
Entry = tuple[str | None, str, Decimal]


@dataclass(frozen=True)
class Request:
    """A request, ready to be sent any number of times. `about` is its entry in the journal.

    `sale` is the entry of the order that it places, empty if it places none.
    """

    name: str
    path: str
    body: dict[str, Any]
    about: dict[str, Any]
    sale: dict[str, Any] = field(default_factory=dict)

    @property
    def is_form(self) -> bool:
        return bool(self.sale)


@dataclass
class Sold:
    """A placed order, what was paid for it, and the ids of its lines by product.

    `payment` is the id of its payment by card, 0 without one.
    """

    id: int
    reference: str
    basket: Basket
    lines: dict[int, int]
    paid: Decimal = ZERO
    payment: int = 0
    has_receipt: bool = False

    @property
    def total(self) -> Decimal:
        return Decimal(basket_total(self.basket))


class Cashier:
    """A member of staff at a till, with a browser and a program. The journal keeps requests and answers."""

    def __init__(self, clerk: Clerk, program: Program, register: int) -> None:
        self.clerk, self.program, self.register = clerk, program, register
        self.journal, self.tally = clerk.journal, clerk.tally

    def order(self, basket: Basket) -> Sold | None:
        """Places an order that is not paid yet; None if it was refused."""
        order = self.program.order(basket)
        if not order:
            return None
        lines = {line["product"]: line["id"] for line in order["lines"]}
        return Sold(order["id"], order["reference"], basket, lines)

    def note_request(self, request: Request) -> None:
        """Writes into the journal that the request is going to be sent."""
        if request.sale:
            self.journal.write("order", "asked", **request.sale)
        self.journal.write("money", "asked", **request.about)

    def make_send(self, request: Request) -> Send:
        """Returns a function that sends the request once, on a connection of its own."""
        if request.is_form:
            window = self.clerk.browser.open_window()
            return lambda: window.post_once(request.path, request.body)
        program = Program(self.program.client.port, self.tally, self.journal, self.program.token)
        return lambda: program.post_once(request.path, request.body, request.about["key"])

    def send(self, request: Request) -> str:
        """Sends the request until it is answered. Returns what `note_answer` does, empty if not answered."""
        self.note_request(request)
        try:
            if request.is_form:
                answer = self.clerk.browser.post(request.path, request.body)
            else:
                answer = self.program.post(request.path, request.body, request.about["key"])
        except NoAnswer as error:
            self.journal.write("money", "unknown", why=str(error)[:200], **request.about)
            return ""
        return self.note_answer(request, answer)

    def note_answer(self, request: Request, answer: Answer) -> str:
        """Writes the answer into the journal. Returns the id or reference of what was made, or ""."""
        made = _read_form_answer(answer) if request.is_form else _read_json_answer(answer)
        if not made:
            why = f"{answer.status} {read_refusal(answer)}"
            self.journal.write("money", "refused", why=why, **request.about)
            return ""
        if request.sale:
            self.journal.write("order", "done", **request.sale | {"reference": made})
        self.journal.write("money", "done", made=made, **request.about)
        self.tally.count_done()
        return made


def _read_form_answer(answer: Answer) -> str:
    """Returns the reference of the order that was sold."""
    if answer.status != 303:
        return ""
    sold = re.fullmatch(r"/orders/([^/]+)/sold/", answer.headers["Location"])
    assert sold, f"sent to {answer.headers['Location']} after a sale"
    return sold[1]


def _read_json_answer(answer: Answer) -> str:
    return str(json.loads(answer.text)["id"]) if answer.status == 200 else ""


def _describe(
    name: str,
    order: str,
    key: str = "",
    *,
    payments: list[Entry] | None = None,
    units: dict[int, int] | None = None,
    papers: list[tuple[str | None, str]] | None = None,
) -> dict[str, Any]:
    """Returns what the journal keeps of a request."""
    return {
        "name": name,
        "order": order,
        "key": key or secrets.token_urlsafe(12),
        "payments": payments or [],
        "units": units or {},
        "papers": papers or [],
    }


def pay(sold: Sold, method: str, amount: Decimal, change: Decimal = ZERO) -> Request:
    """Returns the payment of `amount`; in cash, `change` more is laid down."""
    laid_down = {"tendered": f"{amount + change:.2f}"} if method == "cash" else {}
    body = {"method": method, "amount": f"{amount:.2f}", **laid_down}
    if change and amount == sold.total - sold.paid:
        del body["amount"]
    about = _describe("payment", sold.reference, payments=[(sold.reference, method, amount)])
    return Request("payment", f"/order/{sold.id}/payment/", body, about)


def refund(sold: Sold, amount: Decimal) -> Request:
    """Returns the refund of `amount` to the card."""
    body = {"method": "card", "amount": f"{amount:.2f}", "payment": sold.payment}
    about = _describe("refund", sold.reference, payments=[(sold.reference, "card", -amount)])
    return Request("refund", f"/order/{sold.id}/refund/", body, about)


def give_back(sold: Sold, units: dict[int, int], *, restock: bool = True) -> Request:
    """Returns the return of these units: quantities by the ids of lines."""
    lines = [{"id": line, "quantity": quantity} for line, quantity in units.items()]
    body = {"lines": lines, "reason": "not as wanted", "restock": restock}
    return Request(
        "return", f"/order/{sold.id}/return/", body, _describe("return", sold.reference, units=units)
    )


def sell(cashier: Cashier, basket: Basket, card: Decimal = ZERO, change: Decimal = ZERO) -> Request:
    """Makes a draft. Returns its sale: `card` by card and the rest in cash, with `change` more laid down.

    Raises LookupError when the page has no button to sell it.
    """
    path = cashier.clerk.draft(basket)
    reference = path.strip("/").split("/")[-1]
    fields = read_form(cashier.clerk.browser.get(f"{path}review/").text, f"{path}sell/")
    cash = Decimal(basket_total(basket)) - card
    typed = f"{cash + change:.2f}" if change else "="
    fields |= {"tender": f"c {card} + {typed}" if card else typed, "register": str(cashier.register)}
    payments: list[Entry] = [(reference, "cash", cash)]
    payments += [(reference, "card", card)] if card else []
    about = _describe("sale", reference, fields["key"], payments=payments, papers=[(reference, "receipt")])
    sale = {"path": "desk", "reference": reference, **describe_basket(basket)}
    return Request("sale", f"{path}sell/", fields, about, sale)


def exchange(cashier: Cashier, sold: Sold, units: Basket, goods: Basket) -> Request:
    """Returns the exchange of these units of an order for other goods. The difference is paid in cash."""
    path = f"/orders/{sold.reference}/exchange/"
    chosen = {f"units-{sold.lines[product.id]}": count for product, count in units.items()}
    wanted = ", ".join(f"{count}*{product.sku}" for product, count in goods.items())
    query = urlencode({**chosen, "goods": wanted, "reason": "another colour", "restock": "on"})
    page = cashier.clerk.browser.get(f"{path}?{query}").text
    fields = read_form(page, path, having="snapshot") | {"register": str(cashier.register)}
    back, total = Decimal(basket_total(units)), Decimal(basket_total(goods))
    pair = min(back, total)
    payments: list[Entry] = [(sold.reference, "exchange", -pair), (None, "exchange", pair)]
    if total > pair:
        fields["tender"] = "="
        payments += [(None, "cash", total - pair)]
    if back > pair:
        payments += [(sold.reference, "cash", pair - back)]
    papers: list[tuple[str | None, str]] = [(None, "receipt")]
    papers += [(sold.reference, "credit_note")] if sold.has_receipt else []
    about = _describe(
        "exchange",
        sold.reference,
        fields["key"],
        payments=payments,
        units={sold.lines[product.id]: count for product, count in units.items()},
        papers=papers,
    )
    sale = {"path": "exchange", "key": fields["key"], **describe_basket(goods)}
    return Request("exchange", path, fields, about, sale)


def read_sold(cashier: Cashier, reference: str, basket: Basket) -> Sold:
    """Returns an order that was sold and paid at a till. The ids of its lines come from its exchange page."""
    page = cashier.clerk.browser.get(f"/orders/{reference}/exchange/").text
    fields = read_form(page, f"/orders/{reference}/exchange/")
    ids = [int(name.removeprefix("units-")) for name in fields if name.startswith("units-")]
    lines = {product.id: line for product, line in zip(basket, ids, strict=True)}
    return Sold(0, reference, basket, lines, paid=Decimal(basket_total(basket)), has_receipt=True)
