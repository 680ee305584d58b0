"""What the caretaker is to do, in the order to walk, and what waits: deficiencies, locked doors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from geo.model.building import SPACES
from geo.model.time import STOCKHOLM
from geo.services.selection import Selection
from geo.services.snapshot import Snapshot
from geo.wording import Wording
from ui.viewmodels.space_states import Asked, known_deficiencies, listed, natural, standing
from ui.viewmodels.table import Column, Table


def to_do(snapshot: Snapshot, selection: Selection, wording: Wording, asked: Asked) -> Table:
    """List what to do area by area, along the addresses; keys are buildings."""
    del selection  # What is to be done does not depend on the period that is looked at.
    tasks = list(_tasks(snapshot, wording, asked))
    tasks.sort(
        key=lambda task: (task["area"], natural(task["address"]), SPACES.index(task["space"]))
    )
    columns = ["building_id", "address", "area", "space", "what", "due_on", "late", "code"]
    return Table(
        title=wording("Att göra, i den ordning man går"),
        columns=(
            *_place_columns(wording),
            Column(name="what", title=wording("Vad"), width=330),
            Column(
                name="due_on", title=wording("Senast"), shown=wording.day, missing="–", width=150
            ),
            Column(name="late", title=wording("Läge"), codes="code", width=100),
        ),
        rows=pd.DataFrame(tasks, columns=columns),
        ids=tuple(str(task["building_id"]) for task in tasks),
        empty=wording("Inget att göra {day}.", day=wording.day(asked.on)),
    )


def _tasks(snapshot: Snapshot, wording: Wording, asked: Asked) -> Iterator[dict[str, Any]]:
    state = listed(snapshot, asked)
    known = set(zip(state["building_id"], state["space"], strict=True))
    for row in known_deficiencies(snapshot, asked).to_dict(orient="records"):
        if (row["building_id"], row["space"]) in known:
            found = row["deficiencies"] or wording("brist")
            what = wording("Åtgärda: {what}", what=found)
            yield _task(row, what, row["due_on"], wording, is_late=row["is_overdue"])
    for row in state.to_dict(orient="records"):
        if row["is_without_access"]:
            what, due_on = wording("Nytt försök: ingen kom in senast"), row["no_access_due_on"]
        elif not row["is_reviewed"]:
            what, due_on = wording("Se över: aldrig sedd"), None
        elif row["is_due"]:
            what, due_on = wording("Se över igen"), row["due_on"]
        else:
            continue
        yield _task(row, what, due_on, wording, is_late=row["is_overdue"])


def _task(
    row: Mapping[Any, Any], what: str, due_on: date | None, wording: Wording, *, is_late: bool
) -> dict[str, Any]:
    place = {name: row[name] for name in ("building_id", "address", "area", "space")}
    late = wording("försenad") if is_late else ""
    return {**place, "what": what, "due_on": due_on, "late": late, "code": _code(is_late)}


def deficiency_list(
    snapshot: Snapshot, selection: Selection, wording: Wording, asked: Asked
) -> Table:
    """List the open deficiencies, the most overdue first; keys are buildings."""
    del selection  # A deficiency is open whenever it was found.
    found = known_deficiencies(snapshot, asked)
    rows = found.assign(
        late=[wording("försenad") if late else "" for late in found["is_overdue"]],
        code=[_code(late) for late in found["is_overdue"]],
    )
    return Table(
        title=wording("Brister som inte är åtgärdade"),
        columns=(
            *_place_columns(wording),
            Column(name="deficiencies", title=wording("Brist"), missing="–", width=300),
            Column(
                name="inspected_at",
                title=wording("Upptäckt"),
                shown=lambda at: wording.day(at.tz_convert(STOCKHOLM).date()),
                width=150,
            ),
            Column(
                name="due_on",
                title=wording("Klart senast"),
                shown=wording.day,
                missing=wording("ingen dag satt"),
                width=150,
            ),
            Column(name="late", title=wording("Läge"), codes="code", width=100),
        ),
        rows=rows,
        ids=tuple(rows["building_id"]),
        empty=wording("Ingen känd brist är öppen."),
    )


def no_access_list(
    snapshot: Snapshot, selection: Selection, wording: Wording, asked: Asked
) -> Table:
    """List the spaces nobody got into at the last try, with the new date; keys are buildings."""
    del selection  # A door is locked until somebody gets in.
    state = standing(snapshot, asked)
    rows = state[state["is_without_access"]]
    order = np.argsort([(day or date.max).toordinal() for day in rows["no_access_due_on"]])
    rows = rows.iloc[order].reset_index(drop=True)
    late = [day is not None and day < asked.on for day in rows["no_access_due_on"]]
    rows = rows.assign(
        late=[wording("försenad") if one else "" for one in late],
        code=[_code(one) for one in late],
    )
    return Table(
        title=wording("Utrymmen som ingen kom in i senast"),
        columns=(
            *_place_columns(wording),
            Column(
                name="no_access_due_on",
                title=wording("Nytt datum"),
                shown=wording.day,
                missing=wording("inget datum satt"),
                width=150,
            ),
            Column(name="late", title=wording("Läge"), codes="code", width=100),
        ),
        rows=rows,
        ids=tuple(rows["building_id"]),
        empty=wording("Alla utrymmen har gått att komma in i."),
    )


def _place_columns(wording: Wording) -> tuple[Column, ...]:
    return (
        Column(name="address", title=wording("Adress"), is_pinned=True, width=170),
        Column(name="area", title=wording("Område"), width=130),
        Column(name="space", title=wording("Utrymme"), shown=wording, width=110),
    )


def _code(is_late: bool) -> str:  # noqa: FBT001 - one answer, one argument
    return "far" if is_late else "unmeasured"
