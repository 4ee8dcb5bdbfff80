"""`manage.py audit_money`: computes all money anew, and names every row that does not add up."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from shop.audit.checks import Result, run_checks
from shop.audit.scope import Scope
from shop.management.arguments import read_day


class Command(BaseCommand):
    help = (
        "Computes all money anew (docs/MONEY.md, “What is always true”), and names every row that does not "
        "add up. Writes nothing. Ends with 1 when something does not add up."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--since", type=read_day, metavar="DAY", help="only what happened from this day on: 2027-01-31"
        )
        parser.add_argument("--json", action="store_true", help="prints one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError when a check fails."""
        if connection.vendor != "sqlite":
            # A sum over all orders may take longer than a page may.
            with connection.cursor() as cursor:
                cursor.execute("SET statement_timeout = 0")
        results = []
        for result in run_checks(Scope(options["since"])):
            results.append(result)
            if not options["json"]:
                self._print(result)
        failed = [result.code for result in results if result.failed]
        if options["json"]:
            self.stdout.write(json.dumps({"failed": failed, "checks": [_to_json(each) for each in results]}))
        if failed:
            raise CommandError(f"Does not add up: {', '.join(failed)}.")

    def _print(self, result: Result) -> None:
        state = f"{result.failed:,} FAILED" if result.failed else "ok"
        self.stdout.write(f"{result.code:4}{result.rows:>10,} rows  {state:>10}  {result.title}")
        for failure in result.failures:
            self.stdout.write(f"      {failure.row}: {failure.sentence}")
        if result.left_out:
            self.stdout.write(f"      and {result.left_out:,} more")


def _to_json(result: Result) -> dict[str, Any]:
    failures = [failure._asdict() for failure in result.failures]
    return asdict(result) | {"failures": failures}
