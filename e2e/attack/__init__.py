"""What a hostile client sends, against the served desk: floods, stalls and made-up requests."""
