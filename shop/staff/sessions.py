"""Sessions in the database, each read together with its user.

The table stores a hash of each session's key, so that whoever reads it cannot use a session. A session
ends when it is not used for SHOP_IDLE_MINUTES, and MAX_SESSION_SECONDS after the sign-in.
"""

import hashlib
import re
import time
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends import db
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from shop.db.transactions import run_in_transaction
from shop.staff.authentication import find_sign_in
from shop.staff.models import Session, User

#: The session's entry with the time of the sign-in, in seconds since 1970.
SIGNED_IN_AT = "began"
MAX_SESSION_SECONDS = 14 * 24 * 3600

_KEY = re.compile(r"[a-z0-9]{32}")


def hash_key(session_key: str) -> str:
    """Hashes the key of a session. Django's column has room for 160 bits of the SHA-256."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:40]


class SessionStore(db.SessionStore):
    """Django's store, on a table that refers to the user; `owner` is the user of the loaded session."""

    owner: User | None = None
    #: Whether this use of the session is to be stored.
    use_is_due = False

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = super().create_model_instance(data)
        assert isinstance(row, Session)
        row.session_key = hash_key(row.session_key)
        row.user_id = data.get(SESSION_KEY)
        return row

    def load(self) -> dict[str, Any]:
        key = self.session_key or ""
        sign_in = find_sign_in(Session, hash_key(key)) if _KEY.fullmatch(key) else None
        if sign_in is None:
            self._session_key = None
            return {}
        self.owner = sign_in.user
        data, self.use_is_due = sign_in.columns
        return self.decode(data)

    def exists(self, session_key: str) -> bool:
        return super().exists(hash_key(session_key))

    def save(self, must_create: bool = False) -> None:
        """Stores the session, in a retried transaction of its own where none is open."""
        save = super().save
        if connection.in_atomic_block:
            save(must_create)
        else:
            run_in_transaction("save_session", lambda: save(must_create))

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session.objects.filter(session_key=hash_key(key)).delete()


def note_sign_in(request: HttpRequest, **kwargs: Any) -> None:
    """Stores the time of the sign-in in the session; Django calls it at each sign-in."""
    request.session[SIGNED_IN_AT] = time.time()


def get_signed_in_user(session: SessionStore) -> User | AnonymousUser:
    """Returns the active user of the session, as `django.contrib.auth.get_user` does.

    A change of the password ends the session."""
    password_hash: str = session.get(HASH_SESSION_KEY, "")
    user = session.owner if password_hash else None
    if user is None or not user.is_active or session.get(SIGNED_IN_AT, 0) < time.time() - MAX_SESSION_SECONDS:
        return AnonymousUser()
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    if not any(constant_time_compare(password_hash, candidate) for candidate in hashes):
        return AnonymousUser()
    return user
