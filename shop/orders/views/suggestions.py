"""What the pickers of the desk suggest while something is typed: a listbox, or an empty one."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shop.customers.models import Customer
from shop.orders.forms import AddLineForm
from shop.orders.services.drafts import MAX_CHOICES
from shop.products.models import Product
from shop.web.requests import StaffRequest, require_permission


@require_safe
@require_permission("view_product")
def product_suggest(request: StaffRequest) -> HttpResponse:
    """Products for raw text such as "3*wh lamp"; the same search that Enter asks."""
    form = AddLineForm({"text": request.GET.get("text", "")})
    words = form.cleaned_data["words"] if form.is_valid() else ""
    found = Product.objects.active().choices(words, MAX_CHOICES + 1) if words else []
    return render(request, "orders/_products_found.html", {"products": found})


@require_safe
@require_permission("view_customer")
def customer_suggest(request: StaffRequest) -> HttpResponse:
    """Customers for the beginning of a name, or digits of a phone number."""
    text = request.GET.get("text", "").strip()[:200]
    found = Customer.objects.active().choices(text, MAX_CHOICES + 1) if text else []
    return render(request, "orders/_customers_found.html", {"customers": found})
