"""Demo accounts, one for each role. Their random passwords are made once and stored in a file."""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from shop.db.transactions import retried_transaction
from shop.models import User

#: Each account is in the group of the same name, which a migration made.
ACCOUNTS = ("clerk", "manager", "admin")


def get_passwords_path() -> Path:
    return Path(settings.VAR_DIR) / "demo-accounts.json"


def read_passwords() -> dict[str, str]:
    """Returns the stored passwords by account name; empty if there is no file."""
    try:
        passwords: dict[str, str] = json.loads(get_passwords_path().read_text())
    except FileNotFoundError:
        return {}
    return passwords


def store_new_passwords() -> dict[str, str]:
    """Makes passwords for the accounts, and stores them in a file that only its owner can read.

    The file is written before the accounts are made, so that every account has a known password even
    if the run ends in between.
    """
    passwords = {name: secrets.token_urlsafe(9) for name in ACCOUNTS}
    path = get_passwords_path()
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with open(draft, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        json.dump(passwords, file, indent=2)
    draft.replace(path)
    return passwords


def hash_passwords(passwords: Mapping[str, str]) -> dict[str, str]:
    """Returns the passwords as the database stores them. Slow, so it is called outside of transactions."""
    return {name: make_password(password) for name, password in passwords.items()}


@retried_transaction
def make_accounts(*, hashes: Mapping[str, str]) -> list[User]:
    """Returns the accounts; makes those that do not exist. `hashes` are hashed passwords by name."""
    accounts = []
    for name, password in hashes.items():
        defaults = {"password": password, "is_staff": name == "admin"}
        user, created = User.objects.get_or_create(username=name, defaults=defaults)
        if created:
            user.groups.add(Group.objects.get(name=name))
        accounts.append(user)
    return accounts
