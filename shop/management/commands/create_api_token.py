"""Makes a token for the JSON API."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop.models import User
from shop.staff.errors import TokenDaysOutOfRange
from shop.staff.tokens import TOKEN_DAYS, create_token
from shop.web.wording import word_error


class Command(BaseCommand):
    help = "Makes a token for the JSON API with the permissions of USERNAME, and prints it once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--days", type=int, default=TOKEN_DAYS, help="how long it is valid (365)")

    def handle(self, *args: Any, **options: Any) -> None:
        """The token alone goes to standard output, for scripts. Raises CommandError."""
        try:
            user = User.objects.get_by_natural_key(options["username"])
        except User.DoesNotExist:
            raise CommandError(f"There is no user {options['username']!r}.") from None
        if not user.is_active:
            raise CommandError(f"{user} is not active: a token of theirs would be refused.")
        try:
            token = create_token(user=user, days=options["days"])
        except TokenDaysOutOfRange as refusal:
            raise CommandError(word_error(refusal)) from None
        self.stderr.write("Keep this token: it cannot be shown again. End it with revoke_api_token.")
        self.stdout.write(token)
