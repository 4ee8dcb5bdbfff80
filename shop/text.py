"""Folding of text for search and sorting, alike on every database."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\D+")

#: Longest folded word that is kept for search; longer words are found by their beginning.
TERM_LENGTH = 40
#: Digits of a phone number's end that match while they are still being typed.
LAST_DIGITS = 4
#: Marks a phone number written backwards, so that its end can be searched as a beginning.
REVERSED = "~"


def fold(text: str) -> str:
    """`text` without accents and case: "Zoë Straße" becomes "zoe strasse"."""
    # Taken apart first, since only then have "№" and "™" letters whose case can be folded.
    folded = unicodedata.normalize("NFKD", text).casefold()
    decomposed = unicodedata.normalize("NFKD", folded)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def words(text: str) -> list[str]:
    """The folded words of `text`, in order; punctuation separates them."""
    return [word[:TERM_LENGTH] for word in _WORD.findall(fold(text))]


def digits(text: str) -> str:
    """Only the digits of `text`."""
    return _DIGITS.sub("", text)


def terms(text: str) -> set[str]:
    """What `text` can be found by: its words, and each chunk with its punctuation left out.

    "T-Light O'Brien" gives t, light, tlight, o, brien, obrien.
    """
    found: set[str] = set()
    for chunk in text.split():
        parts = words(chunk)
        found.update(parts, {"".join(parts)[:TERM_LENGTH]} if parts else ())
    return found


def phone_terms(phone: str) -> set[str]:
    """What a phone number can be found by: its groups, all its digits, its last digits."""
    number = digits(phone)[:TERM_LENGTH]
    if not number:
        return set()
    return {*words(phone), number, number[-LAST_DIGITS:], REVERSED + number[::-1]}
