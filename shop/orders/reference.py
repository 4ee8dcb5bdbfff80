"""References of orders, such as K7M-2QX4."""

import secrets

#: Letters and digits that cannot be mistaken for each other, read out or in print.
REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
#: Letters and digits of a reference, without its dash.
REFERENCE_LENGTH = 7


def new_reference() -> str:
    """Returns a random reference, one of 2·10¹⁰; the database keeps it unique."""
    letters = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(REFERENCE_LENGTH))
    return f"{letters[:3]}-{letters[3:]}"


class ReferenceConverter:
    """Reads a reference, typed in any case, from an address."""

    regex = "[0-9A-Za-z]{3}-[0-9A-Za-z]{4}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value
