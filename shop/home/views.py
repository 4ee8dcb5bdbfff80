"""The home page: today's sales, open balances, drafts, and products that are nearly sold out."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from shop.home.figures import compare_today, find_days_left, sum_open_balances
from shop.orders.models import Order
from shop.products.models import Product
from shop.web.requests import StaffRequest, require_permission


@require_safe
@require_permission("view_order")
@conditional_page
def home(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    sales, before = compare_today(now)
    context = {
        "today": today,
        "sales": sales,
        "before": before,
        "balances": sum_open_balances(),
        "latest": Order.objects.for_list()
        .placed()
        .between_days(today, today)
        .order_by("-dated_at", "-id")[:10],
        "parked": Order.objects.for_list().parked_by(request.user.pk)[:10],
        "drafts": Order.objects.for_list().open_drafts()[:20],
        "low_stock": find_days_left(list(Product.objects.nearly_sold_out()[:20]), now),
    }
    return render(request, "home/home.html#today" if request.htmx else "home/home.html", context)
