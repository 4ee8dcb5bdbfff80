"""Expects that a write is refused, and in which words."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from shop.db.errors import ShopError
from shop.web.wording import word_error


@contextmanager
def raises_worded(kind: type[ShopError], sentence: str) -> Iterator[None]:
    """Passes when the block raises this kind of error and its sentence matches the pattern `sentence`."""
    with pytest.raises(kind) as raised:
        yield
    words = word_error(raised.value)
    assert re.search(sentence, words), words
