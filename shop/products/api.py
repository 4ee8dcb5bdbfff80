"""/product/ and /product/<id>/."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse

from shop.api import bodies, paging
from shop.api.base import ApiView, map_permissions
from shop.api.fields import clean_values, write_fields
from shop.api.responses import RequestRefused, make_response
from shop.db.errors import InvalidFields
from shop.money.amounts import format_amount
from shop.money.errors import PriceOutOfRange
from shop.products import services as products
from shop.products.errors import BarcodeTaken, SkuTaken
from shop.products.forms import NewProductForm, ProductForm
from shop.products.models import Product

_STOCK_MOVES = "Stock changes by entries with a reason: make one on the product's page, and leave this out."

#: The fields of a product in JSON. The cost is none of them: only who may change products sees it.
JSON_FIELDS = tuple(name for name in Product.FIELDS if name != "cost")


class ProductView(ApiView):
    """Products, retired ones too."""

    permissions = map_permissions("product")
    field_of: ClassVar = {PriceOutOfRange: "price", SkuTaken: "sku", BarcodeTaken: "barcode"}

    def get(self, request: HttpRequest, pk: int | None) -> HttpResponse:
        """Returns the product in an array, or a page of all products."""
        return paging.list_rows(request, Product.objects.all(), pk, write_product)

    def post(self, request: HttpRequest, pk: None) -> HttpResponse:
        """Makes a product. Takes the fields of ProductFields and `stock`; `name` and `price` always."""
        values = clean_values(NewProductForm, bodies.read_object(request))
        once = self.read_once(request, "product", _payload(values))
        product = products.create_product(**values, staff_id=self.staff_id, once=once)
        return make_response(write_product(product))

    def put(self, request: HttpRequest, pk: int | None) -> HttpResponse:
        """Changes a product. Takes what POST takes except `stock`; `name` and `price` are required.

        Raises RequestRefused, NotFound, InvalidValue; Stale when somebody else changed it at the same moment.
        """
        body = bodies.read_object(request)
        present = Product.objects.find(pk or 0)
        if present is None:
            raise RequestRefused(404, "not_found", "There is no such product.")
        if "stock" in body:
            raise InvalidFields({"stock": _STOCK_MOVES})
        # PUT requires these two: they do not fall back on what is there.
        values = clean_values(ProductForm, {"name": None, "price": None} | body, present)
        changed = products.update_product(
            product_id=present.pk, **values, seen_version=present.version, staff_id=self.staff_id
        )
        return make_response(write_product(changed))


def _payload(values: dict[str, Any]) -> dict[str, Any]:
    """Returns the values to compare two requests by, in which 5 and 5.00 are the same price."""
    tax_class = values["tax_class"]
    plain = {"unit_price": format_amount(values["unit_price"]), "tax_class": tax_class and tax_class.pk}
    return values | plain


def write_product(row: Product) -> dict[str, Any]:
    """`stock` is null when it is not tracked, `tax_class` (a code) when the product has none."""
    return {
        "id": row.pk,
        **write_fields(row, JSON_FIELDS),
        "stock": row.stock,
        "active": row.active,
    }
