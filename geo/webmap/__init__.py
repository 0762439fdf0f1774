"""How are incidents shown on the interactive map? Folium outside, our own layers inside."""

from geo.webmap.ahead import LINES, Next, line_of
from geo.webmap.crowd import Crowd
from geo.webmap.desk import Desk
from geo.webmap.policy import middleware
from geo.webmap.routes import routes
from geo.webmap.scene import Message, Opening, Told, atlas_map, push, read_message
from geo.webmap.shading import MEASURES, Measure, Shading, shade
from geo.webmap.views import register

__all__ = [
    "LINES",
    "MEASURES",
    "Crowd",
    "Desk",
    "Measure",
    "Message",
    "Next",
    "Opening",
    "Shading",
    "Told",
    "atlas_map",
    "line_of",
    "middleware",
    "push",
    "read_message",
    "register",
    "routes",
    "shade",
]
