"""Alembic migrations of the store's tables, newest last in ``versions``."""
