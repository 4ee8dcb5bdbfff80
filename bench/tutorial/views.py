"""The tutorial's JSON endpoints: each noun can be listed, orders can be made."""

import json
from typing import ClassVar

from django.db import models
from django.db.transaction import atomic
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import View

from bench.tutorial.models import Customers, Orders, Products
from bench.tutorial.retry import retry_on_exception


class PingView(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("python/django")


class ListView(View):
    """Every row of a table."""

    model: ClassVar[type[models.Model]]

    def get(self, request: HttpRequest) -> HttpResponse:
        return JsonResponse(list(self.model._default_manager.values()), safe=False)


class CustomersView(ListView):
    model = Customers


class ProductsView(ListView):
    model = Products


class OrdersView(ListView):
    model = Orders

    @retry_on_exception()
    @atomic
    def post(self, request: HttpRequest) -> HttpResponse:
        """An order of the products named, each read and added by itself."""
        asked = json.loads(request.body)
        customer = Customers.objects.get(id=asked["customer"]["id"])  # type: ignore[attr-defined]
        order = Orders(subtotal=asked["subtotal"], customer=customer)
        order.save()
        for named in asked["products"]:
            order.product.add(Products.objects.get(id=named["id"]))  # type: ignore[attr-defined]
        order.save()
        return HttpResponse(status=200)
