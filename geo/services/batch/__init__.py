"""Visits of more fixes than one run, one memory or one machine can take; read in this order.

==============  ================================================================================
``partition``   one file of fixes → its visits: what is done wherever the work is done
``workers``     where that is: threads of this process, or a Dask cluster
``parts``       what is done already, kept on disk, so that a run that died goes on
``folder``      which files of fixes there are, and which of them can be used
``run``         folder of fixes + file of places → file of visits, and what could not be used
``result``      counts and remarks, and how visits are written
==============  ================================================================================

Tracks do not know each other, and a partition has whole ones.  So the visits of all partitions,
one after the other in the order of the files' names, are the same for any number of workers.
"""
