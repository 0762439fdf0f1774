"""The app: Streamlit's pages and, beside them, the map's own routes."""

import streamlit as st
from streamlit import config

from geo.webmap import Desk, middleware, routes

prefix = config.get_option("server.baseUrlPath").strip("/")
desk = Desk()
app = st.App(
    "geo/ui/main.py",
    routes=routes(f"/{prefix}" if prefix else "", ask=desk.ask),
    middleware=middleware(),
    lifespan=desk.open,
)
