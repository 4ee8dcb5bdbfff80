"""The admin site: every model, for data fixes. Reads are Django's own, writes are the services'."""

from shop.admin import customers, orders, products, records, saved_views, site, stock, users

__all__ = ["customers", "orders", "products", "records", "saved_views", "site", "stock", "users"]
