"""Keep branca from running user text on the server.

branca renders an element and then parses *what came out* as a Jinja template once more
(``Element(child._template.render(…))`` in ``MacroElement.render``). Anything a person typed that
reached the output, ``{{ … }}`` for instance, would run as code in this process. `harden_branca`
replaces the name that second parse uses with a class that returns its text as it is. The templates
of branca and folium themselves were compiled when their classes were defined and do not change.
"""

from __future__ import annotations

import branca.element


class LiteralText:
    """Stands in for a Jinja template made of text that is already rendered."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def render(self, *_args: object, **_kwargs: object) -> str:
        """Return the text, unread."""
        return self._text


def harden_branca() -> None:
    """Make already rendered text literal from now on; calling it again changes nothing.

    Only ``Element.__init__`` and ``Element.__setstate__`` use the replaced name (branca 0.8.2,
    pinned; a test fires hostile text at every sink the program uses).
    """
    branca.element.Template = LiteralText  # type: ignore[attr-defined,assignment] # the point


def is_hardened() -> bool:
    """Whether `harden_branca` is in force."""
    return vars(branca.element)["Template"] is LiteralText
