"""What does a layer look like as columns, for questions that concern all of it at once?

Made from the lines of a canonical layer file by a columnar JSON reader, block by block, without
an object for any incident: one Arrow table, sorted by place along a Morton curve, so that what
lies together on the map lies together in memory. It holds what filters, map and tables ask
for; everything else stays in the layer's own line, of which the place is a column.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj

from geo.filters import fold
from geo.records import ASSESSMENTS, DATE_PRECISIONS, PRECISIONS, STATUSES
from geo.taxonomy import event_types
from geo.texts import Packed

# raise it when columns, their order or the way they are made change
SCHEMA = 2
# deaths, where nobody gave a figure; a position, where there is none
UNKNOWN, NOWHERE = -1, np.uint32(2**32 - 1)
# joins the members of a set into one text; a NUL cannot stand in a layer
SEPARATOR = "\0"
# day 0 of the columns `start` and `end`
EPOCH = date(1970, 1, 1).toordinal()
# read at a time, and blocks that are worked on at once
_BLOCK, _AT_ONCE = 16_000_000, 3
# the line after the last Feature
_LAST = b"]}\n"
_NEWLINE, _COMMA, _BLANK = (np.uint8(ord(sign)) for sign in "\n, ")
# columns of whole numbers that are often small
_COUNTED = ("updated", "deaths", "offset")
_DEEPEST = 85.0511287798066
_TOP = 2**32 - 2
_SPREAD = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)
_text, _day, _number = pa.string(), pa.date32(), pa.float64()
_RECORDS = {
    "actors": ("name", "canonical"),
    "sources": ("publisher", "title"),
}
_SITE = pa.struct(
    [
        ("name", _text),
        ("lon", _number),
        ("lat", _number),
        ("precision", _text),
        ("radius_km", _number),
    ]
)
_PROPERTIES = pa.struct(
    [
        *((name, _text) for name in ("event_type", "title", "summary", "date_precision")),
        *((name, _text) for name in ("place_name", "admin1", "admin2", "countries")),
        *((name, _text) for name in ("precision", "status", "assessment", "updated")),
        *((name, _text) for name in ("start", "end")),
        *((name, pa.int64()) for name in ("deaths_best", "deaths_high")),
        ("radius_km", _number),
        *((name, pa.list_(pa.struct([(p, _text) for p in of]))) for name, of in _RECORDS.items()),
        ("sites", pa.list_(_SITE)),
    ]
)
_FEATURE = pa.schema(
    [
        ("id", _text),
        ("geometry", pa.struct([("coordinates", pa.list_(_number))])),
        ("properties", _PROPERTIES),
    ]
)
_PARSE = pj.ParseOptions(explicit_schema=_FEATURE, unexpected_field_behavior="ignore")


def columns(path: Path, *, tell: Callable[[int], None] = lambda _: None) -> tuple[pa.Table, Packed]:
    """Read a canonical layer file into columns.

    Parameters
    ----------
    path
        A layer file as the store writes it: every line between the first and the last one
        Feature. That it is canonical must be known: nothing is checked here.
    tell
        Called after each block with the bytes read so far.

    Returns
    -------
    pyarrow.Table
        One row an incident, in order of Morton code, those without a position last:
        `id` · `event_type status precision assessment date_precision` (positions in their lists,
        uint8) · `start end` (days since 1970) · `updated` (seconds since 1970) · `deaths` (-1
        unknown) · `x y` (Mercator, the world in 2^32 - 2 steps; of the point, else of the first
        site, else `NOWHERE`) · `lon lat radius_km` · `countries actors publishers admin1`
        (dictionaries of sets, joined by NUL) · `sites` · `offset` (of the line in the file).
        Integers and codes are as narrow as they can be.
    Packed
        What a text filter looks through, folded, in the same order.
    """
    tables = list(_tables(path, tell)) or [of_lines(bytearray())]
    # the line itself says what only one incident is asked for
    tables = [table.drop_columns(["title", "place_name"]) for table in tables]
    whole = pa.concat_tables(tables).unify_dictionaries().combine_chunks()
    del tables
    order = np.argsort(morton(numbers(whole, "x"), numbers(whole, "y")), kind="stable")
    texts = Packed.of(column(whole, "text"), order)
    return narrow(whole.drop_columns(["text"]).take(pa.array(order))), texts


def narrow(table: pa.Table) -> pa.Table:
    """Hold the codes of dictionaries, and some numbers, in as few bytes as they need."""
    for at, name in enumerate(table.column_names):
        held = column(table, name)
        if name == "radius_km":
            # most have none, and the others few different ones
            held = held.dictionary_encode()
        if pa.types.is_dictionary(held.type):
            codes = _narrowest(held.indices, len(held.dictionary) - 1)
            held = pa.DictionaryArray.from_arrays(codes, held.dictionary)
        elif name in _COUNTED:
            held = _narrowest(held, pc.max(held).as_py() or 0)
        table = table.set_column(at, name, held)
    return table


def widened(table: pa.Table) -> pa.Table:
    """Hold all again as it was, so that columns of several layers can be put end to end."""
    for at, name in enumerate(table.column_names):
        held = column(table, name)
        if name == "radius_km":
            held = held.cast(_number)
        elif pa.types.is_dictionary(held.type):
            held = pa.DictionaryArray.from_arrays(held.indices.cast(pa.int32()), held.dictionary)
        elif name in _COUNTED:
            held = held.cast(pa.int64())
        table = table.set_column(at, name, held)
    return table


def morton(x: npt.NDArray[np.uint32], y: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint64]:
    """Interleave the bits of x and y, so that neighbours on the ground are neighbours in order."""
    return _spread(x) | (_spread(y) << np.uint64(1))


def mercator(
    lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Project degrees onto the web map's square, in steps of 2^-32 of its side; NaN is nowhere."""
    somewhere = ~(np.isnan(lon) | np.isnan(lat))
    sine = np.sin(np.radians(np.clip(np.where(somewhere, lat, 0.0), -_DEEPEST, _DEEPEST)))
    across = np.where(somewhere, lon, 0.0) / 360 + 0.5
    down = 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)
    return tuple(  # type: ignore[return-value]
        np.where(somewhere, np.rint(np.clip(part, 0, 1) * _TOP), NOWHERE).astype(np.uint32)
        for part in (across, down)
    )


