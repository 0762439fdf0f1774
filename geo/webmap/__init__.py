"""How are incidents shown on the interactive map? Folium outside, our own layers inside."""

from geo.webmap.crowd import Crowd
from geo.webmap.desk import Desk
from geo.webmap.policy import middleware
from geo.webmap.routes import routes
from geo.webmap.scene import Message, Opening, atlas_map, push, read_message
from geo.webmap.shading import MEASURES, Measure, Shading, shade
from geo.webmap.views import register

__all__ = [
    "MEASURES",
    "Crowd",
    "Desk",
    "Measure",
    "Message",
    "Opening",
    "Shading",
    "atlas_map",
    "middleware",
    "push",
    "read_message",
    "register",
    "routes",
    "shade",
]
