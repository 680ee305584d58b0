"""What a record needs beyond its fields: minutes counted, days put together, no future."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from geo.importers.columns import Columns
from geo.importers.draft import Draft
from geo.importers.fields import flag_moments
from geo.importers.quoting import quoted
from geo.importers.result import Flag
from geo.model.time import local_day
from geo.wording import say


def _not_after(draft: Draft, name: str, columns: Columns, now: datetime) -> None:
    moment = draft.values.get(name)
    if isinstance(moment, datetime) and moment > now:
        draft.problems.append(
            (
                columns.header(name),
                say("”{value}” ligger i framtiden.", value=quoted(draft.written[name])),
            )
        )


def finish_visit(draft: Draft, columns: Columns, now: datetime) -> None:
    """Find when the visit ended, from its end, its minutes or both, and hold them together."""
    values = draft.values
    minutes = values.pop("minutes", None)
    start, end = values.get("start_at"), values.get("end_at")
    _not_after(draft, "start_at", columns, now)
    if isinstance(minutes, float):
        if not 0 <= minutes <= 24 * 60:
            draft.problems.append(
                (
                    columns.header("minutes"),
                    say("Antalet minuter måste vara mellan 0 och 1 440."),
                )
            )
        elif isinstance(start, datetime):
            counted = start + timedelta(minutes=minutes)
            also = draft.moments["end_at"].also_at if "end_at" in draft.moments else None
            if end is None and "end_at" not in draft.written:
                values["end_at"] = end = counted
            elif counted not in {end, also}:
                draft.problems.append(
                    (
                        columns.header("minutes"),
                        say("Sluttiden och antalet minuter säger olika."),
                    )
                )
            else:
                values["end_at"] = end = counted
    if end is None and values.get("done") is False and isinstance(start, datetime):
        values["end_at"] = end = start  # nothing happened, so nothing ended
    if isinstance(start, datetime) and isinstance(end, datetime):
        if end < start:
            later = draft.moments["end_at"].also_at if "end_at" in draft.moments else None
            if later is not None and later >= start:
                values["end_at"] = end = later
            else:
                draft.problems.append(
                    (columns.header("end_at"), say("Besöket slutar innan det börjar."))
                )
        if start <= now < end:
            draft.flags.append(Flag(columns.header("end_at"), say("Besöket slutar i framtiden.")))
    flag_moments(draft, columns)


def finish_inspection(draft: Draft, columns: Columns, now: datetime) -> None:
    """Refuse what has not happened yet."""
    _not_after(draft, "inspected_at", columns, now)
    fixed = draft.values.get("fixed_on")
    if isinstance(fixed, date) and fixed > local_day(now):
        draft.problems.append(
            (
                columns.header("fixed_on"),
                say("”{value}” ligger i framtiden.", value=str(fixed)),
            )
        )
    flag_moments(draft, columns)


def finish_activity(draft: Draft, columns: Columns, now: datetime) -> None:
    """Make first and last day of either one day or two."""
    values = draft.values
    happened = values.pop("happened_on", None)
    first, last = values.pop("from", None), values.pop("to", None)
    if happened is not None and (first is not None or last is not None):
        draft.problems.append(
            (
                columns.header("happened_on"),
                say("Ange antingen dagen eller från och till, inte båda."),
            )
        )
        return
    if first is None and last is not None:
        draft.problems.append((columns.header("from"), say("Värde saknas.")))
        return
    start = happened if happened is not None else first
    if start is None:
        if not draft.problems:
            name = "happened_on" if "from" not in columns.at else "from"
            draft.problems.append((columns.header(name), say("Värde saknas.")))
        return
    values["from_on"] = start
    values["to_on"] = last if last is not None else start
    if isinstance(start, date) and start > local_day(now):
        name = "happened_on" if happened is not None else "from"
        draft.problems.append(
            (columns.header(name), say("”{value}” ligger i framtiden.", value=str(start)))
        )


def finish_boundary(draft: Draft, fallback_name: str) -> None:
    """Name a nameless boundary after its file."""
    draft.values.setdefault("name", fallback_name)
