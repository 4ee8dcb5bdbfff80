"""Looks up who sent a request, and what they may do.

One statement reads the session or token of a request, its user and the ids of the user's roles. The
permissions of a role hardly ever change: each process reads them again after `ROLES_AGE` seconds.
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

#: Stands in the compiled SQL's parameters for the hash that a request looks up.
_KEY_PLACEHOLDER = "key placeholder"
#: Fields of the user that are read with each request. Django reads the others when they are used.
_USER_FIELDS = [field for field in User._meta.concrete_fields if not isinstance(field, DateTimeField)]

#: A session ends this long after its last use. A use is stored when the stored one is SESSION_STEP old.
SESSION_AGE = datetime.timedelta(seconds=settings.SESSION_COOKIE_AGE)
SESSION_STEP = min(datetime.timedelta(minutes=5), SESSION_AGE / 10)

#: Columns of the session or token that are read with its user; the last says whether its use is to be stored.
_OWN_COLUMNS: dict[type[Model], tuple[str, ...]] = {
    Session: ("session_data", "use_is_due"),
    ApiToken: ("pk", "use_is_due"),
}

#: Seconds after which every process knows of a changed role.
ROLES_AGE = 10.0


@dataclass
class _Roles:
    """The names of all permissions, by their ids and by the ids of their roles."""

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
    """Makes the next request read the permissions of the roles."""
    _roles.ends = 0.0


def read_roles() -> _Roles:
    """Reads the permissions of the roles, and keeps them for `ROLES_AGE` seconds."""
    global _roles
    _roles = _Roles.read()
    return _roles


@dataclass
class SignIn:
    """A session or token: its user, and the columns of it that `_OWN_COLUMNS` names."""

    columns: tuple[Any, ...]
    user: User | None


@cache
def _compile_lookup(model: type[Session] | type[ApiToken]) -> tuple[str, tuple[Any, ...]]:
    """Returns the SQL that looks up a session or token, and its parameters with `_KEY_PLACEHOLDER`.

    Each process compiles it once: 3.1 of a lookup's 3.8 ms were Django's writing of this SQL
    (bench/BEFORE_AFTER.md, "(c) a session's SQL, compiled once").
    """
    rows: QuerySet[Any]
    is_due: LessThan[Any]
    if model is Session:
        rows = Session.objects.filter(session_key=_KEY_PLACEHOLDER, expire_date__gt=Now())
        is_due = LessThan(F("expire_date"), Now() + SESSION_AGE - SESSION_STEP)
    else:
        rows = ApiToken.objects.filter(
            token_hash=_KEY_PLACEHOLDER, revoked_at=None, expires_at__gt=Now(), user__is_active=True
        )
        is_due = LessThan(Coalesce("last_used_at", "created_at"), Now() - ApiToken.USE_STEP)
    rows = rows.annotate(use_is_due=Case(When(is_due, then=True), default=False))
    of_user = [f"user__{field.attname}" for field in _USER_FIELDS]
    # One row for each pair of a role and a permission of the user's own; nearly everybody has one role.
    columns = *_OWN_COLUMNS[model], *of_user, "user__groups", "user__user_permissions"
    return rows.values_list(*columns).query.sql_with_params()


def find_sign_in(model: type[Session] | type[ApiToken], value: str) -> SignIn | None:
    """Finds a session by its hashed key, or a token by its hash, with its user and their permissions.

    Returns None for one that has expired, and for a token that was revoked or whose owner is not active.
    """
    sql, parameters = _compile_lookup(model)
    with connection.cursor() as cursor:
        cursor.execute(
            sql, [value if parameter == _KEY_PLACEHOLDER else parameter for parameter in parameters]
        )
        rows = cursor.fetchall()
    if not rows:
        return None
    count = len(_OWN_COLUMNS[model])
    columns, of_user = rows[0][:count], rows[0][count:-2]
    if of_user[0] is None:
        return SignIn(columns, None)
    values = [field.to_python(value) for field, value in zip(_USER_FIELDS, of_user, strict=True)]
    user = User.from_db(DEFAULT_DB_ALIAS, [field.attname for field in _USER_FIELDS], values)
    roles = read_roles() if time.monotonic() >= _roles.ends else _roles
    own = {row[-1] for row in rows}
    # Django's ModelBackend caches them in this attribute too, and reads nothing when it is there.
    user._perm_cache = set().union(  # type: ignore[attr-defined]
        *(roles.by_role[role] for role in {row[-2] for row in rows} - {None}),
        (roles.permissions[pk] for pk in own - {None} if pk in roles.permissions),
    )
    return SignIn(columns, user)
