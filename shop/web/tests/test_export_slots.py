"""One export at a time for each member of staff, and never all threads."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
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


Begin = Callable[[Client], tuple[Any, Iterator[bytes]]]


@pytest.fixture
def begin() -> Iterator[Begin]:
    """Begins exports, whose first parts are sent. The server would close them, so they are closed here."""
    with ExitStack() as stack:

        def begin_export(client: Client) -> tuple[Any, Iterator[bytes]]:
            response: Any = client.get(EXPORT)
            assert response.status_code == 200
            stack.callback(response.close)
            parts: Iterator[bytes] = iter(response.streaming_content)
            next(parts)
            next(parts)
            return response, parts

        yield begin_export


def status(client: Client) -> int:
    response = client.get(EXPORT)
    response.close()
    return response.status_code


def test_a_second_export_is_refused_while_the_first_is_written(
    begin: Begin, clerks: Client, managers: Client
) -> None:
    _, parts = begin(clerks)

    refused = clerks.get(EXPORT)

    assert refused.status_code == 429
    assert ONE_AT_A_TIME in Page(refused).text
    assert clerks.get("/orders/").status_code == 200
    assert clerks.head(EXPORT).status_code == 200
    assert status(managers) == 200
    assert len(list(parts)) == 3
    assert status(clerks) == 200


def test_sessions_of_one_account_share_its_turn(begin: Begin, clerk: User, clerks: Client) -> None:
    begin(clerks)

    assert status(signed_in(clerk)) == 429


def test_an_export_that_was_broken_off_blocks_nobody(
    begin: Begin, clerks: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        response, _ = begin(clerks)
        response.close()
        clerks.get(EXPORT).close()  # not a byte of it was sent

    def fail(order: object) -> list[str]:
        raise OSError("The disk is full.")

    monkeypatch.setattr(exports, "_format_row", fail)
    broken: Any = clerks.get(EXPORT)
    with pytest.raises(OSError, match="disk is full"):
        list(broken.streaming_content)
    broken.close()
    monkeypatch.undo()

    assert status(clerks) == 200


def test_two_exports_at_once_leave_the_other_threads_of_a_process(
    begin: Begin, clerks: Client, managers: Client
) -> None:
    third = signed_in(User.objects.create_superuser("third"))
    first, _ = begin(clerks)
    begin(managers)

    refused = third.get(EXPORT)

    assert refused.status_code == 429
    assert "Others are exporting at this moment. Wait until one of them has ended" in Page(refused).text
    assert status(clerks) == 429
    first.close()
    assert status(third) == 200


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
