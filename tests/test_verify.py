from __future__ import annotations

import io
import json
import re
import zlib
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from geo.filters import Filter
from geo.incident import Point
from geo.snapshot import manifest_of
from geo.snapshot.files import pdf, png, svg
from geo.snapshot.files.png import KEYWORD, chunks
from geo.snapshot.make import draw
from geo.verify import Verdict, verify
from tests.examples import alone

FORMATS = ["png", "svg", "pdf"]


@pytest.fixture
def incidents(make):
    return [
        make("a"),
        make("b", at=(66.44, 30.92), place_name="Chaman"),
        make("c", event_type="riot"),
    ]


@pytest.fixture
def asked(incidents, brief):
    return brief(incidents, query=Filter(event_types=("border_closure",)), size="phone")


@pytest.fixture(scope="module")
def kept():
    """Keep the picture in each format, drawn once."""
    return {}


@pytest.fixture
def drawn(asked, kept):
    def go(fmt):
        if fmt not in kept:
            kept[fmt] = draw(asked, fmt=fmt)
        return kept[fmt]

    return go


@pytest.mark.parametrize("fmt", FORMATS)
def test_unchanged_layer_gives_same(drawn, asked, incidents, fmt):
    verdict = verify(drawn(fmt), alone(incidents, "v1"))
    assert verdict == Verdict("same", manifest_of(asked).id)


@pytest.mark.parametrize("fmt", FORMATS)
def test_each_change_of_the_data_is_named(drawn, incidents, make, fmt):
    a, b, c = incidents
    data = drawn(fmt)
    verdict = verify(data, alone([a, b, c, make("new")], "v2"))
    assert (verdict.result, verdict.added) == ("data_changed", ("t:new",))
    verdict = verify(data, alone([replace(a, title="Revised"), b, c], "v2"))
    assert (verdict.result, verdict.revised, verdict.moved) == ("data_changed", ("t:a",), ())
    verdict = verify(data, alone([a, replace(b, point=Point(66.5, 31.0)), c], "v2"))
    assert (verdict.result, verdict.moved, verdict.revised) == ("data_changed", ("t:b",), ())
    verdict = verify(data, alone([replace(a, precision="near"), b, c], "v2"))
    assert (verdict.result, verdict.moved) == ("data_changed", ("t:a",))
    verdict = verify(data, alone([b, c], "v2"))
    assert (verdict.result, verdict.withdrawn) == ("data_changed", ("t:a",))
    verdict = verify(data, alone([replace(a, status="retracted"), b, c], "v2"))
    assert (verdict.result, verdict.withdrawn) == ("data_changed", ("t:a",))


def test_what_the_picture_does_not_show_leaves_it_same_but_a_stale_ledger_does_not(
    drawn, incidents, make
):
    a, b, c = incidents
    data = drawn("png")
    verdict = verify(data, alone([a, b, replace(c, title="Revised riot")], "v2"))
    assert (verdict.result, verdict.parts) == ("same", ("layer version",))
    verdict = verify(data, alone([a, b, c, make("d", event_type="riot")], "v2"))
    assert (verdict.result, verdict.parts) == ("data_changed", ("ledger", "layer version"))


def test_changed_pixel_is_altered(drawn, incidents):
    data = drawn("png")
    with Image.open(io.BytesIO(data)) as image:
        pixels = np.array(image)
    pixels[100, 100] ^= 1
    verdict = verify(_with_pixels(data, pixels), alone(incidents, "v1"))
    assert (verdict.result, verdict.parts) == ("altered", ("picture",))


def test_packing_the_same_pixels_anew_is_same(drawn, incidents):
    data = drawn("png")
    with Image.open(io.BytesIO(data)) as image:
        pixels = np.array(image)
    assert verify(_with_pixels(data, pixels), alone(incidents, "v1")).result == "same"


def test_changed_word_in_svg_is_altered(drawn, incidents):
    data = drawn("svg")
    forged = data.replace(b">Border closure<", b">Border opening<")
    assert forged != data
    verdict = verify(forged, alone(incidents, "v1"))
    assert (verdict.result, verdict.parts) == ("altered", ("picture",))


@pytest.mark.parametrize("fmt", FORMATS)
def test_changed_manifest_is_altered(drawn, incidents, fmt):
    data = drawn(fmt)
    content = json.loads(_text(data))
    content["ledger"]["total"] = 99
    verdict = verify(_with_manifest(data, content), alone(incidents, "v1"))
    assert verdict.result == "altered"
    assert "manifest" in verdict.parts


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"%PDF-1.4",
        b"\x89PNG\r\n\x1a\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
)
def test_foreign_files_have_no_manifest(data, incidents):
    assert verify(data, alone(incidents, "v1")) == Verdict("no_manifest")


