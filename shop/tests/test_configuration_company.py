"""SHOP_ADDRESS and SHOP_TAX_ID, which are printed on documents."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from shop.documents import configuration


@pytest.mark.parametrize(
    ("set_to", "address"),
    [
        ("", ""),
        ("1 High Street", "1 High Street"),
        ("1 High Street\\n 10115 Berlin ", "1 High Street\n10115 Berlin"),
        ("1 High Street\n\n10115 Berlin", "1 High Street\n10115 Berlin"),
    ],
)
def test_an_address_has_lines(set_to: str, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_ADDRESS", set_to)

    assert configuration.read_address() == address


@pytest.mark.parametrize("set_to", ["x\\n" * 9, "x" * 81, "a\u202eb"])
def test_an_address_that_no_paper_holds_is_refused(set_to: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_ADDRESS", set_to)

    with pytest.raises(ImproperlyConfigured, match=r"^SHOP_ADDRESS is "):
        configuration.read_address()


def test_a_tax_id_is_one_short_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_TAX_ID", " DE123456789 ")
    assert configuration.read_tax_id() == "DE123456789"

    monkeypatch.setenv("SHOP_TAX_ID", "DE1\n23")
    with pytest.raises(ImproperlyConfigured, match=r"^SHOP_TAX_ID is "):
        configuration.read_tax_id()
