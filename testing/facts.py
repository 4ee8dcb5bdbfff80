"""Makes random sales, returns and payments. The database takes them; the amounts have no other meaning."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from random import Random

from shop.models import (
    Customer,
    Order,
    OrderLine,
    Payment,
    Product,
    Register,
    Return,
    ReturnLine,
    TillSession,
    User,
)
from shop.orders.reference import new_reference

TAXES = (("S", Decimal(19)), ("R", Decimal("7.000")), ("Z", Decimal("5.5")), (None, Decimal(0)))
REASONS = ("Broken", "Too large", "Not liked")


def draw_amount(random: Random, most: int = 20_000) -> Decimal:
    return Decimal(random.randint(1, most)).scaleb(-2)


class FactMaker:
    """Makes sales, returns and payments of a day. The same `seed` makes the same ones."""

    def __init__(
        self, seed: int, *, staff: Sequence[User], customers: Sequence[Customer], products: Sequence[Product]
    ) -> None:
        self.random = Random(seed)
        self.staff, self.customers, self.products = staff, customers, products
        self.session = TillSession.objects.create(register=Register.objects.order_by("id")[0], number=1)

    def draw_time(self, day: datetime.date) -> datetime.datetime:
        return datetime.datetime.combine(
            day, datetime.time(self.random.randint(7, 21), self.random.randint(0, 59)), datetime.UTC
        )

    def make_order(self, day: datetime.date) -> Order:
        random, at = self.random, self.draw_time(day)
        lines = [self.build_line(position) for position in range(1, random.randint(2, 5))]
        total = sum((line.gross or Decimal(0) for line in lines), Decimal(0))
        clerk = random.choice([*self.staff, None])
        order = Order.objects.create(
            reference=new_reference(),
            status=random.choice(["placed", "fulfilled", "cancelled"]),
            customer=random.choice([*self.customers, None]),
            subtotal=total + draw_amount(random, 500),
            total=total,
            tax=sum((line.tax or Decimal(0) for line in lines), Decimal(0)),
            currency="USD",
            business_day=day,
            dated_at=at,
            placed_at=at,
            created_by=clerk,
            placed_by=clerk,
        )
        for line in lines:
            line.order = order
        OrderLine.objects.bulk_create(lines)
        return order

    def build_line(self, position: int) -> OrderLine:
        random = self.random
        code, percent = random.choice(TAXES)
        quantity, unit_price = random.randint(1, 9), draw_amount(random)
        discount = min(quantity * unit_price, draw_amount(random, 300))
        gross = quantity * unit_price - discount
        tax = min(gross, draw_amount(random, 300)) if code else Decimal(0)
        return OrderLine(
            product=random.choice(self.products),
            position=position,
            name="Thing",
            quantity=quantity,
            unit_price=unit_price,
            discount=discount,
            tax_code=code,
            tax_percent=percent,
            gross=gross,
            net=gross - tax,
            tax=tax,
            unit_cost=random.choice([None, Decimal(random.randint(1, 99_999)).scaleb(-4)]),
        )

    def make_return(self, order: Order, day: datetime.date) -> Return:
        line = self.random.choice(list(order.lines.all()))
        goods_return = Return.objects.create(
            order=order,
            kind=self.random.choice(["goods", "allowance"]),
            reason=self.random.choice(REASONS),
            gross=line.gross,
            net=line.net,
            tax=line.tax,
            business_day=day,
            created_at=self.draw_time(day),
            author=self.random.choice([*self.staff, None]),
        )
        ReturnLine.objects.create(
            of_return=goods_return,
            line=line,
            product_id=line.product_id,
            position=1,
            name=line.name,
            quantity=line.quantity,
            gross=line.gross,
            net=line.net,
            tax=line.tax,
            tax_code=line.tax_code,
            tax_percent=line.tax_percent,
        )
        return goods_return

    def make_payment(self, order: Order, day: datetime.date) -> Payment:
        amount = draw_amount(self.random) * self.random.choice([1, 1, -1])
        is_cash = self.random.random() < 0.5
        more = {"session": self.session, "cash": amount, "tendered": max(amount, Decimal(0))}
        return Payment.objects.create(
            order=order,
            method="cash" if is_cash else "card",
            amount=amount,
            currency="USD",
            business_day=day,
            **(more if is_cash else {}),
        )

    def make_day(self, day: datetime.date, orders: int = 4) -> None:
        """Makes orders of a day, with returns and payments on it or up to nine days later."""
        for _ in range(orders):
            order = self.make_order(day)
            for make in (self.make_return, self.make_payment):
                if self.random.random() < 0.6:
                    make(order, day + datetime.timedelta(days=self.random.randint(0, 9)))
