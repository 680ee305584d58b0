"""The map as one usually writes it with Streamlit and Folium: the peer of ``bench.map_filter``.

geopandas filter, one ``CircleMarker`` per visit, the map built anew and passed to ``st_folium`` on
each rerun.  ``returned_objects=[]`` is already kinder than usual: without it the page runs twice.
"""

import os

import folium
import geopandas as gpd
import streamlit as st
from streamlit_folium import st_folium

st.set_page_config(page_title="Besök", layout="wide")


@st.cache_data
def read_visits() -> gpd.GeoDataFrame:
    """Read every visit, once."""
    return gpd.read_file(os.environ["PLAIN_VISITS"])


visits = read_visits()
kinds = sorted(visits["kind"].unique())
kept = st.pills("Slag av besök", kinds, selection_mode="multi", default=kinds)
shown = visits[visits["kind"].isin(kept)]

marks = folium.Map(location=[57.465, 12.62], zoom_start=10, tiles=None)
for visit in shown.itertuples():
    folium.CircleMarker([visit.geometry.y, visit.geometry.x], radius=4, weight=1, fill=True).add_to(
        marks
    )
st_folium(marks, use_container_width=True, height=620, returned_objects=[])
