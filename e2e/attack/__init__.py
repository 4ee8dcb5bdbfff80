"""What a hostile client sends, against the served shop: floods, stalls and made-up requests."""
