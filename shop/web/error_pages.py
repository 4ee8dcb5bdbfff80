"""Renders errors: a page that says what to do next, a notice for htmx, JSON for the API."""

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
from shop.web.wording import Remedy, find_remedy, word_error

TITLES_AND_ADVICE = {
    400: ("That request could not be read", "Go back and try again."),
    401: ("Your sign-in has ended", "Sign in again in another tab, then come back and send it."),
    403: ("You may not do this", "Ask a manager, or sign in with another account."),
    404: ("There is nothing here", "It may have been deleted, or the address has a mistake in it."),
    405: ("This address is a step, not a page", "Go back to the page that you came from."),
    413: ("That is too much at once", "Send it in parts."),
    415: ("That request could not be read", "Send it in another way."),
    429: ("That was asked for too often", "Wait a moment, then try again."),
    409: ("This could not be done", "Look at how things stand now, then decide."),
    422: ("Something is not right yet", "Go back, mend it and send it again."),
    500: ("Something went wrong on our side", "Try again. If it stays, tell whoever looks after this site."),
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
    remedy: Remedy | None = None,
) -> HttpResponse:
    """Renders an error as page, notice or JSON, whatever the request expects.

    `title` replaces the title of the status; then there is no advice but `detail`. `give_back` shows what
    was typed, so that it can be sent again. `remedy` is linked to.
    """
    title, advice = (title, "") if title else TITLES_AND_ADVICE[status]
    if responses.is_api_request(request):
        return responses.write_error(code, detail or f"{title}. {advice}", status)
    context = {"status": status, "title": title, "detail": detail, "advice": advice, "remedy": remedy}
    if getattr(request, "htmx", False):
        response = render(request, "web/_notice.html", context, status=status)
        return reswap(retarget(response, "#notices"), "innerHTML")
    if give_back or status in (401, 503):
        context["typed"] = list_typed_fields(request)
        context["asks_password"] = bool(context["typed"] and request.POST.get("password"))
    return render(request, "web/error.html", context, status=status)


def list_typed_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Lists the sent fields, so that the page can send them again; a manager's password is not among them.

    Of a form with any other password, such as a sign-in, it lists none.
    """
    passwords = {name for name in request.POST if "password" in name}
    is_confirmed = passwords == {"password"} and "manager" in request.POST
    if passwords and not is_confirmed:
        return []
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in ("csrfmiddlewaretoken", *passwords)
    ]


def render_refusal(request: HttpRequest, exception: Busy | ShopError) -> HttpResponse:
    """Renders an error of a service that no view handled."""
    if responses.is_api_request(request):
        return responses.write_refusal(exception)
    sentence, remedy = word_error(exception), find_remedy(exception)
    response = render_error(
        request,
        exception.http_status,
        exception.code,
        sentence,
        # The cause is elsewhere: once it is remedied, the form is good as it is, and its key is unused.
        give_back=remedy is not None,
        remedy=remedy,
    )
    if isinstance(exception, Busy):
        response.headers["Retry-After"] = str(exception.retry_after)
    return response


def build_sign_in_url(back: str) -> str:
    """Returns the address of the sign-in page, which then redirects to `back`."""
    return f"{reverse('sign-in')}?{urlencode({'next': back})}"


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Answers a request that Django could not read: 413 for a body past the limit, otherwise 400."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return render_error(request, 413, "too_large")
    return render_error(request, 400, "bad_request")


def permission_denied(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render_error(request, 403, "forbidden")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answers a form without its CSRF token: its page is older than the sign-in, or cookies are off.

    The Origin header names the site of the form. A form of ours is shown with a new token, to be sent
    again by hand; a form of another site is not.
    """
    is_own_form = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    detail = "This page is older than your sign-in. " + (
        "Send it once more." if is_own_form else "Load it again, then send the form."
    )
    return render_error(
        request, 403, "forbidden", detail, title="This was not sent yet", give_back=is_own_form
    )


def page_not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render_error(request, 404, "not_found")


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Answers 503 when the database is the cause, else 500. Templates read no user and no database."""
    exception = sys.exc_info()[1]
    if isinstance(exception, Exception) and is_unavailable(exception):
        return render_refusal(request, Busy(Busy.detail))
    return render_error(request, 500, "server_error")
