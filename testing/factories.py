"""Factories of rows for tests. They call the services, so every rule holds for the rows."""

# factory-boy has no types.
# mypy: disable-error-code="misc"

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import factory

from shop.customers import services as customers
from shop.models import Customer, Order, OrderLine, Product, User
from shop.orders.services import drafts, placed_orders, placing
from shop.orders.services.placing import SeenOrder
from shop.products import services as products


class UserFactory(factory.Factory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"staff{n}")

    @classmethod
    def _create(cls, model: type[User], **values: Any) -> User:
        return User.objects.create_user(**values)


class CustomerFactory(factory.Factory):
    class Meta:
        model = Customer

    name = factory.Sequence(lambda n: f"Customer {n}")

    @classmethod
    def _create(cls, model: type[Customer], active: bool = True, **values: Any) -> Customer:
        customer = customers.create_customer(**{"staff_id": None, "once": None} | values)
        return (
            customer
            if active
            else customers.set_customer_active(customer_id=customer.pk, active=False, staff_id=None)
        )


class ProductFactory(factory.Factory):
    class Meta:
        model = Product

    name = factory.Sequence(lambda n: f"Product {n}")
    sku = factory.Sequence(lambda n: f"SKU-{n}")
    unit_price = Decimal("10.00")

    @classmethod
    def _create(cls, model: type[Product], active: bool = True, **values: Any) -> Product:
        product = products.create_product(**{"staff_id": None, "once": None} | values)
        return (
            product
            if active
            else products.set_product_active(product_id=product.pk, active=False, staff_id=None)
        )


class DraftFactory(factory.Factory):
    """A draft with `lines`: products, or pairs of a product and its quantity; by default one product."""

    class Meta:
        model = Order

    staff = factory.SubFactory(UserFactory)
    customer: Customer | None = None
    lines = factory.LazyFunction(lambda: [ProductFactory()])
    note = ""

    @classmethod
    def _create(cls, model: type[Order], staff: User, **values: Any) -> Order:
        return cls._make_draft(staff, **values)

    @classmethod
    def _make_draft(cls, staff: User, customer: Customer | None, lines: Iterable[Any], note: str) -> Order:
        order = drafts.open_draft(staff_id=staff.pk)
        for product, quantity in _pairs(lines):
            order = drafts.add_line(
                reference=order.reference, product_id=product.pk, quantity=quantity, key="", staff_id=None
            )
        if customer:
            order = drafts.set_customer(
                reference=order.reference,
                customer_id=customer.pk,
                seen_customer_id=order.customer_id,
                staff_id=None,
            )
        if note:
            order = drafts.set_note(reference=order.reference, note=note, seen_note="", staff_id=None)
        return order


class PlacedFactory(DraftFactory):
    """A placed order."""

    @classmethod
    def _create(cls, model: type[Order], staff: User, **values: Any) -> Order:
        return place(super()._create(model, staff=staff, **values), staff)


class FulfilledFactory(PlacedFactory):
    """An order that was handed over."""

    @classmethod
    def _create(cls, model: type[Order], staff: User, **values: Any) -> Order:
        placed = super()._create(model, staff=staff, **values)
        return placed_orders.fulfil_order(reference=placed.reference, staff_id=staff.pk)


def _pairs(lines: Iterable[Any]) -> Iterable[tuple[Product, int]]:
    return [line if isinstance(line, tuple) else (line, 1) for line in lines]


def place(order: Order, staff: User) -> Order:
    """Places a draft as it stands."""
    return placing.place_order(reference=order.reference, seen=seen(order), staff_id=staff.pk)


def seen(order: Order) -> SeenOrder:
    """Returns what a clerk who looks at the order now sees of it."""
    now = Order.objects.get(pk=order.pk)
    return SeenOrder.from_rows(now, now.line_list)


def offer(order: Order) -> dict[str, SeenOrder]:
    """Returns what the review page shows of the order now, and the draft that it offers to accept."""
    now = seen(order)
    outcome = placing.build_accepted_lines(order.lines.select_related("product"))
    return {"seen": now, "offered": SeenOrder.from_rows(Order.objects.get(pk=order.pk), outcome)}


def accept(order: Order) -> Order:
    """Accepts what the review page offers now."""
    return placing.accept_changes(reference=order.reference, **offer(order), staff_id=None)


def only_line(order: Order) -> OrderLine:
    """Returns the line of an order that has exactly one."""
    return order.lines.get()


def in_stock(product: Product) -> int | None:
    """Returns the stored stock of a product; None when it is not tracked."""
    return Product.objects.get(pk=product.pk).stock


def movements(product: Product) -> list[tuple[int, str]]:
    """Returns the stock movements of a product: signed quantity and reason, the oldest first."""
    return list(product.movements.order_by("id").values_list("quantity", "reason"))


def version_of(row: Any) -> int:
    """Returns the version that a row has in the database by now."""
    version: int = type(row)._default_manager.values_list("version", flat=True).get(pk=row.pk)
    return version
