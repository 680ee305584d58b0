"""Where records are kept: SQLite or PostgreSQL through SQLAlchemy, or memory.

Every store keeps the same contract (``geo.store.store.Store``), and the same
tests hold all of them to it.
"""
