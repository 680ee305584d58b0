"""A cube of place × local day × hour × kind: any filter, and one more visit, without recomputing.

===============  ==============================================================================
``hours``        the local days and hours of a period, as moments
``stretches``    visits → the time each *set* of kinds was at a place, which unions are made of
``attendance``   visits as columns
``state``        the arrays
``totals``       totals laid anew, with numpy
``tally``        a filter's answer, for a period and the one before it
``cube``         the front: visits in and out, filters answered
===============  ==============================================================================

Totals are kept as they run, week by week for each hour of the week.  So any period is the
difference of two weeks' totals, whatever its length, and an answer does not depend on how many
visits there were.
"""
