"""What a reference looks like, typed in one way or another."""

import pytest

from shop.orders.reference import find_range, find_references, new_reference, parse_reference


@pytest.mark.parametrize("typed", ["K7M-2QX4", "k7m2qx4", " k7m 2qx4 "])
def test_a_reference_is_read_in_any_case_with_or_without_its_dash(typed: str) -> None:
    assert parse_reference(typed) == "K7M-2QX4"


@pytest.mark.parametrize("typed", ["", "K7M", "K7M-2QX", "K7M-2QX45"])
def test_what_is_shorter_or_longer_is_no_reference(typed: str) -> None:
    assert parse_reference(typed) is None


def test_references_are_found_among_texts_each_once() -> None:
    assert find_references(["k7m-2qx4", "x", "AAA-2222", "K7M-2QX4"]) == ["K7M-2QX4", "AAA-2222"]


def test_a_beginning_is_a_range_of_references() -> None:
    assert find_range("k7m2") == ("K7M-2222", "K7M-2ZZZ")
    assert find_range("-") is None
    assert find_range("K7M-2QX4Z") is None


def test_a_new_reference_is_read_as_it_is() -> None:
    reference = new_reference()

    assert parse_reference(reference) == reference