def column(table: pa.Table, name: str) -> Any:
    """Take one column as one array."""
    found = table[name]
    return found.chunk(0) if found.num_chunks else found.combine_chunks()


def numbers(table: pa.Table, name: str) -> npt.NDArray[Any]:
    """Take one column of numbers, without copying where nothing is missing."""
    found: npt.NDArray[Any] = column(table, name).to_numpy(zero_copy_only=False)
    return found


def asked(sets: Any, holds: Callable[[str], bool]) -> npt.NDArray[np.bool_]:
    """Ask a question of each different text of a column, and answer it for every row."""
    hit = np.array([holds(text) for text in sets.dictionary.to_pylist()], dtype=np.bool_)
    answer: npt.NDArray[np.bool_] = hit[sets.indices.to_numpy()]
    return answer


def day_of(number: int) -> date:
    """Calendar day of a number in `start` or `end`."""
    return date.fromordinal(number + EPOCH)


def read_countries(text: str) -> tuple[str, ...]:
    """Split what the column `countries` holds."""
    return tuple(code for code in text.split(";") if code)


def _spread(value: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint64]:
    wide = value.astype(np.uint64)
    for shift, mask in _SPREAD:
        wide = (wide | (wide << np.uint64(shift))) & np.uint64(mask)
    return wide


