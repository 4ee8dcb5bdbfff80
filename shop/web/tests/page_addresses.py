"""The address of every page, with rows made for it."""

from django.urls import reverse

from shop.db.outcomes import Outcome
from shop.documents.tests.sales import invoice
from shop.models import Order
from shop.orders.services.bulk_results import store_result
from shop.payments.tests.entries import make_order, pay
from shop.saved_views.services import save_view
from shop.till.services import find_register_id
from testing.factories import CustomerFactory, PlacedFactory, only_line

#: What the address of a page about several orders says.
QUERIES = {
    "order-print-many": lambda order: f"order={order.reference}",
    "order-export": lambda order: f"order={order.reference}",
    "order-bulk": lambda order: f"action=fulfil&order={order.reference}",
}
WITHOUT_ROW = (
    *("home", "sign-in", "sign-out", "keys", "account", "money-audit"),
    *("order-create", "customer-create", "product-create", "register-create"),
)

REPORT_ADDRESSES = {
    "report-detail": ["sales-by-day"],
    "report-download": ["sales-by-day", "csv"],
    "report-rows": ["sales"],
}


def find_till_id(name: str) -> int | None:
    """Returns the id of a register, or of a session that somebody paid in; of no token."""
    if name == "token-revoke":
        return 1
    if name in ("till-detail", "till-choose", "till-open"):
        return find_register_id(None)
    return pay(make_order("5.00"), "cash", "5.00").session_id


def address(name: str, order: Order) -> str:
    if name.endswith(("-list", "-suggest", "-views")) or name in WITHOUT_ROW:
        return reverse(name)
    if name.startswith("view-"):
        shared = save_view(noun="order", name="Pack", query="status=placed", owner_id=None)
        return reverse(name, args=[shared.pk])
    if name.startswith("customer-"):
        return reverse(name, args=[CustomerFactory().pk])
    if name.startswith("product-"):
        return reverse(name, args=[only_line(order).product_id])
    if name == "payment-reverse":
        paid = make_order("5.00")
        return reverse(name, args=[paid.reference, pay(paid, "cash", "5.00").pk])
    if name in ("order-pay", "order-refund"):
        return reverse(name, args=[make_order("5.00").reference])
    if name.startswith(("till-", "drawer-", "token-")):
        return reverse(name, args=[find_till_id(name)])
    if name in ("document-detail", "document-withdraw"):
        return reverse(name, args=[invoice(PlacedFactory(customer=CustomerFactory())).number])
    if name in ("credit-note-issue", "slip-issue"):
        return reverse(name, args=[order.reference, 1])
    if name in ("line-update", "line-discount"):
        return reverse(name, args=[order.reference, only_line(order).pk])
    if name == "order-bulk-result":
        kept = store_result(action="fulfil", list_query="", outcomes=[Outcome(order.reference)])
        return reverse(name, args=[kept.pk])
    if name in QUERIES:
        return f"{reverse(name)}?{QUERIES[name](order)}"
    return reverse(name, args=REPORT_ADDRESSES.get(name, [order.reference]))
