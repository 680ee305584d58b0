"""The application: ``streamlit run app.py``."""

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from web.edge import lifespan, middleware, routes

# Without this the first visitor's deep link runs a file of ui/pages alone, without ui/main.py:
# Streamlit takes a folder of that name for its older kind of many pages until it is told.
PagesManager.uses_pages_directory = False

app = st.App("ui/main.py", routes=routes(), middleware=middleware(), lifespan=lifespan)
