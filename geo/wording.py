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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from functools import cache
from importlib import resources
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

Language = Literal["sv", "en"]
LANGUAGES: tuple[Language, ...] = ("sv", "en")
DOMAIN = "trygg"


class _Signs(NamedTuple):
    """What a language writes numbers with."""

    decimal: str
    group: str
    minus: str
    before_percent: str


_LOCALES: Mapping[Language, Locale] = {"sv": Locale("sv", "SE"), "en": Locale("en", "GB")}
_SIGNS: Mapping[Language, _Signs] = {
    "sv": _Signs(",", "\N{NO-BREAK SPACE}", "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}"),
    "en": _Signs(".", ",", "-", ""),
}
_STOCKHOLM = ZoneInfo("Europe/Stockholm")
_EXACT = Context(prec=400)
"""Room for every digit a float can have."""

_SLACK = Decimal("1e-9")
"""What is forgiven where a number is cut: (1 − 0.9) · 100 is 9.999…8 to a computer."""


@dataclass(frozen=True, slots=True)
class Message:
    """A Swedish sentence and the values for its holes; ``str()`` gives it in Swedish.

    A value may itself be a message, an `Amount`, or a tuple of values, which is read as a
    list with commas; anything else is written as it is.
    """

    template: str
    params: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        if not self.params:
            return self.template
        return self.template.format_map({key: _plain(one) for key, one in self.params.items()})


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in a message, written as the reader's language writes numbers."""

    number: float
    digits: int = 0

    def __str__(self) -> str:
        return Wording("sv").number(self.number, digits=self.digits)


def _plain(value: object) -> object:
    """Write a message's value in Swedish, without asking the catalogues."""
    return ", ".join(str(part) for part in value) if isinstance(value, tuple) else value


def say(template: str, /, **params: object) -> Message:
    """Tie a sentence to its values; the language is chosen where it is shown."""
    return Message(template, params)


def quote(text: str, /) -> Message:
    """Put a text in the reader's quotation marks."""
    return say("”{text}”", text=text)


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


def _cut_percent(share: float, digits: int) -> Decimal:
    """Give a share in percent, cut after so many decimals; see `Wording.percent`."""
    percent = _cut(Decimal(repr(float(share))) * 100, digits)
    return min(percent, 100 - Decimal(1).scaleb(-digits)) if share < 1 else percent


def cut(value: float, digits: int = 0) -> float:
    """Cut a number after so many decimals, as `Wording.percent` and `Wording.elapsed` do.

    Examples
    --------
    >>> cut(6.96), cut(6.96, 1), cut(0.29 * 100)
    (6.0, 6.9, 29.0)
    """
    return float(_cut(Decimal(repr(float(value))), digits))


def _cut(exact: Decimal, digits: int) -> Decimal:
    return (exact + _SLACK).quantize(Decimal(1).scaleb(-digits), ROUND_FLOOR, _EXACT)


