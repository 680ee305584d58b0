"""The HTTP edge: assets, tiles, headers."""
