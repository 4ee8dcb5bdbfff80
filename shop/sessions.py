"""Sessions in the database, each read together with its user."""

from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends import db
from django.utils.crypto import constant_time_compare

from shop.identity import live_session
from shop.models import Session, User


class SessionStore(db.SessionStore):
    """Django's own, on a table that knows the user; `owner` is whose session was loaded."""

    owner: User | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = super().create_model_instance(data)
        assert isinstance(row, Session)
        row.user_id = data.get(SESSION_KEY)
        return row

    def load(self) -> dict[str, Any]:
        found = live_session(self.session_key) if self.session_key else None
        if found is None:
            self._session_key = None
            return {}
        self.owner = found.user
        return self.decode(found.data)


def signed_in(session: SessionStore) -> User | AnonymousUser:
    """The session's user, as `django.contrib.auth.get_user` finds them: active, password unchanged since."""
    known: str = session.get(HASH_SESSION_KEY, "")
    user = session.owner if known else None
    if user is None or not user.is_active:
        return AnonymousUser()
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    if not any(constant_time_compare(known, each) for each in hashes):
        return AnonymousUser()
    return user
