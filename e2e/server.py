"""Only for e2e/attack, until it imports these from testing."""

from testing import ROOT
from testing.servers import Server

__all__ = ["ROOT", "Server"]
