"""The records of the work: what a place, a visit, an inspection and a promise are."""
