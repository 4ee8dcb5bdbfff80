"""Speed, measured: the tutorial's app, the limits and ours, side by side. `python -m bench`."""
