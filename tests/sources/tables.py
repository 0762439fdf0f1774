"""What do tests of the sources share: small files, and everything a parser says of one."""

import csv
import io
from pathlib import Path

from geo.incident import Incident
from geo.sources.rows import Notes, Rejected
from tests.examples import NOW

GED = {
    "id": "1",
    "type_of_violence": "1",
    "conflict_name": "Pakistan: Government",
    "side_a": "Government of Pakistan",
    "side_b": "TTP",
    "number_of_sources": "2",
    "source_office": "Dawn;Reuters",
    "source_date": "2014-06-15;2014-06-16",
    "where_prec": "1",
    "where_coordinates": "Mir Ali town",
    "adm_1": "Khyber Pakhtunkhwa province",
    "adm_2": "North Waziristan district",
    "latitude": "32.97",
    "longitude": "70.27",
    "country": "Pakistan",
    "country_id": "770",
    "date_prec": "1",
    "date_start": "2014-06-15 00:00:00.000",
    "date_end": "2014-06-15 00:00:00.000",
    "best": "3",
    "high": "5",
    "low": "2",
}


def ged(*changes: dict[str, str]) -> bytes:
    """Write rows of a UCDP GED file, each with its changes."""
    return csv_bytes([{**GED, "id": str(n), **change} for n, change in enumerate(changes, 1)])


def csv_bytes(rows: list[dict[str, str]], *, delimiter: str = ",") -> bytes:
    """Write rows as a CSV file."""
    text = io.StringIO()
    writer = csv.DictWriter(
        text, list(dict.fromkeys(n for row in rows for n in row)), delimiter=delimiter
    )
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


class Said:
    """Everything a parser says of a file."""

    def __init__(self, read, source: Path | bytes, **options) -> None:
        self.notes = Notes()
        rows = list(read(source, now=NOW, notes=self.notes, **options))
        self.incidents = [row for row in rows if isinstance(row, Incident)]
        self.rejected = [row for row in rows if isinstance(row, Rejected)]
        self.read = len(rows)
