"""Sales for tests of documents: the worked examples E3 and E8, as rows."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone

from shop.db.transactions import retried_transaction
from shop.documents import services as documents
from shop.documents.models import Document
from shop.models import Customer, Order, OrderLine, Payment, Product, Register, Return, ReturnLine, User
from shop.money.pricing import NO_DISCOUNT, Discount
from shop.money.returning import Part, Returnable, apply_part, compute_return
from shop.orders.services.new_orders import Item, OrderDiscount, place_new_order
from shop.taxes.services import set_tax_rate
from shop.till.services import get_default_register_id, lock_register
from testing.factories import CustomerFactory, ProductFactory


def make_product(price: str, percent: str, **values: Any) -> Product:
    """A product whose tax class is named as its rate."""
    set_tax_rate(code=f"T{percent}", percent=Decimal(percent), valid_from=None)
    return ProductFactory(
        unit_price=Decimal(price), **{"name": f"Thing of {price}", "tax_class_id": f"T{percent}"} | values
    )


def sell(
    items: Sequence[tuple[Product, int, Discount]],
    off: str = "",
    *,
    customer: Customer | None = None,
    staff: User | None = None,
) -> Order:
    discount = OrderDiscount(Discount(Decimal(off)), "regular") if off else OrderDiscount()
    return place_new_order(
        customer_id=customer and customer.pk,
        items=[Item(product.pk, quantity, discount, "") for product, quantity, discount in items],
        expected_subtotal=None,
        discount=discount,
        staff_id=staff and staff.pk,
        once=None,
    )


def sell_e3(**values: Any) -> Order:
    items = [("19.99", "19", 2), ("3.49", "7", 3), ("12.50", "19", 1)]
    lines = [(make_product(price, percent), quantity, NO_DISCOUNT) for price, percent, quantity in items]
    return sell(lines, "10.00", **values)


def sell_e8(**values: Any) -> Order:
    first, second = make_product("33.33", "19"), make_product("50.00", "7")
    ten_percent = Discount(percent=Decimal(10))
    return sell([(first, 3, ten_percent), (second, 1, NO_DISCOUNT)], "5.00", **values)


def make_customer() -> Customer:
    return CustomerFactory(name="Ada Lovelace", address="12 St James's Square\nLondon")


@retried_transaction
def pay_in_cash(*, order: Order, amount: str, tendered: str, staff_id: int | None = None) -> Payment:
    """Stores a payment in cash, as the service of payments does, and the order's balance with it."""
    register = lock_register(get_default_register_id())
    payment = Payment.objects.create(
        order=order,
        method="cash",
        amount=Decimal(amount),
        tendered=Decimal(tendered),
        change=Decimal(tendered) - Decimal(amount),
        cash=Decimal(amount),
        session=register.open_session,
        currency=order.currency,
        business_day=timezone.localdate(),
        author_id=staff_id,
    )
    order.paid += payment.amount
    order.balance = order.total - order.returned - order.paid
    order.save(update_fields=["paid", "balance"])
    return payment


@retried_transaction
def give_receipt(*, order: Order, payments: Sequence[Payment] = (), staff_id: int | None = None) -> Document:
    register = lock_register(get_default_register_id())
    return documents.issue_receipt(order, order.line_list, list(payments), register, staff_id)


@retried_transaction
def take_back(*, order: Order, units: dict[int, int], reason: str = "too bright") -> Return:
    """Stores a return of so many units of the lines at these positions, as the service of returns does."""
    lines = [line for line in order.lines.all() if line.position in units]
    parts = [_compute_part(line, units[line.position]) for line in lines]
    gross, net, tax = (
        sum((getattr(part, name) for part in parts), Decimal(0)) for name in ("gross", "net", "tax")
    )
    made = Return.objects.create(
        order=order,
        kind="goods",
        reason=reason,
        business_day=timezone.localdate(),
        gross=gross,
        net=net,
        tax=tax,
    )
    for line, part in zip(lines, parts, strict=True):
        _store_part(made, line, part)
    order.returned += gross
    if order.balance is not None:
        order.balance -= gross
    order.save(update_fields=["returned", "balance"])
    return made


def _store_part(made: Return, line: OrderLine, part: Part) -> None:
    ReturnLine.objects.create(
        of_return=made,
        line=line,
        product_id=line.product_id,
        position=line.position,
        name=line.name,
        quantity=part.quantity,
        gross=part.gross,
        net=part.net,
        tax=part.tax,
        tax_code=line.tax_code,
        tax_percent=line.tax_percent,
    )


def _compute_part(line: OrderLine, units: int) -> Part:
    left = Returnable(line.quantity, line.gross, line.tax)
    for earlier in line.return_lines.order_by("of_return"):
        left = apply_part(left, Part(earlier.quantity, earlier.gross, earlier.net, earlier.tax))
    return compute_return(left, units)


def invoice(order: Order, **values: Any) -> Document:
    values = {"staff_id": None, "register_id": get_default_register_id()} | values
    return documents.issue_invoice(reference=order.reference, **values)


def credit_note(of_return: Return, staff_id: int | None = None) -> Document:
    return documents.issue_credit_note(
        return_id=of_return.pk, register_id=get_default_register_id(), staff_id=staff_id
    )


def series(prefix: str = "T1") -> Register:
    return Register.objects.get(prefix=prefix)
