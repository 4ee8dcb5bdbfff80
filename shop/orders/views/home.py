"""The home page: today's sales, open drafts, and products that are nearly sold out."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from shop.orders.models import Order
from shop.products.models import Product
from shop.web.requests import StaffRequest, require_permission


@require_safe
@require_permission("view_order")
@conditional_page
def home(request: StaffRequest) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "today": today,
        "sales": Order.objects.placed_or_fulfilled().between_days(today, today).sum_sales(),
        "latest": Order.objects.for_list()
        .placed_or_fulfilled()
        .between_days(today, today)
        .order_by("-dated_at", "-id")[:10],
        "drafts": Order.objects.for_list().open_drafts()[:20],
        "low_stock": Product.objects.nearly_sold_out()[:20],
    }
    return render(request, "orders/home.html#today" if request.htmx else "orders/home.html", context)
