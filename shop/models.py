"""Every table of the shop, where Django looks for them. They are defined in the features."""

from shop.customers.models import Customer, CustomerTerm
from shop.db.models import IdempotencyKey
from shop.orders.models import BulkResult, Order, OrderEvent, OrderLine
from shop.products.models import Product, ProductTerm, StockMovement
from shop.saved_views.models import SavedView
from shop.staff.models import ApiToken, FailedSignIn, Session, User
from shop.taxes.models import TaxClass, TaxRate

__all__ = [
    "ApiToken",
    "BulkResult",
    "Customer",
    "CustomerTerm",
    "FailedSignIn",
    "IdempotencyKey",
    "Order",
    "OrderEvent",
    "OrderLine",
    "Product",
    "ProductTerm",
    "SavedView",
    "Session",
    "StockMovement",
    "TaxClass",
    "TaxRate",
    "User",
]
