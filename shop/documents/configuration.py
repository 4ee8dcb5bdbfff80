"""Reads from the environment what papers say of the company."""

import os

from django.core.exceptions import ImproperlyConfigured

#: Lines of an address, characters of one line, and characters of a tax id.
MAX_LINES, MAX_LINE, MAX_TAX_ID = 8, 80, 60


def read_address() -> str:
    r"""Reads SHOP_ADDRESS. Its lines are separated by line breaks, or by `\n` written as two characters."""
    text = os.environ.get("SHOP_ADDRESS", "").replace("\\n", "\n")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MAX_LINES or not all(len(line) <= MAX_LINE and line.isprintable() for line in lines):
        raise ImproperlyConfigured(
            f"SHOP_ADDRESS is {text!r}: set at most {MAX_LINES} lines of {MAX_LINE} visible characters,"
            r" separated by \n."
        )
    return "\n".join(lines)


def read_tax_id() -> str:
    """Reads SHOP_TAX_ID, the number under which the company pays its taxes."""
    text = os.environ.get("SHOP_TAX_ID", "").strip()
    if len(text) > MAX_TAX_ID or not text.isprintable():
        raise ImproperlyConfigured(
            f"SHOP_TAX_ID is {text!r}: set at most {MAX_TAX_ID} characters, none of them invisible."
        )
    return text
