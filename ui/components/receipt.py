"""A receipt on screen: one sentence, four numbers, and a line for everything to look at."""

from __future__ import annotations

import streamlit as st

from geo.model.receipt import Receipt
from geo.wording import Wording
from ui.components.say import plain
from ui.viewmodels.receipts import receipt_csv, receipt_told


def summary(receipt: Receipt, wording: Wording, *, is_plan: bool = False) -> None:
    """Say what an import did, or with `is_plan` what it would do."""
    told = receipt_told(receipt, wording, is_plan=is_plan)
    if told.is_good:
        st.success(plain(told.headline), icon=":material/check_circle:")
    else:
        st.warning(plain(told.headline), icon=":material/info:")
    if receipt.exit_code != 2:
        numbers = st.container(horizontal=True, gap="medium")
        for label, value in told.numbers:
            numbers.metric(label, value, width="content")
    if told.facts:
        st.caption("  \n".join(plain(fact) for fact in told.facts))


def remarks(receipt: Receipt, wording: Wording, *, key: str, is_plan: bool = False) -> None:
    """List what was turned away or is worth a look, row by row, and offer it all as a file.

    `key` tells several receipts on one page apart.
    """
    told = receipt_told(receipt, wording, is_plan=is_plan)
    for group in told.remarks:
        st.markdown(f"**{group.title}**")
        st.markdown("\n".join(f"- **{plain(row)}:** {plain(why)}" for row, why in group.rows))
        if group.left_out:
            st.caption(group.left_out)
    if told.remarks:
        st.download_button(
            wording("Hämta kvittot (CSV)"),
            lambda: receipt_csv(receipt, wording),
            file_name=wording("kvitto") + ".csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            key=f"{key}_receipt",
        )
