"""Repeating a cell in a message: short, and never what may point at a person."""

from __future__ import annotations

from geo.model.personal import personal_hints

_SHOWN_CHARS = 60


def quoted(value: object) -> str:
    """Give a cell as a message may show it; receipts are kept, so nothing personal is."""
    text = " ".join(str(value).split())
    if personal_hints(text):
        return "…"
    return text if len(text) <= _SHOWN_CHARS else text[: _SHOWN_CHARS - 1] + "…"
