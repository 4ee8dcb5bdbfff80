"""The page of the audit, for managers."""

import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from shop.audit.checks import run_checks
from shop.audit.scope import Scope
from shop.web.requests import StaffRequest, require_permission

#: How many days back the page looks; `manage.py audit_money` looks at all.
DAYS = 7
#: How many days back it can look: more months take longer than a request may.
MAX_DAYS = 92


@require_safe
@require_permission("view_money_audit")
def money_audit(request: StaffRequest) -> HttpResponse:
    """Computes the money of some days anew, and shows what does not add up. The query says from when on."""
    today = timezone.localdate()
    since = today - datetime.timedelta(days=DAYS)
    wrong = ""
    if typed := request.GET.get("since", "").strip():
        try:
            since = datetime.date.fromisoformat(typed)
        except ValueError:
            wrong = "Write a day such as 2027-01-31."
        if since < today - datetime.timedelta(days=MAX_DAYS):
            wrong = (
                f"This page looks back {MAX_DAYS} days at most; manage.py audit_money computes everything."
            )
    results = [] if wrong else list(run_checks(Scope(since)))
    context = {
        "results": results,
        "failed": sum(result.failed for result in results),
        "since": typed if wrong else since.isoformat(),
        "wrong": wrong,
        "at": timezone.now(),
    }
    return render(request, "audit/page.html", context, status=422 if wrong else 200)
