"""*Data*: files in, with a receipt and a way back, and files out of exactly what is seen."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final
from uuid import uuid4

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from geo.errors import GeoError
from geo.importers.columns import template
from geo.importers.result import ImportKind
from geo.model.receipt import Receipt
from geo.services.importing import Plan, imports, plan_import, run_import, undo_import
from geo.wording import Wording
from ui import deps
from ui.components import exports, forms, receipt
from ui.components.say import plain, said
from ui.viewmodels import exporting, importing, receipts

_KIND, _UPDATE, _SYSTEM = "import_kind", "import_update", "import_system"
_TURN, _IMPORT_ID, _RECEIPT, _NOTICE = (
    "import_turn",
    "import_id",
    "import_receipt",
    "import_notice",
)
_MB: Final = 1_000_000
_MOST_LISTED = 10


def page() -> None:
    """Import, look at what was imported, and export."""
    wording = deps.wording()
    forms.load_look()
    left, right = st.columns([3, 2], gap="large")
    rights = deps.rights()
    with left:
        if rights.imports:
            _import(wording)
    with right:
        if rights.exports:
            _export(wording)
        if rights.imports:
            _imports(wording)


# ------------------------------------------------------------------ in


def _import(wording: Wording) -> None:
    st.markdown(f"##### {wording('Importera')}")
    _told_last(wording)
    kinds = importing.import_kinds(wording)
    offered = deps.rights().imports
    kind = st.selectbox(
        wording("Vad innehåller filen?"),
        offered,
        index=offered.index("visits") if "visits" in offered else 0,
        key=_KIND,
        format_func=lambda key: kinds[key],
        on_change=_forget_last,
    )
    st.caption(importing.kind_help(kind, wording))
    _columns(kind, wording)
    most = deps.settings().max_file_mb
    with st.container(key=f"upload_{wording.language}"):
        uploaded = _uploader(most, wording)
    if uploaded is None:
        return
    update = st.toggle(
        wording("Uppdatera befintliga"),
        key=_UPDATE,
        help=wording(
            "Rader med samma id men annat innehåll ersätter det som finns. "
            "Det gamla finns kvar i historiken."
        ),
    )
    crs = _system(kind, wording)
    plan = _plan(kind, uploaded, update=update, crs=crs, wording=wording)
    receipt.summary(plan.receipt, wording, is_plan=True)
    if plan.changes:
        _offer(plan, wording)
    receipt.remarks(plan.receipt, wording, key="plan", is_plan=True)


def _offer(plan: Plan, wording: Wording) -> None:
    """Show how the first rows are understood, and store everything when asked to."""
    n = plan.receipt.accepted
    if st.button(
        wording.plural("Importera {n} rad", "Importera {n} rader", n),
        type="primary",
        key="import_run",
    ):
        _run(plan, wording)
    rows = importing.first_rows(plan, wording)
    if not rows.empty:
        st.caption(
            wording(
                "Så här läses de första raderna. Kolumner som används: {columns}",
                columns=plain(", ".join(importing.columns_used(plan))),
            )
        )
        st.dataframe(rows, hide_index=True, alt=wording("De första raderna i filen"))


def _uploader(most: int, wording: Wording) -> UploadedFile | None:
    return st.file_uploader(
        wording("Välj fil, högst {n} MB", n=most),
        max_upload_size=most,
        # Another key is another uploader: the last file is let go of as soon as it is stored.
        key=f"import_file_{st.session_state.get(_TURN, 0)}",
        help=wording("CSV, Excel, GeoJSON, GeoPackage, GPX eller zippad shapefile."),
        on_change=_forget_last,
    )


def _columns(kind: ImportKind, wording: Wording) -> None:
    """Offer the template of a kind, and say which columns are understood."""
    rows = importing.column_help(kind, wording)
    if not rows:
        return
    with st.container(horizontal=True, gap="small"):
        if kind != "boundary":
            st.download_button(
                wording("Hämta mall"),
                lambda: template(kind),
                file_name=wording("mall") + f"_{kind}.csv",
                mime="text/csv",
                icon=":material/download:",
                on_click="ignore",
                key=f"template_{kind}",
            )
        with st.popover(wording("Vilka kolumner?"), width="content"):
            st.dataframe(
                pd.DataFrame([asdict(row) for row in rows]),
                hide_index=True,
                column_config={
                    "name": st.column_config.TextColumn(wording("Kolumn")),
                    "also": st.column_config.TextColumn(wording("Kan också heta")),
                    "needed": st.column_config.TextColumn(wording("Behövs")),
                },
                alt=wording("Kolumner som känns igen"),
            )


def _system(kind: ImportKind, wording: Wording) -> str | None:
    """Ask for the coordinate system, for files that cannot tell."""
    if kind not in {"locations", "buildings", "visits", "boundary"}:
        return None
    names = dict(importing.SYSTEMS)
    return st.selectbox(
        wording("Koordinatsystem"),
        list(names),
        index=None,
        key=_SYSTEM,
        format_func=lambda code: f"{names[code]} ({code})",
        placeholder=wording("Känns igen automatiskt"),
        help=wording("Behövs bara om filen inte säger vilket system den är i."),
    )


def _plan(
    kind: ImportKind, uploaded: UploadedFile, *, update: bool, crs: str | None, wording: Wording
) -> Plan:
    """Read the file from a place of its own, which is gone again when it has been read."""
    bar = st.progress(0.0, text=wording("Läser filen …"))

    def progress(done: int, total: int | None) -> None:
        if total:
            bar.progress(min(done / total, 1.0), text=wording("Läser filen …"))

    try:
        with tempfile.TemporaryDirectory(prefix="trygg-import-") as folder:
            path = Path(folder) / importing.file_name(uploaded.name, wording)
            path.write_bytes(uploaded.getbuffer())
            return plan_import(
                deps.store(),
                kind,
                path,
                now=deps.now(),
                update=update,
                crs=crs,
                max_bytes=deps.settings().max_file_mb * _MB,
                progress=progress,
            )
    finally:
        bar.empty()


def _run(plan: Plan, wording: Wording) -> None:
    """Store the plan under a key made once for this file, and let go of the file."""
    import_id = st.session_state.setdefault(_IMPORT_ID, uuid4().hex[:12])
    try:
        with st.spinner(wording("Sparar …")):
            run_import(deps.store(), plan, import_id=import_id, now=deps.now())
    except GeoError as exc:
        said(exc)
        return
    st.session_state[_RECEIPT] = import_id
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    del st.session_state[_IMPORT_ID]
    st.rerun()


def _told_last(wording: Wording) -> None:
    """Show the receipt of the import that was just made."""
    last = st.session_state.get(_RECEIPT)
    found = next((r for r in imports(deps.store()) if r.import_id == last), None)
    if found is None or last is None:
        return
    with st.container(border=True):
        if found.undone_at is not None:
            st.info(plain(receipts.undone_told(found, wording)), icon=":material/undo:")
            return
        receipt.summary(found, wording)
        receipt.remarks(found, wording, key="last")
        _undo_button(found, wording, key="last")


def _forget_last() -> None:
    st.session_state.pop(_RECEIPT, None)
    st.session_state.pop(_NOTICE, None)


# ------------------------------------------------------------------ what came in


def _imports(wording: Wording) -> None:
    st.markdown(f"##### {wording('Tidigare importer')}")
    if st.session_state.get(_NOTICE):
        st.warning(plain(st.session_state[_NOTICE]), icon=":material/info:")
    standing = imports(deps.store())
    if not standing:
        st.caption(wording("Inget är importerat än. Varje import visas här och går att ångra."))
        return
    _listed(standing[:_MOST_LISTED], wording)


def _listed(listed: Sequence[Receipt], wording: Wording) -> None:
    for row, one in zip(receipts.import_rows(listed, wording), listed, strict=True):
        with st.container(border=True, gap="xsmall"):
            st.markdown(f"**{plain(row.title)}**  \n{plain(row.detail)}")
            if row.undone:
                st.caption(plain(row.undone))
            with st.container(horizontal=True, gap="small"):
                if one.rejected or one.flagged:
                    with st.popover(wording("Kvitto"), width="content"):
                        receipt.summary(one, wording)
                        receipt.remarks(one, wording, key=f"list_{row.import_id}")
                if row.can_undo:
                    _undo_button(one, wording, key=f"list_{row.import_id}")


def _undo_button(one: Receipt, wording: Wording, *, key: str) -> None:
    """Ask once more before everything an import wrote is taken back."""
    with st.popover(wording("Ångra importen"), icon=":material/undo:", width="content"):
        st.write(
            wording.plural(
                "{n} rad tas tillbaka. Det som någon har ändrat sedan dess behålls.",
                "{n} rader tas tillbaka. Det som någon har ändrat sedan dess behålls.",
                one.accepted,
            )
        )
        st.button(
            wording("Ja, ångra importen"),
            key=f"{key}_undo",
            on_click=_undo,
            args=(one.import_id or "",),
        )


def _undo(import_id: str) -> None:
    st.session_state.pop(_NOTICE, None)
    try:
        undo_import(deps.store(), import_id, now=deps.now())
    except GeoError as exc:
        st.session_state[_NOTICE] = deps.wording().message(exc.message)


# ------------------------------------------------------------------ out


def _export(wording: Wording) -> None:
    st.markdown(f"##### {wording('Exportera det som visas')}")
    st.caption(plain(exporting.view_told(deps.selection(), wording)))
    kinds = exporting.export_kinds(wording)
    offered = deps.rights().exports
    kind = st.selectbox(
        wording("Vad ska sparas?"),
        offered,
        index=offered.index("coverage") if "coverage" in offered else 0,
        key="export_kind",
        format_func=lambda key: kinds[key],
    )
    exports.file_buttons(kind, wording, key="data")
    exports.map_button(wording, key="data")


page()