def parts_of_a_whole(counts: Sequence[int]) -> tuple[float, ...]:
    """Give shares that add up to 100 % also as `Wording.percent` writes them.

    Cut one by one, parts of a whole lose up to a percent each.  Here the percents lost go to those
    that lost most (the largest remainder, Hamilton's method; of equals to the first).  A part
    too small for a percent keeps its share, which is written ``<1 %``, and makes no other all of
    it: beside it 99.9 % stay 99 %.  Nothing of nothing is NaN.

    Examples
    --------
    >>> parts_of_a_whole([1, 1, 1]), parts_of_a_whole([999, 1])
    ((0.34, 0.33, 0.33), (0.99, 0.001))
    """
    whole = sum(counts)
    if not whole:
        return (math.nan,) * len(counts)
    percents = [count * 100 // whole for count in counts]
    by_loss = sorted(range(len(counts)), key=lambda part: -(counts[part] * 100 % whole))
    for part in by_loss[: 100 - sum(percents)]:
        percents[part] = min(percents[part] + 1, 99)
    return tuple(
        percent / 100 if percent else count / whole
        for percent, count in zip(percents, counts, strict=True)
    )


def rounded(value: float, digits: int = 0) -> float:
    """Give the number `Wording.number` writes.

    Examples
    --------
    >>> rounded(2.25, 1), rounded(-0.5)
    (2.3, -1.0)
    """
    return float(_rounded(value, digits))


def _rounded(value: float, digits: int) -> Decimal:
    """Round to the nearest, halves away from zero."""
    step = Decimal(1).scaleb(-digits)
    return Decimal(repr(float(value))).quantize(step, ROUND_HALF_UP, _EXACT)


def whole_percent(share: float) -> int:
    """Give the whole number `Wording.percent` writes; 0 also where that is ``<1 %``.

    Examples
    --------
    >>> [whole_percent(share) for share in (0.0, 0.004, 0.29, 0.996, 1.0)]
    [0, 0, 29, 99, 100]
    """
    return int(_cut_percent(share, 0))


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
        params = {key: self._said(value) for key, value in message.params.items()}
        return self(message.template, **params)

    def _said(self, value: object) -> object:
        """Say a message's value."""
        match value:
            case Message():
                return self.message(value)
            case Amount():
                return self.number(value.number, digits=value.digits)
            case tuple():
                return ", ".join(str(self._said(part)) for part in value)
        return value

    @property
    def locale(self) -> Locale:
        """The babel locale behind this language."""
        return _LOCALES[self.language]

    def number(self, value: float, *, digits: int = 0) -> str:
        """Write a number with exactly `digits` decimals: ``1 234,5``.

        Rounded to the nearest, and halves away from zero, as taught in school and done by
        browsers in the charts.

        Examples
        --------
        >>> [Wording().number(value, digits=1) for value in (2.25, 0.35, 3)]
        ['2,3', '0,4', '3,0']
        """
        return self._written(_rounded(value, digits)) if math.isfinite(value) else str(value)

    def _written(self, number: Decimal) -> str:
        """Write a rounded number with the signs of the language."""
        signs = _SIGNS[self.language]
        whole, point, part = f"{abs(number):,f}".partition(".")
        minus = signs.minus if number < 0 else ""
        return f"{minus}{whole.replace(',', signs.group)}{point and signs.decimal}{part}"

    def figure(self, value: float, *, digits: int) -> str:
        """Write a number with as many decimals as it needs, and no more than `digits`.

        Examples
        --------
        >>> [Wording().figure(value, digits=2) for value in (300.0, 1.976, 2.5)]
        ['300', '1,98', '2,5']
        """
        needed = -int(_rounded(value, digits).normalize().as_tuple().exponent)
        return self.number(value, digits=max(needed, 0))

    def percent(self, share: float, *, digits: int = 0) -> str:
        """Write a share as percent: 0.18 → ``18 %``.  The one rule for shares everywhere.

        Cut, not rounded, so that no more is said than was reached: 99.6 % of a target is not
        the target, and 49.8 % is less than half.  Only what is all reads as 100 %, and only
        what is nothing as 0 %: a share too small to write is ``<1 %``.

        Examples
        --------
        >>> [Wording("en").percent(share) for share in (0, 0.004, 0.29, 0.498, 0.996, 1)]
        ['0%', '<1%', '29%', '49%', '99%', '100%']
        """
        cut = _cut_percent(share, digits)
        if share > 0 and cut == 0:
            cut, less = Decimal(1).scaleb(-digits), "<"
        else:
            less = ""
        return f"{less}{self._written(cut)}{_SIGNS[self.language].before_percent}%"

    def elapsed(self, days: float, *, digits: int = 0) -> str:
        """Write days gone, cut: 6.96 days are ``6``, or ``6,9``, for the seventh is not over.

        The one rule for days everywhere, so that no two tables seem to disagree.
        """
        return self.number(cut(days, digits), digits=digits)

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
