"""Names the keys of facts for people: whose rows a list shows."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from shop.customers.models import Customer
from shop.money.amounts import format_percent
from shop.payments.models import Payment
from shop.products.models import Product
from shop.reports.definitions_days import WEEKDAYS
from shop.reports.facts import WALK_IN
from shop.returns.models import Return
from shop.staff.models import User
from shop.till.models import Register

#: What stands for a row that does not exist.
UNKNOWN = "–"


def name_keys(keys: Mapping[str, str | None]) -> list[tuple[str, str]]:
    """Returns label and name of each key, in the order of NAMES. It reads the rows that are named."""
    return [
        (label, _NO_VALUE.get(key, "none") if (text := keys[key]) is None else get_name(text))
        for key, (label, get_name) in NAMES.items()
        if key in keys
    ]


def _name_customer(text: str) -> str:
    if int(text) == WALK_IN:
        return "Walk-in"
    return Customer.objects.filter(pk=int(text)).values_list("name", flat=True).first() or UNKNOWN


def _name_product(text: str) -> str:
    found = Product.objects.filter(pk=int(text)).values_list("sku", "name").first()
    return " ".join(found) if found else f"product {text}, deleted"


def _name_clerk(text: str) -> str:
    return User.objects.filter(pk=int(text)).values_list("username", flat=True).first() or UNKNOWN


def _name_register(text: str) -> str:
    return Register.objects.filter(pk=int(text)).values_list("name", flat=True).first() or UNKNOWN


def _name_weekday(text: str) -> str:
    return dict(enumerate(WEEKDAYS, start=1)).get(int(text), UNKNOWN)


#: The label of each key, and how one of its values is named.
NAMES: dict[str, tuple[str, Callable[[str], str]]] = {
    "customer": ("Customer", _name_customer),
    "product": ("Product", _name_product),
    "clerk": ("Clerk", _name_clerk),
    "weekday": ("Weekday", _name_weekday),
    "hour": ("Hour", lambda text: f"{int(text):02}:00"),
    "code": ("Tax class", str),
    "percent": ("Tax rate", lambda text: f"{format_percent(Decimal(text))} %"),
    "kind": ("Kind", lambda text: Return.Kind(text).label),
    "reason": ("Reason", str),
    "method": ("Method", lambda text: Payment.Method(text).label),
    "register": ("Till", _name_register),
}
#: What is said of rows without a value, where "none" would say something else.
_NO_VALUE = {"code": "not recorded", "clerk": "not recorded"}
