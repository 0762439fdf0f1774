"""How well and how fast is an article read? `python3 run.py bench extract [--misses N]`."""

from __future__ import annotations

import argparse

from geo.extract import model
from tests import bench_places

if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--misses", type=int, default=0, help="list so many misses of each cause")
    asked.add_argument("--without-model", action="store_true")
    given = asked.parse_args()
    bench_places.report(None if given.without_model else model.load(), misses=given.misses)
