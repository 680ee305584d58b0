"""Text somebody typed, made safe to stand in Streamlit's markdown."""

from __future__ import annotations

import re
from typing import Final

# What means something to CommonMark and Streamlit wherever it stands, and what does so first
# on a line (lists, rules) or before a name (``:red``).
_SIGNS: Final = re.compile(r"([\\`*_\[\]<>$~|&#]|^[-+=]|:(?=[^\W\d]))")
# Streamlit makes pictures, icons, arrows and links of these after the escapes are gone, so
# something nobody sees must stand in them.
_TAKEN_APART: Final = re.compile(
    r"(?<=:)(?=[\w+\-/]+:)|(?<=:)(?=//)|(?<=www)(?=\.)|(?=@)|(?<=[-<>~])(?=[->=])",
    re.IGNORECASE,
)
_WORD_JOINER: Final = "\N{WORD JOINER}"
_NUMBERED: Final = re.compile(r"^(\d+)([.)])")
_SPACES: Final = re.compile(r"\s+")


def plain(text: object) -> str:
    r"""Make a text somebody typed read in markdown as it was typed.

    Markdown, HTML, formulas (``$``), emoji and icon codes, colours, arrows and links all
    stay the characters they are; line breaks become spaces.

    Examples
    --------
    >>> print(plain("5 * 3, [här] för $5"))
    5 \* 3, \[här\] för \$5
    """
    one_line = _SPACES.sub(" ", str(text)).strip()
    signed = _SIGNS.sub(r"\\\1", _TAKEN_APART.sub(_WORD_JOINER, one_line))
    return _NUMBERED.sub(r"\1\\\2", signed)
