"""How do the figures of the browser benchmark stand in the README, as a table and as a chart?"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np

from tests.bench_painted import LONGEST_MS

mpl.use("Agg")
from matplotlib import pyplot as plt

ROOT = Path(__file__).resolve().parents[1]
_BLOCK = re.compile(r"(<!-- bench browser -->\n).*?(<!-- end -->)", re.DOTALL)
_NAMES = {"atlas": "Incident Atlas", "floor": "the page without a map"}
_OWN = {
    "moves": "pan and zoom → painted, p50 / p95 ms, bytes a view at most",
    "days": "days stepped on in the map → painted, p50 / p95 ms, bytes a view at most",
    "jumps": "days dragged anywhere in the map → painted, p50 / p95 ms, bytes a view at most",
}
_COLOURS = {
    "atlas": "#0b5cad", "floor": "#8a9299", "pydeck": "#b5651d", "GeoJson": "#7a3e9d",
    "FastMarkerCluster": "#2e7d4f", "MarkerCluster": "#a33b3b",
}  # fmt: skip


def write_readme(figures: dict[str, Any]) -> None:
    """Put the table into README.md and draw docs/bench.png."""
    readme = ROOT / "README.md"
    text, count = _BLOCK.subn(
        lambda found: f"{found[1]}\n{table(figures)}\n{found[2]}",
        readme.read_text(encoding="utf-8"),
    )
    if count != 1:
        msg = "README.md has no block between <!-- bench browser --> and <!-- end -->"
        raise ValueError(msg)
    readme.write_text(text, encoding="utf-8")
    chart(figures, ROOT / "docs" / "bench.png")


def table(figures: dict[str, Any]) -> str:
    """Write medians in milliseconds, a map a line, a size a column; then ratios and our own."""
    maps, own = figures["maps"], figures["maps"].get("atlas", {})
    sizes = sorted(figures["layers"])

    def line(name: str, cells: Iterable[str]) -> str:
        return f"| {name} | " + " | ".join(cells) + " |"

    def over(base: dict[int, Any], held: dict[int, Any], size: int) -> str:
        below, above = base.get(size, {}).get("clicks"), held.get(size)
        if not below or above is None or above["failed"]:
            return "–"
        if above["clicks"] is None:
            return f"over {LONGEST_MS / statistics.median(below):,.0f}"
        return f"{statistics.median(above['clicks']) / statistics.median(below):,.1f}"

    lines = [
        line("click on a filter → painted, ms", [f"{n:,}" for n in sizes]),
        "|---|" + "---|" * len(sizes),
        *(
            line(_NAMES.get(name, name), [cell(of.get(n)) for n in sizes])
            for name, of in maps.items()
        ),
    ]
    if own:
        pages = [cell(own.get(n), "pages") for n in sizes]
        lines.append(line("Incident Atlas, until the whole page is there", pages))
    if "floor" in maps:
        ratios = [over(maps["floor"], own, n) for n in sizes]
        lines.append(line("Incident Atlas ÷ the page without a map", ratios))
    for name, of in maps.items():
        if name not in _NAMES:
            lines.append(line(f"{name} ÷ Incident Atlas", [over(own, of, n) for n in sizes]))
    for name, said in _OWN.items():
        lines.append(line(said, [quick(own.get(n), name) for n in sizes]))
    opened = [f"{figures['layers'][n]['seconds']:,.1f}" for n in sizes]
    lines.append(line("first opening of a layer, once, s", opened))
    return "\n".join(lines) + (
        f"\n\nMedians of one run, `python3 run.py bench browser`; {figures['machine']}. A map not"
        f" painted within {LONGEST_MS // 1000} s is cut off there and not tried with more (–). The"
        " page without a map is told at the end of its whole run; ours hears of a filter ahead of"
        " its page. Three quarters of the incidents match, in the mean. pydeck drew with WebGL in"
        " software, so its figures are an upper bound; at 1,000 incidents nothing is claimed. The"
        " layers are seeded: rows in GeoParquet, written as the layer's own GeoJSON, of which the"
        " program makes its columns itself.\n"
    )


def cell(one: dict[str, Any] | None, what: str = "clicks") -> str:
    """Write one figure; a dash where it was not tried."""
    if one is None:
        return "–"
    if one["failed"]:
        return one["failed"]
    if one["clicks"] is None:
        return f"over {LONGEST_MS // 1000:,} s"
    return f"{statistics.median(one[what]):,.0f}"


def quick(one: dict[str, Any] | None, name: str) -> str:
    """Write how soon a move in the map is painted, and what comes for it at most."""
    if not one or name not in one:
        return "–"
    p50, p95 = np.percentile(one[name], (50, 95))
    return f"{p50:,.0f} / {p95:,.0f}, {max(one[f'{name}_kilobytes']):,.0f} kB"


def chart(figures: dict[str, Any], path: Path) -> None:
    """Draw medians over the number of incidents, both axes logarithmic."""
    figure, axes = plt.subplots(figsize=(8, 4.4), dpi=160)
    for name, held in figures["maps"].items():
        known = [
            (n, statistics.median(o["clicks"])) for n, o in sorted(held.items()) if o["clicks"]
        ]
        if not known:
            continue
        sizes, medians = zip(*known, strict=True)
        own = name == "atlas"
        style = "--" if name == "floor" else "-"
        axes.plot(
            sizes, medians, style, color=_COLOURS[name], marker="o", ms=4, lw=2.6 if own else 1.5
        )
        axes.annotate(
            _NAMES.get(name, name), (sizes[-1], medians[-1]), xytext=(7, 0), va="center",
            textcoords="offset points", color=_COLOURS[name], fontweight="bold" if own else None,
            fontsize=9,
        )  # fmt: skip
    axes.set(xscale="log", yscale="log")
    axes.set_xlabel("incidents in the layer")
    axes.set_ylabel("click on a filter → painted, ms")
    axes.xaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda n, _: f"{n:,.0f}"))
    axes.yaxis.set_major_locator(mpl.ticker.LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_minor_locator(mpl.ticker.NullLocator())
    axes.yaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda n, _: f"{n:,.0f}"))
    axes.grid(which="major", color="#e3e6e9", lw=0.8)
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(x=0.02)
    axes.set_xlim(right=axes.get_xlim()[1] * 6)
    figure.tight_layout()
    figure.savefig(path)
    plt.close(figure)
