"""Money arithmetic asks no database, so its tests run in the run on SQLite alone."""

import os

collect_ignore_glob = ["test_*.py"] if os.environ.get("DATABASE_URL") else []
