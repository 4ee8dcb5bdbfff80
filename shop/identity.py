"""Who asks, and what they may do: one statement for all of it, on every request."""

from typing import TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from shop.models import ApiToken, Session, User

CredentialT = TypeVar("CredentialT", Session, ApiToken)

#: Where a user's permissions are: those of their roles, and those given to them alone.
_PERMISSIONS = [
    f"user__{path}__{name}"
    for path in ("groups__permissions", "user_permissions")
    for name in ("content_type__app_label", "codename")
]


def token_owner(token_hash: str) -> User | None:
    """The active user whose token this is, unless it was revoked."""
    token = _identified(ApiToken.objects.filter(token_hash=token_hash, revoked_at=None, user__is_active=True))
    return token.user if token else None


def live_session(session_key: str | None) -> Session | None:
    """The session, with its user, unless its time is up."""
    return _identified(Session.objects.filter(session_key=session_key, expire_date__gt=timezone.now()))


def _identified(rows: "QuerySet[CredentialT]") -> CredentialT | None:
    """The one row of `rows`, if there is one, with its user, who comes with every permission."""
    own = [field.attname for field in rows.model._meta.concrete_fields]
    of_user = [field.attname for field in User._meta.concrete_fields]
    # A row for each permission; all begin with the same columns.
    found = list(rows.values_list(*own, *(f"user__{name}" for name in of_user), *_PERMISSIONS))
    if not found:
        return None
    row = rows.model.from_db(rows.db, own, found[0][: len(own)])
    if row.user_id is not None:
        row.user = User.from_db(rows.db, of_user, found[0][len(own) : -len(_PERMISSIONS)])
        pairs = {pair for columns in found for pair in (columns[-4:-2], columns[-2:]) if all(pair)}
        # Where Django's ModelBackend keeps them, once it has read them itself.
        row.user._perm_cache = {f"{app}.{name}" for app, name in pairs}  # type: ignore[attr-defined]
    return row
