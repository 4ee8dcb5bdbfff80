"""20,000 orders with discounts, bundles, payments, returns in random parts, and allowances: A1 to A6 hold."""

from decimal import ROUND_HALF_UP, Decimal
from random import Random

from shop.money.balance import Balance, PaymentLeft, propose_refunds
from shop.money.cash import refund_cash, take_cash
from shop.money.pricing import PricedOrder, price_order
from shop.money.returning import Part, Returnable, apply_part, compute_allowance, compute_return
from shop.money.tests.orders import random_bundles, random_discount, random_line, returnable
from shop.money.tests.test_pricing import assert_adds_up, round_cents

ORDERS = 20_000
STEPS = [Decimal("0.01"), Decimal("0.05"), Decimal("1.00")]


def sell(random: Random) -> tuple[PricedOrder, list[Returnable]]:
    """An order that is checked for A1 to A4, and its lines as they can be returned."""
    sold = [random_line(random) for _ in range(random.choice([1, 1, 2, 2, 3, 5]))]
    prices_include_tax = random.random() < 0.5
    order = price_order(
        sold,
        prices_include_tax=prices_include_tax,
        discount=random_discount(random, 50_000),
        bundles=random_bundles(random, sold),
    )
    assert_adds_up(sold, order, prices_include_tax=prices_include_tax)
    return order, [returnable(one, priced) for one, priced in zip(sold, order.lines, strict=True)]


def choose_part(random: Random, rest: Returnable) -> Part:
    """A return of one unit to all of them, or an allowance."""
    if rest.gross_left and random.random() < 0.15:
        return compute_allowance(rest, Decimal(random.randint(1, int(rest.gross_left * 100))).scaleb(-2))
    return compute_return(rest, random.randint(1, rest.quantity_left))


def return_in_parts(random: Random, line: Returnable) -> list[Part]:
    """All units of a line, part by part; A5 after each, computed in another way than the code does."""
    rest, parts = line, []
    quantity, gross, tax = line.quantity, line.gross, line.tax
    since_allowance: list[Part] = []
    while rest.quantity_left:
        part = choose_part(random, rest)
        rest = apply_part(rest, part)
        parts.append(part)
        since_allowance.append(part)
        assert min(part.gross, part.net, part.tax) >= 0
        assert part.net + part.tax == part.gross
        returned_gross = sum(one.gross for one in since_allowance)
        returned_tax = sum(one.tax for one in since_allowance)
        assert returned_tax == (round_cents(tax * returned_gross / gross) if gross else 0)
        returned = sum(one.quantity for one in since_allowance)
        if part.quantity:
            assert returned_gross == round_cents(gross * returned / quantity)
        else:
            quantity, gross, tax = quantity - returned, gross - returned_gross, tax - returned_tax
            since_allowance = []
    return parts


def test_to_the_cent() -> None:
    random = Random(20_000)
    for _ in range(ORDERS):
        order, lines = sell(random)
        parts = [return_in_parts(random, line) for line in lines]
        for line, of_line in zip(lines, parts, strict=True):
            assert sum(part.quantity for part in of_line) == line.quantity
            assert sum(part.gross for part in of_line) == line.gross
            assert sum(part.tax for part in of_line) == line.tax
            assert sum(part.net for part in of_line) == line.gross - line.tax
        if order.total:
            pay_and_refund(random, order, [part.gross for of_line in parts for part in of_line if part.gross])


def pay_and_refund(random: Random, order: PricedOrder, returns: list[Decimal]) -> None:
    """A6: paid by card and cash, returned one by one, and settled after each; nothing is left in the end."""
    step = random.choice(STEPS)
    by_card = Decimal(random.randint(0, int(order.total * 100))).scaleb(-2)
    by_cash = order.total - by_card
    cash_in = take_cash(by_cash, by_cash + 100, step=step).cash if by_cash else Decimal(0)
    card_left, cash_left, returned, given = by_card, by_cash, Decimal(0), Decimal(0)
    for gross in returns:
        returned += gross
        balance = Balance(order.total, returned, card_left + cash_left)
        assert balance.refund_due == gross
        payments = [PaymentLeft(1, "card", card_left), PaymentLeft(2, "cash", cash_left)]
        for refund in propose_refunds(balance.refund_due, payments):
            if refund.payment_id == 1:
                card_left -= refund.amount
                continue
            before = by_cash - cash_left
            out = refund_cash(refund.amount, refunded_before=before, given_before=given, step=step)
            assert out.cash + out.rounding == out.amount == -refund.amount
            cash_left += out.amount
            given -= out.cash
        assert Balance(order.total, returned, card_left + cash_left).amount == 0
    assert (returned, card_left, cash_left) == (order.total, 0, 0)
    assert given == cash_in == (by_cash / step).quantize(Decimal(1), ROUND_HALF_UP) * step
