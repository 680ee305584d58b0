"""Saying things safely: errors with their remedy, and text somebody typed."""

from __future__ import annotations

import streamlit as st

from geo.errors import GeoError
from ui import deps
from ui.viewmodels.plain import plain

__all__ = ["plain", "said"]


def said(error: GeoError) -> None:
    """Show an error calmly: what is wrong and what to do, never a traceback."""
    st.warning(plain(deps.wording().message(error.message)), icon=":material/info:")
