"""Settings of the environment about money."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from shop import configuration


@pytest.mark.parametrize(
    ("set_to", "include_tax"),
    [(None, True), ("", True), (" ", True), ("1", True), ("0", False), ("no", False)],
)
def test_prices_include_tax_unless_it_is_said(
    set_to: str | None, include_tax: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHOP_PRICES_INCLUDE_TAX", raising=False)
    if set_to is not None:
        monkeypatch.setenv("SHOP_PRICES_INCLUDE_TAX", set_to)

    assert configuration.read_flag("SHOP_PRICES_INCLUDE_TAX", default=True) is include_tax


def test_the_currency_is_an_iso_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOP_CURRENCY", raising=False)
    assert configuration.read_currency() == "USD"

    monkeypatch.setenv("SHOP_CURRENCY", "eur")
    assert configuration.read_currency() == "EUR"

    monkeypatch.setenv("SHOP_CURRENCY", "dollars")
    with pytest.raises(ImproperlyConfigured, match=r"^SHOP_CURRENCY is 'DOLLARS'"):
        configuration.read_currency()
