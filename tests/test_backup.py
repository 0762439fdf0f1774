"""Does everything come back from a backup, and nothing from a zip that is none?"""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import views
from geo.backup import Restored, backup, restore
from geo.errors import BackupError
from geo.extract import archive
from geo.incident import Incident
from geo.keeping import Keeper
from geo.layerfile import fingerprint
from geo.views import View
from tests.stores import META, NOW, border, imported, later, leftovers
from tests.strategies import crowds

PAGE = b"<p>Shelling near Spin Boldak.</p>"


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def packed(folder: Path) -> bytes:
    out = io.BytesIO()
    backup(folder, out)
    return out.getvalue()


def brought(data: bytes, folder: Path, **options: Any) -> Restored:
    return restore(io.BytesIO(data), folder, by="Cy", now=later(90), **options)


def standings(made: Restored) -> dict[str, str]:
    return {f"{item.what} {item.name}": item.standing for item in made.items}


@pytest.fixture
def full(tmp_path: Path) -> Path:
    folder = tmp_path / "full"
    store = border(folder)
    store.upsert("border", [imported("ucdp:1"), imported("ucdp:2")], by="Ann", now=later(1))
    store.create("other", META, by="Ann", now=NOW)
    views.save(folder, View(name="week", layer="border", rule="last-full-week"))
    for beside, name, text in (
        ("context", "routes.geojson", '{"type":"FeatureCollection","features":[]}'),
        (".briefings", "ABCDEFGH.json", '{"schema":"x"}'),
    ):
        (folder / beside).mkdir()
        (folder / beside / name).write_text(text, encoding="utf-8")
    archive.keep(PAGE, folder)
    (folder / ".articles" / f"{sha256(PAGE)}.json").write_text('{"article":{}}', encoding="utf-8")
    return folder


def edit(folder: Path, title: str, minutes: int) -> None:
    store = Keeper(folder)
    one = store.read("border").incidents[0]
    changed = replace(one, title=title)
    store.save("border", changed, expected=fingerprint(one), by="Bo", now=later(minutes))


def test_a_backup_fills_an_empty_folder_as_it_was(full: Path, tmp_path: Path) -> None:
    data = packed(full)
    assert packed(full) == data
    empty = tmp_path / "empty"
    made = brought(data, empty)
    assert set(standings(made).values()) == {"restored"}
    assert list(standings(made)) == [
        *("layer border", "layer other", f"article {sha256(PAGE)}"),
        *("briefing ABCDEFGH", "context routes", "view week"),
    ]
    assert (empty / ".articles" / sha256(PAGE)).read_bytes() == PAGE
    assert packed(empty) == data
    assert [s.action for s in Keeper(empty).history("border")] == ["import", "create"]
    assert leftovers(empty) == []
    # and once more: everything is there
    assert set(standings(brought(data, empty)).values()) == {"same"}
    assert packed(empty) == data


@settings(max_examples=25)
@given(st.lists(crowds(max_size=4), min_size=1, max_size=3))
def test_backup_then_restore_is_the_identity(versions: list[list[Incident]]) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        one, other = Path(temporary) / "one", Path(temporary) / "other"
        store = border(one)
        for number, incidents in enumerate(versions):
            store.upsert("border", incidents, by="Ann", now=later(number), complete=True)
        data = packed(one)
        brought(data, other)
        assert packed(other) == data
        again = Keeper(other)
        for step in store.history("border"):
            then = store.read_version("border", step.version_after)
            assert again.read_version("border", step.version_after) == then


def test_what_goes_on_here_is_kept(full: Path) -> None:
    data = packed(full)
    edit(full, "Later", 5)
    before = packed(full)
    assert standings(brought(data, full))["layer border"] == "newer_here"
    assert packed(full) == before


