"""How do the catalogues get the names of countries?

    python -m data.languages.build

Takes them from Unicode CLDR as the package Babel ships it (needed here only), sets those of
`NAMES` in their place, and writes the section `countries` of every catalogue but the English one,
whose names are those of `data/countries.json`. The same package gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
# Dari is Persian as spoken in Afghanistan
LOCALES = {"ar": "ar", "prs": "fa_AF", "ps": "ps", "ru": "ru", "uk": "uk", "ur": "ur"}
# where CLDR's name is long, has a second name in brackets or tells two states apart by a city
NAMES = {
    "HKG": {
        "ar": "هونغ كونغ",
        "prs": "هانگ‌کانگ",
        "ps": "هانګ کانګ",
        "ru": "Гонконг",
        "uk": "Гонконг",
        "ur": "ہانگ کانگ",
    },
    "MAC": {
        "ar": "ماكاو",
        "prs": "ماکائو",
        "ps": "مکاو",
        "ru": "Макао",
        "uk": "Макао",
        "ur": "مکاؤ",
    },
    "MMR": {
        "ar": "ميانمار",
        "prs": "میانمار",
        "ps": "ميانمار",
        "ru": "Мьянма",
        "uk": "М’янма",
        "ur": "میانمار",
    },
    "COD": {
        "ar": "جمهورية الكونغو الديمقراطية",
        "prs": "جمهوری دموکراتیک کانگو",
        "ps": "د کانګو ډیموکراتیک جمهوریت",
        "ru": "Демократическая Республика Конго",
        "uk": "Демократична Республіка Конго",
        "ur": "جمہوری جمہوریہ کانگو",
    },
    "COG": {
        "ar": "جمهورية الكونغو",
        "prs": "جمهوری کانگو",
        "ps": "د کانګو جمهوریت",
        "ru": "Республика Конго",
        "uk": "Республіка Конго",
        "ur": "جمہوریہ کانگو",
    },
}
_NARROW = 100


def main() -> None:
    """Write the section of every catalogue."""
    from babel import Locale  # noqa: PLC0415 needed to build, never to run

    rows = json.loads((HERE.parent / "countries.json").read_text(encoding="utf-8"))
    for code, locale in LOCALES.items():
        path = HERE / f"{code}.json"
        words = json.loads(path.read_text(encoding="utf-8"))
        territories = Locale.parse(locale).territories
        words["countries"] = {
            row["iso3"]: NAMES.get(row["iso3"], {}).get(code) or territories[row["iso2"]]
            for row in rows
        }
        path.write_text(text_of(words), encoding="utf-8")


def text_of(words: Mapping[str, Any]) -> str:
    """Write a catalogue so that changes to it can be read line by line."""
    return f"{_set(words, 1)}\n"


def _set(held: Any, depth: int) -> str:
    flat = json.dumps(held, ensure_ascii=False)
    plain = not isinstance(held, dict) or (
        depth > 1 and len(flat) < _NARROW and not any(isinstance(v, dict) for v in held.values())
    )
    if plain:
        return flat
    pad = " " * depth
    lines = [f"{pad}{json.dumps(k)}: {_set(v, depth + 1)}" for k, v in held.items()]
    return "{\n" + ",\n".join(lines) + f"\n{pad[1:]}}}"


if __name__ == "__main__":
    main()
