"""Which engine holds the landed rows, and how is it opened?

`duckdb:PATH` reads Parquet on this machine, larger than its memory; `spark:URL` has a Spark
session read it, on one machine or many. Neither is needed by anything else.
"""

from __future__ import annotations

import importlib
import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from glob import glob
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from geo.engines import layout
from geo.errors import EngineError

# the geometry is for programs that draw
ASKED = tuple(name for name in layout.SCHEMA.names if name != "geometry")
ENGINES = ("duckdb", "spark")
_DESCRIBED = ("PYSPARK_SUBMIT_ARGS", "SPARK_CONF_DIR", "SPARK_HOME", "SPARK_REMOTE")
# what each raises of its own
_ERRORS = {"duckdb": ("duckdb", "Error"), "spark": ("pyspark.errors", "PySparkException")}
_NEEDS = {"duckdb": ("ibis", "duckdb"), "spark": ("ibis", "pyspark")}


@contextmanager
def opened(engine: str, *, memory: str | None = None) -> Iterator[Any]:
    """Open what holds the rows, as an Ibis table.

    Parameters
    ----------
    engine
        `duckdb:PATH` (a folder, a file or a pattern) or `spark:URL` (whatever Spark reads).
    memory
        What DuckDB may hold, such as "1GB"; beyond it, it goes on in temporary files.

    Raises
    ------
    EngineError
        When the engine is unknown, not installed, holds no such rows or fails.
    """
    kind, _, where = engine.partition(":")
    if kind not in ENGINES or not where:
        msg = f"engine is {engine[:80]!r}: must be duckdb:PATH or spark:URL"
        raise EngineError(msg)
    missing = [name for name in _NEEDS[kind] if find_spec(name) is None]
    if missing:
        msg = (
            f"engine {kind} needs {' and '.join(missing)}: pip install -r requirements-cluster.txt"
        )
        raise EngineError(msg)
    with _failures(kind), warnings.catch_warnings():
        # what an engine and Ibis say of each other is nothing that whoever asks could change
        warnings.simplefilter("ignore")
        rows = _duckdb(where, memory) if kind == "duckdb" else _spark(where)
        yield rows


def _duckdb(where: str, memory: str | None) -> Any:
    import ibis  # noqa: PLC0415 an engine is there or is not

    path = Path(where)
    pattern = str(path / "**" / "*.parquet") if path.is_dir() else where
    files = sorted(glob(pattern, recursive=True))  # noqa: PTH207 a pattern may begin at the root
    if not files:
        msg = f"engine duckdb: no Parquet at {where}: `python -m geo land` writes it"
        raise EngineError(msg)
    options = {"memory_limit": memory} if memory else {}
    # what it lacks it would fetch from the network
    held = ibis.duckdb.connect(
        autoinstall_known_extensions=False, autoload_known_extensions=False, **options
    )
    # of geometries, each of the two versions knows types that the other does not
    found = held.con.read_parquet(files, hive_partitioning=False)
    _check(found.columns, where)
    found.project(", ".join(f'"{name}"' for name in ASKED)).create_view("incidents")
    return held.table("incidents")


def _spark(where: str) -> Any:
    import ibis  # noqa: PLC0415 an engine is there or is not
    from pyspark.sql import SparkSession  # noqa: PLC0415

    # the session of whoever runs this, else one as the environment describes it
    session = SparkSession.getActiveSession() or _session(SparkSession.builder)
    held = ibis.pyspark.connect(session)
    rows = held.read_parquet(where, recursiveFileLookup=True)
    _check(rows.columns, where)
    return rows.select(*ASKED)


def _session(builder: Any) -> Any:
    made = (
        builder.appName("Incident Atlas")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.parquet.datetimeRebaseModeInRead", "CORRECTED")
    )
    if any(name in os.environ for name in _DESCRIBED):
        return made.getOrCreate()
    # a session that nobody describes is one on this machine, and nobody else's business
    for name in ("spark.driver.host", "spark.driver.bindAddress"):
        made = made.config(name, "127.0.0.1")
    session = made.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    return session


def _check(columns: Sequence[str], where: str) -> None:
    absent = [name for name in ASKED if name not in columns]
    if absent:
        msg = (
            f"engine: {where} has no column {absent[0]}: `python -m geo land` writes what is asked"
        )
        raise EngineError(msg)


@contextmanager
def _failures(kind: str) -> Iterator[None]:
    """Say in one sentence what an engine says at length."""
    from ibis.common.exceptions import IbisError  # noqa: PLC0415 an engine is there or is not

    module, name = _ERRORS[kind]
    own: type[Exception] = getattr(importlib.import_module(module), name)
    try:
        yield
    except (IbisError, own) as error:
        first = next((line.strip() for line in str(error).splitlines() if line.strip()), "failed")
        msg = f"engine {kind}: {first[:300]}"
        raise EngineError(msg) from error
