"""Template tags of an order's account."""

from collections.abc import Iterable

from django import template
from django.template import Context

from shop.orders.models import Order
from shop.payments.accounts import BALANCE, Account, build_account
from shop.payments.forms import PaymentForm
from shop.payments.models import Payment
from shop.till.wording import BY_METHOD
from shop.web.requests import make_form_key

register = template.Library()


@register.simple_tag
def read_account(order: Order, payments: Iterable[Payment]) -> Account:
    """Returns the account of an order whose payments are loaded."""
    return build_account(order, payments)


@register.filter
def by_method(method: str) -> str:
    """Returns how money was taken or given, as in "in cash" and "by card"."""
    return BY_METHOD[method]


@register.simple_tag
def make_payment_form() -> PaymentForm:
    return PaymentForm()


@register.simple_tag
def new_form_key() -> str:
    """Returns a new key: a page with several forms needs one for each."""
    return make_form_key()


@register.simple_tag(takes_context=True)
def balance_snapshot(context: Context, account: Account) -> str:
    """Returns the signed field with the balance that the page shows."""
    return BALANCE.write(context["request"].user, account.order.reference, account.balance)
