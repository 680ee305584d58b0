"""Which encoding a text file is in, told with certainty or not at all.

UTF-8 proves itself.  The one-byte encodings do not: what is å in one is a dagger
in another, so a text is only accepted in the one that gives Swedish letters.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from charset_normalizer import from_bytes

from geo.errors import FileError
from geo.wording import say

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ONE_BYTE = ("cp1252", "cp850", "mac_roman")
_SWEDISH = frozenset("åäöÅÄÖ")
_PLAUSIBLE = _SWEDISH | frozenset(
    "éÉèÈêëüÜæÆøØáàâíóôñçßšŠžŽúýïÁÓÚ§°´¨–—’‘“”„…•€½¼¾²³µ·×«»±©®™\xa0\xad"
)
_LATE_CAPITAL = re.compile(r"[a-zåäöéšž][ÅÄÖŠŽ]")
_SIGN_IN_WORD = re.compile(r"[^\W\d_][„“”‘…€™•][^\W\d_]")
_CHUNK = 1 << 20
_SAMPLE = 1 << 16


def _first_not_utf8(path: Path) -> int | None:
    """Give the line of the first byte that is not UTF-8, or ``None`` if all is."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as exc:
                return line + exc.object.count(b"\n", 0, exc.start)
            line += chunk.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return line
    return None


def _foreign_part(path: Path) -> bytes:
    """Collect the lines that are not plain ASCII, up to a sample's size."""
    found: list[bytes] = []
    size = 0
    with path.open("rb") as stream:
        while size < _SAMPLE and (line := stream.readline(_CHUNK)):
            if not line.isascii():
                found.append(line)
                size += len(line)
    return b"".join(found)


def _swedish_letters(sample: bytes, encoding: str) -> int | None:
    """Count Swedish letters in the sample; ``None`` if it cannot be in this encoding."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return None
    foreign = [sign for sign in text if not sign.isascii()]
    if not all(sign in _PLAUSIBLE for sign in foreign):
        return None
    score = sum(sign in _SWEDISH for sign in foreign)
    # A word does not end in a capital: that byte is a sign of another encoding.
    return score - 3 * len(_LATE_CAPITAL.findall(text))


def _is_natural(text: str) -> bool:
    """Tell whether signs and capitals stand where people put them, not inside words."""
    return not _LATE_CAPITAL.search(text) and not _SIGN_IN_WORD.search(text)


def _one_byte_encoding(sample: bytes) -> str | None:
    scores = {
        encoding: score
        for encoding in _ONE_BYTE
        if (score := _swedish_letters(sample, encoding)) is not None
    }
    if not scores:
        return None
    most = max(scores.values())
    best = [encoding for encoding, score in scores.items() if score == most]
    if "cp1252" in best:
        return "cp1252"
    if "cp1252" in scores and _is_natural(sample.decode("cp1252")):
        return None  # ”kö” in one is ”kš” in the other, and both can be meant
    if len(best) == 1:
        return best[0]
    guess = from_bytes(sample, cp_isolation=list(best)).best()
    return guess.encoding if guess is not None and guess.encoding in best else None


def detect_encoding(path: Path, *, file: str) -> str:
    """Name the encoding of a text file, as Python calls it.

    Raises
    ------
    FileError
        Where no encoding gives readable Swedish.
    """
    with path.open("rb") as stream:
        head = stream.read(4096)
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding
    if len(head) > 1:
        even, odd = head[0::2].count(0) / len(head[0::2]), head[1::2].count(0) / len(head[1::2])
        if odd > 0.4 > even:
            return "utf-16-le"
        if even > 0.4 > odd:
            return "utf-16-be"
    line = _first_not_utf8(path)
    if line is None:
        return "utf-8"
    found = _one_byte_encoding(_foreign_part(path))
    if found is None:
        raise FileError(
            say(
                "Det går inte att avgöra teckenkodningen i {file} (rad {line} är inte UTF-8). "
                "Spara om filen som UTF-8.",
                file=file,
                line=line,
            )
        )
    return found
