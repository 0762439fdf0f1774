"""Streamlit pages, thin: they ask `geo` and show what it answers."""
