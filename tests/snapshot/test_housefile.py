"""Is a house file read whole, or refused with a sentence that says why?"""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image

from geo.area import BBox
from geo.errors import SnapshotError
from geo.settings import ROOT
from geo.snapshot.housefile import read_house, read_house_file, read_series

WHOLE = """
[house]
producer = "Example Monitor"
contact = "maps@example.org"
map_number = "EM-017"
disclaimer = "For planning only."
palette = ["explosive", "combat"]
logo = "logo.png"
template = "slides/house.pptx"

[series]
name = "Border weekly"
frame = [60.5, 29, 75, 38.5]
breaks = [1, 5, 10, 25]
"""


def png(size=(4, 3)):
    out = io.BytesIO()
    Image.new("RGB", size).save(out, "PNG")
    return out.getvalue()


def pptx(*names, packing=zipfile.ZIP_STORED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as packed:
        for name in ("[Content_Types].xml", "ppt/presentation.xml", *names):
            packed.writestr(name, "<x/>")
    return out.getvalue()


def overlong(data):
    """Let the directory say that the first part is longer than the file."""
    at = data.index(b"PK\x01\x02") + 20
    return data[:at] + (60_000).to_bytes(4, "little") * 2 + data[at + 8 :]


def smeared(data):
    """Damage the content of every part, with all that tells of it whole."""
    for name in (b"[Content_Types].xml", b"ppt/presentation.xml"):
        at = data.index(name) + len(name) + 9
        data = data[:at] + b"\xff" * 4 + data[at + 4 :]
    return data


@pytest.fixture
def house(tmp_path):
    (tmp_path / "slides").mkdir()
    (tmp_path / "logo.png").write_bytes(png())
    (tmp_path / "slides" / "house.pptx").write_bytes(pptx())

    def write(text):
        path = tmp_path / "house.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_a_whole_file_is_read(house):
    read = read_house_file(house(WHOLE))
    assert read.house.producer == "Example Monitor"
    assert read.house.palette == ("explosive", "combat")
    assert read.house.logo == png()
    assert read.house.template == pptx()
    assert read.series.frame == BBox(60.5, 29.0, 75.0, 38.5)
    assert read.series.breaks == (1, 5, 10, 25)


def test_every_part_may_be_left_out(house):
    path = house("\ufeff")
    assert read_house(path).as_json() == {
        "producer": "",
        "contact": "",
        "map_number": "",
        "disclaimer": "",
        "palette": [],
        "logo": "",
        "template": "",
    }
    assert read_series(path) is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"", "is empty"),
        (b"\xff\xfe", "is no TOML text"),
        ("[house", "is no TOML text"),
        ("x" * 100_001, "is too large"),
        ("[hause]", "has 'hause': must be one of house series"),
        ("house = 3", r"house is 3: must be a part that begins with \[house\]"),
        ("[house]\nproducers = 'x'", "house has 'producers'"),
        ("[house]\nproducer = 3", "house.producer is 3: must be text"),
        (f"[house]\nproducer = '{'x' * 121}'", "121 characters long: at most 120"),
        ('[house]\nproducer = "a\\nb"', "must be one line"),
        ("[house]\npalette = ['combat', 'combat']", "must name each once"),
        ("[house]\npalette = ['blue']", "house.palette is .*combat explosive"),
        ("[house]\npalette = [1]", "house.palette"),
        ("[house]\nlogo = 'nowhere.png'", "'nowhere.png' cannot be read: No such file"),
        ("[house]\nlogo = '../logo.png'", "in the folder of the house file or below"),
        ("[house]\nlogo = '/etc/passwd'", "in the folder of the house file or below"),
        ("[house]\nlogo = 'slides/house.pptx'", "must be a whole PNG"),
        ("[house]\ntemplate = 'logo.png'", "must be a whole PPTX"),
        ("[series]\nframe = [1, 2, 3, 4]", "series.name is missing"),
        ("[series]\nname = 'a'", "series.frame is None: must be"),
        ("[series]\nname = 'a'\nframe = [1, 2, 3]", "series.frame"),
        ("[series]\nname = 'a'\nframe = [1, 2, 3, nan]", "series.frame"),
        ("[series]\nname = 'a'\nframe = [1, 2, 3, true]", "series.frame"),
        ("[series]\nname = 'a'\nframe = [1, 40, 3, 20]", "series.frame"),
        ("[series]\nname = 'a'\nframe = [1, 2, 3, 4]\nbreaks = [5, 5]", "each above the one"),
        ("[series]\nname = 'a'\nframe = [1, 2, 3, 4]\nbreaks = [0]", "above 0"),
        ("[series]\nname = 'a'\nframe = [1, 2, 3, 4]\nbreaks = '1'", "series.breaks is '1'"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(house, text, sentence):
    with pytest.raises(SnapshotError, match=sentence) as raised:
        read_house_file(house(text))
    assert len(str(raised.value)) < 400


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (png()[:40], "whole PNG"),
        (png()[:45] + b"\0\0\0" + png()[48:], "whole PNG"),
        (png()[:-6], "whole PNG"),
        (png((2001, 2000)), "at most 4,000,000 pixels"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "whole PNG"),
        (b"x" * 2_000_001, "too large"),
    ],
)
def test_a_logo_is_a_real_and_small_picture(house, tmp_path, data, sentence):
    path = house("[house]\nlogo = 'logo.png'")
    (tmp_path / "logo.png").write_bytes(data)
    with pytest.raises(SnapshotError, match=sentence):
        read_house(path)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (pptx()[:-30], "whole PPTX"),
        (pptx("ppt/vbaProject.bin"), "no macros"),
        (pptx().replace(b"<x/>", b"<y/>"), "whole PPTX"),
        (overlong(pptx()), "whole PPTX"),
        (smeared(pptx(packing=zipfile.ZIP_LZMA)), "whole PPTX"),
        (b"PK\x03\x04", "whole PPTX"),
    ],
)
def test_a_template_is_a_real_presentation_without_macros(house, tmp_path, data, sentence):
    path = house("[house]\ntemplate = 'slides/house.pptx'")
    (tmp_path / "slides" / "house.pptx").write_bytes(data)
    with pytest.raises(SnapshotError, match=sentence):
        read_house(path)


def test_a_link_out_of_the_folder_is_not_followed(house, tmp_path):
    path = house("[house]\nlogo = 'link.png'")
    outside = tmp_path.parent / "outside.png"
    outside.write_bytes(png())
    (tmp_path / "link.png").symlink_to(outside)
    with pytest.raises(SnapshotError, match="in the folder"):
        read_house(path)


def test_the_example_of_the_documentation_is_read():
    read = read_house_file(ROOT / "docs" / "house.toml")
    assert read.house.producer == "Example Monitor"
    assert read.series.name == "Border weekly"
