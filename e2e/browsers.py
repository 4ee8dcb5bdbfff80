"""Chooses the Chromium that the tests run in: the system's if there is one, else Playwright's own."""

import shutil
from typing import Any

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
#: Chromium without windows, which no test needs. It takes half the CPU.
_SHELL = ("chromium-headless-shell",)


def get_windowless_options() -> dict[str, Any]:
    """Returns Playwright's launch options for the quickest Chromium."""
    return _find_on_path(*_SHELL, *_CHROMIUM) or {}


def get_full_options() -> dict[str, Any]:
    """Returns launch options for a Chromium as staff have it: only that one keeps pages for Back."""
    return _find_on_path(*_CHROMIUM) or {"channel": "chromium"}


def _find_on_path(*names: str) -> dict[str, Any] | None:
    executable = next((path for name in names if (path := shutil.which(name))), None)
    return {"executable_path": executable} if executable else None
