"""Which Chromium the tests run in: the system's where there is one, else Playwright's own."""

import shutil
from typing import Any

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
#: The same without its windows, which no test sees: half the work.
_SHELL = ("chromium-headless-shell",)


def windowless() -> dict[str, Any]:
    """Playwright's launch options for the quickest one."""
    return _system(*_SHELL, *_CHROMIUM) or {}


def whole() -> dict[str, Any]:
    """Launch options for one that does all that staff's does; without windows it keeps no pages for Back."""
    return _system(*_CHROMIUM) or {"channel": "chromium"}


def _system(*names: str) -> dict[str, Any] | None:
    executable = next((path for name in names if (path := shutil.which(name))), None)
    return {"executable_path": executable} if executable else None
