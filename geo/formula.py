"""Text that a spreadsheet would run, made text again, and back.

A cell that begins like a formula gets one apostrophe in front.  So does a cell
that begins with an apostrophe already; therefore exactly what was written can be
read back: strip one apostrophe where what follows would have been given one.

Source: OWASP, *CSV Injection* (``= + - @``, tab, carriage return, line feed, and
their full-width forms).
"""

from __future__ import annotations

_RISKY = frozenset("=+-@\t\r\n\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
                   "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}'")  # fmt: skip


def _is_risky(text: str) -> bool:
    # Spreadsheets may drop leading blanks before they look.
    return text[:1] in _RISKY or text.lstrip()[:1] in _RISKY if text else False


def guarded(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet could take for a formula."""
    return f"'{text}" if _is_risky(text) else text


def unguarded(text: str) -> str:
    """Take away the apostrophe that `guarded` put there."""
    return text[1:] if text[:1] == "'" and _is_risky(text[1:]) else text
