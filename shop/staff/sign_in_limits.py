"""Limits sign-ins after failed ones, by account and by address.

The first limit is for an account at an address, so that strangers cannot lock a clerk out, and a clerk
cannot lock out the others of a shop. Wider limits slow down an attacker who tries many accounts from one
address, or one account from many addresses. They do not apply to an account at an address from which it
signed in before.
"""

import datetime
import hashlib
from dataclasses import dataclass

from django.utils import timezone

from shop.db.transactions import retried_transaction
from shop.staff.models import FailedSignIn

#: Failures are forgotten this long after the last one.
FAILURES_AGE = datetime.timedelta(hours=24)
#: An account knows an address for this long after a sign-in from it.
KNOWN_ADDRESS_AGE = datetime.timedelta(days=30)


@dataclass(frozen=True)
class _Limit:
    """After `free` failures a wait is `first` seconds, then twice as long each time, up to `longest`."""

    free: int
    first: int
    longest: int

    def seconds(self, failures: int) -> int:
        """Returns the seconds to wait after this many failures."""
        over = failures - self.free
        return min(self.first * 2 ** min(over, 20), self.longest) if over >= 0 else 0


PAIR_LIMIT = _Limit(free=5, first=30, longest=900)
ACCOUNT_LIMIT = _Limit(free=20, first=30, longest=900)
ADDRESS_LIMIT = _Limit(free=50, first=10, longest=300)


@dataclass(frozen=True)
class _Keys:
    """The keys of the rows for a sign-in of an account from an address."""

    pair: str
    account: str
    address: str
    known: str

    @classmethod
    def from_attempt(cls, name: str, address: str) -> "_Keys":
        # Names are folded, because otherwise each spelling of a name would have its own limit.
        return cls(
            _hash("pair", name.casefold(), address),
            _hash("account", name.casefold()),
            _hash("address", address),
            _hash("known", name.casefold(), address),
        )


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def seconds_to_wait(*, name: str, address: str) -> int:
    """Returns the seconds that this account has to wait at this address; 0 for none."""
    keys = _Keys.from_attempt(name, address)
    limits = {keys.pair: PAIR_LIMIT, keys.account: ACCOUNT_LIMIT, keys.address: ADDRESS_LIMIT}
    now = timezone.now()
    rows = FailedSignIn.objects.in_bulk([*limits, keys.known])
    known = rows.pop(keys.known, None)
    if known and known.changed_at > now - KNOWN_ADDRESS_AGE:
        limits = {keys.pair: PAIR_LIMIT}
    waits = [
        limit.seconds(rows[key].failures) - int((now - rows[key].changed_at).total_seconds())
        for key, limit in limits.items()
        if key in rows and rows[key].changed_at > now - FAILURES_AGE
    ]
    return max([0, *waits])


@retried_transaction
def note_failure(*, name: str, address: str) -> None:
    """Counts a failed sign-in of this account from this address."""
    keys, now = _Keys.from_attempt(name, address), timezone.now()
    wanted = sorted([keys.pair, keys.account, keys.address])
    rows = FailedSignIn.objects.select_for_update().order_by("pk").filter(pk__in=wanted)
    counted = {row.key: row.failures for row in rows if row.changed_at > now - FAILURES_AGE}
    _store_failures({key: counted.get(key, 0) + 1 for key in wanted}, now)


@retried_transaction
def note_success(*, name: str, address: str) -> None:
    """Forgets the failures of this account at this address, and notes that it knows the address."""
    keys = _Keys.from_attempt(name, address)
    FailedSignIn.objects.filter(pk=keys.pair).delete()
    _store_failures({keys.known: 0}, timezone.now())


def _store_failures(failures: dict[str, int], now: datetime.datetime) -> None:
    FailedSignIn.objects.bulk_create(
        (FailedSignIn(key=key, failures=number, changed_at=now) for key, number in failures.items()),
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["failures", "changed_at"],
    )
