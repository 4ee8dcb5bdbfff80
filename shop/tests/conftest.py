"""Skips the tests of sources where DATABASE_URL is set: running them on SQLite is enough."""

import os

SOURCES = ["test_architecture.py", "test_caddyfile.py", "test_migrations.py", "test_sizes.py"]
collect_ignore = SOURCES if os.environ.get("DATABASE_URL") else []
