"""Who was refused again and again runs alone; the others wait, but not for ever."""

import fcntl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings

from shop.db.transactions import run_in_transaction
from shop.models import Product
from testing.factories import ProductFactory
from testing.transactions import raise_busy

pytestmark = pytest.mark.django_db(transaction=True)


def is_somebody_alone() -> bool:
    with (settings.VAR_DIR / "alone.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_NB | fcntl.LOCK_SH)
        except BlockingIOError:
            return True
    return False


@contextmanager
def run_alone() -> Iterator[None]:
    """Holds what a call that runs alone holds."""
    with (settings.VAR_DIR / "alone.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def test_from_the_fourth_attempt_on_it_runs_alone() -> None:
    alone = []

    def refused_four_times() -> None:
        alone.append(is_somebody_alone())
        if len(alone) < 5:
            raise_busy()

    run_in_transaction("refused", refused_four_times)

    assert alone == [False, False, False, True, True]
    assert not is_somebody_alone()


def test_others_wait_until_it_has_ended() -> None:
    lamp = ProductFactory(name="Lamp")
    ended: list[str] = []

    def rename() -> None:
        run_in_transaction("rename", lambda: Product.objects.filter(pk=lamp.pk).update(name="Ring"))
        ended.append("renamed")

    with run_alone():
        thread = threading.Thread(target=rename)
        thread.start()
        thread.join(0.2)
        ended.append("alone")
    thread.join(5)

    assert ended == ["alone", "renamed"]


def test_nobody_waits_longer_than_the_budget(short_budget: None) -> None:
    with run_alone():
        began = time.monotonic()
        assert run_in_transaction("free", lambda: "done") == "done"
    assert 0.5 <= time.monotonic() - began < 5
