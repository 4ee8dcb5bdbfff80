"""Settings of the environment about money."""

from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured

from shop import configuration
from shop.money import configuration as money


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
    assert money.read_currency() == "USD"

    monkeypatch.setenv("SHOP_CURRENCY", "eur")
    assert money.read_currency() == "EUR"

    monkeypatch.setenv("SHOP_CURRENCY", "dollars")
    with pytest.raises(ImproperlyConfigured, match=r"^SHOP_CURRENCY is 'DOLLARS'"):
        money.read_currency()


def test_a_currency_with_three_decimals_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_CURRENCY", "KWD")

    with pytest.raises(ImproperlyConfigured, match=r"^SHOP_CURRENCY is 'KWD', which has more"):
        money.read_currency()


@pytest.mark.parametrize(
    ("currency", "set_to", "step"),
    [
        ("EUR", "", None),
        ("JPY", "", "1"),
        ("CHF", "0.05", "0.05"),
        ("SEK", " 1.00 ", "1.00"),
        ("DKK", ".5", "0.5"),
        ("USD", "0.25", "0.25"),
        ("HUF", "5", "5"),
        ("IDR", "100", "100"),
    ],
)
def test_cash_is_rounded_to_the_smallest_coin(
    currency: str, set_to: str, step: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_CASH_STEP", set_to)

    assert money.read_cash_step(currency) == (step and Decimal(step))


@pytest.mark.parametrize("nonsense", ["0", "-0.05", "0.03", "0.005", "1000", "NaN", "Infinity", "a", "0,05"])
def test_a_step_that_no_coin_has_is_refused(nonsense: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_CASH_STEP", nonsense)

    with pytest.raises(ImproperlyConfigured, match=r"^SHOP_CASH_STEP is "):
        money.read_cash_step("CHF")
