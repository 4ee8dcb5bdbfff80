"""Keeps the words by which rows are found."""

from collections.abc import Collection, Iterator
from typing import Any

from shop.customers.models import Customer, CustomerTerm
from shop.products.models import Product, ProductTerm
from shop.search import text


def write_terms(*, customers: Collection[Customer] = (), products: Collection[Product] = ()) -> None:
    """Stores the terms of rows that have none yet, in one statement a kind."""
    if customers:
        CustomerTerm.objects.bulk_create(
            CustomerTerm(customer=row, **values) for row in customers for values in term_values(row)
        )
    if products:
        ProductTerm.objects.bulk_create(
            ProductTerm(product=row, **values) for row in products for values in term_values(row)
        )


def term_values(row: Customer | Product) -> Iterator[dict[str, Any]]:
    """The fields of each term of a row."""
    words = row.search_terms()
    bits = text.beginnings(words)
    return ({"term": word.encode(), "beginnings": bits} for word in words)


def rewrite_terms(row: Customer | Product) -> None:
    """Replaces the terms of one row by those of its present name and codes."""
    row.terms.all().delete()
    if isinstance(row, Customer):
        write_terms(customers=[row])
    else:
        write_terms(products=[row])
