"""The pages of products and their stock: list, page, create, edit, retire, delete, receive, adjust, count."""

from functools import partial

from django.apps import apps
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from shop.db.errors import InvalidValue
from shop.products import services as products
from shop.products import stock
from shop.products.filters import ProductFilter
from shop.products.forms import NewProductForm, ProductForm, StockForm
from shop.products.models import Product
from shop.search.querysets import MATCH_ORDER
from shop.web.edit_pages import (
    create_from_form,
    delete_when_confirmed,
    render_row,
    retire_or_restore,
    update_from_form,
)
from shop.web.forms import focus_first_error
from shop.web.lists import Listing, Sort, render_list
from shop.web.requests import (
    StaffRequest,
    get_form_data,
    make_form_key,
    read_form_key,
    read_once,
    require_permission,
    see_other,
)

LISTING = Listing(
    "product",
    "products/list.html",
    ProductFilter,
    {
        "best": Sort("Best match", ("name_key", "id"), fields_of_search=MATCH_ORDER),
        "name": Sort("Name", ("name_key", "id")),
        "-name": Sort("Name, Z to A", ("-name_key", "-id")),
        "sku": Sort("SKU", ("sku", "id")),
        "price": Sort("Cheapest", ("unit_price", "id")),
        "-price": Sort("Dearest", ("-unit_price", "-id")),
    },
)


@require_safe
@require_permission("view_product")
def product_list(request: StaffRequest) -> HttpResponse:
    return render_list(request, LISTING, Product.objects.all())


@require_safe
@require_permission("view_product")
def product_detail(request: StaffRequest, pk: int) -> HttpResponse:
    product = get_object_or_404(Product.objects.select_related("tax_class"), pk=pk)
    # Orders know products; products do not import orders.
    orders = apps.get_model("shop", "Order").objects
    return render_row(
        request,
        "products/detail.html",
        product,
        kind="product",
        orders=orders.for_list().latest_with_product(product)[:10],
        movements=product.movements.select_related("author", "order").order_by("-created_at", "-id")[:20],
    )


@require_permission("add_product")
def product_create(request: StaffRequest) -> HttpResponse:
    back = reverse("product-list")
    return create_from_form(request, NewProductForm, products.create_product, title="New product", back=back)


@require_permission("change_product")
def product_update(request: StaffRequest, pk: int) -> HttpResponse:
    update = partial(products.update_product, product_id=pk)
    return update_from_form(request, ProductForm, get_object_or_404(Product, pk=pk), update)


@require_POST
@require_permission("change_product")
def product_retire(request: StaffRequest, pk: int) -> HttpResponse:
    write = partial(products.set_product_active, product_id=pk)
    return retire_or_restore(request, write, done="is back on sale")


@require_permission("delete_product")
def product_delete(request: StaffRequest, pk: int) -> HttpResponse:
    delete = partial(products.delete_product, product_id=pk)
    return delete_when_confirmed(request, get_object_or_404(Product, pk=pk), delete, kind="product")


@require_permission("add_stockmovement")
def product_stock(request: StaffRequest, pk: int) -> HttpResponse:
    """Receives, adjusts or counts stock."""
    product = get_object_or_404(Product, pk=pk)
    reason = {} if product.is_tracked else {"reason": "counted"}
    form = StockForm(get_form_data(request), initial=reason)
    if request.method == "POST" and form.is_valid():
        try:
            _change_stock(request, product, form)
        except InvalidValue as refusal:
            form.add_refusal(refusal)
        else:
            return see_other(product)
    if form.errors:
        focus_first_error(form)
    key = read_form_key(request) or make_form_key()
    context = {"form": form, "product": product, "key": key}
    return render(request, "products/stock.html", context, status=422 if form.errors else 200)


def _change_stock(request: StaffRequest, product: Product, form: StockForm) -> None:
    data = form.cleaned_data
    if form.is_count:
        after = stock.count_stock(
            product_id=product.pk,
            counted=data["quantity"],
            note=data["note"],
            staff_id=request.user.pk,
            once=read_once(request, "stock count"),
        )
        messages.success(request, f"{product.name}: counted, {after.stock} in stock.")
        if data["note"] and product.stock == data["quantity"]:
            messages.info(request, "The count changed nothing, so its note was not kept.")
        return
    movement = stock.adjust_stock(
        product_id=product.pk, staff_id=request.user.pk, once=read_once(request, "stock"), **data
    )
    messages.success(request, f"{product.name}: {movement.quantity:+d}, {movement.product.stock} in stock.")


@require_POST
@require_permission("add_stockmovement")
def product_untrack(request: StaffRequest, pk: int) -> HttpResponse:
    product = stock.stop_tracking(product_id=pk, staff_id=request.user.pk)
    messages.success(request, f"Stock of {product.name} is no longer tracked.")
    return see_other(product)
