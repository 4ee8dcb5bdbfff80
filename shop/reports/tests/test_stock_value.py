"""What the stock cost: each product's cost, and the sum."""

import csv
import io
import re
from decimal import Decimal

import pytest
from django.test import Client

from testing.factories import ProductFactory


@pytest.mark.django_db
def test_a_cost_has_two_to_four_decimals(managers: Client) -> None:
    ProductFactory(sku="LAMP", stock=2, cost=Decimal("11.7"))
    ProductFactory(sku="PIN", stock=400, cost=Decimal("0.0125"))

    source = managers.get("/reports/stock-value/").content.decode()
    body = managers.get("/reports/stock-value/csv/").content.decode("utf-8-sig")

    assert re.findall(r'<td class="num">(\S+?)</td>', source) == [
        "2", "$11.70", "$23.40", "400", "$0.0125", "$5.00", "402", "$28.40",
    ]  # fmt: skip
    rows = list(csv.reader(io.StringIO(body)))[1:]
    assert [(row[0], *row[2:]) for row in rows] == [
        ("LAMP", "2", "11.7000", "23.40"),
        ("PIN", "400", "0.0125", "5.00"),
    ]