def test_what_goes_on_there_waits_until_it_is_taken(full: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    brought(packed(full), old)
    edit(full, "Later", 5)
    data, before = packed(full), packed(old)
    assert standings(brought(data, old))["layer border"] == "newer_there"
    assert packed(old) == before
    assert standings(brought(data, old, take=["border"], dry_run=True))["layer border"] == "taken"
    assert packed(old) == before
    brought(data, old, take=["border"])
    assert Keeper(old).read("border") == Keeper(full).read("border")
    # what was here lies in the bin
    assert [one.name for one in Keeper(old).binned()] == ["border"]


def test_two_ways_are_a_conflict_and_nothing_is_overwritten(full: Path, tmp_path: Path) -> None:
    here = tmp_path / "here"
    brought(packed(full), here)
    edit(full, "Theirs", 5)
    edit(here, "Ours", 6)
    views.save(here, View(name="week", layer="other"), replacing=True)
    (here / "context" / "routes.geojson").write_text("{}", encoding="utf-8")
    before = packed(here)
    said = standings(brought(packed(full), here))
    assert said == {
        "layer border": "conflict",
        "layer other": "same",
        f"article {sha256(PAGE)}": "same",
        "briefing ABCDEFGH": "same",
        "context routes": "conflict",
        "view week": "conflict",
    }
    assert packed(here) == before
    with pytest.raises(BackupError, match="'nothing' to take is not in the backup"):
        brought(packed(full), here, take=["nothing"])


def test_a_dry_run_writes_nothing(full: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    assert set(standings(brought(packed(full), empty, dry_run=True)).values()) == {"restored"}
    assert not empty.exists()


def test_a_damaged_layer_is_left_out_and_named(full: Path, tmp_path: Path) -> None:
    (full / "broken.geojson").write_text("{", encoding="utf-8")
    (full / "linked.geojson").symlink_to(tmp_path)
    out = io.BytesIO()
    made = backup(full, out)
    assert made.counts == {
        "layers": 2,
        "journals": 2,
        "views": 1,
        "context": 1,
        "briefings": 1,
        "articles": 2,
    }
    assert [("broken" in text, "linked" in text) for text in made.left_out] == [
        (True, False),
        (False, True),
    ]
    assert "layer broken" not in standings(brought(out.getvalue(), tmp_path / "empty"))


def test_what_is_damaged_beside_the_layers_does_not_spoil_the_backup(
    full: Path, tmp_path: Path
) -> None:
    (full / ".articles" / sha256(b"other")).write_bytes(b"changed since")
    (full / ".articles" / f"{sha256(b'third')}.json").write_text("{", encoding="utf-8")
    (full / "context" / "broken.geojson").write_text("{", encoding="utf-8")
    (full / ".articles" / "border.jsonl").write_text("{}\n", encoding="utf-8")
    out = io.BytesIO()
    made = backup(full, out)
    assert (made.counts["articles"], made.counts["context"]) == (2, 1)
    assert [text.split("/")[0] for text in made.left_out] == ["context", "articles", "articles"]
    assert sum("not what its name says" in text for text in made.left_out) == 1
    brought(out.getvalue(), tmp_path / "empty")
    assert len(list((tmp_path / "empty" / ".articles").iterdir())) == 2


def test_an_article_that_is_here_stays_as_it_is(full: Path, tmp_path: Path) -> None:
    here = tmp_path / "here"
    read = here / ".articles" / f"{sha256(PAGE)}.json"
    read.parent.mkdir(parents=True)
    read.write_text('{"article":{"title":"read here"}}', encoding="utf-8")
    found = {item.standing for item in brought(packed(full), here).items if item.what == "article"}
    assert found == {"conflict", "restored"}
    assert "read here" in read.read_text(encoding="utf-8")


def test_no_more_files_are_packed_than_are_read(
    full: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("backup", "backupfile"):
        monkeypatch.setattr(f"geo.{module}.MOST_FILES", 7)
    out = io.BytesIO()
    made = backup(full, out)
    assert "a backup holds 7 files" in made.left_out[0]
    assert len(brought(out.getvalue(), tmp_path / "empty").items) == 4


def test_views_that_were_not_understood_are_told(full: Path, tmp_path: Path) -> None:
    rows = [{"name": "x"}, views.write_row(View(name="good", layer="border"))]
    (full / "views.json").write_bytes(views.write_file(rows))
    made = brought(packed(full), tmp_path / "empty")
    assert standings(made)["view good"] == "restored"
    assert "in the backup: view" in made.problems[0]


Change = Callable[[dict[str, bytes]], dict[str, bytes] | None]


def altered(data: bytes, change: Change, *, restate: bool = True) -> bytes:
    """Pack a backup anew with changed files, the statement following where asked."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {info.filename: archive.read(info) for info in archive.infolist()}
    files = change(files) or files
    if restate and "backup.json" in files:
        stated = {
            name: {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
            for name, body in files.items()
            if name != "backup.json"
        }
        held = json.loads(files["backup.json"]) | {"files": stated}
        files["backup.json"] = json.dumps(held).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return out.getvalue()


def _with(name: str, body: bytes) -> Change:
    return lambda files: {**files, name: body}


@pytest.mark.parametrize(
    ("change", "restate", "rule"),
    [
        (_with("../evil.geojson", b"{}"), True, "no place of ours"),
        (_with("/etc/passwd", b"x"), True, "no place of ours"),
        (_with("layers/../../x.geojson", b"{}"), True, "no place of ours"),
        (_with("layers/UPPER.geojson", b"{}"), True, "no place of ours"),
        (_with("layers/con.geojson", b"{}"), True, "layer name is 'con'"),
        (_with("layers\\x.geojson", b"{}"), True, "no place of ours"),
        (_with("context/.hidden.json", b"{}"), True, "no place of ours"),
        (_with("briefings/x.exe", b"{}"), True, "no place of ours"),
        (_with("layers/x.geojson", b"{"), True, "'layers/x.geojson' cannot be read"),
        (_with("journals/border.jsonl", b'{"action":1}\n'), True, "journal of layer"),
        (_with("journals/nobody.jsonl", b""), True, "without its layer"),
        (_with("views.json", b"[]"), True, "schema must be"),
        (_with("articles/border.jsonl", b"{}"), True, "no place of ours"),
        (_with(f"articles/{'a' * 64}", b"x"), True, "not what its name says"),
        (_with(f"articles/{'a' * 64}.json", b"{"), True, f"{'a' * 64}.json' cannot be read"),
        (_with("context/x.geojson", b'{"a":1,"a":2}'), True, "'context/x.geojson' cannot be read"),
        (_with("views.json", b"[]"), False, "not what backup.json says"),
        (_with("layers/x.geojson", b"{}"), False, "disagree about 'layers/x.geojson'"),
        (_with("backup.json", b"{}"), False, "backup.json cannot be read"),
        (_with("backup.json", b"["), False, "backup.json cannot be read"),
        (_with("backup.json", b'{"schema":"other","files":{}}'), False, "schema is 'other'"),
        (lambda files: {k: v for k, v in files.items() if k != "backup.json"}, False, "holds no"),
    ],
)
def test_what_is_not_a_backup_of_ours_is_refused_whole(
    full: Path,
    tmp_path: Path,
    change: Change,
    restate: bool,  # noqa: FBT001 a table
    rule: str,
) -> None:
    data = altered(packed(full), change, restate=restate)
    target = tmp_path / "target"
    with pytest.raises(BackupError, match=rule):
        brought(data, target)
    assert not target.exists()
    assert not (tmp_path / "evil.geojson").exists()


@pytest.mark.parametrize("cut", [0, 1, 10, 200, -1, -30])
def test_a_file_cut_short_is_refused(full: Path, tmp_path: Path, cut: int) -> None:
    with pytest.raises(BackupError):
        brought(packed(full)[:cut], tmp_path / "target")
    assert not (tmp_path / "target").exists()


def test_a_file_larger_than_it_says_is_not_unpacked_further(full: Path, tmp_path: Path) -> None:
    def bomb(files: dict[str, bytes]) -> dict[str, bytes]:
        held = json.loads(files["backup.json"])
        held["files"]["layers/x.geojson"] = {"bytes": 10, "sha256": "0" * 64}
        files["backup.json"] = json.dumps(held).encode()
        return {**files, "layers/x.geojson": b"0" * 50_000_000}

    with pytest.raises(BackupError, match=r"not what backup\.json says"):
        brought(altered(packed(full), bomb, restate=False), tmp_path / "target")


def test_a_name_that_stands_twice_is_refused(full: Path, tmp_path: Path) -> None:
    out = io.BytesIO(packed(full))
    with (
        zipfile.ZipFile(out, "a") as archive,
        pytest.warns(UserWarning, match="Duplicate name"),
    ):
        archive.writestr("views.json", b"{}")
    with pytest.raises(BackupError, match="names a file twice"):
        brought(out.getvalue(), tmp_path / "target")


@settings(max_examples=60)
@given(st.data())
def test_flipped_bytes_never_put_anything_odd_in_place(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder, target = Path(temporary) / "one", Path(temporary) / "two"
        store = border(folder)
        store.upsert("border", [imported("ucdp:1")], by="Ann", now=later(1))
        good = packed(folder)
        at = data.draw(st.integers(0, len(good) - 1))
        bad = bytearray(good)
        bad[at] ^= data.draw(st.integers(1, 255))
        try:
            brought(bytes(bad), target)
        except BackupError:
            assert not target.exists()
        else:
            assert packed(target) == good
