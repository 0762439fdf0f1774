"""Do the parts keep to their places: who imports, who writes, who opens sockets?"""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from geo.settings import ROOT

_GEO = sorted((ROOT / "geo").rglob("*.py"))
_OURS = [*_GEO, ROOT / "app.py", ROOT / "run.py"]
_NETWORK = {"socket", "ssl", "http", "urllib.request", "requests", "httpx", "ftplib", "aiohttp"}
_SERVER = {"uvicorn", "starlette"}
_RISKY = {"pickle", "marshal", "shelve", "dill", "telnetlib"}

# who may write a file, and why
_WRITERS = {
    "geo/store.py": "layers",
    "geo/durable.py": "the store's atomic write",
    "geo/journal.py": "the store's history",
    "geo/keeping.py": "layers that are renamed, put into the bin and taken out of it",
    "geo/backupfile.py": "an unpacked backup, into a temporary folder",
    "geo/cli/shared.py": "--out",
    "geo/gazetteer_index.py": "the cache",
    "geo/indexed.py": "the cache",
    "geo/version.py": "which files passed the gate, in the cache",
    "geo/snapshot/record.py": "the record of briefings, by the atomic write",
    "geo/exports/gpkg.py": "a temporary folder",
    "geo/engines/land.py": "Parquet for engines, by the atomic write",
    "geo/context.py": "context layers, by the store's atomic write",
    "geo/union.py": "which layers are looked at together, in the cache",
    "geo/webmap/views.py": "what a token of a map stands for, in the cache",
    "geo/sources/remembered.py": "the columns a user chose for a header, in the cache",
    "geo/ui/bring_file.py": "an upload, into a temporary folder",
    "geo/incoming/job.py": "what a process tells, into a temporary folder",
    "geo/incoming/worker.py": "what a process finds, into a temporary folder",
    "geo/sources/vector_files.py": "a vector file's copy, into a temporary folder",
    "run.py": "the environment's stamp",
}
_WRITING = {"write_text", "write_bytes", "to_file", "to_parquet", "to_csv", "to_excel", "savefig"}
_MOVING = {"replace", "rename", "renames", "unlink", "remove", "rmtree", "truncate", "link"}


# every file is looked at by many tests: with fewer places than files each look would read anew
@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def _nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(_tree(path)))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


_MODULES = {_module(path) for path in _GEO}


