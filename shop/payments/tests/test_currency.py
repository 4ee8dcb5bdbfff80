"""Amounts are never converted: SHOP_CURRENCY stays once there are payments."""

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models.signals import pre_migrate
from django.test.utils import override_settings

from shop.payments.currency import check_currency
from shop.payments.errors import CurrencyChanged
from shop.payments.tests.entries import make_order, pay
from shop.web.wording import word_error

pytestmark = pytest.mark.django_db


def test_another_currency_is_refused_after_the_first_payment() -> None:
    with override_settings(SHOP_CURRENCY="EUR"):
        check_currency("default")
    pay(make_order("10.00"), "card", "1.00")
    check_currency("default")

    with override_settings(SHOP_CURRENCY="EUR"), pytest.raises(CurrencyChanged) as refusal:
        check_currency("default")
    assert word_error(refusal.value) == (
        "SHOP_CURRENCY is EUR, but payments are stored in USD: set SHOP_CURRENCY=USD again."
    )


def test_migrating_and_starting_stop_with_one_sentence() -> None:
    pay(make_order("10.00"), "card", "1.00")
    app = apps.get_app_config("shop")

    with override_settings(SHOP_CURRENCY="EUR"):
        with pytest.raises(CurrencyChanged):
            pre_migrate.send(sender=app, using="default")
        with pytest.raises(CommandError, match=r"^SHOP_CURRENCY is EUR"):
            call_command("prepare_shop")
