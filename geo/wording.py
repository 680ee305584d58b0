"""Words on screen: Swedish sentences in the code, other languages from the catalogues.

A sentence is written once, in Swedish, where it is meant, with named holes for
what varies.  ``say`` ties a sentence to its values without choosing a language;
``Wording`` puts it in one, with that language's numbers, dates and plurals.
The catalogues are ordinary gettext files (``geo/locale``), read by babel.
"""

from __future__ import annotations

import gettext
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

Language = Literal["sv", "en"]
LANGUAGES: tuple[Language, ...] = ("sv", "en")
DOMAIN = "trygg"

_LOCALES: Mapping[Language, Locale] = {"sv": Locale("sv", "SE"), "en": Locale("en", "GB")}
_STOCKHOLM = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True, slots=True)
class Message:
    """A Swedish sentence and the values for its holes; ``str()`` gives it in Swedish."""

    template: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format_map(self.params) if self.params else self.template


def say(template: str, /, **params: object) -> Message:
    """Tie a sentence to its values; the language is chosen where it is shown."""
    return Message(template, params)


def mark(template: str, /) -> str:
    """Name a sentence for the catalogues without translating it yet."""
    return template


@cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    """Read one catalogue; compiled in memory, so no build step and no binary in the tree."""
    source = resources.files("geo") / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not source.is_file():
        return gettext.NullTranslations()
    with source.open("rb") as stream:
        catalogue = read_po(stream, locale=language, domain=DOMAIN)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@dataclass(frozen=True, slots=True)
class Wording:
    """One language's sentences, numbers and dates."""

    language: Language = "sv"

    def __call__(self, template: str, /, **params: object) -> str:
        """Translate a sentence and fill its holes."""
        text = _catalogue(self.language).gettext(template) if template else ""
        return text.format_map(params) if params else text

    def plural(self, one: str, many: str, n: int, /, **params: object) -> str:
        """Translate a counted sentence; ``{n}`` is the number, written as this language does."""
        text = _catalogue(self.language).ngettext(one, many, n)
        return text.format_map({"n": self.number(n), **params})

    def message(self, message: Message | str) -> str:
        """Translate a message made by ``say``, and the messages inside it."""
        if isinstance(message, str):
            return self(message)
        params = {
            key: self.message(value) if isinstance(value, Message) else value
            for key, value in message.params.items()
        }
        return self(message.template, **params)

    @property
    def locale(self) -> Locale:
        """The babel locale behind this language."""
        return _LOCALES[self.language]

    def number(self, value: float, *, digits: int = 0) -> str:
        """Write a number with exactly `digits` decimals: ``1 234,5``."""
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return format_decimal(value, format=pattern, locale=self.locale)

    def percent(self, share: float, *, digits: int = 0) -> str:
        """Write a share as percent: 0.18 → ``18 %``.

        Rounded towards the middle at the ends: what is not quite all never reads as
        100 %, and what is not quite nothing never as 0 %.
        """
        step = 10.0**-digits
        percent = round(share * 100, digits)
        if share < 1:
            percent = min(percent, math.floor((100 - step / 1e6) / step) * step)
        if share > 0:
            percent = max(percent, step)
        space = "\N{NO-BREAK SPACE}" if self.language == "sv" else ""
        return f"{self.number(percent, digits=digits)}{space}%"

    def day(self, value: date) -> str:
        """Write a day: ``12 mars 2021``."""
        return format_date(value, format="d MMMM y", locale=self.locale)

    def day_short(self, value: date) -> str:
        """Write a day without its year: ``12 mars``."""
        return format_date(value, format="d MMM", locale=self.locale)

    def days(self, first: date, last: date) -> str:
        """Write a span of days, both ends included: ``1 mars – 30 maj 2021``."""
        if first == last:
            return self.day(first)
        if first.year != last.year:
            return f"{self.day(first)} – {self.day(last)}"
        start = format_date(first, format="d MMMM", locale=self.locale)
        return f"{start} – {self.day(last)}"

    def week(self, value: date) -> str:
        """Write the ISO week a day lies in: ``v. 21``."""
        return self("v. {week}", week=value.isocalendar().week)

    def moment(self, value: datetime) -> str:
        """Write a moment in Swedish local time: ``12 mars 2021 23:50``."""
        return format_datetime(
            value.astimezone(_STOCKHOLM), format="d MMM y HH:mm", locale=self.locale
        )

    def clock(self, value: datetime) -> str:
        """Write the local time of day: ``23:50``."""
        return format_datetime(value.astimezone(_STOCKHOLM), format="HH:mm", locale=self.locale)

    def weekday(self, index: int) -> str:
        """Name a weekday in two letters; Monday is 0."""
        name: str = self.locale.days["stand-alone"]["abbreviated"][index]
        return name[:2].capitalize()
