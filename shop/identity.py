"""Who asks, and what they may do.

Who it is, and which roles they have, is read with each request's session or token, in one
statement. What a role consists of hardly ever changes: each process reads it again after
`ROLES_AGE` seconds.
"""

import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TypeVar

from django.contrib.auth.models import Permission
from django.db.models import F, QuerySet
from django.utils import timezone

from shop.models import ApiToken, Session, User

CredentialT = TypeVar("CredentialT", Session, ApiToken)

#: Seconds after which a change of what a role may do holds everywhere.
ROLES_AGE = 10.0


@dataclass
class _Roles:
    """Permissions by their ids, and by the ids of the roles that include them."""

    permissions: dict[int, str] = field(default_factory=dict)
    by_role: dict[int | None, set[str]] = field(default_factory=lambda: defaultdict(set))
    ends: float = 0.0

    @classmethod
    def read(cls) -> "_Roles":
        roles = cls(ends=time.monotonic() + ROLES_AGE)
        columns = "pk", "content_type__app_label", "codename", "group"
        for pk, app, codename, role in Permission.objects.order_by().values_list(*columns):
            roles.permissions[pk] = f"{app}.{codename}"
            roles.by_role[role].add(f"{app}.{codename}")
        return roles


_roles = _Roles()


def forget_roles() -> None:
    """Lets the next request read what the roles consist of."""
    _roles.ends = 0.0


def read_roles() -> _Roles:
    """Reads what the roles consist of, for the next `ROLES_AGE` seconds."""
    global _roles
    _roles = _Roles.read()
    return _roles


def token_owner(token_hash: str) -> User | None:
    """The active user whose token this is, unless it was revoked."""
    token = _identified(ApiToken.objects.filter(token_hash=token_hash, revoked_at=None, user__is_active=True))
    return token.user if token else None


def live_session(session_key: str | None) -> Session | None:
    """The session, with its user, unless its time is up."""
    return _identified(Session.objects.filter(session_key=session_key, expire_date__gt=timezone.now()))


def _identified(rows: "QuerySet[CredentialT]") -> CredentialT | None:
    """The one row of `rows`, if there is one, with its user, who comes with every permission."""
    # A row for each role, which hardly anybody has more than one of, and each right of their own.
    found = list(
        rows.select_related("user").annotate(
            role=F("user__groups"), own_permission=F("user__user_permissions")
        )
    )
    if not found:
        return None
    if found[0].user:
        # Where Django's ModelBackend keeps them, once it has read them itself.
        found[0].user._perm_cache = _permissions(  # type: ignore[attr-defined]
            {row.role for row in found}, {row.own_permission for row in found}
        )
    return found[0]


def _permissions(roles: set[int | None], own: set[int | None]) -> set[str]:
    """The names of all permissions of these roles, and of these ones."""
    known = read_roles() if time.monotonic() >= _roles.ends else _roles
    return set().union(
        *(known.by_role[role] for role in roles - {None}),
        (known.permissions[pk] for pk in own - {None} if pk in known.permissions),
    )