@cache
def _imports(path: Path) -> frozenset[str]:
    """Every module a file names in an import, wherever the import stands."""
    return frozenset(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    for node in _nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{_name(path)}: imports are absolute"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in _MODULES | _NETWORK else str(node.module)


def _uses(path: Path, names: set[str]) -> set[str]:
    return {n for n in names for i in _imports(path) if i == n or i.startswith(f"{n}.")}


def _importers(names: set[str]) -> set[str]:
    return {_name(path) for path in _OURS if _uses(path, names)}


def test_streamlit_is_imported_by_the_pages_alone() -> None:
    assert {
        name
        for name in _importers({"streamlit"})
        if not name.startswith("geo/ui/") and name != "app.py"
    } == set()


def test_folium_is_imported_by_the_map_alone() -> None:
    found = _importers({"folium", "branca", "streamlit_folium"})
    # the panel renders the component, the other has it served; neither builds a map
    component = {"geo/ui/map_panel.py", "geo/ui/frames.py"}
    assert {n for n in found if not n.startswith("geo/webmap/")} <= component
    assert not any(_uses(ROOT / name, {"folium", "branca"}) for name in component)


def test_engines_are_asked_in_one_place() -> None:
    found = _importers({"ibis", "duckdb", "pyspark"})
    assert {name for name in found if not name.startswith("geo/engines/")} == set()
    # what needs them is looked at only when an engine is asked for
    whole = {_name(path) for path in _GEO if _uses(path, {"geo.engines.ledger"})}
    assert whole <= {"geo/cli/engines.py"}


def test_sockets_open_in_one_place() -> None:
    assert _importers(_NETWORK) <= {"geo/fetch.py"}
    assert {n for n in _importers(_SERVER) if not n.startswith("geo/webmap/")} == set()


def test_nothing_runs_foreign_code() -> None:
    assert _importers(_RISKY) == set()
    assert _importers({"subprocess"}) <= {
        "run.py",
        "geo/shares.py",
        "geo/incoming/job.py",
        "geo/processes.py",
        "geo/studio/studio.py",
        "geo/extract/vector.py",
        "geo/sources/vector.py",
    }
    for path in _OURS:
        for node in _nodes(path):
            if isinstance(node, ast.keyword):
                allowed = isinstance(node.value, ast.Constant) and node.value.value is False
                assert node.arg not in ("unsafe_allow_html", "shell") or allowed, _name(path)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("eval", "exec", "compile", "__import__"), _name(path)
            if isinstance(node, ast.ExceptHandler):
                assert node.type is not None, _name(path)
                # whoever catches everything, to tidy up, passes it on
                tidies = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
                caught = ast.unparse(node.type)
                assert tidies or not re.search(r"\b(Base)?Exception\b", caught), _name(path)


def _mode(call: ast.Call, at: int) -> str:
    given = [k.value for k in call.keywords if k.arg == "mode"] or call.args[at : at + 1]
    return str(given[0].value) if given and isinstance(given[0], ast.Constant) else ""


def _writes(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Name):
        return node.func.id == "open" and bool(set(_mode(node, 1)) & set("wax+"))
    if not isinstance(node.func, ast.Attribute):
        return False
    owner, verb = ast.unparse(node.func.value), node.func.attr
    if verb == "open":
        mode = _mode(node, 1 if owner in ("io", "gzip", "builtins") else 0)
        return len(mode) < 4 and bool(set(mode) & set("wax+"))
    if verb in _MOVING:
        # text.replace takes two arguments, datetime.replace names them, Path.replace takes one
        path = verb == "unlink" or (verb == "replace" and len(node.args) == 1 and not node.keywords)
        return owner in ("os", "shutil") or path
    # written to a place in memory is not written to a file
    return verb in _WRITING and not any("BytesIO" in ast.unparse(a) for a in node.args)


@pytest.mark.parametrize(
    ("code", "writes"),
    [
        ("open(path, 'w')", True),
        ("open(path)", False),
        ("path.open('ab', buffering=0)", True),
        ("path.open(mode='xb')", True),
        ("path.open('rb')", False),
        ("io.open(path, 'r+')", True),
        ("path.write_text('x')", True),
        ("os.replace(a, b)", True),
        ("text.replace(a, b)", False),
        ("path.unlink(missing_ok=True)", True),
        ("Path(one).replace(other)", True),
        ("moment.replace(tzinfo=UTC)", False),
        ("frame.to_file(path)", True),
        ("frame.to_parquet(io.BytesIO())", False),
    ],
)
def test_the_test_knows_a_write(code: str, writes: bool) -> None:  # noqa: FBT001 a table
    assert any(map(_writes, ast.walk(ast.parse(code)))) is writes


def test_files_are_written_by_few() -> None:
    writers = {_name(path) for path in _OURS if any(map(_writes, _nodes(path)))}
    assert writers <= set(_WRITERS)


def _graph() -> dict[str, set[str]]:
    graph = {}
    for path in _GEO:
        module = _module(path)
        found = {i for i in _imports(path) if i in _MODULES}
        # a package that gathers what its modules offer is no customer of theirs
        graph[module] = found - {module, module.rpartition(".")[0]}
    return graph


def test_imports_run_one_way() -> None:
    try:
        order = list(TopologicalSorter(_graph()).static_order())
    except CycleError as error:
        pytest.fail(f"modules import each other: {' → '.join(error.args[1])}")
    assert set(order) >= _MODULES


_CORE = (
    *("incident", "feature", "filters", "area", "params", "periods", "claims", "timeline", "text"),
    *("countries", "actors", "coordinates", "taxonomy", "settings", "errors", "words", "records"),
    *("geojson", "around", "corridor"),
)
_LAYERS = ("geo.ui", "geo.cli", "geo.webmap", "geo.snapshot", "geo.extract", "geo.sources")


def test_the_core_knows_nothing_of_those_who_use_it() -> None:
    for name in _CORE:
        customers = _uses(ROOT / f"geo/{name}.py", {*_LAYERS, "geo.store", "geo.fetch"})
        assert customers == set(), name


def test_only_the_app_knows_the_pages() -> None:
    found = {n for n in _importers({"geo.ui"}) if not n.startswith("geo/ui/")}
    assert found <= {"app.py"}
    found = {n for n in _importers({"geo.cli"}) if not n.startswith("geo/cli/")}
    assert found <= {"geo/__main__.py"}


def test_picture_and_interactive_map_do_without_each_other() -> None:
    for one, other in (("webmap", "snapshot"), ("snapshot", "webmap"), ("sources", "webmap")):
        for path in sorted((ROOT / "geo" / one).rglob("*.py")):
            assert not _uses(path, {f"geo.{other}"}), _name(path)


def test_the_pages_bring_no_matplotlib_into_the_server() -> None:
    # what draws is imported by the process that draws; what reads pictures, when one is checked
    ours, others = _started_by(
        [_module(path) for path in _GEO if _name(path).startswith("geo/ui/")]
    )
    assert "geo.studio.studio" in ours
    assert "matplotlib" not in others


def test_a_command_waits_for_no_package_that_it_does_not_use() -> None:
    ours, others = _started_by(["geo.cli"])
    assert "geo.cli.layers" in ours
    slow = {"matplotlib", "fontTools", "pandas", "geopandas", "openpyxl", "docx", "pptx", "PIL"}
    assert not others & slow


def _started_by(waiting: list[str]) -> tuple[set[str], set[str]]:
    """Modules of ours, and packages of others, that are imported as soon as some modules are."""
    seen: set[str] = set()
    others: set[str] = set()
    while waiting:
        module = waiting.pop()
        if module in seen or module not in _MODULES:
            continue
        seen.add(module)
        whole = ROOT / module.replace(".", "/")
        path = whole / "__init__.py" if whole.is_dir() else whole.with_suffix(".py")
        others |= {i.partition(".")[0] for i in _imported_at_once(path)} - {"geo"}
        waiting += [m for i in _imported_at_once(path) for m in (i, i.rpartition(".")[0])]
    return seen, others


def _imported_at_once(path: Path) -> set[str]:
    """Modules named in imports that run with the file, not within a function or for types alone."""
    found: set[str] = set()
    for node in _tree(path).body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {str(node.module)} | (whole & _MODULES)
    return found


def test_modules_are_short() -> None:
    tests = sorted((ROOT / "tests").rglob("*.py"))
    long = {
        _name(path): lines
        for path in (*_OURS, *tests)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


@pytest.mark.parametrize("path", _GEO, ids=_name)
def test_a_module_says_which_question_it_answers(path: Path) -> None:
    said = ast.get_docstring(_tree(path)) or ""
    assert said, "a module has a docstring"
    if path.name not in ("__init__.py", "__main__.py"):
        assert "?" in said


def test_no_module_keeps_state_that_changes() -> None:
    for path in _GEO:
        for node in _nodes(path):
            assert not isinstance(node, ast.Global), _name(path)


def _tracked() -> list[Path]:
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


# a place on somebody's own machine; the slash is split so that this file passes itself
_MACHINE = re.compile(
    r"(?<![\w.:/-])/" + r"(?:work|home|root|Users|tmp|mnt|private)/[\w.-]+|\b[A-Z]:\\Users\\\w+"
)


def test_no_file_names_a_place_on_this_machine() -> None:
    found = {}
    for path in _tracked():
        data = path.read_bytes()
        if b"\0" in data[:8_000]:
            continue
        hit = _MACHINE.search(data.decode("utf-8", errors="replace"))
        if hit:
            found[_name(path)] = hit[0]
    assert found == {}


def test_no_file_is_left_over() -> None:
    names = {_name(path) for path in _tracked()}
    assert not {n for n in names if n.endswith((".pyc", ".orig", ".rej", ".bak", "~", ".DS_Store"))}
    banned = {"utils.py", "helpers.py", "common.py", "misc.py", "manager.py"}
    assert not {n for n in names if n.rpartition("/")[2] in banned}
