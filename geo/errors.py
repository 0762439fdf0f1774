"""Which errors does Incident Atlas raise on purpose?

AtlasError
├── InputError                 text or a file from outside was refused
│   ├── GeoJSONError           not valid RFC 7946 (carries every problem found)
│   ├── IncidentError          a field of an incident breaks the data model
│   ├── TableError             a table that cannot be read as incidents
│   ├── VectorError            a vector file that cannot be read, or could do harm
│   ├── ArticleError           a file or page that is no article we can read
│   ├── ContextError           a context layer that cannot be kept or found
│   ├── CoordinateError        text that is not a place on Earth
│   ├── FilterError            a filter value that means nothing
│   └── ViewError              a named view that cannot be read, found or kept
├── LayerError                 the store cannot do what was asked
│   ├── LayerNameError         the name cannot be a layer name
│   ├── LayerNotFoundError     no such layer
│   ├── LayerConflictError     the layer changed since it was read
│   ├── LayerCorruptError      the bytes on disk are not a layer of ours
│   ├── LayerUnreadError       the file must pass the gate before it is opened
│   ├── LayerBusyError         another writer held the lock for too long
│   └── BackupError            a backup that cannot be made, read or restored
├── FetchError                 something on the network may not be had
│   ├── ForbiddenAddressError  the host is not on the public internet
│   ├── TooLargeError          the unpacked body is over the limit
│   ├── TooSlowError           the whole exchange took longer than the limit
│   ├── AccessError            an account or token may not have what was asked
│   └── AnswerError            the server refused (carries its status and its answer)
├── EngineError                a database engine that cannot be had, opened or asked
├── ReferenceDataError         a file under data/ is missing or damaged
└── SnapshotError              a picture cannot be drawn or checked

Every message is one sentence that names the thing, its value and the rule.
"""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from dataclasses import dataclass

# what Python's reader answers to a zip that is damaged, or packed in a way it does not know
ZIP_ERRORS = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(NotImplementedError, EOFError),
)


class AtlasError(Exception):
    """Root of everything raised on purpose."""


class InputError(AtlasError, ValueError):
    """Text or a file from outside was refused."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule: where, which value, which rule."""

    path: str
    value: str
    rule: str

    def __str__(self) -> str:
        return f"{self.path} is {self.value}: {self.rule}"


class GeoJSONError(InputError):
    """The text is not valid RFC 7946; ``problems`` lists every reason found."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"{problems[0]}{more}")


class IncidentError(InputError):
    """A field of an incident breaks the data model; ``problems`` lists every one."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(map(str, problems)))


class TableError(InputError):
    """The table cannot be read as incidents."""


class VectorError(InputError):
    """The vector file cannot be read, or could do harm."""


class ArticleError(InputError):
    """The file or page is no article that can be read."""


class ContextError(InputError):
    """The context layer cannot be kept or found."""


class CoordinateError(InputError):
    """The text is not a place on Earth."""


class FilterError(InputError):
    """A filter value means nothing."""


class ViewError(InputError):
    """A named view cannot be read, found or kept."""


class LayerError(AtlasError):
    """The store cannot do what was asked."""


class LayerNameError(LayerError):
    """The name cannot be a layer name."""


class LayerNotFoundError(LayerError):
    """No such layer."""


class LayerConflictError(LayerError):
    """The layer changed since it was read; reload and decide."""


class LayerCorruptError(LayerError):
    """The bytes on disk are not a layer that this program wrote."""


class LayerUnreadError(LayerError):
    """The file, known by its hash, must pass the gate before it is opened."""

    def __init__(self, name: str, digest: str) -> None:
        self.name, self.digest = name, digest
        super().__init__(
            f"layer {name!r} was not written by this program and was not read yet: "
            "open it in Explore, where every line of it is checked"
        )


class LayerBusyError(LayerError):
    """Another writer held the lock for too long."""


class BackupError(LayerError):
    """A backup cannot be made, read or restored."""


class FetchError(AtlasError):
    """Something on the network may not be had."""


class ForbiddenAddressError(FetchError):
    """The host is not on the public internet."""


class TooLargeError(FetchError):
    """The unpacked body is over the limit."""


class TooSlowError(FetchError):
    """The whole exchange took longer than the limit."""


class AccessError(FetchError):
    """An account or token may not have what was asked; the sentence says what to do."""


class AnswerError(FetchError):
    """The server refused; what it said is kept for whoever speaks its language."""

    def __init__(self, name: str, status: int, body: bytes, retry_after: float | None) -> None:
        self.status, self.body, self.retry_after = status, body, retry_after
        super().__init__(f"{name} answered with status {status}")


class EngineError(AtlasError):
    """A database engine cannot be had, opened or asked."""


class ReferenceDataError(AtlasError):
    """A file under data/ is missing or damaged."""


class SnapshotError(AtlasError):
    """A picture cannot be drawn or checked."""
