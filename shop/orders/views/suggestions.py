"""Suggestions for the pickers of the desk while somebody types: a listbox, which may be empty."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shop.customers.models import Customer
from shop.orders.forms import AddLineForm
from shop.orders.services.draft_products import MAX_CHOICES
from shop.products.models import Product
from shop.web.requests import StaffRequest, require_permission


@require_safe
@require_permission("view_product")
def product_suggest(request: StaffRequest) -> HttpResponse:
    """Suggests products for text such as "3*wh lamp", by the same search as adding a line."""
    form = AddLineForm({"text": request.GET.get("text", "")})
    words = form.cleaned_data["words"] if form.is_valid() else ""
    matches = Product.objects.active().choices(words, MAX_CHOICES + 1) if words else []
    return render(request, "orders/_products_found.html", {"products": matches})


@require_safe
@require_permission("view_customer")
def customer_suggest(request: StaffRequest) -> HttpResponse:
    """Suggests customers for the beginning of a name, or for digits of a phone number."""
    text = request.GET.get("text", "").strip()[:200]
    matches = Customer.objects.active().choices(text, MAX_CHOICES + 1) if text else []
    return render(request, "orders/_customers_found.html", {"customers": matches})
