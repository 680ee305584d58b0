"""Files from outside, checked at the door and read row by row into records."""