def test_foreign_png_has_no_manifest(incidents):
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG")
    assert verify(out.getvalue(), alone(incidents, "v1")).result == "no_manifest"


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        {},
        {"schema": "incident-atlas/manifest/1"},
        "x",
    ],
)
def test_manifest_that_is_none_of_ours_is_altered(drawn, incidents, content):
    for fmt in FORMATS:
        forged = _with_manifest(drawn(fmt), content)
        assert verify(forged, alone(incidents, "v1")).result == "altered"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("filter", {"from": ["soon"]}),
        ("filter", 3),
        ("frame", [1, 2]),
        ("frame", None),
        ("layers", 3),
        ("layers", [3]),
        ("layers", [{"name": 1, "version": ""}, {"name": "b", "version": ""}]),
        ("set_aside", None),
        ("incidents", {"a": 1}),
    ],
)
def test_manifest_with_a_fitting_id_but_odd_content_is_altered(drawn, incidents, key, value):
    from geo.manifest import identity

    data = drawn("svg")
    content = json.loads(_text(data))
    content[key] = value
    content["id"] = identity(content)
    assert verify(_with_manifest(data, content), alone(incidents, "v1")).result == "altered"


def test_cut_files_are_altered_or_without_manifest(drawn, incidents):
    for fmt in FORMATS:
        data = drawn(fmt)
        for share in (0.01, 0.3, 0.9, 0.999):
            cut = data[: int(len(data) * share)]
            assert verify(cut, alone(incidents, "v1")).result in ("altered", "no_manifest")


def test_manifest_bomb_is_refused(drawn, incidents):
    data = drawn("png")
    bomb = zlib.compress(b" " * 70_000_000, 9)
    assert verify(_rebuilt(data, text=bomb), alone(incidents, "v1")).result == "altered"


@pytest.mark.parametrize("fmt", FORMATS)
def test_manifest_in_the_file_is_that_of_the_brief(drawn, asked, fmt):
    content = json.loads(_text(drawn(fmt)))
    stated = manifest_of(asked).as_json()
    assert {name: content[name] for name in stated} == stated
    assert content["filter"] == {"type": ["border_closure"]}
    assert content["as_of"] == "2025-11-25T12:00:00Z"


def test_changed_byte_of_a_pdf_is_altered(drawn, incidents):
    data = bytearray(drawn("pdf"))
    assert b"CreationDate" not in data
    data[data.index(b"stream") + 40] ^= 1
    verdict = verify(bytes(data), alone(incidents, "v1"))
    assert (verdict.result, verdict.parts) == ("altered", ("document",))


def test_pdf_keeps_any_title_in_its_manifest(incidents, brief):
    for title in ("(((", "\\", "a) /Keywords (b", "0" * 64, "سرحد", "tab\tand\nline"):
        asked = brief(incidents, title=title, size="phone")
        assert verify(draw(asked, fmt="pdf"), alone(incidents, "v1")).result == "same"


def _text(data: bytes) -> bytes:
    text = next(r for r in (png, svg, pdf) if r.recognises(data)).manifest_text(data)
    assert text is not None
    return text


def _rebuilt(
    picture: bytes, *, text: bytes | None = None, pixels: np.ndarray | None = None
) -> bytes:
    """Write a PNG again with another manifest text or other pixels."""
    made = [picture[:8]]
    for kind, held in chunks(picture):
        body = held
        if kind == b"iTXt" and text is not None:
            body = KEYWORD + b"\0\1\0\0\0" + text
        if kind == b"IDAT" and pixels is not None:
            rows = b"".join(b"\0" + row.tobytes() for row in pixels)
            body = zlib.compress(rows, 1)
        check = zlib.crc32(kind + body).to_bytes(4, "big")
        made.append(len(body).to_bytes(4, "big") + kind + body + check)
    return b"".join(made)


def _with_pixels(picture: bytes, pixels: np.ndarray) -> bytes:
    return _rebuilt(picture, pixels=pixels)


def _with_manifest(data: bytes, content: object) -> bytes:
    text = json.dumps(content).encode()
    if data.startswith(b"\x89PNG"):
        return _rebuilt(data, text=zlib.compress(text))
    if data.startswith(b"%PDF"):
        text = json.dumps(content, ensure_ascii=True).encode()
        start = data.index(b"/Keywords (") + len(b"/Keywords (")
        end = re.compile(rb"(?<!\\)\)").search(data, start).start()
        return data[:start] + re.sub(rb"[\\()]", rb"\\\g<0>", text) + data[end:]
    old = data[data.index(b'<metadata id="incident-atlas">') : data.index(b"</metadata>")]
    escaped = text.replace(b"&", b"&amp;").replace(b"<", b"&lt;")
    return data.replace(old, b'<metadata id="incident-atlas">' + escaped)
