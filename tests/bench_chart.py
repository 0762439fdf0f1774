"""How do the figures of the browser benchmark stand in the README, as a table and as a chart?"""

from __future__ import annotations

import re
import statistics
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt

ROOT = Path(__file__).resolve().parents[1]
_BLOCK = re.compile(r"(<!-- bench browser -->\n).*?(<!-- end -->)", re.DOTALL)
_NAMES = {"atlas": "Incident Atlas", "floor": "the page without a map"}
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
    """Write medians in milliseconds, a map a line, a size a column."""
    maps = figures["maps"]
    sizes = sorted({size for held in maps.values() for size in held})
    lines = [
        "| click on a filter → painted, ms | " + " | ".join(f"{n:,}" for n in sizes) + " |",
        "|---|" + "---|" * len(sizes),
    ]
    for name, held in maps.items():
        cells = [cell(held.get(size)) for size in sizes]
        lines.append(f"| {_NAMES.get(name, name)} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + f"\n\nMedians; {figures['machine']}.\n"


def cell(one: dict[str, Any] | None) -> str:
    """Write one figure; a dash where it was not tried."""
    if one is None:
        return "–"
    return "over a minute" if one["clicks"] is None else f"{statistics.median(one['clicks']):,.0f}"


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
