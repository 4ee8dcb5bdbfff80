"""The page of the audit."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from shop.documents.tests.sales import give_receipt, sell_e3
from shop.models import Document

pytestmark = pytest.mark.django_db


def test_the_page_says_that_all_adds_up_and_what_does_not(managers: Client) -> None:
    receipt = give_receipt(order=sell_e3())
    assert "Everything adds up" in managers.get("/audit/").content.decode()

    Document.objects.filter(pk=receipt.pk).update(body=receipt.body | {"gross": "1.00"})

    page = managers.get("/audit/").content.decode()
    assert "2 rows do not add up" in page
    assert "<strong>T1-000001</strong> What it says was changed: its hash is another one." in page


def test_the_query_says_from_which_day_on(managers: Client) -> None:
    receipt = give_receipt(order=sell_e3())
    Document.objects.filter(pk=receipt.pk).update(currency="CHF")
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)

    assert "1 row does not add up" in managers.get("/audit/").content.decode()
    assert "Everything adds up" in managers.get("/audit/", {"since": tomorrow.isoformat()}).content.decode()
    assert managers.get("/audit/", {"since": "yesterday"}).status_code == 422
    today = timezone.localdate()
    for days, status in ((92, 200), (93, 422)):
        since = today - datetime.timedelta(days=days)
        assert managers.get("/audit/", {"since": since.isoformat()}).status_code == status
