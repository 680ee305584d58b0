"""Fixes by the million, out of GPX, CSV and GeoParquet: columns, batch by batch.

======================  =========================================================================
``batch``               a batch of fixes, and the tally of what was left out, by reason and line
``from_gpx``            GPX: points as the parser meets them, no object kept for any
``from_csv``            CSV: blocks of rows, in whatever form people save them
``from_parquet``        GeoParquet, or Parquet with columns of coordinates
``moments``             a column of written times → seconds, with the rules of ``times``
``table``               columns of text and numbers → a batch
``door``                which of the readers a file is for, and what is let in at all
======================  =========================================================================

What a receiver is called, and all other text, is left in the file: a track gets a number.
"""
