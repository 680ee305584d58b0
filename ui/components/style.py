"""The look: one style sheet, loaded on every page."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

SHEET: Final = Path(__file__).resolve().parent.parent / "style.css"


def load() -> None:
    """Lay the style sheet over Streamlit's own."""
    st.html(SHEET)
