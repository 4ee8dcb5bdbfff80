"""The page with all keyboard shortcuts, for browsers without JavaScript."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shop.web.requests import StaffRequest, require_permission


@require_safe
@require_permission("view_order")
def keys(request: StaffRequest) -> HttpResponse:
    return render(request, "web/keys.html")
