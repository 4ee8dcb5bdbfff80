"""Keeps the words by which rows are found."""

from collections.abc import Collection

from shop.models import Customer, CustomerTerm, Product, ProductTerm


def write_terms(*, customers: Collection[Customer] = (), products: Collection[Product] = ()) -> None:
    """Stores the terms of rows that have none yet, in one statement a kind."""
    if customers:
        CustomerTerm.objects.bulk_create(
            CustomerTerm(customer=row, term=term.encode()) for row in customers for term in row.search_terms()
        )
    if products:
        ProductTerm.objects.bulk_create(
            ProductTerm(product=row, term=term.encode()) for row in products for term in row.search_terms()
        )


def rewrite_terms(row: Customer | Product) -> None:
    """Replaces the terms of one row by those of its present name and codes."""
    row.terms.all().delete()
    if isinstance(row, Customer):
        write_terms(customers=[row])
    else:
        write_terms(products=[row])
