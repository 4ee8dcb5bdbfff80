"""Authenticates API requests by a bearer token. A browser's session gives no access to the API."""

import logging
from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest

from shop.api.responses import RequestRefused
from shop.db.errors import Busy
from shop.staff.authentication import find_sign_in
from shop.staff.models import ApiToken, User
from shop.staff.tokens import hash_token, note_use

logger = logging.getLogger("shop.api")


def authorise(request: HttpRequest, permissions: Iterable[str]) -> User | None:
    """Returns the owner of the token; None for a request without one, where SHOP_API_ANONYMOUS allows that.

    A token that was sent is always checked. Raises RequestRefused: 401 for a missing or invalid token, 403
    when its owner lacks one of `permissions`.
    """
    header = request.headers.get("Authorization", "")
    if not header and settings.SHOP_API_ANONYMOUS:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise _make_unauthorized("Send a token: Authorization: Bearer TOKEN.")
    sign_in = find_sign_in(ApiToken, hash_token(token.strip()))
    if sign_in is None or sign_in.user is None:
        raise _make_unauthorized("This token is not known, was revoked or has expired. Make a new one.")
    staff, (token_id, use_is_due) = sign_in.user, sign_in.columns
    if use_is_due:
        _note_use(token_id)
    missing = [name for name in permissions if not staff.has_perm(f"shop.{name}")]
    if missing:
        raise RequestRefused(403, "forbidden", f"{staff} may not do this: {', '.join(missing)} is missing.")
    return staff


def _note_use(token_id: int) -> None:
    """Stores that a token was used. When the database is busy, this is logged and the request goes on."""
    try:
        note_use(token_id=token_id)
    except Busy:
        logger.warning("the use of token %d could not be noted", token_id)


def _make_unauthorized(detail: str) -> RequestRefused:
    return RequestRefused(401, "unauthorized", detail, WWW_Authenticate="Bearer")
