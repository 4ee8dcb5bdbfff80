"""Sets the tax rate of a class from a day on."""

from argparse import ArgumentTypeError
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop.db.errors import Busy, InvalidValue
from shop.management.arguments import read_day
from shop.money.amounts import format_percent
from shop.taxes.services import set_tax_rate
from shop.web.wording import word_error

_SENTENCES = {
    "created": "{code}: {percent} % from {day} on.",
    "changed": "{code}: {percent} % from {day} on, changed before it became valid.",
    "unchanged": "{code} has {percent} % from {day} on already. Nothing was changed.",
}


class Command(BaseCommand):
    help = (
        "Sets the tax rate of the class CODE to PERCENT from a day on, and makes the class where it is new. "
        "A rate that is valid already is never changed; only the first rate of a class begins in the past."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code")
        parser.add_argument("percent", type=_read_percent, help="such as 19 or 5.5")
        parser.add_argument(
            "--from", dest="valid_from", type=read_day, metavar="DATE", help="such as 2027-01-01 (today)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError."""
        try:
            rate, outcome = set_tax_rate(
                code=options["code"], percent=options["percent"], valid_from=options["valid_from"]
            )
        except (InvalidValue, Busy) as refusal:
            raise CommandError(word_error(refusal)) from None
        values = {"code": rate.tax_class_id, "percent": format_percent(rate.percent), "day": rate.valid_from}
        self.stdout.write(_SENTENCES[outcome].format(**values))


def _read_percent(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ArgumentTypeError(f"{text!r} is no number: write one such as 19 or 5.5.") from None
