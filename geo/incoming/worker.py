"""What does a process do that was told to ask a source, try or write a file, or read a layer?

    python -m geo.incoming.worker FOLDER

The order comes as the first line of its input, with the secrets, so that no list of processes
shows them. When its input ends, whoever asked for it is gone or has changed their mind, and it
ends too. Results lie in the folder; what it tells are lines of JSON:
{"step": [what, done, of]}, and at last {"done": true} or {"error": …, "problems": …}.
"""

from __future__ import annotations

import _thread
import json
import os
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import Any, NoReturn

from geo.errors import AtlasError, GeoJSONError
from geo.importing import Report, refusal, run
from geo.incident import Incident
from geo.incoming.look import look
from geo.incoming.order import Order, Results, read
from geo.incoming.rejects import rejects
from geo.incoming.sample import Sample
from geo.layerfile import Written
from geo.processes import bound_memory, step_back
from geo.remote.secrets import Secrets
from geo.store import LayerStore

SHOWN = 500
_EVERY = 0.25
_ROOM = 2_000_000_000
# whoever looks at a map goes first, and whoever waits for a picture
_BACK = 10
_Rows = Iterable[Incident | Written]


class _Teller:
    """Says on the way what is done and how much of it, not too often."""

    def __init__(self) -> None:
        self._last = 0.0

    def step(self, what: str, done: int, of: int | None) -> None:
        """Tell of a step, unless the last was told just now."""
        now = time.monotonic()
        if now - self._last >= _EVERY:
            self._last = now
            tell({"step": [what, done, of]})

    def watch(self, rows: _Rows, following: str) -> Iterator[Incident | Written]:
        """Count incidents that go by, and say what comes after them."""
        number = 0
        for number, row in enumerate(rows, start=1):
            self.step("incidents read", number, None)
            yield row
        tell({"step": [following, number, None]})


def tell(value: dict[str, Any]) -> None:
    """Write one line."""
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def work(order: Order, secrets: Secrets, results: Results) -> None:
    """Do what was ordered.

    Raises
    ------
    AtlasError
        Where the source or the file cannot be had or read.
    """
    teller = _Teller()
    if order.work == "read":
        from geo.indexed import open_indexed  # noqa: PLC0415 as in _ask

        open_indexed(LayerStore(order.layers), order.layer, step=teller.step)
        return
    if order.work == "ask":
        _ask(order, secrets, results, teller)
        return
    try:
        looked = _looked(order, results)
        if looked is not None:
            _import(looked, results, teller)
    except GeoJSONError as error:
        _report(refusal(error, source=order.source, layer=order.layer), order, results)
        raise


def _looked(order: Order, results: Results) -> Order | None:
    """Find the columns of a file; None where a question must be answered first."""
    if order.path is None or order.answer:
        return order
    seen = look(order.source, order.path, order.columns)
    if seen is None:
        return order
    _save(results.look, json.dumps(seen.as_json()).encode())
    # of several layers of a vector file, those without a question can come in
    if seen.questions and order.source != "vector":
        return None
    return replace(order, columns=seen.chosen)


def _ask(order: Order, secrets: Secrets, results: Results, teller: _Teller) -> None:
    # a file is reported sooner by a process that has not imported what only this needs
    from geo.fetch import Door  # noqa: PLC0415
    from geo.remote.asking import PATIENT, ask  # noqa: PLC0415

    with Door(limits=PATIENT) as door:
        answer = ask(order.source, order.query, door=door, secrets=secrets, step=teller.step)
    _save(results.answer, answer.data)
    said = {"said": answer.said, "withdrawn": answer.withdrawn}
    _save(results.said, json.dumps(said).encode())


def _import(order: Order, results: Results, teller: _Teller) -> None:
    sample = Sample()
    trying = order.work == "try"
    following = "comparing with the layer" if trying else "writing the layer"

    def through(rows: _Rows) -> _Rows:
        return teller.watch(sample.watch(rows) if trying else rows, following)

    path = order.path.read_bytes() if order.answer and order.path else order.path
    report = run(
        order.source,
        path,
        # without a layer everything is new, and nothing lies in this folder
        layer=order.layer or "preview",
        store=LayerStore(order.layers if order.layer else results.folder),
        now=order.now,
        by=order.by,
        dry_run=trying,
        withdraw=order.withdraw,
        columns=order.columns,
        upload=not order.answer,
        through=through,
    )
    if trying:
        _save(results.sample, b"\n".join(sample.lines()))
    _report(report, order, results)


def _report(report: Report, order: Order, results: Results) -> None:
    if report.rejected:
        tell({"step": ["rejected rows gathered", len(report.rejected), None]})
        path = None if order.answer else order.path
        with results.rejected.open("wb") as file:
            file.writelines(rejects(report.rejected, order.source, path, order.columns))
    shown = replace(report, rejected=report.rejected[:SHOWN]).as_json()
    _save(results.report, json.dumps({**shown, "refused": len(report.rejected)}).encode())


def _save(path: Path, data: bytes) -> None:
    """Write a result beside its place and put it there whole: it is read while we work."""
    beside = path.with_suffix(".part")
    beside.write_bytes(data)
    beside.replace(path)


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(3)


def _end_with_input() -> None:
    while os.read(0, 4_096):
        pass
    _thread.interrupt_main(signal.SIGTERM)


def main() -> None:
    """Read the order, do it, say how it went."""
    signal.signal(signal.SIGTERM, _stop)
    order, secrets = read(sys.stdin.buffer.readline())
    Thread(target=_end_with_input, daemon=True).start()
    if order.work != "read":
        # a layer is the user's own, and as large as it is
        bound_memory(_ROOM)
    step_back(_BACK)
    try:
        work(order, secrets, Results(Path(sys.argv[1])))
    except AtlasError as error:
        tell({"error": str(error)})
    except MemoryError:
        most = _ROOM // 1_000_000
        tell({"error": f"the file needs more than the {most:,} MB of memory one import may take"})
    except OSError as error:
        tell({"error": f"{error.filename or 'the file'}: {error.strerror or error}"})
    else:
        tell({"done": True})


if __name__ == "__main__":
    main()
