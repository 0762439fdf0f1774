"""How well and how fast is an article read? `python3 run.py bench extract [--misses N]`.

Names of places on public corpora, incidents on the gold set. `--set-aside` opens the half of the
gold set that nobody tunes on.
"""

from __future__ import annotations

import argparse

from geo.extract import model
from tests import bench_incidents, bench_places

if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--misses", type=int, default=0, help="list so many misses of each cause")
    asked.add_argument("--without-model", action="store_true")
    asked.add_argument("--set-aside", action="store_true", help="score the set-aside half")
    given = asked.parse_args()
    loaded = None if given.without_model else model.load()
    bench_incidents.report_names(bench_incidents.half(set_aside=given.set_aside), loaded)
    if not given.set_aside:
        bench_places.report(loaded, misses=given.misses)
