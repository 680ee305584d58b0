"""Pieces of pages that ask or show; no arithmetic here."""
