"""Moments and days as people and programs write them.

A time without an offset is Swedish local time.  The hour that comes twice in
autumn is read as its first occurrence and said to be so; the hour that is
skipped in spring is no time at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

from geo.errors import DataError
from geo.importers.quoting import quoted
from geo.model.time import STOCKHOLM
from geo.wording import Message, say

EARLIEST_YEAR = 1970
LATEST_YEAR = 2199
"""Years outside these are typing errors: nothing here happened before, nothing after."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("januari", "jan"),
            ("februari", "feb"),
            ("mars", "mar"),
            ("april", "apr"),
            ("maj", "may"),
            ("juni", "jun"),
            ("juli", "jul"),
            ("augusti", "aug"),
            ("september", "sep", "sept"),
            ("oktober", "okt", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}

_CLOCK = (
    r"(?:kl\.? ?)?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})"
    r"(?:[:.](?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
    r" ?(?P<offset>[Zz]|[+-]\d{2}(?::?\d{2})?)?"
)
_FORMS = tuple(
    re.compile(form)
    for form in (
        # 2021-03-12T23:50:00+01:00, 2021-03-12 23.50, 2021/03/12 23:50:00+00 (GDAL)
        rf"(?P<year>\d{{4}})[-/](?P<month>\d{{1,2}})[-/](?P<day>\d{{1,2}})"
        rf"(?:[Tt_ ]{_CLOCK})?",
        # 20210312T235000Z, 20210312
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
        r"(?:[Tt ](?P<hour>\d{2})(?P<minute>\d{2})(?:(?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
        r"(?P<offset>[Zz]|[+-]\d{2}(?::?\d{2})?)?)?",
        # 12 mars 2021 kl. 23.50; 12/3 2021 23:50
        rf"(?P<day>\d{{1,2}})(?: (?P<named>[a-z]{{3,9}})\.? |/(?P<month>\d{{1,2}})[ -])"
        rf"(?P<year>\d{{4}})(?:,? +{_CLOCK})?",
    )
)
_ISO_LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?")


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment in UTC, and what had to be assumed to know it.

    ``also_at`` is the other moment an ambiguous local time may mean, an hour later;
    ``clock_missing`` says that only a day was written.
    """

    at: datetime
    also_at: datetime | None = None
    clock_missing: bool = False


def _no_moment(value: object) -> DataError:
    return DataError(say("”{value}” är inte en tid (skriv ÅÅÅÅ-MM-DD TT:MM).", value=quoted(value)))


def _no_such(value: object) -> DataError:
    return DataError(say("”{value}” finns inte i almanackan.", value=quoted(value)))


def _in_reach(naive: datetime, value: object) -> None:
    if not EARLIEST_YEAR <= naive.year <= LATEST_YEAR:
        raise DataError(say("”{value}” har ett orimligt årtal.", value=quoted(value)))


def _from_local(wall: datetime, value: object) -> Moment:
    """Place a naive wall-clock time in Sweden."""
    first = wall.replace(tzinfo=STOCKHOLM)
    second = first.replace(fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    if before == after:
        return Moment(first.astimezone(UTC))
    if before is not None and after is not None and before < after:
        raise DataError(
            say(
                "Tiden ”{value}” finns inte: klockan ställdes fram till sommartid då.",
                value=quoted(value),
            )
        )
    return Moment(first.astimezone(UTC), also_at=second.astimezone(UTC))


def _offset(text: str, value: object) -> timezone:
    if text in {"Z", "z"}:
        return UTC
    digits = text[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:] or 0)
    if hours > 14 or minutes > 59:
        raise _no_moment(value)
    ahead = timedelta(hours=hours, minutes=minutes)
    return timezone(-ahead if text[0] == "-" else ahead)


def _parts(text: str) -> re.Match[str] | None:
    for form in _FORMS:
        found = form.fullmatch(text)
        if found:
            return found
    return None


def _month(found: re.Match[str], value: object) -> int:
    groups = found.groupdict()
    if groups.get("named"):
        month = _MONTHS.get(groups["named"])
        if month is None:
            raise _no_moment(value)
        return month
    return int(groups["month"])


def _wall(found: re.Match[str], value: object) -> tuple[datetime, timezone | None, bool]:
    """Give the written wall-clock time, its offset, and whether a clock time was written."""
    month = _month(found, value)
    groups = found.groupdict()
    hour = groups["hour"]
    # The end of a day may be written 24:00 (ISO 8601).
    past_midnight = hour == "24" and int(groups["minute"]) + int(groups["second"] or 0) == 0
    try:
        wall = datetime(  # noqa: DTZ001 - a wall clock; the caller places it in its zone
            int(groups["year"]),
            month,
            int(groups["day"]),
            0 if past_midnight else int(hour or 0),
            int(groups["minute"] or 0),
            int(groups["second"] or 0),
            int((groups["part"] or "0").ljust(6, "0")[:6]),
        )
        wall += timedelta(days=1 if past_midnight else 0)
    except (ValueError, OverflowError) as exc:
        raise _no_such(value) from exc
    offset = _offset(groups["offset"], value) if groups["offset"] else None
    return wall, offset, hour is not None


def read_moment(value: object, *, day_is_enough: bool = False) -> Moment:
    """Read a moment.

    Parameters
    ----------
    value
        Text, or a date or datetime from a sheet or a layer.
    day_is_enough
        Whether a day without a clock time is read as the beginning of that day.

    Raises
    ------
    DataError
        Where it is not a moment, does not exist in Sweden, or lies in an impossible year.
    """
    offset: timezone | None = None
    has_clock = True
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            _in_reach(value, value)
            return Moment(value.astimezone(UTC))
        wall = value
    elif isinstance(value, date):
        wall, has_clock = datetime.combine(value, time.min), False
    elif isinstance(value, str):
        text = value.strip()
        if _ISO_LOCAL.fullmatch(text):  # what most files hold, read by the quickest way
            try:
                wall = datetime.fromisoformat(text)
            except ValueError:
                wall, offset, has_clock = _read_text(text, value)
        else:
            wall, offset, has_clock = _read_text(text, value)
    else:
        raise _no_moment(value)
    _in_reach(wall, value)
    if not has_clock and not day_is_enough:
        raise DataError(
            say("”{value}” saknar klockslag (skriv ÅÅÅÅ-MM-DD TT:MM).", value=quoted(value))
        )
    if offset is not None:
        return Moment(wall.replace(tzinfo=offset).astimezone(UTC))
    moment = _from_local(wall, value)
    return moment if has_clock else Moment(moment.at, clock_missing=True)


def _read_text(text: str, value: object) -> tuple[datetime, timezone | None, bool]:
    found = _parts(" ".join(text.split()).casefold())
    if found is None:
        raise _no_moment(value)
    return _wall(found, value)


def read_day(value: object) -> date:
    """Read a day; a moment at midnight local time, as sheets write days, is one.

    Raises
    ------
    DataError
        Where it is not a day, or has a clock time.
    """
    if isinstance(value, datetime):
        wall = value
    elif isinstance(value, date):
        return value
    elif isinstance(value, str):
        found = _parts(" ".join(value.split()).casefold())
        if found is None:
            raise DataError(
                say("”{value}” är inte ett datum (skriv ÅÅÅÅ-MM-DD).", value=quoted(value))
            )
        wall, _, _ = _wall(found, value)
    else:
        raise DataError(say("”{value}” är inte ett datum (skriv ÅÅÅÅ-MM-DD).", value=quoted(value)))
    if wall.time() != time.min:
        raise DataError(
            say("”{value}” är en tid; här ska stå ett datum (ÅÅÅÅ-MM-DD).", value=quoted(value))
        )
    return wall.date()


def read_utc(text: str) -> datetime:
    """Read a GPX time, which is UTC where it says nothing else (GPX 1.1, ``xsd:dateTime``).

    Raises
    ------
    DataError
        Where it is no time.
    """
    if text[10:11] == "T":  # what nearly all files hold, read by the quickest way
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            at = None
        if at is not None and (at.tzinfo is UTC or at.tzinfo is None):
            _in_reach(at, text)
            return at if at.tzinfo is UTC else at.replace(tzinfo=UTC)
    wall, offset, has_clock = _read_text(text.strip(), text)
    _in_reach(wall, text)
    if not has_clock:
        raise _no_moment(text)
    return wall.replace(tzinfo=offset or UTC).astimezone(UTC)


def ambiguous(value: object) -> Message:
    """Say how a local time that comes twice was read."""
    return say(
        "Tiden ”{value}” inträffar två gånger (klockan ställs om till vintertid); "
        "den första, sommartid, antas. Skriv +02:00 eller +01:00 efter tiden.",
        value=quoted(value),
    )


def second_taken(value: object) -> Message:
    """Say that the later of two possible moments was taken."""
    return say(
        "Tiden ”{value}” inträffar två gånger (klockan ställs om till vintertid); "
        "den andra, vintertid, antas eftersom besöket annars slutar innan det börjar.",
        value=quoted(value),
    )


def no_clock(value: object) -> Message:
    """Say that the beginning of the day was taken."""
    return say("”{value}” saknar klockslag; 00:00 antas.", value=quoted(value))
