"""The heart of the map of Mark: records, coverage, importers, map and reports."""