def _tables(path: Path, tell: Callable[[int], None]) -> Iterator[pa.Table]:
    """Read the blocks of a file, a few at a time: the reader works beside the interpreter."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        waiting: deque[Future[pa.Table]] = deque()
        for raw, at in _blocks(path, tell):
            waiting.append(pool.submit(of_lines, raw, at))
            if len(waiting) > _AT_ONCE:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _blocks(path: Path, tell: Callable[[int], None]) -> Iterator[tuple[bytearray, int]]:
    """Whole lines of Features, in blocks, each with its place in the file."""
    with path.open("rb") as file:
        at = len(file.readline())
        rest = bytearray()
        while read := file.read(_BLOCK):
            rest += read
            end = rest.rfind(b"\n") + 1
            if end:
                lines, rest = rest, rest[end:]
                del lines[end:]
                if lines.endswith(_LAST):
                    del lines[-len(_LAST) :]
                if lines:
                    yield lines, at
                at += end
            tell(at)


def of_lines(raw: bytearray, at: int = 0) -> pa.Table:
    """Read whole canonical lines, each ending in a newline, in their own order.

    The lines are changed on the way: a comma at their end is gone afterwards.
    """
    plain = np.frombuffer(raw, dtype=np.uint8)
    ends = np.flatnonzero(plain == _NEWLINE)
    starts = np.concatenate([[0], ends[:-1] + 1]) if len(ends) else ends
    # between lines stand a comma and a newline, which no text of canonical JSON can hold: a blank
    # in place of the comma, and each line is JSON
    plain[ends[plain[ends - 1] == _COMMA] - 1] = _BLANK
    found = (
        pj.read_json(
            pa.BufferReader(pa.py_buffer(raw)),
            read_options=pj.ReadOptions(block_size=len(raw) + 1),
            parse_options=_PARSE,
        )
        if raw
        else _FEATURE.empty_table()
    ).combine_chunks()
    one = _Feature(found)
    lon, lat = one.position()
    x, y = mercator(*one.spot(lon, lat))
    return pa.table(
        {
            "id": one.id,
            "title": one.text("title"),
            "place_name": one.text("place_name"),
            "text": one.searchable(),
            "event_type": one.code("event_type", tuple(kind.id for kind in event_types())),
            "status": one.code("status", STATUSES),
            "precision": one.code("precision", PRECISIONS),
            "assessment": one.code("assessment", ASSESSMENTS),
            "date_precision": one.code("date_precision", DATE_PRECISIONS),
            "start": one.day("start"),
            "end": one.day("end"),
            "updated": one.moment("updated"),
            "deaths": pc.fill_null(
                pc.coalesce(one.part("deaths_best"), one.part("deaths_high")), UNKNOWN
            ),
            "x": x,
            "y": y,
            "lon": lon,
            "lat": lat,
            "radius_km": one.part("radius_km"),
            "countries": one.text("countries").dictionary_encode(),
            "admin1": one.text("admin1").dictionary_encode(),
            "actors": one.joined("actors", "name", "canonical").dictionary_encode(),
            "publishers": one.joined("sources", "publisher").dictionary_encode(),
            "sites": one.part("sites"),
            "offset": starts + at,
        }
    )


class _Feature:
    """The parts of a block of Features."""

    def __init__(self, found: pa.Table) -> None:
        self.rows = found.num_rows
        self.id = _array(found["id"])
        self._geometry = _array(found["geometry"])
        self._properties = _array(found["properties"])

    def part(self, name: str) -> Any:
        return pc.struct_field(self._properties, name)

    def text(self, name: str) -> Any:
        return pc.fill_null(self.part(name), "")

    def code(self, name: str, values: tuple[str, ...]) -> Any:
        return pc.index_in(self.part(name), pa.array(values)).cast(pa.uint8())

    def day(self, name: str) -> Any:
        return self.part(name).cast(_day).cast(pa.int32())

    def moment(self, name: str) -> Any:
        plain = pc.replace_substring(self.part(name), "Z", "")
        return plain.cast(pa.timestamp("s")).cast(pa.int64())

    def position(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        pair = pc.struct_field(self._geometry, "coordinates")
        # null for a missing position becomes NaN
        lon, lat = (_floats(pc.list_element(_padded(pair), i)) for i in (0, 1))
        return lon, lat

    def spot(
        self, lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Where a row is drawn among others: its own point, else its first site with one."""
        sites = self.part("sites")
        flat, rows = pc.list_flatten(sites), pc.list_parent_indices(sites).to_numpy()
        x, y = (_floats(pc.struct_field(flat, name)) for name in ("lon", "lat"))
        there = ~np.isnan(x)
        first, at = np.unique(rows[there], return_index=True)
        lost = np.isnan(lon[first])
        lon, lat = lon.copy(), lat.copy()
        lon[first[lost]], lat[first[lost]] = x[there][at[lost]], y[there][at[lost]]
        return lon, lat

    def joined(self, name: str, *parts: str, by: str = SEPARATOR) -> Any:
        """Join what the records of each row say, so that equal sets are equal texts."""
        records = self.part(name)
        texts = []
        for part in parts:
            flat = pc.fill_null(pc.struct_field(pc.list_flatten(records), part), "")
            lists = pa.ListArray.from_arrays(_offsets(records), flat)
            texts.append(pc.binary_join(lists, by))
        return texts[0] if len(texts) == 1 else pc.binary_join_element_wise(*texts, by)

    def searchable(self) -> Any:
        """Fold what a text filter looks through, as `geo.filters` does for one incident."""
        names = ("title", "summary", "place_name", "admin2", "admin1")
        parts = [*(self.text(name) for name in names), self.id]
        parts += [
            self.joined("actors", "name", "canonical", by="\n"),
            self.joined("sources", "publisher", "title", by="\n"),
            self.joined("sites", "name", by="\n"),
        ]
        # of a million summaries there may be more than a plain text column can hold
        whole = pc.binary_join_element_wise(*parts, "\n").cast(pa.large_string())
        plain = pc.string_is_ascii(whole)
        folded = pc.ascii_lower(whole)
        if pc.all(plain).as_py() is not False:
            return folded
        rest = [fold(text) for text in whole.filter(pc.invert(plain)).to_pylist()]
        return pc.replace_with_mask(folded, pc.invert(plain), pa.array(rest, pa.large_string()))


def _array(column: pa.ChunkedArray) -> Any:
    return column.chunk(0) if column.num_chunks else pa.array([], column.type)


def _offsets(lists: Any) -> Any:
    """Offsets of a list array whose missing lists count as empty, as `list_flatten` has them."""
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    return pa.array(np.concatenate([[0], np.cumsum(lengths)]), pa.int32())


def _padded(pairs: Any) -> Any:
    nothing = pa.scalar([float("nan")] * 2, pairs.type)
    return pc.fill_null(pairs, nothing)


def _narrowest(numbers: Any, most: int) -> Any:
    least = pc.min(numbers).as_py() or 0
    kinds = (pa.int8(), pa.int16(), pa.int32())
    fitting = (k for k in kinds if -(1 << k.bit_width - 1) <= least and most < 1 << k.bit_width - 1)
    return numbers.cast(next(fitting, numbers.type))


def _floats(numbers: Any) -> npt.NDArray[np.float64]:
    return np.asarray(numbers.to_numpy(zero_copy_only=False), dtype=np.float64)
