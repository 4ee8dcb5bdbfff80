"""The admin site: every model, for data fixes. Reads are Django's own, writes are the services'."""

from shop.customers import admin as customers
from shop.orders import admin as orders
from shop.products import admin as products
from shop.reports import admin as reports
from shop.saved_views import admin as saved_views
from shop.staff import admin as staff
from shop.staff import admin_sign_ins
from shop.taxes import admin as taxes
from shop.web import admin_idempotency_keys, admin_site

__all__ = [
    "admin_idempotency_keys",
    "admin_sign_ins",
    "admin_site",
    "customers",
    "orders",
    "products",
    "reports",
    "saved_views",
    "staff",
    "taxes",
]
