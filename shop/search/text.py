"""Folding of text for search and sorting, alike on every database; and what no text may hold."""

import re
import unicodedata
from collections.abc import Iterable
from zlib import crc32

_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\D+")

#: What turns the direction of the text behind it: an address or a file's name then reads as another.
_DIRECTION_MARKS = "\u202a-\u202e\u2066-\u2069"
#: Control characters, and ends of lines and paragraphs.
_CONTROL = "\x00-\x1f\x7f-\x9f\u2028\u2029"
_HIDDEN_CHARACTER = re.compile(f"[{_DIRECTION_MARKS}{_CONTROL}]")
#: Drawn as nothing, though their category is that of letters and signs: fillers, an empty Braille cell.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Mn", "Me", "Zs", "Zl", "Zp"})

#: Longest folded word that is kept for search; longer words are found by their beginning.
TERM_LENGTH = 40
#: Bits of `make_beginning_bits`: what a signed integer of 64 bits has besides its sign.
BITS = 63


def fold(text: str) -> str:
    """`text` without accents and case: "Zoë Straße" becomes "zoe strasse"."""
    # Taken apart first, since only then have "№" and "™" letters whose case can be folded.
    folded = unicodedata.normalize("NFKD", text).casefold()
    decomposed = unicodedata.normalize("NFKD", folded)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def find_problem(text: str, *, lines: bool = False) -> str:
    """Why this text should not be kept, as a sentence; nothing when it is fine.

    `lines` says that it may have line ends and tabs. Joiners and marks of direction, which languages and
    emoji need, are fine beside something that can be seen.
    """
    hidden = _HIDDEN_CHARACTER.search(re.sub(r"[\r\n\t]", "", text) if lines else text)
    if hidden:
        return f"This holds a hidden character (U+{ord(hidden[0]):04X}). Type it anew instead of pasting it."
    if text and all(
        char in _BLANK_LETTERS or unicodedata.category(char) in _INVISIBLE_CATEGORIES for char in text
    ):
        return "This holds nothing that can be seen. Type it anew."
    return ""


def make_sort_key(name: str) -> str:
    """What lists sort a name by: `name_key` of the row."""
    return fold(name)[:200]


def split_words(text: str) -> list[str]:
    """The folded words of `text`, in order; punctuation separates them."""
    return [word[:TERM_LENGTH] for word in _WORD.findall(fold(text))]


def keep_digits(text: str) -> str:
    """Only the digits of `text`."""
    return _DIGITS.sub("", text)


def make_terms(text: str) -> set[str]:
    """What `text` can be found by: its words, and each chunk with its punctuation left out.

    "T-Light O'Brien" gives t, light, tlight, o, brien, obrien.
    """
    found: set[str] = set()
    for chunk in text.split():
        parts = split_words(chunk)
        found.update(parts, {"".join(parts)[:TERM_LENGTH]} if parts else ())
    return found


def make_phone_terms(phone: str) -> set[str]:
    """What a phone number can be found by: its groups, and every end of it.

    The beginning of an end is any part, so "2345" finds 555-012345 while it is being typed.
    """
    number = keep_digits(phone)[:TERM_LENGTH]
    return {*split_words(phone), *(number[start:] for start in range(len(number)))} if number else set()


def make_beginning_bits(words: Iterable[str]) -> int:
    """A number with a bit for every beginning, of up to three letters, of these words.

    Where a bit of the typed words is missing, one of them begins no word; where all are there, every
    one may, since beginnings share bits. Digits have none: the ends of a phone number would set most.
    """
    found = {word[:length] for word in words if not word[0].isdigit() for length in (1, 2, 3)}
    return sum(1 << bit for bit in {crc32(beginning.encode()) % BITS for beginning in found})
