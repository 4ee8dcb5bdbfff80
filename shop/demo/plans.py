"""Plans the big demo: two years of orders, the oldest first.

Nothing here uses the database, and the plans are not kept in memory.
"""

import heapq
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from shop.demo.names import add_up_weights
from shop.models import Order, StockMovement

Status = Order.Status
Reason = StockMovement.Reason

#: Days before today from which there are orders.
DAYS = 730
#: How many orders come in each hour, from midnight, and on each day, from Monday; as weights.
HOURS = (*[0.01] * 7, 0.1, 0.6, 4, 5, 6, 6, 4.5, 4, 4.5, 5, 5.5, 1, 0.4, 0.2, 0.1, 0.05, 0.02)
WEEKDAYS = (0.9, 0.9, 1, 1.05, 1.3, 1.9, 0.3)
HOUR = 3600
#: Most open drafts, and most placed orders that are not handed over yet.
DRAFTS, PLACED = 20, 300
WALK_INS, CANCELLED = 0.2, 0.03
LINES, LINES_SHARES = (1, 2, 3, 4, 5, 6, 7, 8, 15), (26, 24, 19, 12, 8, 5, 3, 2, 1)
QUANTITIES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 24, 50, 100)
QUANTITIES_SHARES = (720, 160, 50, 25, 10, 12, 5, 7, 5, 3, 2, 1)
#: A product is ordered anew before less than this is left of it.
ENOUGH = 12
#: A scarce product never has more stock than this, except after a return.
SCARCE = 5


@dataclass(slots=True)
class DemoProducts:
    """The products of the demo; each is known by its number, the index in these lists."""

    ids: "array[int]"
    names: list[str]
    prices: list[Decimal]
    #: The stock of the products whose stock is tracked.
    left: dict[int, int]
    scarce: frozenset[int]


@dataclass(slots=True)
class Move:
    """A signed change of the stock of product number `product`."""

    product: int
    quantity: int
    reason: Reason
    at: datetime


@dataclass(slots=True)
class OrderPlan:
    """An order to be made. `items` maps numbers of products to quantities."""

    number: int
    at: datetime
    status: Status
    customer_id: int | None
    staff_id: int | None
    items: dict[int, int]
    #: When, and by whom, the order was fulfilled or cancelled.
    done_at: datetime | None = None
    done_by: int | None = None
    moves: list[Move] = field(default_factory=list)


def draw_times(random: Random, now: datetime, count: int) -> Iterator[datetime]:
    """Yields `count` times of the last two years up to `now`, the oldest first; the last one is today."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    days = [midnight - timedelta(days=ago) for ago in range(DAYS, -1, -1)]
    starts = [day.timestamp() for day in days]
    # Daylight saving time makes days of 23 and 25 hours, and today ends now.
    ends = [*starts[1:], now.timestamp()]
    busy = [
        WEEKDAYS[day.weekday()] * _sum_busy_hours(end - start)
        for day, start, end in zip(days, starts, ends, strict=True)
    ]
    total, drawn, passed = sum(busy), 0, 0.0
    for day, start, end, weight in zip(days, starts, ends, busy, strict=True):
        passed += weight
        until = count if day == midnight else int((count - 1) * passed / total)
        yield from _draw_times_between(random, start, end, until - drawn)
        drawn = until


def _sum_busy_hours(seconds: float) -> float:
    return sum(weight * min(1.0, max(0.0, seconds / HOUR - hour)) for hour, weight in enumerate(HOURS))


def _draw_times_between(random: Random, start: float, end: float, count: int) -> list[datetime]:
    hours = [hour for hour in range(len(HOURS)) if start + hour * HOUR <= end]
    begins = (start + hour * HOUR for hour in random.choices(hours, HOURS[: len(hours)], k=count))
    return [
        datetime.fromtimestamp(second, UTC)
        for second in sorted(begin + random.random() * min(HOUR, end - begin) for begin in begins)
    ]


class Stockroom:
    """Plans deliveries, so that the stock of no tracked product goes below zero."""

    def __init__(self, random: Random, goods: DemoProducts) -> None:
        self._random, self._goods = random, goods
        #: Products of cancelled orders that are not returned to stock yet.
        self._returns: list[tuple[datetime, int, int]] = []
        self._delivered = Counter[int]()

    def add_movements(self, plan: OrderPlan) -> None:
        """Adds an order's stock movements to its plan: deliveries before it, its sales, its returns."""
        left = self._goods.left
        while self._returns and self._returns[0][0] <= plan.at:
            _, product, quantity = heapq.heappop(self._returns)
            left[product] += quantity
        for product, quantity in plan.items.items():
            if product not in left:
                continue
            delivered = self._choose_delivery(product, quantity)
            if delivered:
                before = plan.at - timedelta(minutes=self._random.randint(1, 90))
                plan.moves.append(Move(product, delivered, Reason.RECEIVED, before))
            plan.moves.append(Move(product, -quantity, Reason.SOLD, plan.at))
            left[product] += delivered - quantity
            if plan.status == Status.CANCELLED and plan.done_at:
                plan.moves.append(Move(product, quantity, Reason.RETURNED, plan.done_at))
                heapq.heappush(self._returns, (plan.done_at, product, quantity))

    def _choose_delivery(self, product: int, wanted: int) -> int:
        """Returns the quantity to deliver before a sale: in tens, and more each time for popular products."""
        missing = wanted - self._goods.left[product]
        if product in self._goods.scarce:
            return missing + self._random.randint(0, SCARCE) if missing > 0 else 0
        if missing + ENOUGH <= 0:
            return 0
        self._delivered[product] += 1
        lot = 10 * min(self._delivered[product], 50)
        return (missing + ENOUGH + lot) // 10 * 10 + 10


