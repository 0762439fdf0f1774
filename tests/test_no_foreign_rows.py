"""Is there no row of a source in this repository that may not be passed on?"""

import re
import subprocess

import pytest

from geo.settings import ROOT

# an id of ACLED: letters of a country, a number; ours begin with letters that no country has
_ID = re.compile(
    r"""(?:acled:|event_id_cnty["']?\s*(?:[:=,]|=>)\s*["']?)([A-Z]{3})[0-9]+""", re.IGNORECASE
)
_HEADER = re.compile(r"^\W*event_id_cnty\W{1,3}event_date\W", re.MULTILINE)
_PACKED = (".xlsx", ".xls", ".zip", ".gz", ".7z", ".ods", ".sqlite", ".gpkg", ".db")
_ZEMBLA = "ZZZ"
# made by tests/samples/vector/make.py: a few invented points, or a bomb
_SAMPLES = "tests/samples/vector/"
_SAMPLE_BYTES = 4_096


def _tracked():
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            check=True,
            capture_output=True,
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def test_the_scan_knows_a_row_of_acled():
    made_up = "PA" + "K12345"
    for text in (f"acled:{made_up}", f'"event_id_cnty": "{made_up}"', f"event_id_cnty={made_up}"):
        assert _ID.search(text)
    assert _HEADER.search("event_id_" + "cnty,event_date,year\n")


def test_no_row_of_acled_is_in_any_file():
    found = {}
    for path in _tracked():
        name = path.relative_to(ROOT).as_posix()
        sample = name.startswith(_SAMPLES) and path.stat().st_size < _SAMPLE_BYTES
        packed = name.endswith(_PACKED) and not sample
        assert not packed, f"{name}: a packed file cannot be read by this test"
        text = path.read_bytes().decode("utf-8", errors="replace")
        ids = {letters for letters in _ID.findall(text) if letters.upper() != _ZEMBLA}
        if ids or _HEADER.search(text):
            found[name] = ids
    assert found == {}
