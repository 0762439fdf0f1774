"""Who draws for all pages, and what does a page say where that fails?"""

from __future__ import annotations

import streamlit as st

from geo.errors import SnapshotError
from geo.studio import Studio
from geo.text import to_markdown

# one for all visitors; its process starts with the first picture
studio = Studio()


def tell(error: SnapshotError, *, key: str) -> None:
    """Say why there is no picture; the button runs the page again, and with it the drawing."""
    st.error(to_markdown(f"No picture: {error}."), icon=":material/broken_image:")
    st.button("Draw again", icon=":material/refresh:", key=key)
