"""Who asks, and what they may do.

Who it is, and which roles they have, is read with each request's session or token, in one
statement. What a role consists of hardly ever changes: each process reads it again after
`ROLES_AGE` seconds.
"""

import datetime
import time
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Case, DateTimeField, F, Model, QuerySet, When
from django.db.models.functions import Coalesce, Now
from django.db.models.lookups import LessThan

from shop.staff.models import ApiToken, Session, User

#: Stands for the key or token that is looked up.
_SOUGHT = "the one that is sought"
#: What a request may want to know of its user; the rest is read when it is asked for.
_USER_FIELDS = [field for field in User._meta.concrete_fields if not isinstance(field, DateTimeField)]

#: How long a session lives on after a use, and how much of that passes before a use is stored.
SESSION_AGE = datetime.timedelta(seconds=settings.SESSION_COOKIE_AGE)
SESSION_STEP = min(datetime.timedelta(minutes=5), SESSION_AGE / 10)

#: Columns of the session's or token's own that are read with its user.
_OWN: dict[type[Model], tuple[str, ...]] = {
    Session: ("session_data", "use_is_due"),
    ApiToken: ("pk", "use_is_due"),
}

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


def find_token(token_hash: str) -> "SignIn | None":
    """The token's owner, who is active, unless it was revoked or its time is up.

    `own` is the token's id, and whether its use is to be stored.
    """
    return _look_up(ApiToken, token_hash)


def find_session(session_key: str) -> "SignIn | None":
    """The session's user, unless its time is up.

    `own` is the session's data, and whether its use is to be stored.
    """
    return _look_up(Session, session_key)


@dataclass
class SignIn:
    """Whose a session or token is; `own` are columns of its own."""

    own: tuple[Any, ...]
    user: User | None


@cache
def _statement(model: type[Session] | type[ApiToken]) -> tuple[str, tuple[Any, ...]]:
    """The SQL that looks a session or token up, with `_SOUGHT` among its parameters.

    Compiled once a process: Django takes longer to write it than a database to answer it.
    """
    rows: QuerySet[Any]
    is_due: LessThan[Any]
    if model is Session:
        rows = Session.objects.filter(session_key=_SOUGHT, expire_date__gt=Now())
        is_due = LessThan(F("expire_date"), Now() + SESSION_AGE - SESSION_STEP)
    else:
        rows = ApiToken.objects.filter(
            token_hash=_SOUGHT, revoked_at=None, expires_at__gt=Now(), user__is_active=True
        )
        is_due = LessThan(Coalesce("last_used_at", "created_at"), Now() - ApiToken.USE_STEP)
    rows = rows.annotate(use_is_due=Case(When(is_due, then=True), default=False))
    of_user = [f"user__{field.attname}" for field in _USER_FIELDS]
    # A row for each role, which hardly anybody has more than one of, and each right of their own.
    columns = *_OWN[model], *of_user, "user__groups", "user__user_permissions"
    return rows.values_list(*columns).query.sql_with_params()


def _look_up(model: type[Session] | type[ApiToken], value: str) -> SignIn | None:
    """What the session or token is, with its user, who comes with every permission."""
    sql, parameters = _statement(model)
    with connection.cursor() as cursor:
        cursor.execute(sql, [value if each == _SOUGHT else each for each in parameters])
        found = cursor.fetchall()
    if not found:
        return None
    own, of_user = found[0][: len(_OWN[model])], found[0][len(_OWN[model]) : -2]
    if of_user[0] is None:
        return SignIn(own, None)
    values = [field.to_python(value) for field, value in zip(_USER_FIELDS, of_user, strict=True)]
    user = User.from_db(DEFAULT_DB_ALIAS, [field.attname for field in _USER_FIELDS], values)
    # Where Django's ModelBackend keeps them, once it has read them itself.
    user._perm_cache = _permissions(  # type: ignore[attr-defined]
        {row[-2] for row in found}, {row[-1] for row in found}
    )
    return SignIn(own, user)


def _permissions(roles: set[int | None], own: set[int | None]) -> set[str]:
    """The names of all permissions of these roles, and of these ones."""
    known = read_roles() if time.monotonic() >= _roles.ends else _roles
    return set().union(
        *(known.by_role[role] for role in roles - {None}),
        (known.permissions[pk] for pk in own - {None} if pk in known.permissions),
    )
