"""Buttons that save exactly what is seen as a file; each file is made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from geo.maps.layers import Building
from geo.maps.standalone import standalone_html
from geo.reports.export import MEDIA_TYPES, ReportFormat, report_file
from geo.reports.stamp import ReportStamp, report_name, stamp_notes
from geo.services.audience import AUDIENCE_NAMES, withheld_told
from geo.services.exporting import ExportKind, export_rows
from geo.services.selection import Selection
from geo.services.snapshot import Snapshot
from geo.wording import Wording
from ui import deps
from ui.viewmodels.exporting import (
    FORMAT_WORDS,
    export_stamp,
    export_told,
    formats_of,
)
from ui.viewmodels.karta import building_symbols, karta
from ui.viewmodels.period import AsOf, asked_on, filter_sentences


def file_buttons(kind: ExportKind, wording: Wording, *, key: str) -> None:
    """Offer the rows of one kind in the view, in every format that suits them."""
    told = deps.answered(export_told, kind)
    st.caption(told.sentence)
    if not told.rows:
        return
    snapshot, selection, now = deps.selected(), deps.selection(), deps.now()
    stamp = export_stamp(
        snapshot, selection, wording, kind, has_examples=told.has_examples, now=now
    )
    with st.container(horizontal=True, gap="small"):
        for form in formats_of(kind):
            name = report_name(
                stamp, has_examples=told.has_examples, suffix=f".{form}", wording=wording
            )
            st.download_button(
                wording(FORMAT_WORDS[form]),
                _maker(snapshot, selection, kind, form, stamp=stamp, wording=wording),
                file_name=name,
                mime=MEDIA_TYPES[form],
                icon=":material/download:",
                on_click="ignore",
                key=f"{key}_{kind}_{form}",
            )


def _maker(
    snapshot: Snapshot,
    selection: Selection,
    kind: ExportKind,
    form: ReportFormat,
    *,
    stamp: ReportStamp,
    wording: Wording,
) -> Callable[[], bytes]:
    """Give the way to make a file; everything it needs is in hand, no session is asked."""
    traced = deps.tracing("export", kind=kind, format=form, audience=snapshot.audience)

    def make() -> bytes:
        rows = export_rows(snapshot, kind, selection)
        traced(rows=len(rows))
        return report_file(rows, form=form, kind=kind, stamp=stamp, wording=wording).content

    return make


def map_button(wording: Wording, *, key: str) -> None:
    """Offer the map of the view as one file that opens without a network."""
    selection, snapshot, everything = deps.selection(), deps.selected(), deps.snapshot()
    now, ground = deps.now(), deps.ground()
    as_of = AsOf(
        on=asked_on(selection, everything, now=now),
        interval_days=deps.settings().inspection_interval_days,
    )
    has_examples = snapshot.has_examples
    traced = deps.tracing("export", kind="map", format="html", audience=snapshot.audience)
    stamp = ReportStamp(
        title=wording("Trygg karta · Mark"),
        period=selection.period,
        filters=filter_sentences(selection, wording),
        made_at=now,
        data_until=snapshot.visits_until,
        has_examples=has_examples,
        audience=wording(AUDIENCE_NAMES[snapshot.audience]),
        withheld=withheld_told(snapshot.audience, wording),
    )

    def make() -> bytes:
        traced()
        buildings: tuple[Building, ...] = building_symbols(snapshot, as_of=as_of)
        shown = karta(
            snapshot,
            selection,
            wording,
            buildings=buildings,
            reported_at=everything.visits["start_at"],
        )
        notes = stamp_notes(stamp, has_examples=has_examples, wording=wording)
        page = standalone_html(
            shown.scene,
            ground,
            title=stamp.title,
            wording=wording,
            lines=[f"{head}: {text}" for head, text in notes[1:]],
        )
        return page.encode("utf-8")

    st.download_button(
        wording("Kartan som webbsida"),
        make,
        file_name=report_name(stamp, has_examples=has_examples, suffix=".html", wording=wording),
        mime="text/html",
        icon=":material/map:",
        on_click="ignore",
        key=f"{key}_map",
    )
