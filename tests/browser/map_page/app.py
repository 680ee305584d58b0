"""The map alone, on values made here: what the browser tests of the map look at."""

import sys
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).parent))

import values

from web.edge import lifespan, middleware, routes

app = st.App("main.py", routes=routes(lambda: values), middleware=middleware(), lifespan=lifespan)
