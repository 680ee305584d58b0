"""GPS fixes → visits, near what the memory can give; read in this order.

========================  =====================================================================
``degrees``               positions as whole 1e-7 degrees, and what is left out for which reason
``projection``            those → EPSG:3006 by small polynomials, their error checked
``shapes``                places → pieces of ground: areas (even-odd) and capsules (line + reach)
``outlines``              the outlines of those pieces, as straight edges on the grid of cells
``walk``                  which cells an edge passes, with a margin
``fill``                  which cells and tiles lie wholly inside
``sorting``               sets of whole numbers
``cuts``                  what decides in a cell with an edge in it
``records``               the same, laid out for kernels
``lists``                 lists of candidates, each kept once
``table``                 the cell table: cell → nothing | wholly in a place | candidates
``distances``             how far each cell is from the nearest that is not empty
``exact``                 the test that decides in a cell with an edge in it
``lookup``                fixes → (fix, place) pairs, with numpy
``tracks``                fixes as columns, in order of track and time
``sessions``              pairs → visits, with numpy
``clips``                 lines between fixes → visits, with numpy
``stays``                 pieces of time inside → visits
``index``                 the table, and when and for which place each piece counts
``kernel_fixes`` ...      the same two jobs in one pass, compiled by numba
``kernel_sides``          cut cells cut again: most of the smaller ones need no exact test
``compiling``             numba is imported and its code made in the background, never waited for
``visits``                the front: tracks + index → visits and counts
``changes``               one more or changed place, searched alone
========================  =====================================================================

A place is its shape in EPSG:3006, its edges straight there; a point with a radius is the true
circle.  The plane is cut into cells of 2048 × 1024 units of 1e-7°, 12.2 × 11.4 m at 57.5° N.
Nearly every fix is settled by two look-ups: its cell lies in no place or wholly in some.  Only in
a cell that an edge passes, or comes within 5 cm of, is the fix projected and tested.
"""
