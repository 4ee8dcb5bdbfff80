"""Bearer tokens of the JSON API."""

import datetime
import hashlib
import secrets

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from shop.db.rows import lock_or_raise
from shop.db.transactions import retried_transaction
from shop.staff.errors import TokenDaysOutOfRange
from shop.staff.models import ApiToken, User

#: Days that a token is valid: the default and the maximum.
TOKEN_DAYS, MAX_TOKEN_DAYS = 365, 3650


def hash_token(token: str) -> str:
    """Hashes a token for storage. A token has 256 random bits, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


@retried_transaction
def create_token(*, user: User, days: int = TOKEN_DAYS) -> str:
    """Makes a token with its owner's permissions and returns it. Only its hash is stored.

    Raises TokenDaysOutOfRange.
    """
    if not 1 <= days <= MAX_TOKEN_DAYS:
        raise TokenDaysOutOfRange(days, MAX_TOKEN_DAYS)
    token = f"shop_{secrets.token_urlsafe(32)}"
    now = timezone.now()
    ends = now + datetime.timedelta(days=days)
    ApiToken.objects.create(user=user, token_hash=hash_token(token), created_at=now, expires_at=ends)
    return token


@retried_transaction
def revoke_token(*, token_id: int, owner_id: int | None = None) -> None:
    """Ends a token. Raises NotFound, also for a token of another owner than `owner_id`."""
    rows = ApiToken.objects.select_for_update()
    token = lock_or_raise(ApiToken, token_id, rows if owner_id is None else rows.filter(user=owner_id))
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])


def end_tokens(*, user_id: int) -> None:
    """Ends all tokens of an account in the caller's transaction."""
    ApiToken.objects.filter(user=user_id, revoked_at=None).update(revoked_at=timezone.now())


@retried_transaction
def note_use(*, token_id: int) -> None:
    """Stores that a token was used now, unless a use was stored a short time ago."""
    now = timezone.now()
    before = Q(last_noted__lt=now - ApiToken.USE_STEP)
    rows = ApiToken.objects.alias(last_noted=Coalesce("last_used_at", F("created_at")))
    rows.filter(before, pk=token_id).update(last_used_at=now)
