"""The actions that write money: payments, refunds, returns, sales, exchanges, and the closing of a till."""

import re
from decimal import Decimal

from e2e.faults import money
from e2e.faults.actions import ACTIONS, Action, Make, form_sender
from e2e.faults.clients import Basket, Clerk
from e2e.faults.money import Cashier, Request, Sold
from e2e.faults.system import System
from testing.browser_client import read_form
from testing.http_client import Answer

CENT = Decimal("0.01")
#: What is counted when a till is closed, by denomination, and what of it goes to the bank.
PIECES = {"100": 2, "10": 3, "0.01": 7}
BANKED = "30.07"


def make_action(cashier: Cashier, request: Request, table: str) -> Action:
    cashier.note_request(request)
    return Action(
        request.name,
        lambda: cashier.make_send(request),
        lambda answer: cashier.note_answer(request, answer),
        table,
    )


def order_unpaid(system: System, cashier: Cashier, basket: Basket | None = None) -> Sold:
    sold = cashier.order(basket or system.basket(system.hot))
    assert sold, "the order was refused"
    return sold


def order_paid(system: System, cashier: Cashier, basket: Basket | None = None) -> Sold:
    """Returns an order that was paid by card."""
    sold = order_unpaid(system, cashier, basket)
    sold.payment = int(cashier.send(money.pay(sold, "card", sold.total)))
    sold.paid = sold.total
    return sold


def sold_at_till(system: System, cashier: Cashier, basket: Basket | None = None) -> Sold:
    """Returns an order that was paid in cash at a till and has a receipt."""
    basket = basket or system.basket(system.hot)
    reference = cashier.send(money.sell(cashier, basket))
    assert reference, "the sale was refused"
    return money.read_sold(cashier, reference, basket)


def paying_in_cash(system: System) -> Action:
    """Returns the action that pays an order in cash through the API, and gets change."""
    cashier = system.cashier()
    sold = order_unpaid(system, cashier)
    return make_action(cashier, money.pay(sold, "cash", sold.total, change=Decimal(5)), "shop_payment")


def paying_by_card(system: System) -> Action:
    """Returns the action that pays a part of an order by card through the API."""
    cashier = system.cashier()
    return make_action(cashier, money.pay(order_unpaid(system, cashier), "card", CENT), "shop_payment")


def refunding(system: System) -> Action:
    """Returns the action that gives back a part of what was paid, through the API."""
    cashier = system.cashier()
    return make_action(cashier, money.refund(order_paid(system, cashier), CENT), "shop_payment")


def returning(system: System) -> Action:
    """Returns the action that takes back one unit of each line, through the API."""
    cashier = system.cashier()
    sold = order_paid(system, cashier)
    return make_action(cashier, money.give_back(sold, dict.fromkeys(sold.lines.values(), 1)), "shop_return")


def selling(system: System) -> Action:
    """Makes a draft. Returns the action that sells it at a till: by card, and in cash with change."""
    cashier = system.cashier()
    request = money.sell(cashier, system.basket(system.hot), card=CENT, change=Decimal(5))
    return make_action(cashier, request, "shop_document")


def exchanging(system: System) -> Action:
    """Sells at a till. Returns the action that exchanges half of it for something dearer."""
    cashier = system.cashier()
    sold = sold_at_till(system, cashier)
    product = next(iter(sold.basket))
    request = money.exchange(cashier, sold, {product: 1}, {system.products[40]: 2})
    return make_action(cashier, request, "shop_document")


def exchanging_for_less(system: System) -> Action:
    """Sells at a till. Returns the action that exchanges all of it for something cheaper."""
    cashier = system.cashier()
    sold = sold_at_till(system, cashier)
    request = money.exchange(cashier, sold, sold.basket, {system.hot[0]: 1})
    return make_action(cashier, request, "shop_document")


def closing(system: System) -> Action:
    """Sells at a till. Returns the action that closes it with a count, which leaves a difference."""
    cashier = system.cashier()
    sold_at_till(system, cashier)
    return make_closing(system, cashier.clerk, cashier.register)


def make_closing(system: System, clerk: Clerk, register: int) -> Action:
    """Returns the action that closes the open session of a register. Raises LookupError without one."""
    page = clerk.browser.get(f"/tills/{register}/").text
    link = re.search(r"/tills/sessions/(\d+)/close/", page)
    if link is None:
        raise LookupError(f"register {register} is closed")
    pieces = {f"pieces-{value}": str(count) for value, count in PIECES.items()}
    fields = read_form(clerk.browser.get(link[0]).text, "") | pieces | {"banked": BANKED, "close": "1"}
    session = int(link[1])
    system.journal.write("closing", "asked", session=session)

    def note_answer(answer: Answer) -> None:
        system.journal.write("closing", "done" if answer.status == 303 else "refused", session=session)

    return Action("close", form_sender(clerk.browser, link[0], fields), note_answer, "shop_document")


MONEY: dict[str, Make] = {
    "pay-cash": paying_in_cash,
    "pay-card": paying_by_card,
    "refund": refunding,
    "return": returning,
    "sale": selling,
    "exchange": exchanging,
    "exchange-for-less": exchanging_for_less,
    "close": closing,
}
EVERY: dict[str, Make] = ACTIONS | MONEY
#: Each of these differs little from another one, and is left out of the short form.
ALIKE = ("pay-card", "exchange-for-less")
