"""Ground covered: how much of an area, and of its streets, somebody came near, week by week.

Each track is laid on a raster of small squares (5 m) as a swath, everything within `reach_m` of
the line between two fixes.  A square keeps one bit per week, so that another period is a scan
and nothing is laid again.  After ecoscope's ground coverage, with one difference: a patrol that
stands still covers its ground too.
"""
