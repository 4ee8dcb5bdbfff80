"""Django's `changepassword`; also ends the account's API tokens."""

from typing import Any

from django.contrib.auth.management.commands import changepassword

from shop.db.transactions import run_in_transaction
from shop.models import User
from shop.staff.tokens import end_tokens


class Command(changepassword.Command):
    def handle(self, *args: Any, **options: Any) -> str | None:
        done = super().handle(*args, **options)
        user = User.objects.get_by_natural_key(options["username"])
        run_in_transaction("end_tokens", lambda: end_tokens(user_id=user.pk))
        return done
