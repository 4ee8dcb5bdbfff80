"""Sales for tests of documents: the worked examples E3 and E8, as rows."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from shop.db.transactions import retried_transaction
from shop.documents import services as documents
from shop.documents.models import Document
from shop.models import Customer, Order, Payment, Product, Register, Return, User
from shop.money.pricing import NO_DISCOUNT, Discount
from shop.orders.services.new_orders import GivenDiscount, Item, place_new_order
from shop.payments.services import record_payment
from shop.payments.tenders import Tender
from shop.returns.services import return_goods
from shop.taxes.services import set_tax_rate
from shop.till.services import find_register_id, lock_register
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
    discount = GivenDiscount(Discount(Decimal(off)), "regular") if off else GivenDiscount()
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


def pay_in_cash(*, order: Order, amount: str, tendered: str, staff_id: int | None = None) -> Payment:
    payment = record_payment(
        reference=order.reference,
        tender=Tender("cash", Decimal(amount), Decimal(tendered)),
        register_id=find_register_id(None),
        seen_balance=None,
        staff_id=staff_id,
        once=None,
    )
    order.refresh_from_db(fields=["paid", "balance"])
    return payment


@retried_transaction
def give_receipt(*, order: Order, payments: Sequence[Payment] = (), staff_id: int | None = None) -> Document:
    register = lock_register(find_register_id(None))
    return documents.issue_receipt(order, order.line_list, list(payments), register, staff_id)


def take_back(*, order: Order, units: dict[int, int], reason: str = "too bright") -> Return:
    """Takes back units of the lines at these positions. They do not go back into stock."""
    ids = dict(order.lines.values_list("position", "pk"))
    made = return_goods(
        reference=order.reference,
        lines=[(ids[position], quantity) for position, quantity in units.items()],
        reason=reason,
        restock=False,
        staff_id=None,
        once=None,
    )
    order.refresh_from_db(fields=["returned", "balance"])
    return made


def invoice(order: Order, **values: Any) -> Document:
    values = {"staff_id": None, "register_id": find_register_id(None)} | values
    return documents.issue_invoice(reference=order.reference, **values)


def credit_note(of_return: Return, staff_id: int | None = None) -> Document:
    assert of_return.order is not None
    return documents.issue_credit_note(
        reference=of_return.order.reference,
        return_id=of_return.pk,
        register_id=find_register_id(None),
        staff_id=staff_id,
    )


def series(prefix: str = "T1") -> Register:
    return Register.objects.get(prefix=prefix)
