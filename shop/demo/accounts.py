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


def ensure_demo_accounts() -> dict[str, str]:
    """Makes the demo accounts once. Returns their passwords by name.

    If there is a file of passwords, nothing changes, unless the database has no user at all: then
    the accounts are made again with the same passwords. An account that somebody else made under
    one of these names keeps its password and is not in the result.
    """
    passwords = read_passwords()
    if passwords and User.objects.exists():
        return passwords
    passwords = passwords or store_new_passwords()
    make_accounts(hashes=hash_passwords(passwords))
    return passwords


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
    """Makes passwords for the accounts that do not exist. Stores them in a file that only its owner can read.

    The file is written before the accounts are made, so that every account has a known password even
    if the run ends in between.
    """
    taken = set(User.objects.filter(username__in=ACCOUNTS).values_list("username", flat=True))
    passwords = {name: secrets.token_urlsafe(9) for name in ACCOUNTS if name not in taken}
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
