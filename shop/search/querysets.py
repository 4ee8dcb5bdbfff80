"""Finds rows by the beginnings of words, in the same way on every database."""

from operator import attrgetter
from typing import Any, Self

from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q

from shop.db.querysets import ModelT, ShopQuerySet
from shop.search import text

#: Further words of a query are ignored: no name has more, and each is a condition of the SQL.
MAX_WORDS = 40
#: `best_first` sorts by these: the word that matched, then the id of the row.
MATCH_ORDER = ("matched", "matched_id")


def _match_beginning(word: str, term: str = "term") -> Q:
    """Returns the condition that a term begins with `word`: one range of the index on the bytes."""
    first = word.encode()
    # No byte of UTF-8 is 255, so every term that begins with `first` sorts before this.
    return Q(**{f"{term}__gte": first, f"{term}__lt": first + b"\xff"})


def _split_query(query: str) -> list[str]:
    """Returns the words of a query, the longest first, because it is likely to be the rarest."""
    return sorted(dict.fromkeys(text.split_words(query)), key=len, reverse=True)[:MAX_WORDS]


class SearchableQuerySet(ShopQuerySet[ModelT]):
    """Rows that have search terms."""

    def search(self, query: str) -> Self:
        """Returns the rows in which each typed word begins a word, without regard to case and accents.

        A query without a single letter or digit finds nothing; an empty one finds everything.
        """
        typed = _split_query(query)
        if not typed:
            return self.none() if query.strip() else self
        terms, owner = self._get_terms()
        return self.filter(*(Q(pk__in=terms.filter(_match_beginning(word)).values(owner)) for word in typed))

    def best_first(self, query: str) -> Self:
        """Returns what `search` finds, sorted by `MATCH_ORDER`: the words that the longest typed one begins.

        An exact match comes before longer words. Rows are read in the order of the index on the
        words, so the first page of a very common letter costs as much as that of a rare name.
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
        """Leaves out rows that cannot have these words, by the bits that are stored beside the matched word.

        The bits are in the same index, so the other words of such a row are not read. That matters for very
        common letters in large tables (bench/BEFORE_AFTER.md, "(a) the bits beside a search word").
        """
        bits = text.make_beginning_bits(typed)
        if not bits:
            return self
        shared = ExpressionWrapper(F("terms__beginnings").bitand(bits), models.BigIntegerField())
        # `shared` is never more than `bits`, so this means "equal". An equals sign would make PostgreSQL
        # expect few rows, and it would sort them all instead of reading one page in the order of the index.
        return self.alias(shared=shared).filter(shared__gte=bits)

    @property
    def is_best_first(self) -> bool:
        """Whether these rows come from `best_first` and can be sorted by `MATCH_ORDER`."""
        return "matched" in self.query.annotations

    def _get_terms(self) -> "tuple[models.QuerySet[Any], str]":
        """Returns the terms of all rows, and the name of the field that refers to the row."""
        term_model: Any = self.model._meta.get_field("terms").related_model
        return term_model._default_manager.all(), str(self.model._meta.model_name)

    def matching(self, query: str, pk: OuterRef) -> "models.QuerySet[Any]":
        """Returns the row `pk` of an outer query when a search finds it; for Exists()."""
        terms, owner = self._get_terms()
        own = terms.filter(**{owner: OuterRef("pk")})
        return self.filter(pk=pk).filter(
            *(Exists(own.filter(_match_beginning(word))) for word in _split_query(query))
        )

    def find(self, pk: int) -> ModelT | None:
        return self.filter(pk=pk).first()

    def choices(self, query: str, limit: int) -> list[ModelT]:
        """Returns the `limit` best matches of a search, sorted by name."""
        return sorted(self.best_first(query)[:limit], key=attrgetter("name_key", "pk"))

    def active(self) -> Self:
        """Leaves out retired rows."""
        return self.filter(active=True)

    def filter_by_activity(self, which: str) -> Self:
        """Returns retired rows for "retired", otherwise all."""
        return self.filter(active=False) if which == "retired" else self
