"""The tutorial's addresses, each with and without its last slash, so that no POST is redirected."""

from django.urls import URLPattern, re_path

from shop.api.base import ApiView
from shop.api.customers import CustomersView
from shop.api.orders import OrdersView
from shop.api.ping import PingView
from shop.api.products import ProductView


def _noun(noun: str, view: type[ApiView]) -> list[URLPattern]:
    handler = view.as_view()
    return [
        re_path(rf"^{noun}/?\Z", handler, name=f"api-{noun}"),
        re_path(rf"^{noun}/(?P<id>[0-9]+)/?\Z", handler, name=f"api-{noun}-row"),
    ]


urlpatterns = [
    *_noun("customer", CustomersView),
    *_noun("product", ProductView),
    *_noun("order", OrdersView),
    re_path(r"^ping/?\Z", PingView.as_view(), name="api-ping"),
]
