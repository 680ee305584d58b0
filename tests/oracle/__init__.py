"""Slow and obvious counterparts of the fast code, written from domain.md alone."""
