"""The chain of hashes along a series: who changes or takes out a document breaks it."""

import hashlib
import json
from typing import Any


def write_canonical(body: dict[str, Any]) -> str:
    """The one way to write a body as text: keys sorted, no spaces. Bodies hold no fractions as numbers."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def compute_hash(previous: str, body: dict[str, Any]) -> str:
    """The hash of a document that follows one with the hash `previous`; "" before the first."""
    return hashlib.sha256((previous + write_canonical(body)).encode()).hexdigest()
