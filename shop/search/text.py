"""Folds text for search and sorting, in the same way on every database, and refuses invisible text."""

import re
import unicodedata
from collections.abc import Iterable
from zlib import crc32

_WORD = re.compile(r"[^\W_]+")
_NON_DIGITS = re.compile(r"\D+")

#: Characters that change the direction of the text after them: an address then looks like another one.
_DIRECTION_CONTROLS = "\u202a-\u202e\u2066-\u2069"
#: Control characters, and ends of lines and paragraphs.
_CONTROL = "\x00-\x1f\x7f-\x9f\u2028\u2029"
_HIDDEN_CHARACTER = re.compile(f"[{_DIRECTION_CONTROLS}{_CONTROL}]")
#: Letters and signs that are drawn as nothing: fillers, an empty Braille cell.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Mn", "Me", "Zs", "Zl", "Zp"})

#: Characters of a word that are stored for search; longer words are found by their beginning.
TERM_LENGTH = 40
#: Bits of `make_beginning_bits`: a signed integer of 64 bits without its sign.
BITS = 63


def fold(text: str) -> str:
    """Removes accents and case: "Zoë Straße" becomes "zoe strasse"."""
    # NFKD comes first, because it makes letters of "№" and "™", whose case can then be folded.
    folded = unicodedata.normalize("NFKD", text).casefold()
    decomposed = unicodedata.normalize("NFKD", folded)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def find_problem(text: str, *, lines: bool = False) -> str:
    """Returns a sentence that says why this text is refused; an empty one when it is accepted.

    `lines` allows line ends and tabs. Joiners, and the marks U+200E and U+200F, which some languages and
    emoji need, are accepted beside visible characters.
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
    """Returns `name_key`, by which lists sort a name."""
    return fold(name)[:200]


def split_words(text: str) -> list[str]:
    """Returns the folded words of `text` in their order; punctuation separates words."""
    return [word[:TERM_LENGTH] for word in _WORD.findall(fold(text))]


def keep_digits(text: str) -> str:
    return _NON_DIGITS.sub("", text)


def make_terms(text: str) -> set[str]:
    """Returns the search terms of `text`: its words, and each chunk without its punctuation.

    "T-Light O'Brien" gives t, light, tlight, o, brien, obrien.
    """
    terms: set[str] = set()
    for chunk in text.split():
        parts = split_words(chunk)
        terms.update(parts, {"".join(parts)[:TERM_LENGTH]} if parts else ())
    return terms


def make_phone_terms(phone: str) -> set[str]:
    """Returns the search terms of a phone number: its groups, and every ending of it.

    Any part of the number is the beginning of an ending, so "2345" finds 555-012345.
    """
    number = keep_digits(phone)[:TERM_LENGTH]
    return {*split_words(phone), *(number[start:] for start in range(len(number)))} if number else set()


def make_beginning_bits(words: Iterable[str]) -> int:
    """Returns a number with a bit for each beginning, of up to three letters, of these words.

    A row without a bit of the typed words does not match. A row with all bits may match, because beginnings
    share bits. Digits set no bits: the endings of a phone number would set most of them.
    """
    beginnings = {word[:length] for word in words if not word[0].isdigit() for length in (1, 2, 3)}
    return sum(1 << bit for bit in {crc32(beginning.encode()) % BITS for beginning in beginnings})
