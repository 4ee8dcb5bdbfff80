"""Which register a browser uses: somebody chose it on the page of the tills, or it is the first one.

The choice belongs to the device, not to the person, so it is a signed cookie that outlives a sign-in.
"""

from django.conf import settings
from django.http import HttpResponse

from shop.till.services import find_register_id
from shop.web.requests import StaffRequest, parse_whole_number

COOKIE = "till"
_YEAR = 365 * 24 * 3600


def get_register_id(request: StaffRequest) -> int:
    """Returns the register that this browser uses: one statement. Raises NotFound where there is none."""
    return find_register_id(read_choice(request))


def read_choice(request: StaffRequest) -> int | None:
    """Returns the register that was chosen in this browser; None where none was, or the cookie is forged."""
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
