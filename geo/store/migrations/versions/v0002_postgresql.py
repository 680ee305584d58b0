"""What PostgreSQL needs to be as exact as SQLite, and as useful to other GIS programs.

Keys are ordered by code point, as everywhere else in the program, and not by the language the
server was set up for; geometry has an index.  SQLite does the former by itself and has no other.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

_KEYED = (
    "activities",
    "boundaries",
    "buildings",
    "imports",
    "inspections",
    "locations",
    "promise_items",
    "promises",
    "tracks",
    "visits",
)
_DRAWN = ("boundaries", "buildings", "locations")


def upgrade() -> None:
    """Make the change."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for name in _KEYED:
        op.execute(f'ALTER TABLE {name} ALTER COLUMN record_id TYPE text COLLATE "C"')
    for name in _DRAWN:
        op.create_index(f"ix_{name}_geometry", name, ["geometry"], postgresql_using="gist")