class Planner:
    """Plans one order after the other. The same `random` and `now` give the same plans."""

    def __init__(
        self,
        random: Random,
        now: datetime,
        *,
        goods: DemoProducts,
        customers: Sequence[int],
        staff: Sequence[int],
    ) -> None:
        self._random, self._now = random, now
        self._stockroom = Stockroom(random, goods)
        self._customers, self._staff = customers, staff
        ranks = list(range(len(goods.ids)))
        random.shuffle(ranks)
        self._products, self._popular = range(len(ranks)), add_up_weights(ranks, 0.85, 6)
        ranks = list(range(len(customers)))
        random.shuffle(ranks)
        self._regular = add_up_weights(ranks, 0.6, 20)

    def plan_orders(self, count: int) -> Iterator[OrderPlan]:
        """Yields `count` plans, the oldest first. The last ones are drafts, those before them only placed."""
        drafts = min(DRAFTS, max(1, count // 2000))
        placed = drafts + min(PLACED, count // 10)
        for number, at in enumerate(draw_times(self._random, self._now, count)):
            coming = count - number
            status = Status.FULFILLED if coming > placed else Status.PLACED
            if coming <= drafts:
                status = Status.DRAFT
            elif self._random.random() < CANCELLED:
                status = Status.CANCELLED
            yield self._plan_order(number, at, status)

    def _plan_order(self, number: int, at: datetime, status: Status) -> OrderPlan:
        random = self._random
        plan = OrderPlan(number, at, status, self._draw_customer(), self._draw_clerk(), self._draw_items())
        if status in (Status.FULFILLED, Status.CANCELLED):
            # Most are handed over within minutes, the others on one of the next days at about the same hour.
            minutes = random.randint(1, 40)
            if random.random() < 0.3:
                minutes += random.randint(1, 3) * 24 * 60 - 120 + random.randint(0, 240)
            plan.done_at = at + min(timedelta(minutes=minutes), (self._now - at) * random.random())
            plan.done_by = self._draw_clerk()
        if status != Status.DRAFT:
            self._stockroom.add_movements(plan)
        return plan

    def _draw_customer(self) -> int | None:
        if self._random.random() < WALK_INS:
            return None
        return self._random.choices(self._customers, cum_weights=self._regular)[0]

    def _draw_clerk(self) -> int | None:
        """Returns one of the staff, the first ones more often."""
        share = self._random.random() ** 2
        return self._staff[int(share * len(self._staff))] if self._staff else None

    def _draw_items(self) -> dict[int, int]:
        random = self._random
        lines = random.choices(LINES, LINES_SHARES)[0]
        products = random.choices(self._products, cum_weights=self._popular, k=lines)
        return dict(zip(products, random.choices(QUANTITIES, QUANTITIES_SHARES, k=lines), strict=True))
