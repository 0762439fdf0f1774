"""How does the picture leave as a file, and how is it remembered?"""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from geo.settings import layers_folder, user_name
from geo.snapshot.record import Issue, record
from geo.studio import Sheet, pictures
from geo.ui import drawing

_PRESENTATION = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_HELP = {
    "pptx": "slides with native title, table and legend",
    "docx": "an annex with every incident, its claims and sources",
    "html": "one page with map, filters and time slider, which needs no network",
    "print": "for print, 300 dots an inch",
}
_OFFERED = {
    "png": ("PNG", "image/png", 0),
    "pdf": ("PDF", "application/pdf", 0),
    "pptx": ("PPTX", _PRESENTATION, 0),
    "docx": ("DOCX", _DOCUMENT, 0),
    "html": ("HTML", "text/html", 0),
    "svg": ("SVG", "image/svg+xml", 0),
    "print": ("PNG 300", "image/png", 300),
}


def draw(layers: str, made: Sheet) -> None:
    """Offer each format; a file is made, and remembered, when its button is clicked."""
    brief_id = made.manifest.id
    st.caption(
        f"ID **{brief_id}** is printed in the picture. Filter, ledger and data version are in "
        "every file, so that it can be checked later."
    )
    columns = st.columns(2, gap="small")
    for n, (fmt, (label, mime, dpi)) in enumerate(_OFFERED.items()):
        suffix = "png" if fmt == "print" else fmt
        marked = f"-tlp-{made.brief.marking.replace('+', '-')}" if made.brief.marking else ""
        name = f"{layers}-{brief_id}{marked}{'-300' if dpi == 300 else ''}.{suffix}"
        columns[n % 2].download_button(
            label,
            data=_Maker(made, suffix, dpi, name),
            file_name=name,
            mime=mime,
            key=f"picture_{fmt}",
            on_click="ignore",
            width="stretch",
            type="primary" if fmt == "png" else "secondary",
            help=_HELP.get(fmt),
        )


class _Maker:
    """Makes one file when asked for, and remembers that it left."""

    def __init__(self, made: Sheet, fmt: str, dpi: int, name: str) -> None:
        self._made, self._fmt, self._dpi, self._name = made, fmt, dpi, name

    def __call__(self) -> bytes:
        data = pictures.write(self._made, self._fmt, by=drawing.studio, dpi=self._dpi or None)
        now = datetime.now(tz=UTC).replace(microsecond=0)
        issue = Issue(format=self._fmt, name=self._name, when=now, by=user_name())
        record(layers_folder(), self._made.manifest, issue)
        return data
