"""What `manage.py migrate` needs of the connection besides what pages need."""

from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import pre_migrate

from testing.transactions import on_a_server

pytestmark = [pytest.mark.django_db(transaction=True), on_a_server]


def timeout() -> str:
    """How long the server lets a statement of ours take."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        (value,) = cursor.fetchone()
    return str(value)


def test_only_while_it_migrates_a_statement_may_take_for_ever() -> None:
    seen = []

    def look(**kwargs: Any) -> None:
        seen.append(timeout())

    before = timeout()
    pre_migrate.connect(look, sender=apps.get_app_config("auth"))
    try:
        call_command("migrate", verbosity=0)
    finally:
        pre_migrate.disconnect(look, sender=apps.get_app_config("auth"))

    # The same limit is "5s" to PostgreSQL and may be written otherwise by CockroachDB.
    assert before != "0"
    assert (seen, timeout()) == (["0"], before)
