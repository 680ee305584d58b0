"""The map alone, on values made here: what the browser tests of the map look at."""

import streamlit as st

from web.edge import lifespan, middleware, routes

app = st.App("main.py", routes=routes(), middleware=middleware(), lifespan=lifespan)
