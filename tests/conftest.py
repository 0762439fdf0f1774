"""Every test gets its own folders and no network."""

from __future__ import annotations

import gc
import hashlib
import ipaddress
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from geo import cli
from geo.settings import ROOT
from tests.examples import SHARED

# slow machines are not failures; the same examples on every run, so that CI is not a lottery
settings.register_profile(
    "default",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow],
)
# by hand, to hunt: pytest --hypothesis-profile=hunt
settings.register_profile("hunt", deadline=None, max_examples=5_000)
settings.load_profile("default")

pytest_plugins = ["tests.briefs"]

_connect = socket.socket.connect


def pytest_collection_finish() -> None:
    """Keep what was imported and collected out of every later search for garbage."""
    gc.collect()
    gc.freeze()


class NetworkError(AssertionError):
    """A test tried to leave this machine."""


def _local(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _guarded(self: socket.socket, address: Any) -> Any:
    unix = self.family == getattr(socket, "AF_UNIX", None)
    if not (unix or _local(address)):
        msg = f"a test opened a connection to {address!r}: tests use no network"
        raise NetworkError(msg)
    return _connect(self, address)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", _guarded)


@pytest.fixture(scope="session", autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[None]:
    """One cache folder for the whole run, all its workers included: what is derived stays equal.

    The index of the gazetteer takes 16 s to build: it is lent by an earlier run of the same code.
    """
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "cache"
    kept = _indexes_of_this_code(pytestconfig)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GEO_CACHE", str(folder))
        if kept is None:
            yield
            return
        _copy_indexes(kept, folder)
        yield
        _copy_indexes(folder, kept)
        for other in kept.parent.iterdir():
            if other != kept:
                shutil.rmtree(other, ignore_errors=True)


def _indexes_of_this_code(config: pytest.Config) -> Path | None:
    """Folder in pytest's cache, if it has one, for what the modules beside the gazetteer build."""
    if not hasattr(config, "cache"):
        return None
    code = hashlib.sha256()
    for path in sorted((ROOT / "geo").glob("*.py")):
        code.update(path.read_bytes())
    return Path(config.cache.mkdir("gazetteer")) / code.hexdigest()[:16]


def _copy_indexes(source: Path, target: Path) -> None:
    """Copy indexes, each named by the content of its inputs, whole or not at all."""
    for path in source.glob("gazetteer-*.sqlite"):
        target.mkdir(parents=True, exist_ok=True)
        if not (target / path.name).exists():
            handle, beside = tempfile.mkstemp(dir=target)
            os.close(handle)
            shutil.copyfile(path, beside)
            Path(beside).replace(target / path.name)


@pytest.fixture(autouse=True)
def layers(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test an empty layers folder in its environment."""
    folder = tmp_path_factory.mktemp("layers")
    monkeypatch.setenv("GEO_LAYERS", str(folder))
    monkeypatch.delenv("GEO_USER", raising=False)
    return folder


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of real data beside the repository; tests that read it skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the folder of real data, shared/, is not beside the repository")
    return SHARED


@pytest.fixture
def demo(layers):
    """Put the demo layer into this test's folder."""
    shutil.copy(ROOT / "layers" / "afghanistan-pakistan-2025.geojson", layers)
    return layers


@pytest.fixture
def run(capsys):
    """Run one command in this process: exit code, standard output, standard error."""

    def go(*arguments):
        try:
            code = cli.main([str(a) for a in arguments])
        except SystemExit as error:
            code = error.code
        said = capsys.readouterr()
        return code, said.out, said.err

    return go
