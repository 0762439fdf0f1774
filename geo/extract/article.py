"""What is an article: its text as kept, and where it came from?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The text that all offsets count, and what is known of its origin.

    `sha256` is that of the bytes as they came in.
    """

    text: str
    sha256: str
    title: str = ""
    publisher: str = ""
    url: str = ""
    archived_url: str = ""
    published: date | None = None
    retrieved: date | None = None
    language: str = "en"
