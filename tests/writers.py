"""What do other processes do to a layer while a test watches? Run by multiprocessing."""

import os
import random
import time
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

from geo.errors import LayerConflictError, LayerError
from geo.layerfile import fingerprint
from geo.store import LayerStore
from tests.examples import incident
from tests.stores import NOW, imported

CROWD = 60


def generation(number: int) -> list:
    """Give a crowd that all says the same number, so that a torn layer shows."""
    return [imported(f"ucdp:{n:03}", title=f"generation {number}") for n in range(CROWD)]


def write_for_ever(folder: str, acknowledged: str, first: int) -> None:
    """Import and save in turn, and note each write once the store has answered."""
    store = LayerStore(Path(folder))
    notes = os.open(acknowledged, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    number = first
    while True:
        store.upsert("border", generation(number), by="", now=NOW)
        os.write(notes, f"generation {number}\n".encode())
        store.save("border", incident(f"own:{number:06}"), expected=None, by="Ann", now=NOW)
        os.write(notes, f"own:{number:06}\n".encode())
        number += 1


def edit(folder: str, who: str, report: str) -> None:
    """Add ten incidents and correct ten that others correct too; note what became of each."""
    store = LayerStore(Path(folder), lock_timeout=30)
    choose = random.Random(who)
    lines = []
    for n in range(10):
        store.save("border", incident(f"own:{who}-{n}"), expected=None, by=who, now=NOW)
        lines.append(f"added own:{who}-{n}")
        shared = [i for i in store.read("border").incidents if i.id.startswith("ucdp:")]
        seen = choose.choice(shared)
        time.sleep(choose.random() / 100)
        new = replace(seen, title=f"{who}-{n}")
        try:
            store.save("border", new, expected=fingerprint(seen), by=who, now=NOW)
        except LayerConflictError:
            lines.append(f"conflict {seen.id} {who}-{n}")
        else:
            lines.append(f"corrected {seen.id} {who}-{n}")
    Path(report).write_text("\n".join(lines), encoding="utf-8")


def write_on_a_full_disk(folder: str, limit: int, answer: Connection) -> None:
    """Save and import where no file may grow beyond a size, as on a full disk."""
    # only where the system knows such limits
    import resource
    import signal

    store = LayerStore(Path(folder))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    said = []
    for write in (
        lambda: store.save("border", incident("own:1"), expected=None, by="Ann", now=NOW),
        lambda: store.upsert("border", generation(2), by="", now=NOW),
    ):
        try:
            write()
            said.append("written")
        except LayerError as error:
            said.append(str(error))
        except BaseException as error:  # noqa: BLE001 the test looks for what must not be here
            said.append(f"leaked {error!r}")
    answer.send(said)
