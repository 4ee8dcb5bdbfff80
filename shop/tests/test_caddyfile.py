"""What the proxy in front of shop forwards, and what it keeps inside."""

import re
from pathlib import Path

import pytest
from django.conf import settings

HANDLE = re.compile(r"^\thandle ?(\S*) \{\n(.*?)^\t\}", re.MULTILINE | re.DOTALL)


@pytest.fixture
def handlers() -> dict[str, str]:
    """The Caddyfile's mutually exclusive handlers by their matcher; Caddy takes the most exact one."""
    return dict(HANDLE.findall(Path(settings.BASE_DIR, "deploy", "Caddyfile").read_text()))


def test_figures_are_never_forwarded(handlers: dict[str, str]) -> None:
    assert handlers["/metrics*"].split() == ["respond", "404"]


def test_everything_else_is_forwarded_and_nothing_outside_of_a_handler(handlers: dict[str, str]) -> None:
    text = Path(settings.BASE_DIR, "deploy", "Caddyfile").read_text()

    assert set(handlers) == {"/metrics*", ""}
    assert text.count("reverse_proxy") == handlers[""].count("reverse_proxy shop:8000") == 1
