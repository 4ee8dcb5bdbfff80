"""/product/ and /product/<id>/."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from shop.api import bodies, pages, serializers
from shop.api.base import ApiView, permissions_for
from shop.api.fields import cleaned
from shop.api.responses import answer
from shop.errors import InvalidFields, NotFound
from shop.forms.products import NewProductForm, ProductForm
from shop.models import Product
from shop.services import products

_STOCK_MOVES = "Stock changes by entries with a reason: make one on the product's page, and leave this out."


class ProductView(ApiView):
    """Products, retired ones too."""

    permissions = permissions_for("product")

    def get(self, request: HttpRequest, pk: int | None) -> HttpResponse:
        """The product in an array, or a page of all of them."""
        return pages.listing(request, Product.objects.all(), pk, serializers.product)

    def post(self, request: HttpRequest, pk: None) -> HttpResponse:
        """Makes a product from `name`, `price` and, if sent, `sku`, `barcode`, `stock`."""
        values = cleaned(NewProductForm, bodies.read_object(request))
        once = self.once(request, "product", _payload(values))
        made = products.create_product(**values, staff_id=self.staff_id, once=once)
        return answer(serializers.product(made))

    def put(self, request: HttpRequest, pk: int | None) -> HttpResponse:
        """Changes a product. Takes `name` and `price` always, `sku` and `barcode` if sent; no `stock`.

        Raises NotFound; InvalidFields; Stale when somebody else changed the product at the same moment.
        """
        body = bodies.read_object(request)
        present = Product.objects.find(pk or 0)
        if present is None:
            raise NotFound("There is no such product.")
        if "stock" in body:
            raise InvalidFields({"stock": _STOCK_MOVES})
        # What PUT must have does not fall back on what is there.
        values = cleaned(ProductForm, {"name": None, "price": None} | body, present)
        changed = products.update_product(
            product_id=present.pk, **values, seen_version=present.version, staff_id=self.staff_id
        )
        return answer(serializers.product(changed))


def _payload(values: dict[str, Any]) -> dict[str, Any]:
    """What tells two requests apart, with 5 and 5.00 alike."""
    return values | {"unit_price": serializers.amount(values["unit_price"])}
