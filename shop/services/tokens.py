"""Bearer tokens of the JSON API."""

import hashlib
import secrets

from django.utils import timezone

from shop.models import ApiToken, User
from shop.services.rows import locked
from shop.transactions import retried_transaction


def hash_token(token: str) -> str:
    """What is stored of a token. A token is 256 random bits, so one plain SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


@retried_transaction
def create_token(*, user: User) -> str:
    """Makes a token with its owner's permissions and returns it, once: only its hash is kept."""
    token = f"shop_{secrets.token_urlsafe(32)}"
    ApiToken.objects.create(user=user, token_hash=hash_token(token))
    return token


@retried_transaction
def revoke_token(*, token_id: int) -> None:
    """Ends a token. Raises NotFound."""
    token = locked(ApiToken, token_id)
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
