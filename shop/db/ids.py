"""Ids of rows, whole numbers of 64 bits on every database, and the letters of codes that people read."""

from django.db import models

MAX_ID = models.BigIntegerField.MAX_BIGINT
#: Letters and digits that people do not confuse, in print or on the phone. In sorted order.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def is_id(text: str) -> bool:
    """Returns whether a text from outside is a whole number that fits a column of ids."""
    return text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= MAX_ID
