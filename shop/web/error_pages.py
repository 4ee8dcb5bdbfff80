"""Answers for what went wrong: a page that says what to do next, a notice for htmx, JSON for the API."""

import sys
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django_htmx.http import reswap, retarget

from shop.api import responses
from shop.db.errors import Busy, ShopError
from shop.db.failures import is_unavailable
from shop.web.wording import word_error

TITLES_AND_ADVICE = {
    400: ("That request could not be read", "Go back and try again."),
    401: ("Your sign-in has ended", "Sign in again in another tab, then come back and send it."),
    403: ("You may not do this", "Ask a manager, or sign in with another account."),
    404: ("There is nothing here", "It may have been deleted, or the address has a mistake in it."),
    405: ("This address is a step, not a page", "Go back to the page that you came from."),
    413: ("That is more than the desk takes at once", "Send it in parts."),
    415: ("That request could not be read", "Send it in another way."),
    429: ("That was asked for too often", "Wait a moment, then try again."),
    409: ("This could not be done", "Look at how things stand now, then decide."),
    422: ("Something is not right yet", "Go back, mend it and send it again."),
    500: ("Something went wrong on our side", "Try again. If it stays, tell whoever runs the desk."),
    503: ("The database is busy or away", "Wait a moment, then try again."),
}


def render_error(
    request: HttpRequest,
    status: int,
    code: str,
    detail: str = "",
    *,
    title: str = "",
    give_back: bool = False,
) -> HttpResponse:
    """One error, in the form that the request can use; a page can give back what was typed.

    `title` stands for the usual one of the status, and then `detail` for its advice too.
    """
    title, advice = (title, "") if title else TITLES_AND_ADVICE[status]
    if responses.is_api_request(request):
        return responses.write_error(code, detail or f"{title}. {advice}", status)
    context = {"status": status, "title": title, "detail": detail, "advice": advice}
    if getattr(request, "htmx", False):
        response = render(request, "web/_notice.html", context, status=status)
        return reswap(retarget(response, "#notices"), "innerHTML")
    if give_back or status in (401, 503):
        context["typed"] = list_typed_fields(request)
    return render(request, "web/error.html", context, status=status)


def list_typed_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """What a form carried, its key included, so that the page can send it once more; never a password."""
    if "password" in request.POST:
        return []
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken"
    ]


def render_refusal(request: HttpRequest, exception: Busy | ShopError) -> HttpResponse:
    """What a service raised and no view had a better answer for."""
    if responses.is_api_request(request):
        return responses.write_refusal(exception)
    response = render_error(request, exception.http_status, exception.code, word_error(exception))
    if isinstance(exception, Busy):
        response.headers["Retry-After"] = str(exception.retry_after)
    return response


def build_sign_in_url(back: str) -> str:
    """The sign-in page, which returns to `back`."""
    return f"{reverse('sign-in')}?{urlencode({'next': back})}"


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """What Django could not read; a body past the limit is told as such."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return render_error(request, 413, "too_large")
    return render_error(request, 400, "bad_request")


def permission_denied(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render_error(request, 403, "forbidden")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: its page is older than the sign-in, or cookies are off.

    The browser says which site a form came from. Ours is given back with a new token, to be
    sent once more by hand; a stranger's is not.
    """
    own = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    detail = "This page is older than your sign-in. " + (
        "Send it once more." if own else "Load it again, then send the form."
    )
    return render_error(request, 403, "forbidden", detail, title="This was not sent yet", give_back=own)


def page_not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render_error(request, 404, "not_found")


def server_error(request: HttpRequest) -> HttpResponseBase:
    """A database that is away or busy is told as such; templates here ask for no user, no database."""
    exception = sys.exc_info()[1]
    if isinstance(exception, Exception) and is_unavailable(exception):
        return render_refusal(request, Busy(Busy.detail))
    return render_error(request, 500, "server_error")
