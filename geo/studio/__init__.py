"""How is a picture drawn in a process of its own, so that no page and no map waits for it?"""

from geo.studio.pictures import Sheet
from geo.studio.studio import Studio

__all__ = ["Sheet", "Studio"]
