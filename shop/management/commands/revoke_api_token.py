"""Ends tokens of the JSON API."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop.db.errors import NotFound
from shop.models import ApiToken
from shop.staff.tokens import revoke_token


class Command(BaseCommand):
    help = "Ends the token ID of the JSON API. Without an ID, lists all tokens with theirs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", nargs="?", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for an unknown ID."""
        if options["id"] is None:
            self._list()
            return
        try:
            revoke_token(token_id=options["id"])
        except NotFound:
            raise CommandError(f"There is no token {options['id']}.") from None
        self.stdout.write(f"Token {options['id']} is revoked.")

    def _list(self) -> None:
        for token in ApiToken.objects.select_related("user").order_by("pk"):
            ends = token.revoked_at or token.expires_at
            state = f"{'revoked' if token.revoked_at else 'valid until'} {ends:%Y-%m-%d %H:%M}"
            self.stdout.write(f"{token.pk}\t{token.user}\tmade {token.created_at:%Y-%m-%d %H:%M}\t{state}")
