"""What unit tests, end-to-end tests and the bench share."""
