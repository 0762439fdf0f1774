"""Incident Atlas: incidents with honest locations in, a map that can be defended out."""

__version__ = "0.1.0"
