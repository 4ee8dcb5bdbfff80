"""One export at a time for each member of staff, and never all threads."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from shop.models import User
from shop.orders.views import exports
from shop.web import export_slots
from testing.factories import PlacedFactory
from testing.pages import Page, signed_in

# Real commits: to close an answer closes the connection too.
pytestmark = pytest.mark.django_db(transaction=True)

EXPORT = "/orders/export/"
ONE_AT_A_TIME = "Your last export is still being written. Wait for it to end, or stop it, then ask again."
#: What another process does that writes an export, until it is told to end.
HOLD = """
import fcntl, sys
handle = open(sys.argv[1], "w")
fcntl.flock(handle, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def _several_pages(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "PAGE", 1)
    for _ in range(3):
        PlacedFactory()


def begin(client: Client) -> tuple[Any, Iterator[bytes]]:
    """An export whose first parts are sent."""
    response = client.get(EXPORT)
    assert response.status_code == 200
    parts: Iterator[bytes] = iter(response.streaming_content)  # type: ignore[attr-defined]
    next(parts)
    next(parts)
    return response, parts


def status(client: Client) -> int:
    response = client.get(EXPORT)
    response.close()
    return response.status_code


def test_a_second_export_is_refused_while_the_first_is_written(clerks: Client, managers: Client) -> None:
    _, parts = begin(clerks)

    refused = clerks.get(EXPORT)

    assert refused.status_code == 429
    assert ONE_AT_A_TIME in Page(refused).text
    assert clerks.get("/orders/").status_code == 200
    assert clerks.head(EXPORT).status_code == 200
    assert status(managers) == 200
    assert len(list(parts)) == 3
    assert status(clerks) == 200


def test_sessions_of_one_account_share_its_turn(clerk: User, clerks: Client) -> None:
    begun = begin(clerks)

    assert status(signed_in(clerk)) == 429
    assert begun


def test_an_export_that_was_broken_off_blocks_nobody(clerks: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        response, _ = begin(clerks)
        response.close()
        clerks.get(EXPORT).close()  # not a byte of it was sent

    def fail(order: object) -> list[str]:
        raise OSError("The disk is full.")

    monkeypatch.setattr(exports, "_format_row", fail)
    with pytest.raises(OSError, match="disk is full"):
        list(clerks.get(EXPORT).streaming_content)  # type: ignore[attr-defined]
    monkeypatch.undo()

    assert status(clerks) == 200


def test_two_exports_at_once_leave_the_other_threads_of_a_process(clerks: Client, managers: Client) -> None:
    third = signed_in(User.objects.create_superuser("third"))
    first, second = begin(clerks), begin(managers)

    refused = third.get(EXPORT)

    assert refused.status_code == 429
    assert "Others are exporting at this moment. Wait until one of them has ended" in Page(refused).text
    assert status(clerks) == 429
    first[0].close()
    assert status(third) == 200
    assert second


def test_another_process_that_died_has_no_turn(clerk: User, clerks: Client) -> None:
    assert status(clerks) == 200
    path = Path(settings.VAR_DIR) / export_slots.FOLDER / f"{clerk.pk}.lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        meanwhile = status(clerks)
        holder.kill()

    assert (meanwhile, status(clerks)) == (429, 200)
    assert path.stat().st_mode & 0o077 == 0
