"""The fault bench: real workers, a real database, and everything between them breaking."""
