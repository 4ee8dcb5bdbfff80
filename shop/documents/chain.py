"""The chain of hashes along a series. A document that is changed or taken out breaks it."""

import hashlib
import json
from typing import Any


def write_canonical(body: dict[str, Any]) -> str:
    """Writes a body as text: keys sorted, no spaces. Equal bodies give equal texts, for amounts are texts."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def compute_hash(previous: str, body: dict[str, Any]) -> str:
    """The hash of a document that follows one with the hash `previous`; "" before the first."""
    return hashlib.sha256((previous + write_canonical(body)).encode()).hexdigest()
