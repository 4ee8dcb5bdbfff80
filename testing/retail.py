"""Helpers for tests of the import: a messy file and its figures, and functions to write and import files."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command

from shop.files.retail_rows import COLUMNS
from shop.models import Customer, Order, Product

MESSY = Path(__file__).parent.parent / "shop" / "files" / "tests" / "data" / "messy.csv"
HEADER = ",".join(COLUMNS)
SKIPPED = {
    "adjustment": 2,
    "inexact_price": 1,
    "negative_price": 1,
    "unreadable": 12,
    "bad_encoding": 1,
    "other_customer": 1,
    "invoice_continued": 1,
    "invoice_too_large": 1,
}
FIRST_RUN = {
    "rows": 29,
    "orders": 4,
    "lines": 8,
    "products": 4,
    "customers": 3,
    "value": "97.34",
    "credit_notes": 1,
    "credit_lines": 1,
    "credit_value": "2.55",
    "credit_products": 0,
    "credit_customers": 0,
    "skipped": SKIPPED,
}
#: Of the eight files of real orders.
REAL_CREDIT_NOTES = {
    "credit_notes": 136,
    "credit_lines": 329,
    "credit_value": "61364.20",
    "credit_products": 16,
    "credit_customers": 49,
}
NO_CREDIT_NOTES = {
    "credit_notes": 0,
    "credit_lines": 0,
    "credit_value": "0.00",
    "credit_products": 0,
    "credit_customers": 0,
}
NOTHING = {"orders": 0, "lines": 0, "products": 0, "customers": 0, "value": "0.00"} | NO_CREDIT_NOTES
OLD = "1,A,OLD LAMP,1,2011-01-10 09:00:00,1.00,,UK"
MIDDLE = "2,A,LAMP,1,2011-01-11 09:00:00,2.00,,UK"
NEW = "3,A,NEW LAMP,1,2011-01-12 09:00:00,3.00,,UK"


def run(*files: Path, **options: Any) -> dict[str, Any]:
    """Imports files. Returns the figures that `--json` prints in its last line."""
    out = StringIO()
    call_command("import_orders", *files, json=True, stdout=out, **options)
    figures: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])
    return figures


def writer(directory: Path) -> Callable[..., Path]:
    """Returns a function that writes rows into a file of `directory`.

    write("a.csv", "9001,A,LAMP,1,2011-01-10 09:00:00,1.00,,UK")
    """

    def _write(name: str, *rows: str, header: str = HEADER) -> Path:
        path = directory / name
        path.write_bytes("\n".join([header, *rows, ""]).encode())
        return path

    return _write


def stored() -> tuple[list[Any], list[Any], list[Any]]:
    """Everything an import makes, without ids."""
    return (
        list(
            Order.objects.order_by("external_number", "lines__position").values_list(
                "external_number",
                "customer__external_number",
                "subtotal",
                "dated_at",
                "lines__product__sku",
                "lines__name",
                "lines__quantity",
                "lines__unit_price",
            )
        ),
        list(Product.objects.order_by("sku").values_list("sku", "name", "name_key", "unit_price", "stock")),
        list(Customer.objects.order_by("external_number").values_list("external_number", "name")),
    )
