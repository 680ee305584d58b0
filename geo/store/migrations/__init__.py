"""Alembic migrations of the store's tables, newest last in ``versions``."""

from typing import Final

NEWEST: Final = "0004"
"""The newest step.  Written here so that opening a database that is at it needs no Alembic."""
