"""What staff do, in a real browser against the real server."""
