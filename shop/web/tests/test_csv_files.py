"""What somebody typed, as a cell of a CSV file."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.web.csv_files import FORMULA, escape_formula
from testing.property_tests import same_examples


@pytest.mark.parametrize(
    "typed", ["1-2", "a=b", "'=1", "Ada", "5 + 5", "", "Émile", "a; b", "a\nb", "a;b=c", ";"]
)
def test_what_is_no_formula_stays_as_it_is(typed: str) -> None:
    assert escape_formula(typed) == typed


@pytest.mark.parametrize(
    ("typed", "cell"),
    [
        ("=1+1", "'=1+1"),
        (" =1", "' =1"),
        ("\tx", "'\tx"),
        ("\t=1", "'\t'=1"),
        ("\n=cmd|' /C calc'!A0", "'\n'=cmd|' /C calc'!A0"),
        ("Ada;=1+1", "Ada;'=1+1"),
        ('Ada; "=1+1', "Ada; \"'=1+1"),
        ("a;;\n-1;@b", "a;;\n'-1;'@b"),
        ("=1;=2", "'=1;'=2"),
    ],
)
def test_an_apostrophe_goes_before_each_formula(typed: str, cell: str) -> None:
    assert escape_formula(typed) == cell


@same_examples
@given(st.text(alphabet=[*FORMULA, *";\t\r\n \"'a1"]))
def test_no_part_begins_as_a_formula(typed: str) -> None:
    cell = escape_formula(typed)

    assert cell.replace("'", "") == typed.replace("'", "")
    parts = cell.replace("\t", ";").replace("\r", ";").replace("\n", ";").split(";")
    assert not any(part.strip().strip('"').strip().startswith(FORMULA) for part in parts[1:])
    assert not cell.strip().startswith(FORMULA)


def test_a_long_run_is_read_once() -> None:
    began = time.monotonic()
    escape_formula(';\n"' * 200_000)

    assert time.monotonic() - began < 2
