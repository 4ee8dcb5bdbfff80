"""A currency without decimals, such as the yen: prices, taxes, discounts and payments are whole units."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command

from shop.models import Order, Payment, Product, User
from shop.money.amounts import format_cost, format_money
from shop.money.errors import DiscountAboveLimit, NotWholeUnits, PriceOutOfRange
from shop.money.pricing import Discount
from shop.payments.services import record_payment
from shop.payments.tenders import Tender
from shop.returns.services import return_goods
from shop.taxes.services import set_tax_rate
from testing.factories import ProductFactory, place
from testing.refusals import raises_worded

from .discounts import give_line, make_draft, percent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _yen(settings: Any) -> None:
    settings.SHOP_CURRENCY, settings.SHOP_DECIMALS, settings.SHOP_CASH_STEP = "JPY", 0, Decimal(1)
    settings.SHOP_PRICES_INCLUDE_TAX = False


@pytest.fixture
def draft(clerk: User) -> Order:
    """A draft of one product at ¥105 without its tax of 10 %."""
    draft = make_draft(clerk, Decimal(105))
    set_tax_rate(code="S", percent=Decimal(10), valid_from=None)
    Product.objects.update(tax_class="S")
    return draft


def test_tax_is_rounded_to_whole_units(draft: Order, clerk: User) -> None:
    order = place(draft, clerk)

    assert (order.total, order.tax) == (116, 11)  # 10.5 is rounded up
    assert format_money(order.total) == "¥116"


def test_a_discount_is_rounded_to_whole_units_within_the_limit(draft: Order, clerk: User) -> None:
    give_line(draft, percent(10), staff_id=clerk.pk)
    with pytest.raises(DiscountAboveLimit) as refused:
        give_line(draft, Discount(Decimal(12)), percent(10), staff_id=clerk.pk)
    with pytest.raises(NotWholeUnits):
        give_line(draft, Discount(Decimal("10.5")), percent(10), staff_id=clerk.pk)
    order = place(draft, clerk)

    assert refused.value.values()["most"] == 11
    assert (order.lines.get().discount, order.total) == (11, 103)  # 94 and 9.4 of tax


def test_returns_are_whole_units_that_add_up(clerk: User) -> None:
    draft = make_draft(clerk, Decimal(35))
    line = draft.lines.get()
    line.quantity, line.discount = 3, Decimal(5)
    line.save()
    order = place(draft, clerk)

    given_back = [
        return_goods(
            reference=order.reference,
            lines=[(line.pk, 1)],
            reason="broken",
            restock=False,
            staff_id=clerk.pk,
            once=None,
        ).gross
        for _ in range(3)
    ]

    assert (order.total, given_back) == (100, [33, 34, 33])


def test_part_of_a_unit_is_no_price_and_no_payment(draft: Order, clerk: User) -> None:
    with raises_worded(PriceOutOfRange, "without decimals"):
        ProductFactory(unit_price=Decimal("1.5"))
    order = place(draft, clerk)

    with raises_worded(NotWholeUnits, "An amount is a number without decimals"):
        record_payment(
            reference=order.reference,
            tender=Tender("card", Decimal("0.5")),
            register_id=None,
            seen_balance=None,
            staff_id=clerk.pk,
            once=None,
        )


def test_a_cost_keeps_decimals() -> None:
    assert [format_cost(Decimal(text)) for text in ("80", "80.125")] == ["¥80.00", "¥80.125"]


def test_the_demo_has_whole_units(settings: Any) -> None:
    settings.SHOP_PRICES_INCLUDE_TAX = True
    call_command("load_demo")

    amounts = [*Order.objects.values_list("amount", flat=True)]
    amounts += Payment.objects.values_list("cash", flat=True)
    assert len(amounts) > 50
    assert [amount for amount in amounts if amount != int(amount)] == []
