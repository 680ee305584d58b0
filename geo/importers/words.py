"""Words with a fixed meaning, in Swedish and English, however they are spelt."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from geo.errors import DataError
from geo.importers.quoting import quoted
from geo.model.building import OUTCOME_WORDS, SPACE_WORDS, Outcome, Space
from geo.wording import Message, say


def plain(text: str) -> str:
    """Reduce a word to what tells it apart: no case, accents, spaces or signs.

    >>> plain("Åtgärdad (datum)")
    'atgardaddatum'
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if sign.isalnum())


_OUTCOME_WORDS: tuple[tuple[Outcome, tuple[str, ...]], ...] = (
    (
        "utan_anmarkning",
        ("utan anmärkning", "ingen anmärkning", "inga anmärkningar", "inget att anmärka",
         "ok", "okej", "godkänd", "godkänt", "ua", "no remark", "no remarks",
         "without remark", "approved", "pass", "passed"),
    ),
    ("anmarkning", ("anmärkning", "anmärkningar", "med anmärkning", "remark", "remarks")),
    (
        "brist",
        ("brist", "brister", "ej godkänd", "ej godkänt", "inte godkänd", "underkänd",
         "deficiency", "deficiencies", "fail", "failed"),
    ),
    (
        "ej_tilltrade",
        ("ej tillträde", "inget tillträde", "inte tillträde", "utan tillträde",
         "nekat tillträde", "låst", "kom inte in", "no access"),
    ),
)  # fmt: skip
_OUTCOMES: Mapping[str, Outcome] = {
    plain(word): code for code, words in _OUTCOME_WORDS for word in words
}

_SPACE_WORDS: tuple[tuple[Space, tuple[str, ...]], ...] = (
    ("källare", ("källare", "källaren", "basement", "cellar")),
    ("vind", ("vind", "vinden", "attic")),
    ("förråd", ("förråd", "förrådet", "storage")),
    ("tvättstuga", ("tvättstuga", "tvättstugan", "laundry")),
    ("trapphus", ("trapphus", "trapphuset", "trappuppgång", "stairwell")),
    ("cykelrum", ("cykelrum", "cykelrummet", "bike room")),
    ("miljörum", ("miljörum", "miljörummet", "soprum", "refuse room")),
)
_SPACES: Mapping[str, Space] = {
    plain(word): space for space, words in _SPACE_WORDS for word in words
}

_YES = frozenset(("ja", "j", "yes", "y", "sant", "true", "t", "1", "x"))
_NO = frozenset(("nej", "n", "no", "falskt", "false", "f", "0"))


def read_outcome(value: object) -> Outcome:
    """Read the outcome of an inspection."""
    found = _OUTCOMES.get(plain(value)) if isinstance(value, str) else None
    if found is None:
        raise DataError(
            say(
                "”{value}” är inget utfall; välj bland {choices}.",
                value=quoted(value),
                choices=tuple(Message(word) for word in OUTCOME_WORDS.values()),
            )
        )
    return found


def read_space(value: object) -> Space:
    """Read the name of one space of a building."""
    found = _SPACES.get(plain(value)) if isinstance(value, str) else None
    if found is None:
        raise DataError(
            say(
                "”{value}” är inget utrymme; välj bland {choices}.",
                value=quoted(value),
                choices=tuple(Message(word) for word in SPACE_WORDS.values()),
            )
        )
    return found


def read_spaces(value: object) -> tuple[Space, ...]:
    """Read ``källare; vind``, or a list of such words."""
    if isinstance(value, str):
        parts: list[object] = [
            part for part in value.replace(",", ";").replace("|", ";").split(";") if part.strip()
        ]
    elif isinstance(value, list):
        parts = list(value)
    else:
        parts = [value]
    return tuple(read_space(part) for part in parts)


def read_yes(value: object) -> bool:
    """Read yes or no."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    word = plain(str(value)) if isinstance(value, str | int) else ""
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise DataError(say("”{value}” är varken ja eller nej.", value=quoted(value)))
