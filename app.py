"""The app: Streamlit's pages and, beside them, the map's own routes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from streamlit import config

from geo.ui import drawing, frames
from geo.webmap import Desk, middleware, routes

prefix = config.get_option("server.baseUrlPath").strip("/")
desk = Desk()


@asynccontextmanager
async def serving(app: st.App) -> AsyncIterator[None]:
    """Hold what the pages need beside Streamlit for as long as the server runs."""
    frames.serve()
    async with desk.open(app):
        yield
    drawing.studio.close()


app = st.App(
    "geo/ui/main.py",
    routes=routes(f"/{prefix}" if prefix else "", ask=desk.ask),
    middleware=middleware(),
    lifespan=serving,
)
