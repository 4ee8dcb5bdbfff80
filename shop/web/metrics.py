"""The page that Prometheus reads."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from shop.db.metrics import render_metrics


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answers the metrics of all workers, without a sign-in. Raises Http404 when switched off."""
    if not settings.SHOP_METRICS:
        raise Http404
    return HttpResponse(render_metrics(), content_type=CONTENT_TYPE_LATEST)
