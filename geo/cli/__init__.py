"""The command line: the same services as the pages.

Exit codes: 0 everything accepted (flags and exact duplicates included); 1 some rows
rejected, the good ones stored; 2 nothing usable; 64 wrong usage.  Under ``--json``
and ``--format json`` standard output carries JSON and nothing else; progress and
messages go to standard error.

Each module below is some commands; they are listed in the order they are imported.
"""

from geo.cli import records, figures, fixes, batch, accounts, trace, machine, database  # noqa: I001 - the order of the help
from geo.cli.program import main, program

__all__ = [
    "accounts",
    "batch",
    "database",
    "figures",
    "fixes",
    "machine",
    "main",
    "program",
    "records",
    "trace",
]
