"""How long a sign-in has to wait after failed ones, by account and by the address it comes from.

The account at an address is locked first, so that nobody elsewhere can lock a clerk out, and nobody
in a shop its other clerks. Wider limits slow down whoever tries one password on many accounts from
one address, or one account from many addresses. They do not hold for an account at an address from which it
signed in before.
"""

import datetime
import hashlib
from dataclasses import dataclass

from django.utils import timezone

from shop.db.transactions import retried_transaction
from shop.staff.models import FailedSignIn

#: Failures are forgotten when there was none for so long.
FAILURES_AGE = datetime.timedelta(hours=24)
#: An address is known to an account for so long after the last sign-in.
KNOWN_ADDRESS_AGE = datetime.timedelta(days=30)


@dataclass(frozen=True)
class _Limit:
    """`free` failures cost nothing; the next wait `first` seconds, then twice as long each time."""

    free: int
    first: int
    longest: int

    def seconds(self, failures: int) -> int:
        """Seconds to wait after so many failures."""
        over = failures - self.free
        return min(self.first * 2 ** min(over, 20), self.longest) if over >= 0 else 0


PAIR_LIMIT = _Limit(free=5, first=30, longest=900)
ACCOUNT_LIMIT = _Limit(free=20, first=30, longest=900)
ADDRESS_LIMIT = _Limit(free=50, first=10, longest=300)


@dataclass(frozen=True)
class _Keys:
    """The rows that a sign-in of an account from an address is about."""

    pair: str
    account: str
    address: str
    known: str

    @classmethod
    def of(cls, name: str, address: str) -> "_Keys":
        # Like accounts' own names, which differ in case: a limit by another spelling would be none.
        return cls(
            _hash("pair", name.casefold(), address),
            _hash("account", name.casefold()),
            _hash("address", address),
            _hash("known", name.casefold(), address),
        )


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def seconds_to_wait(*, name: str, address: str) -> int:
    """Seconds before this account may be tried from this address; 0 when it may now."""
    keys = _Keys.of(name, address)
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
    keys, now = _Keys.of(name, address), timezone.now()
    wanted = sorted([keys.pair, keys.account, keys.address])
    rows = FailedSignIn.objects.select_for_update().order_by("pk").filter(pk__in=wanted)
    counted = {row.key: row.failures for row in rows if row.changed_at > now - FAILURES_AGE}
    _store_failures({key: counted.get(key, 0) + 1 for key in wanted}, now)


@retried_transaction
def note_success(*, name: str, address: str) -> None:
    """Forgets the failures of this account at this address, which is known to it from now on."""
    keys = _Keys.of(name, address)
    FailedSignIn.objects.filter(pk=keys.pair).delete()
    _store_failures({keys.known: 0}, timezone.now())


def _store_failures(failures: dict[str, int], now: datetime.datetime) -> None:
    FailedSignIn.objects.bulk_create(
        (FailedSignIn(key=key, failures=number, changed_at=now) for key, number in failures.items()),
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["failures", "changed_at"],
    )
