"""The admin site: every model, for data fixes. Reads are Django's own, writes are the services'."""

from shop.customers import admin as customers
from shop.documents import admin as documents
from shop.orders import admin as orders
from shop.payments import admin as payments
from shop.products import admin as products
from shop.reports import admin as reports
from shop.returns import admin as returns
from shop.saved_views import admin as saved_views
from shop.staff import admin as staff
from shop.staff import admin_roles, admin_sign_ins
from shop.taxes import admin as taxes
from shop.till import admin as till
from shop.web import admin_idempotency_keys, admin_site

__all__ = [
    "admin_idempotency_keys",
    "admin_roles",
    "admin_sign_ins",
    "admin_site",
    "customers",
    "documents",
    "orders",
    "payments",
    "products",
    "reports",
    "returns",
    "saved_views",
    "staff",
    "taxes",
    "till",
]
