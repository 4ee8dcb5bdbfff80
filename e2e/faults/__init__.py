"""Fault tests: real workers, a real database, and everything between them breaking."""
