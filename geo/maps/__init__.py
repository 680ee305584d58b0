"""What to draw (plain values), then how: the map on screen and as a file."""
