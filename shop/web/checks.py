"""Warns of an open API: `manage.py` prints a check's warning, a server logs it."""

import logging
from typing import Any

from django.conf import settings
from django.core import checks

logger = logging.getLogger("shop")

OPEN_API = "SHOP_API_ANONYMOUS is set: everybody who reaches this server can read and change all data."


@checks.register()
def check_open_api(**kwargs: Any) -> list[checks.CheckMessage]:
    """Warns when the JSON API is open to everybody."""
    if not settings.SHOP_API_ANONYMOUS:
        return []
    return [checks.Warning(OPEN_API, hint="Unset it, and use manage.py create_api_token.", id="shop.W001")]


def warn_of_open_api() -> None:
    """Logs the same warning, because a server runs no checks."""
    if settings.SHOP_API_ANONYMOUS:
        logger.warning(OPEN_API)
