"""Rows as files to take along: CSV, Excel, GeoJSON and GeoPackage, each with its stamp."""
