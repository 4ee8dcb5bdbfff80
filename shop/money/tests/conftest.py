"""Skips these tests where DATABASE_URL is set: they use no database, so running them on SQLite is enough."""

import os

collect_ignore_glob = ["test_*.py"] if os.environ.get("DATABASE_URL") else []
