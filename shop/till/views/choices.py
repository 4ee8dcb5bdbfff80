"""Which register a browser uses: the one that was chosen on the page of the tills, or the first.

A register stands beside a device, whoever works at it. So the choice is a signed cookie of the browser,
which stays when somebody else signs in.
"""

from django.conf import settings
from django.http import HttpResponse

from shop.till.services import find_register_id
from shop.web.requests import StaffRequest, parse_whole_number

COOKIE = "till"
_YEAR = 365 * 24 * 3600


def get_register_id(request: StaffRequest) -> int:
    """Returns the id of this browser's register: one statement. Raises NotFound if no register is in use."""
    return find_register_id(read_choice(request))


def read_choice(request: StaffRequest) -> int | None:
    """Returns the id of the register that was chosen; None without a choice, or if the cookie is forged."""
    return parse_whole_number(request.get_signed_cookie(COOKIE, default=None)) or None


def store_choice(response: HttpResponse, register_id: int) -> None:
    response.set_signed_cookie(
        COOKIE,
        str(register_id),
        max_age=_YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
