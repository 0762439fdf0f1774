"""How do the pages use their space, beyond what Streamlit's theme decides?"""

from __future__ import annotations

import streamlit as st

# our own constant, never text from outside; the map, ledger and timeline fit 768 pixels
_STYLE = """<style>
.stMainBlockContainer { padding: 3.6rem 1.4rem 2rem; max-width: 1800px; }
.stMainBlockContainer [data-testid="stVerticalBlock"] { gap: .55rem; }
[data-testid="stSidebarHeader"] { height: 2.6rem; padding-bottom: 0; margin-bottom: 0; }
[data-testid="stSidebar"] [data-testid="stSidebarContent"] { padding: 0 .9rem; }
[data-testid="stSidebar"] [data-testid="stSidebarUserContent"] { padding: 0 0 2rem; }
[data-testid="stSidebarUserContent"] [data-testid="stVerticalBlock"] { gap: .6rem; }
[data-testid="stSidebar"] label p { font-size: .82rem; }
[data-testid="stSidebar"] [data-testid="stDateInputFieldsScroller"] { font-size: .82rem; }
.stSidebar [data-testid="stDateInputField"] [role="group"] { padding: .5rem 0 .5rem .4rem; }
.stSidebar [data-testid="stDateInputField"] button { padding: 0 .1rem; margin: 0 .1rem 0 0; }
.stApp .st-key-groups { gap: .3rem; }
[class*="st-key-group_"] button { padding: .1rem .55rem; min-height: 1.7rem; }
[class*="st-key-group_"] button p { font-size: .8rem; }
.st-key-panel p, .st-key-panel li { font-size: .88rem; }
.st-key-panel [data-testid="stCode"] pre { padding: .3rem .6rem; }
.stMain [data-testid="stImage"] img { border: 1px solid #c9d0d6; border-radius: 4px; }
.st-key-as_known_banner { background: #fff4d6; border-left: 5px solid #b7791f; border-radius: 4px;
  padding: .45rem .8rem; margin-top: .6rem; }
.stMain [class*="st-key-bring_question"] { background: #fff4d6; border: 0;
  border-left: 5px solid #b7791f; }
.stMain .st-key-bring_columns { padding: .6rem .8rem; }
.stMain .st-key-bring_columns p { overflow-wrap: anywhere; }
.st-key-decide :is(p, li, h5) { unicode-bidi: plaintext; text-align: start; }
@media (max-width: 640px) {
  .stMain button kbd { display: none; }
  .stMain [data-testid="stLayoutWrapper"]:has(> .st-key-panel),
  .stMain .st-key-panel { flex: 0 0 auto; height: auto; max-height: none; }
}
iframe[title="streamlit_folium.st_folium"] { border: 1px solid #c9d0d6; border-radius: 4px; }
</style>"""


def apply() -> None:
    """Apply the style to the page."""
    st.html(_STYLE)
