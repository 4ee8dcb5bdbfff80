"""Finds what the bench can ask a filled shop for: cursors of last pages, ids of rows, words to search.

A process of its own, so that the bench never loads Django. Prints one line of JSON.
"""

import json
from collections import Counter
from typing import Any

import django

django.setup()

from django.db.models import Count, QuerySet  # noqa: E402
from django.utils import timezone  # noqa: E402

from shop.customers import views as customers  # noqa: E402
from shop.models import Customer, CustomerTerm, Order, OrderLine, Product, ProductTerm, User  # noqa: E402
from shop.orders.views import pages as orders  # noqa: E402
from shop.products import views as products  # noqa: E402
from shop.search import text  # noqa: E402
from shop.web.lists import PAGE_SIZE, _encode_cursor  # noqa: E402

LISTS: dict[str, tuple[QuerySet[Any], Any]] = {
    "orders": (Order.objects.all(), orders.LISTING.sorts),
    "customers": (Customer.objects.active(), customers.LISTING.sorts),
    "products": (Product.objects.active(), products.LISTING.sorts),
}


def find_last_cursor(rows: QuerySet[Any], order_by: tuple[str, str]) -> str:
    """Returns the cursor of the last full page; empty when all rows fit on one page."""
    backwards = [name[1:] if name.startswith("-") else f"-{name}" for name in order_by]
    last_rows = rows.order_by(*backwards)[PAGE_SIZE : PAGE_SIZE + 1]
    return _encode_cursor(last_rows[0], order_by) if last_rows else ""


def find_last_cursors() -> dict[str, dict[str, str]]:
    """Returns the cursor of the last page for every list and sort."""
    return {
        name: {sort: find_last_cursor(rows, choice.fields) for sort, choice in sorts.items()}
        for name, (rows, sorts) in LISTS.items()
    }


def find_busiest(rows: QuerySet[Any], field: str) -> int:
    """Returns the id that most rows have in `field`."""
    counted = rows.exclude(**{field: None}).values(field).annotate(n=Count("pk")).order_by("-n")
    pk: int = counted[0][field]
    return pk


def choose_words(term_model: Any, owner: str, codes: tuple[str, ...]) -> dict[str, list[str]]:
    """Returns searches of one, two and three words: common letters, common words and rare words."""
    counted: Counter[str] = Counter()
    for term, count in term_model.objects.values_list("term").annotate(Count("pk")):
        word = bytes(term).decode()
        if word.isalpha():
            counted[word] = count
    letters = Counter[str]()
    for word, count in counted.items():
        letters[word[0]] += count
    common = [letter for letter, _ in letters.most_common(3)]
    frequent = [word for word, _ in counted.most_common(3)]
    rare = min((word for word in counted if len(word) > 3), key=lambda word: (counted[word], word))
    row = getattr(term_model.objects.filter(term=rare.encode()).select_related(owner).first(), owner)
    typed = list(dict.fromkeys([rare, *text.split_words(row.name)]))
    typed += [part for code in codes for part in text.split_words(getattr(row, code))[-1:]]
    return {
        "common letters": [" ".join(common[:n]) for n in (1, 2, 3)],
        "common words": [" ".join(frequent[:n]) for n in (1, 2, 3)],
        "rare words": [" ".join(typed[:n]) for n in (1, 2, 3)],
        "nothing": ["zzqxj"],
    }


def read_contents() -> dict[str, Any]:
    """Returns everything that `bench.pages` and `bench.search` ask for."""
    fulfilled = Order.objects.filter(status="fulfilled").order_by("dated_at")
    middle = fulfilled[fulfilled.count() // 2]
    customer = Customer.objects.get(pk=find_busiest(Order.objects.all(), "customer"))
    today = timezone.localdate()
    return {
        "lists": find_last_cursors(),
        "order": middle.reference,
        "day": f"{middle.dated_at:%Y-%m-%d}",
        "month": f"{middle.dated_at:%Y-%m}",
        "customer": {"id": customer.pk, "name": customer.name},
        "product": find_busiest(OrderLine.objects.all(), "product"),
        "clerk": User.objects.get(username="clerk").pk,
        "today": Order.objects.placed().exclude(status="cancelled").between_days(today, today).count(),
        "counts": {
            "orders": Order.objects.count(),
            "order lines": OrderLine.objects.count(),
            "customers": Customer.objects.count(),
            "products": Product.objects.count(),
        },
        "words": {
            "customers": choose_words(CustomerTerm, "customer", ("phone",)),
            "products": choose_words(ProductTerm, "product", ("sku",)),
        },
    }


if __name__ == "__main__":
    print(json.dumps(read_contents()))
