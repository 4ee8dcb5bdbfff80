"""Makes 100,000 products with their search terms, as the big demo has them, but no order.

A process of its own, as `e2e.seed` is. `manage.py load_demo --orders` makes ten orders to a product,
and its services take a minute for so many: their search terms, nearly a million rows, go past the ORM here.
"""

from datetime import timedelta
from random import Random

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from shop.demo import rows as demo_rows  # noqa: E402
from shop.models import Product, ProductTerm  # noqa: E402
from shop.search.terms import term_values  # noqa: E402
from shop.search.text import sort_key  # noqa: E402

PRODUCTS = 100_000


@transaction.atomic
def main() -> None:
    random, now = Random(1), timezone.now()
    stocks = [None if number % 3 else random.randint(10, 200) for number in range(PRODUCTS)]
    rows = demo_rows.products(random, stocks, now - timedelta(days=700), now - timedelta(days=30))
    made = Product.objects.bulk_create(Product(**row, name_key=sort_key(row["name"])) for row in rows)
    terms = ({"product": product.pk, **values} for product in made for values in term_values(product))
    with connection.cursor() as cursor:
        table = ProductTerm._meta.db_table
        cursor.executemany(
            f"INSERT INTO {table} (product_id, term, beginnings)"
            " VALUES (%(product)s, %(term)s, %(beginnings)s)",
            terms,
        )


if __name__ == "__main__":
    main()
