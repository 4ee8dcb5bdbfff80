"""Search by the beginnings of words, the same on every database."""

from operator import attrgetter
from typing import Any, Self

from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q

from shop.db.querysets import ModelT, ShopQuerySet
from shop.search import text

#: Words of a query that count: no name has more, and each is a condition of the SQL.
MAX_WORDS = 40
#: How `best_first` sorts: by the word that matched, then by the row's id.
MATCH_ORDER = ("matched", "matched_id")


def _match_beginning(word: str, term: str = "term") -> Q:
    """Terms with this beginning, as one range of the index on their bytes."""
    first = word.encode()
    # No byte of UTF-8 is 255, so nothing that begins with `first` sorts behind this.
    return Q(**{f"{term}__gte": first, f"{term}__lt": first + b"\xff"})


def _split_query(query: str) -> list[str]:
    """The words of a query, longest first: it is likely to be the rarest."""
    return sorted(dict.fromkeys(text.split_words(query)), key=len, reverse=True)[:MAX_WORDS]


class SearchableQuerySet(ShopQuerySet[ModelT]):
    """Rows that have search terms."""

    def search(self, query: str) -> Self:
        """Rows in which every typed word begins a word of theirs, case and accents folded.

        A query without a single letter or digit finds nothing; an empty one finds everything.
        """
        typed = _split_query(query)
        if not typed:
            return self.none() if query.strip() else self
        terms, owner = self._get_terms()
        return self.filter(*(Q(pk__in=terms.filter(_match_beginning(word)).values(owner)) for word in typed))

    def best_first(self, query: str) -> Self:
        """What `search` finds, in the order of `MATCH_ORDER`: the words that the longest typed one begins.

        An exact word comes before longer ones. Rows are read in the order of the index on the
        words, so the first page costs as much for a letter that everybody has as for a rare name.
        """
        typed = _split_query(query)
        if not typed:
            return self.none() if query.strip() else self
        terms, owner = self._get_terms()
        rows = self.filter(_match_beginning(typed[0], "terms__term")).annotate(
            matched=F("terms__term"), matched_id=F(f"terms__{owner}")
        )
        rows = rows._filter_by_bits(typed[1:])
        own = terms.filter(**{owner: OuterRef("matched_id")})
        earlier = own.filter(term__gte=typed[0].encode(), term__lt=OuterRef("matched"))
        others = [Exists(own.filter(_match_beginning(word))) for word in typed[1:]]
        return rows.filter(*others, ~Exists(earlier)).order_by(*MATCH_ORDER)

    def _filter_by_bits(self, typed: list[str]) -> Self:
        """Only what may have these words too, as far as the bits beside the matched word tell.

        They are in the same index, and spare nearly every look at the other words of a row.
        """
        bits = text.make_beginning_bits(typed)
        if not bits:
            return self
        shared = ExpressionWrapper(F("terms__beginnings").bitand(bits), models.BigIntegerField())
        # No more than `bits` can be shared. To ask for equality would make PostgreSQL expect hardly
        # any rows, so that it sorts them all instead of reading one page in the order of the index.
        return self.alias(shared=shared).filter(shared__gte=bits)

    @property
    def is_best_first(self) -> bool:
        """Whether these rows can be sorted by `MATCH_ORDER`."""
        return "matched" in self.query.annotations

    def _get_terms(self) -> "tuple[models.QuerySet[Any], str]":
        """The terms of all rows, and the name of their owner."""
        term_model: Any = self.model._meta.get_field("terms").related_model
        return term_model._default_manager.all(), str(self.model._meta.model_name)

    def matching(self, query: str, pk: OuterRef) -> "models.QuerySet[Any]":
        """The row `pk` of an outer query, if a search finds it: for Exists(), tested row by row."""
        terms, owner = self._get_terms()
        own = terms.filter(**{owner: OuterRef("pk")})
        return self.filter(pk=pk).filter(
            *(Exists(own.filter(_match_beginning(word))) for word in _split_query(query))
        )

    def by_name(self) -> Self:
        """In the order of their folded names."""
        return self.order_by("name_key", "id")

    def find(self, pk: int) -> ModelT | None:
        """The row with this id, if there is one."""
        return self.filter(pk=pk).first()

    def choices(self, query: str, limit: int) -> list[ModelT]:
        """The best matches of a search, at most so many, in the order of their names."""
        return sorted(self.best_first(query)[:limit], key=attrgetter("name_key", "pk"))

    def active(self) -> Self:
        """Without those that are retired."""
        return self.filter(active=True)

    def filter_by_activity(self, which: str) -> Self:
        """The retired ones for "retired", else all."""
        return self.filter(active=False) if which == "retired" else self
