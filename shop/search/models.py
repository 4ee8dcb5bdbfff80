"""The base model of search terms."""

from django.db import models

from shop.search import text


class SearchTerm(models.Model):
    """A folded word by which a row is found.

    The word is kept as UTF-8 bytes, whose order is the same on every database whatever its
    collation, so that "begins with" is one range of the index.
    """

    term = models.BinaryField(max_length=4 * text.TERM_LENGTH + 1)
    #: `text.make_beginning_bits` of all words of the row. With it the index on the words shows which rows
    #: cannot have the other typed words. The default has every bit: such a row may have any word.
    beginnings = models.BigIntegerField(db_default=-1)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return bytes(self.term).decode()
