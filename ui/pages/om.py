"""*Om*: what is measured and how, in plain words; how old the data are; whose maps they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

import streamlit as st

from geo.config import program_version
from ui import deps
from ui.components import forms
from ui.components.say import plain
from ui.viewmodels import om


def _facts(facts: Sequence[om.Fact]) -> None:
    """Show names and values as a list that reads line by line."""
    st.markdown("\n".join(f"- **{plain(fact.name)}**: {plain(fact.value)}" for fact in facts))


def page() -> None:
    """Explain."""
    wording, settings = deps.wording(), deps.settings()
    forms.load_look()
    left, right = st.columns([3, 2], gap="large")
    with left, st.container(key="om_text"):
        st.markdown(f"#### {wording('Vad som mäts, och hur')}")
        for part in om.parts(wording, inspection_interval_days=settings.inspection_interval_days):
            st.markdown(f"##### {part.title}")
            for section in part.sections:
                st.markdown(f"**{section.title}.** {section.text}")
                if section.example:
                    st.markdown(f"> {wording('Exempel')}: {section.example}")
    with right, st.container(key="om_facts"):
        st.markdown(f"##### {wording('Uppgifterna just nu')}")
        _facts(
            om.data_sheet(deps.snapshot(), wording, version=program_version(), basemap=_basemap())
        )
        st.markdown(f"##### {wording('Ordlista')}")
        _facts(om.glossary(wording))
        st.markdown(f"##### {wording('Kartdata och program från andra')}")
        _facts(om.licences(wording))


def _basemap() -> str:
    """Name the background without telling where on the machine a file lies."""
    return PurePath(deps.basemap_name()).name


page()
