"""How much is sent: all of it, or the short form that `make test` runs."""

import os

FULL = os.environ.get("ATTACK_FULL", "") == "1"
