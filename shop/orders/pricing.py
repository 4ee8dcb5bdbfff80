"""Prices an order from its rows: what a draft costs now, and what a placed order was sold for."""

import operator
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from shop.money.amounts import MAX_AMOUNT
from shop.money.balance import Balance
from shop.money.errors import TotalTooLarge
from shop.money.pricing import NO_DISCOUNT, Discount, PricedOrder, TaxSum, UnpricedLine, price_order
from shop.taxes.errors import NoTaxRate

if TYPE_CHECKING:
    from shop.orders.models import Order, OrderLine


#: The columns that `set_figures` sets.
FIGURES_OF_ORDER = ("subtotal", "discount", "total", "tax", "balance")
FIGURES_OF_LINE = ("discount", "share", "gross", "net", "tax")


def price_draft(order: "Order", lines: "Sequence[OrderLine] | None" = None) -> PricedOrder:
    """Returns the figures of a draft at its own prices, and at the settings and tax rates of today.

    The lines must have `percent_today`, as those of `Order.line_list` do. Raises NoTaxRate,
    DiscountTooLarge, TotalTooLarge.
    """
    lines = order.line_list if lines is None else lines
    return price_lines(list(map(build_line, lines)), read_discount(order), prices_include_tax())


def prices_include_tax() -> bool:
    """Whether the prices of the shop include tax."""
    include: bool = settings.SHOP_PRICES_INCLUDE_TAX
    return include


def price_lines(lines: Sequence[UnpricedLine], discount: Discount, include_tax: bool) -> PricedOrder:
    """Returns the figures of an order. Raises DiscountTooLarge; TotalTooLarge past what can be stored."""
    priced = price_order(
        lines, prices_include_tax=include_tax, discount=discount, decimals=settings.SHOP_DECIMALS
    )
    # With net prices the total may be the larger one, with a discount the subtotal.
    largest = max(priced.subtotal, priced.total)
    if largest > MAX_AMOUNT:
        raise TotalTooLarge(largest, MAX_AMOUNT)
    return priced


def build_line(line: "OrderLine") -> UnpricedLine:
    """Returns a line for the arithmetic, taxed as its product is today. Raises NoTaxRate."""
    return UnpricedLine(
        quantity=line.quantity,
        unit_price=line.unit_price,
        tax_percent=get_percent(line),
        tax_code=line.product.tax_class_id,
        discount=read_discount(line),
    )


def get_percent(line: "OrderLine") -> Decimal:
    """Returns today's tax rate of a line's product, 0 without a tax class. Raises NoTaxRate."""
    code = line.product.tax_class_id
    if code is None:
        return Decimal(0)
    if line.percent_today is None:
        raise NoTaxRate(line.product_id, code, timezone.localdate())
    return line.percent_today


def read_discount(row: "Order | OrderLine") -> Discount:
    """Returns the own discount of an order or a line: its percentage, or its amount if it has none."""
    if row.discount_percent is not None:
        return Discount(percent=row.discount_percent)
    return Discount(amount=row.discount) if row.discount else NO_DISCOUNT


def set_discount(row: "Order | OrderLine", discount: Discount, reason: str) -> None:
    """Sets the own discount of an order or a line. Stores nothing."""
    row.discount, row.discount_percent = discount.amount or Decimal(0), discount.percent
    row.discount_reason = reason if discount != NO_DISCOUNT else ""


def set_sale_figures(order: "Order", lines: "Sequence[OrderLine]") -> None:
    """Sets on an order and its lines, in memory, what they are sold for now. Stores nothing.

    Raises what `price_draft` raises.
    """
    priced = price_draft(order, lines)
    order.prices_include_tax, order.currency = prices_include_tax(), settings.SHOP_CURRENCY
    order.business_day = timezone.localdate()
    for line in lines:
        product = line.product
        line.tax_code, line.tax_percent = product.tax_class_id, get_percent(line)
        line.unit_cost = product.cost
    set_figures(order, lines, priced)
    if settings.SHOP_KEEP_BALANCES:
        order.balance = priced.total


def set_corrected_figures(order: "Order", lines: "Sequence[OrderLine]") -> None:
    """Computes a placed order anew after one of its lines was corrected, at the rates of its sale.

    Stores nothing. Raises DiscountTooLarge, TotalTooLarge.
    """
    sold = [
        UnpricedLine(line.quantity, line.unit_price, line.tax_percent, line.tax_code, read_discount(line))
        for line in lines
    ]
    set_figures(order, lines, price_lines(sold, read_discount(order), order.prices_include_tax))


def set_figures_without_tax(order: "Order") -> None:
    """Sets the figures of an order from elsewhere, whose tax nobody recorded. Stores nothing."""
    order.total, order.tax, order.currency = order.subtotal, Decimal(0), settings.SHOP_CURRENCY
    order.business_day = timezone.localdate(order.placed_at)


def set_line_figures_without_tax(line: "OrderLine") -> None:
    """Sets the figures of a line of such an order. Stores nothing."""
    line.gross = line.net = line.subtotal
    line.tax = Decimal(0)


def set_figures(order: "Order", lines: "Sequence[OrderLine]", priced: PricedOrder) -> None:
    """Sets the figures on an order and its lines. Stores nothing."""
    order.subtotal, order.discount = priced.subtotal, priced.discount
    order.total, order.tax = priced.total, priced.tax
    if order.balance is not None:
        order.balance = Balance(priced.total, order.returned, order.paid).amount
    for line, figures in zip(lines, priced.lines, strict=True):
        line.discount, line.share = figures.discount, figures.share
        line.gross, line.net, line.tax = figures.gross, figures.net, figures.tax


def clip_discount(line: "OrderLine") -> None:
    """Lowers a line's own discount to what the line costs. Stores nothing."""
    line.discount = min(line.discount, line.subtotal)


def has_discount(lines: "Iterable[OrderLine]") -> bool:
    """Whether anything comes off the lines that `set_sale_figures` has priced."""
    return any(line.discount or line.share for line in lines)


def sum_taxes(lines: "Iterable[OrderLine]") -> list[TaxSum]:
    """Returns the stored sums of sold lines for each tax code and rate. Lines without a rate have none."""
    sums: dict[tuple[str | None, Decimal], list[Decimal]] = {}
    for line in lines:
        if line.tax_percent and line.gross is not None and line.net is not None and line.tax is not None:
            row = sums.setdefault((line.tax_code, line.tax_percent), [Decimal(0)] * 3)
            row[:] = map(operator.add, row, (line.gross, line.net, line.tax))
    return [TaxSum(*key, *amounts) for key, amounts in sums.items()]


def sum_line_discounts(lines: "Iterable[OrderLine]") -> Decimal:
    """Returns what the own discounts of sold lines come to."""
    return sum((line.discount for line in lines), Decimal(0))
