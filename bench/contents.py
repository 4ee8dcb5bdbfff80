"""What there is to ask a desk of any size: cursors of last pages, rows to look at, words to search.

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


def last_page(rows: QuerySet[Any], order_by: tuple[str, str]) -> str:
    """The cursor behind which only a page's worth of rows is left; empty where all fit on one page."""
    backwards = [name[1:] if name.startswith("-") else f"-{name}" for name in order_by]
    last_rows = rows.order_by(*backwards)[PAGE_SIZE : PAGE_SIZE + 1]
    return _encode_cursor(last_rows[0], order_by) if last_rows else ""


def lists() -> dict[str, dict[str, str]]:
    """For every list and sort the cursor of its last page."""
    return {
        name: {sort: last_page(rows, choice.fields) for sort, choice in sorts.items()}
        for name, (rows, sorts) in LISTS.items()
    }


def busiest(rows: QuerySet[Any], field: str) -> int:
    """Whose id most rows have."""
    counted = rows.exclude(**{field: None}).values(field).annotate(n=Count("pk")).order_by("-n")
    pk: int = counted[0][field]
    return pk


def words(term_model: Any, owner: str, codes: tuple[str, ...]) -> dict[str, list[str]]:
    """One, two and three words each: common beginnings, and rare ones down to whole words."""
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


def asked() -> dict[str, Any]:
    """All of it."""
    fulfilled = Order.objects.filter(status="fulfilled").order_by("dated_at")
    middle = fulfilled[fulfilled.count() // 2]
    customer = Customer.objects.get(pk=busiest(Order.objects.all(), "customer"))
    today = timezone.localdate()
    return {
        "lists": lists(),
        "order": middle.reference,
        "day": f"{middle.dated_at:%Y-%m-%d}",
        "month": f"{middle.dated_at:%Y-%m}",
        "customer": {"id": customer.pk, "name": customer.name},
        "product": busiest(OrderLine.objects.all(), "product"),
        "clerk": User.objects.get(username="clerk").pk,
        "today": Order.objects.placed_or_fulfilled().between_days(today, today).count(),
        "counts": {
            "orders": Order.objects.count(),
            "order lines": OrderLine.objects.count(),
            "customers": Customer.objects.count(),
            "products": Product.objects.count(),
        },
        "words": {
            "customers": words(CustomerTerm, "customer", ("phone",)),
            "products": words(ProductTerm, "product", ("sku",)),
        },
    }


if __name__ == "__main__":
    print(json.dumps(asked()))
