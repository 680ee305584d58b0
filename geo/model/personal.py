"""Hints that a free text may be about a person, so that the writer is warned before saving.

What the municipality and its housing company store can be asked for as a public
record; free text is for places and things.  A hint is never a proof: it warns,
it does not refuse.
"""

from __future__ import annotations

import re

from geo.wording import mark

_SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        mark("personnummer"),
        re.compile(
            r"(?<!\d)(?:19|20)?\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]|[6-8]\d|9[01])"
            r"[-+ ]?\d{4}(?!\d)"
        ),
    ),
    (
        mark("telefonnummer"),
        re.compile(r"(?<![\d-])(?:\+46|0046|0)[ -]?[1-9](?:[ -]?\d){6,9}(?!\d)"),
    ),
    (
        mark("registreringsnummer"),
        # Three letters, two digits, a digit or letter; I, Q and V are never used.  With a
        # space only in capitals: "rum 101" and "hus 112" are no cars.
        re.compile(
            r"(?<!\w)(?:[A-HJ-PR-UW-Z]{3} ?\d{2}[A-HJ-PR-UW-Z\d]"
            r"|[a-hj-pr-uw-z]{3}\d{2}[a-hj-pr-uw-z\d])(?!\w)"
        ),
    ),
    (
        mark("e-postadress"),
        # Only from the beginning of a word, and no further than RFC 5321 lets a name reach: a
        # text of half a million letters is looked through once, and not once per letter.
        re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+"),
    ),
)


def personal_hints(text: str | None) -> tuple[str, ...]:
    """Name, in Swedish, what in a text looks like it points at a person.

    Knows personal identity numbers (also co-ordination numbers, whose day is
    raised by 60), Swedish telephone and vehicle registration numbers, and e-mail
    addresses.
    """
    if not text:
        return ()
    return tuple(name for name, sign in _SIGNS if sign.search(text))
