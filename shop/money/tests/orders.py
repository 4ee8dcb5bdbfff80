"""Orders for tests of money: any by hypothesis, many by a seeded generator, and short ways to write one."""

from decimal import Decimal
from random import Random

from hypothesis import strategies as st

from shop.money.bundles import Bundle
from shop.money.pricing import NO_DISCOUNT, Discount, PricedLine, UnpricedLine
from shop.money.returning import Part, Returnable

RATES = [
    (code, Decimal(percent)) for code, percent in [("S", 19), ("R", 7), ("F", "5.5"), ("Z", 0), ("E", 0)]
]


def money(text: str) -> list[Decimal]:
    """ "1.00 2.00" as amounts."""
    return [Decimal(amount) for amount in text.split()]


def line(text: str, *, percent: str | None = None, amount: str | None = None) -> UnpricedLine:
    """ "2 × 19.99 @ 19" as a line, with its discount."""
    quantity, unit_price, tax_percent = text.replace("×", "@").split("@")
    discount = Discount(amount and Decimal(amount), percent and Decimal(percent))
    return UnpricedLine(
        int(quantity), Decimal(unit_price.strip()), Decimal(tax_percent.strip()), "S", discount
    )


def returnable(sold: UnpricedLine, priced: PricedLine, decimals: int = 2) -> Returnable:
    return Returnable(sold.quantity, priced.gross, priced.tax, decimals=decimals)


def amounts_of(part: Part | PricedLine) -> list[Decimal]:
    return [part.gross, part.net, part.tax]


def cents(least: int = 0, most: int = 1_000_000) -> st.SearchStrategy[Decimal]:
    return st.integers(least, most).map(lambda minor: Decimal(minor).scaleb(-2))


percents = st.integers(0, 100_000).map(lambda thousandths: Decimal(thousandths).scaleb(-3))


@st.composite
def lines(draw: st.DrawFn) -> UnpricedLine:
    quantity = draw(st.integers(1, 30))
    price = draw(cents(0, 50_000))
    code, percent = draw(st.sampled_from(RATES))
    amounts = st.builds(Discount, amount=cents(0, int(quantity * price * 100)))
    discount = draw(st.just(NO_DISCOUNT) | st.builds(Discount, percent=percents) | amounts)
    return UnpricedLine(quantity, price, percent, code, discount)


orders = st.lists(lines(), min_size=1, max_size=8)
discounts = st.builds(Discount, amount=cents()) | st.builds(Discount, percent=percents)


def random_discount(random: Random, most: int) -> Discount:
    """None, a percentage, or an amount up to `most` cents."""
    kind = random.randrange(4)
    if kind == 0:
        return Discount(percent=Decimal(random.randint(0, 100_000)).scaleb(-3))
    return Discount(amount=Decimal(random.randint(0, most)).scaleb(-2)) if kind == 1 else NO_DISCOUNT


def random_line(random: Random) -> UnpricedLine:
    quantity = random.choice([1, 1, 2, 3, random.randint(4, 40)])
    price = random.choice([random.randint(0, 20), random.randint(1, 9_999), random.randint(1, 999_999)])
    code, percent = random.choice(RATES)
    discount = random_discount(random, quantity * price)
    return UnpricedLine(quantity, Decimal(price).scaleb(-2), percent, code, discount)


def random_bundles(random: Random, sold: list[UnpricedLine]) -> list[Bundle]:
    """Now and then one of n for m, over the lines without a discount of their own."""
    free = tuple(position for position, one in enumerate(sold) if one.discount == NO_DISCOUNT)
    buy = random.randint(2, 4)
    return [Bundle(buy, random.randint(1, buy - 1), free)] if free and random.random() < 0.3 else []
