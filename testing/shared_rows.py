"""Rows that several tests look at and that are made once."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from django.db import transaction

#: Lets a fixture of a module use the database: `with shared_rows(): …`.
SharedRows = Callable[[], AbstractContextManager[None]]


@contextmanager
def keep_rows(blocker: Any) -> Iterator[None]:
    """Keeps what is stored for as long as the block lasts, and undoes it then.

    As with Django's `setUpTestData`, each test inside undoes its own changes. `blocker` is pytest-django's.
    """
    block: Any = transaction.atomic()
    block._from_testcase = True  # as Django's own has: durable transactions may begin inside
    with blocker.unblock():
        block.__enter__()
    try:
        yield
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            block.__exit__(None, None, None)
