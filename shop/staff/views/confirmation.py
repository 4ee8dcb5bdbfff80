"""Lets a second person confirm what the first may not do alone, on the same page, by name and password.

Wrong passwords count as failed sign-ins, so that nobody can guess passwords here.
"""

import logging
from collections.abc import Mapping
from typing import Any

from django.contrib.auth import authenticate
from django.http import HttpRequest

from shop.staff import sign_in_limits
from shop.staff.errors import ConfirmationRefused, TooManyAttempts
from shop.staff.models import User
from shop.staff.password_queue import QueueFull, wait_for_turn
from shop.staff.views.sign_in import get_client_address

logger = logging.getLogger("shop.sign_in")


def find_confirming_id(request: HttpRequest, fields: Mapping[str, Any], *, permission: str) -> int | None:
    """Returns the id of the manager whose name and password are in the cleaned `fields`; None without them.

    Raises what `confirm_by_password` raises.
    """
    name, password = fields["manager"], fields["password"]
    if not name and not password:
        return None
    address = get_client_address(request)
    user = confirm_by_password(request, name=name, password=password, address=address, permission=permission)
    return user.pk


def confirm_by_password(
    request: HttpRequest, *, name: str, password: str, address: str, permission: str
) -> User:
    """Returns the member of staff with this name, password and permission.

    Raises ConfirmationRefused; TooManyAttempts when the account or the address has to wait, or when too many
    passwords are being checked.
    """
    try:
        with wait_for_turn():
            if seconds := sign_in_limits.seconds_to_wait(name=name, address=address):
                logger.warning("confirmation refused name=%a address=%s wait=%d", name, address, seconds)
                raise TooManyAttempts(seconds)
            user = authenticate(request, username=name, password=password)
            if user is None:
                sign_in_limits.note_failure(name=name, address=address)
                logger.warning("confirmation failed name=%a address=%s", name, address)
                raise ConfirmationRefused
    except QueueFull:
        raise TooManyAttempts(2) from None
    if not isinstance(user, User) or not user.has_perm(f"shop.{permission}"):
        raise ConfirmationRefused
    return user
