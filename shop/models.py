"""Every table of the shop, where Django looks for them. They are defined in the features."""

from shop.customers.models import Customer, CustomerTerm
from shop.db.models import IdempotencyKey
from shop.documents.models import Document, DocumentTax
from shop.orders.models import BulkResult, Order, OrderEvent, OrderLine
from shop.payments.models import Payment
from shop.products.models import Product, ProductTerm, StockMovement
from shop.reports.models import (
    DayCustomer,
    DayMethod,
    DayProduct,
    DayReturn,
    DayTax,
    DayTotal,
    MonthCustomer,
    MonthProduct,
    SealedDay,
    YearCustomer,
    YearProduct,
)
from shop.returns.models import Return, ReturnLine
from shop.saved_views.models import SavedView
from shop.staff.models import ApiToken, FailedSignIn, RoleLimit, Session, User
from shop.taxes.models import TaxClass, TaxRate
from shop.till.models import CashMovement, Register, TillCount, TillSession

__all__ = [
    "ApiToken",
    "BulkResult",
    "CashMovement",
    "Customer",
    "CustomerTerm",
    "DayCustomer",
    "DayMethod",
    "DayProduct",
    "DayReturn",
    "DayTax",
    "DayTotal",
    "Document",
    "DocumentTax",
    "FailedSignIn",
    "IdempotencyKey",
    "MonthCustomer",
    "MonthProduct",
    "Order",
    "OrderEvent",
    "OrderLine",
    "Payment",
    "Product",
    "ProductTerm",
    "Register",
    "Return",
    "ReturnLine",
    "RoleLimit",
    "SavedView",
    "SealedDay",
    "Session",
    "StockMovement",
    "TaxClass",
    "TaxRate",
    "TillCount",
    "TillSession",
    "User",
    "YearCustomer",
    "YearProduct",
]
