"""Folding and splitting of what people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.search import text
from testing.property_tests import same_examples


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Zoë Straße", "zoe strasse"),
        ("ŁÓDŹ", "łodz"),
        ("İstanbul", "istanbul"),
        ("ﬁne № 5 Lamp™", "fine no 5 lamptm"),
        ("Ａ１", "a1"),
        ("e\u0301", "e"),
        ("Tea\u00a0Pot", "tea pot"),
        ("", ""),
    ],
)
def test_accents_case_and_typographic_forms_are_folded(written: str, folded: str) -> None:
    assert text.fold(written) == folded


@same_examples
@given(st.text())
def test_what_is_folded_stays_as_it_is(written: str) -> None:
    assert text.fold(text.fold(written)) == text.fold(written)


@same_examples
@given(st.text())
def test_shouting_folds_like_speaking(written: str) -> None:
    assert text.fold(written.upper().lower()) == text.fold(written.lower().upper())


def test_punctuation_separates_words() -> None:
    assert text.split_words("O'Brien & Söhne: T-Light_2") == ["o", "brien", "sohne", "t", "light", "2"]


@pytest.mark.parametrize("nothing", ["", "   ", "-- !?", "\0", "_", "\ud800", "…"])
def test_there_are_no_words_in_punctuation(nothing: str) -> None:
    assert text.split_words(nothing) == []


def test_long_words_are_cut_to_what_is_stored() -> None:
    assert text.split_words("x" * 500) == ["x" * text.TERM_LENGTH]


def test_a_word_with_punctuation_is_found_with_and_without_it() -> None:
    assert text.make_terms("T-Light O'Brien") == {"t", "light", "tlight", "o", "brien", "obrien"}


def test_a_phone_number_is_found_by_groups_whole_and_by_its_end() -> None:
    assert text.make_phone_terms("+49 (170) 123-4567") == {
        "49",
        "170",
        "123",
        *("491701234567"[start:] for start in range(12)),
    }


def test_no_phone_number_has_no_terms() -> None:
    assert text.make_phone_terms("") == set()
    assert text.make_phone_terms("ask at the desk") == set()


@same_examples
@given(st.text(max_size=200))
def test_no_term_is_longer_than_its_column(written: str) -> None:
    terms = text.make_terms(written) | text.make_phone_terms(written[:40])

    assert all(0 < len(term) <= text.TERM_LENGTH + 1 for term in terms)


WORDS = st.lists(st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=12), max_size=8)


@same_examples
@given(WORDS, st.data())
def test_words_have_the_bits_of_all_that_is_typed_to_find_them(words: list[str], data: st.DataObject) -> None:
    typed = [word[: data.draw(st.integers(1, len(word)))] for word in words]
    bits = text.make_beginning_bits(words)

    assert text.make_beginning_bits(typed) & bits == text.make_beginning_bits(typed)
    assert 0 <= bits < 2**63


@pytest.mark.parametrize(("typed", "may"), [("m", True), ("mar", True), ("mo", False), ("mas", False)])
def test_words_lack_the_bits_of_other_beginnings(typed: str, may: bool) -> None:
    bits = text.make_beginning_bits([typed])

    assert (text.make_beginning_bits(["maria", "martin"]) & bits == bits) is may


def test_digits_have_no_bits() -> None:
    assert text.make_beginning_bits(["4006", "7b", "٣"]) == 0
    assert text.make_beginning_bits(["4006", "b7"]) == text.make_beginning_bits(["b7"])


def test_bits_are_what_is_stored_beside_the_terms() -> None:
    """Other bits for the same words want a migration, as they are in the database."""
    assert text.make_beginning_bits(["brass", "lamp", "85123a"]) == 1441433355735336976
