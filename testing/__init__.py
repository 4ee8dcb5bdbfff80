"""What unit tests, end-to-end tests and the bench share."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
