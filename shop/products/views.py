"""Products and their stock: list, page, create, edit, retire, delete, receive and adjust."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from shop.db.errors import InvalidFields, Stale
from shop.orders.models import Order
from shop.products import services as products
from shop.products import stock
from shop.products.filters import ProductFilter
from shop.products.forms import NewProductForm, ProductForm, StockForm
from shop.products.models import Product
from shop.search.querysets import MATCHED
from shop.web.edit_pages import NOTHING_SEEN, delete_page, form_page, read_seen
from shop.web.forms import mark_invalid
from shop.web.lists import Listing, Sort, render_list
from shop.web.requests import StaffRequest, allowed, form_key, new_key, once, posted, see_other

LISTING = Listing(
    "product",
    "products/list.html",
    ProductFilter,
    {
        "best": Sort("Best match", ("name_key", "id"), found=MATCHED),
        "name": Sort("Name", ("name_key", "id")),
        "-name": Sort("Name, Z to A", ("-name_key", "-id")),
        "sku": Sort("SKU", ("sku", "id")),
        "price": Sort("Cheapest", ("unit_price", "id")),
        "-price": Sort("Dearest", ("-unit_price", "-id")),
    },
)


@require_safe
@allowed("view_product")
def product_list(request: StaffRequest) -> HttpResponse:
    return render_list(request, LISTING, Product.objects.all())


@require_safe
@allowed("view_product")
def product_detail(request: StaffRequest, pk: int) -> HttpResponse:
    product = get_object_or_404(Product, pk=pk)
    context = {
        "product": product,
        "orders": Order.objects.for_list().containing(product)[:10],
        "movements": product.movements.select_related("author", "order").order_by("-created_at", "-id")[:20],
    }
    return render(request, "products/detail.html", context)


@allowed("add_product")
def product_create(request: StaffRequest) -> HttpResponse:
    form = NewProductForm(posted(request), initial={"name": request.GET.get("name", "")})
    if request.method == "POST" and form.is_valid():
        try:
            product = products.create_product(
                **form.cleaned_data, staff_id=request.user.pk, once=once(request, "product")
            )
        except InvalidFields as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, f"{product.name} was created.")
            return see_other(product)
    return form_page(request, form, title="New product", back=reverse("product-list"))


@allowed("change_product")
def product_update(request: StaffRequest, pk: int) -> HttpResponse:
    product = get_object_or_404(Product, pk=pk)
    title, back = f"Edit {product.name}", product.get_absolute_url()
    form = ProductForm(posted(request), instance=product)
    refused = None
    seen = read_seen(request, product) if request.method == "POST" else NOTHING_SEEN
    if request.method == "POST" and form.is_valid():
        try:
            products.update_product(
                product_id=pk,
                seen_version=seen.version,
                staff_id=request.user.pk,
                **form.cleaned_data,
            )
        except Stale as stale:
            refused = stale
        except InvalidFields as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, f"{form.cleaned_data['name']} was saved.")
            return see_other(back)
    return form_page(request, form, title=title, back=back, seen=seen, stale=refused)


@require_POST
@allowed("change_product")
def product_retire(request: StaffRequest, pk: int) -> HttpResponse:
    """Retires, or brings back with active=1."""
    active = request.POST.get("active") == "1"
    product = products.set_product_active(product_id=pk, active=active, staff_id=request.user.pk)
    messages.success(request, f"{product.name} {'is back on sale' if active else 'was retired'}.")
    return see_other(product)


@allowed("delete_product")
def product_delete(request: StaffRequest, pk: int) -> HttpResponse:
    product = get_object_or_404(Product, pk=pk)
    return delete_page(request, product, lambda: products.delete_product(product_id=pk))


@allowed("add_stockmovement")
def product_stock(request: StaffRequest, pk: int) -> HttpResponse:
    """Receive, adjust or count."""
    product = get_object_or_404(Product, pk=pk)
    reason = {} if product.tracked else {"reason": "counted"}
    form = StockForm(posted(request), initial=reason)
    if request.method == "POST" and form.is_valid():
        try:
            _change_stock(request, product, form)
        except InvalidFields as refusal:
            form.add_refusal(refusal)
        else:
            return see_other(product)
    if form.errors:
        mark_invalid(form)
    key = form_key(request) or new_key()
    context = {"form": form, "product": product, "key": key}
    return render(request, "products/stock.html", context, status=422 if form.errors else 200)


def _change_stock(request: StaffRequest, product: Product, form: StockForm) -> None:
    data = form.cleaned_data
    if form.is_count:
        after = stock.count_stock(
            product_id=product.pk, counted=data["quantity"], note=data["note"], staff_id=request.user.pk
        )
        messages.success(request, f"{product.name}: counted, {after.stock} in stock.")
        return
    moved = stock.adjust_stock(
        product_id=product.pk, staff_id=request.user.pk, once=once(request, "stock"), **data
    )
    messages.success(request, f"{product.name}: {moved.quantity:+d}, {moved.product.stock} in stock.")


@require_POST
@allowed("add_stockmovement")
def product_untrack(request: StaffRequest, pk: int) -> HttpResponse:
    """From now on the product is sold without counting."""
    product = stock.stop_tracking(product_id=pk, staff_id=request.user.pk)
    messages.success(request, f"Stock of {product.name} is no longer tracked.")
    return see_other(product)
