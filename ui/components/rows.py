"""Tables in which every number opens the rows behind it."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler
from streamlit.elements.arrow import DataframeStateInput

from geo.model.record import Kind
from geo.model.visit import Visit
from ui import deps
from ui.components.say import plain
from ui.viewmodels import link
from ui.viewmodels.table import Column, Table
from ui.viewmodels.visits_behind import Asked, Behind, visits_behind

_ROW_PX: Final = 36
_MOST_ROWS_TALL: Final = 12
_MOST_ROWS_WRITTEN: Final = 40
_LOGGA: Final = "pages/logga.py"
_NEVER_AT: Final = pd.Timestamp("9999-12-30", tz="UTC").as_unit("us")
CORRECT: Final = "ratta"
"""Query parameter of *Logga* that opens a record for correction: ``visits:<id>``."""


def table(
    shown: Table,
    *,
    key: str,
    is_choosing: bool = False,
    chosen: str | None = None,
    on_choose: Callable[[], None] | None = None,
    most_rows: int = _MOST_ROWS_TALL,
) -> None:
    """Draw a table; what is chosen in it is read with ``chosen_row`` or ``chosen_cell``.

    Numbers sort as numbers and read as the page's language writes them, whatever the
    browser's own language is.

    Parameters
    ----------
    shown
        What the table says.
    key
        Names the table.
    is_choosing
        Whether a click on a cell is a choice.
    chosen
        Key of the row that is chosen from the start.
    on_choose
        Called before the rerun a choice causes.
    most_rows
        More rows than these are reached by scrolling in the table.
    """
    if not len(shown):
        st.caption(plain(shown.empty or deps.wording()("Inga rader.")))
        return
    styled = _styled(shown)
    height = (min(len(shown), most_rows) + 1) * _ROW_PX + 2
    st.dataframe(
        styled,
        key=key,
        height=height,
        row_height=_ROW_PX,
        hide_index=True,
        placeholder=next((c.missing for c in shown.columns if c.missing), ""),
        alt=shown.title,
        column_config={
            column.name: st.column_config.Column(
                column.title,
                width=column.width,
                help=None if column.meaning is None else plain(column.meaning),
                pinned=column.is_pinned or None,
            )
            for column in shown.columns
        },
        on_select=(on_choose or "rerun") if is_choosing else "ignore",
        selection_mode="single-cell",
        selection_default=_cell_of(chosen, shown) if is_choosing else None,
    )
    _written_out(shown)


def _written_out(shown: Table) -> None:
    """Write the table once more, for print and for whoever has it read aloud.

    On paper nothing scrolls, and a picture is cut off.  Read aloud, the picture says what its
    cells sort by: *Infinity* for what is missing, and moments in UTC.
    """
    most = min(len(shown), _MOST_ROWS_WRITTEN)
    wording = deps.wording()
    columns = [
        (
            ' class="tk-number"' if shown.rows[column.name].dtype.kind in "iuf" else "",
            [column.text(value) for value in shown.rows[column.name].iloc[:most]],
        )
        for column in shown.columns
    ]
    head = "".join(
        f'<th scope="col"{side}>{html.escape(column.title)}</th>'
        for column, (side, _) in zip(shown.columns, columns, strict=True)
    )
    lines = (
        "".join(f"<td{side}>{html.escape(its[row])}</td>" for side, its in columns)
        for row in range(most)
    )
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    left = len(shown) - most
    rest = wording.plural("… och {n} rad till", "… och {n} rader till", left) if left else ""
    st.html(
        f'<div class="tk-written"><table class="tk-table"><caption>{html.escape(shown.title)}'
        f"</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>{html.escape(rest)}</div>"
    )


def _styled(shown: Table) -> Styler:
    """Give the cells their texts, the names their weight and the states their colours."""
    # Here, so that the map, whose table is folded away at first, need not wait for Altair.
    from ui.components.charts import palette

    colours = palette()
    inks = {"met": colours.met, "behind": colours.behind_ink, "far": colours.far}
    frame = shown.rows[[column.name for column in shown.columns]]
    filled = {column.name: _filled(frame[column.name], column) for column in shown.columns}
    styled = frame.assign(**filled).style
    styled = styled.format({column.name: _written(column) for column in shown.columns})
    for column in shown.columns:
        gap = frame[column.name].isna()
        if gap.any():
            styled = styled.apply(
                _inked, subset=[column.name], inks=np.where(gap, colours.soft, "")
            )
    for column in shown.columns:
        if column.codes is not None:
            codes = shown.rows[column.codes]
            styled = styled.apply(
                _inked,
                subset=[column.name],
                inks=[inks.get(code, colours.soft) for code in codes],
                weight="600",
            )
        elif column.is_pinned:
            styled = styled.set_properties(subset=[column.name], **{"font-weight": "600"})
    return styled


def _filled(values: pd.Series[Any], column: Column) -> pd.Series[Any]:
    """Put something in place of what is missing that sorts last and can be read.

    Left to the browser, a missing value is too faint to read.
    """
    if not values.isna().any() or not column.missing:
        return values
    if values.dtype.kind == "f":
        return values.fillna(np.inf)
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        return values.fillna(_NEVER_AT)
    if values.dtype == object:
        has_days = any(isinstance(value, date) for value in values)
        missing = date.max if has_days else column.missing
        return values.where(values.notna(), pd.Series([missing] * len(values), values.index))
    return values


def _written(column: Column) -> Callable[[Any], str]:
    def text(value: Any) -> str:
        is_gap = column.missing and (
            (isinstance(value, float) and value == np.inf)
            or (isinstance(value, pd.Timestamp) and value == _NEVER_AT)
            or (type(value) is date and value == date.max)
            or (isinstance(value, str) and value == column.missing)
        )
        return column.missing if is_gap else column.text(value)

    return text


def _inked(cells: pd.Series[Any], inks: Sequence[str], weight: str = "400") -> list[str]:
    del cells  # Their colour follows from their states, not from what is read.
    return [f"color: {ink}; font-weight: {weight}" if ink else "" for ink in inks]


def _cell_of(chosen: str | None, shown: Table) -> DataframeStateInput | None:
    if chosen is None or chosen not in shown.ids:
        return None
    return {"selection": {"cells": [(shown.ids.index(chosen), shown.columns[0].name)]}}


def chosen_row(key: str, shown: Table) -> str | None:
    """Give the key of the row something was chosen in, if it was."""
    cell = chosen_cell(key, shown)
    return None if cell is None else cell[0]


def chosen_cell(key: str, shown: Table) -> tuple[str, str] | None:
    """Give the row's key and the column's name of the chosen cell, if one is."""
    cells = _selection(key).get("cells") or []
    if not cells or cells[0][0] >= len(shown.ids):
        return None
    row, column = cells[0]
    return shown.ids[row], str(column)


def _selection(key: str) -> Mapping[str, Any]:
    state = st.session_state.get(key)
    selection = state.get("selection") if isinstance(state, Mapping) else None
    return selection if isinstance(selection, Mapping) else {}


def behind(asked: Asked, *, key: str) -> None:
    """Draw the visits behind a number; choosing one offers to correct it."""
    wording = deps.wording()
    found: Behind = deps.answered(visits_behind, asked)
    st.markdown(f"##### {plain(found.title)}\n\n{plain(found.sentence)}")
    flags = _flags(found.visits.ids)
    shown = found.visits if not flags else _with_flags(found.visits, flags)
    table(shown, key=key, is_choosing=True, most_rows=10)
    if not len(shown):
        return
    visit_id = chosen_row(key, shown)
    if visit_id is None:
        st.caption(wording("Välj en rad för att rätta besöket."))
    correction("visits", visit_id, label=wording("Rätta besöket i Logga"))


def correction(kind: Kind, record_id: str | None, *, label: str) -> None:
    """Offer the way to correct a record, where one is chosen."""
    if record_id is None or kind not in deps.rights().forms:
        return
    st.page_link(
        _LOGGA,
        label=label,
        icon=":material/edit:",
        query_params={**link.write(deps.view()), CORRECT: [f"{kind}:{record_id}"]},
    )


def _flags(visit_ids: tuple[str, ...]) -> dict[str, str]:
    """Say what was flagged about the visits shown; the snapshot does not carry it."""
    wording = deps.wording()
    found = deps.store().standing(Visit, visit_ids)
    return {
        stored.record.visit_id: " ".join(wording(flag) for flag in stored.record.flags)
        for stored in found
        if stored.record.flags
    }


def _with_flags(shown: Table, flags: Mapping[str, str]) -> Table:
    rows = shown.rows.assign(flags=[flags.get(visit_id, "") for visit_id in shown.ids])
    column = Column(name="flags", title=deps.wording()("Att se över"), width="large")
    return replace(shown, rows=rows, columns=(*shown.columns, column))
