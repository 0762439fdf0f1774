"""What may be done with incidents under this licence?

Sources write one line with each incident; whoever shows, exports or reports asks here what it
means. A licence that is not known is never taken for a permission.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ACLED = "ACLED terms of use: name ACLED on every picture, do not pass on its rows"
UCDP = "CC BY 4.0, UCDP GED"
GDELT = "GDELT Project, free to use with a citation (https://www.gdeltproject.org/)"
USGS = "public domain, USGS"
GDACS = "GDACS, terms on https://www.gdacs.org"
BELLINGCAT = "Bellingcat, terms not stated"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a licence allows: whether rows may be passed on, whom to name, and a sentence."""

    rows_may_be_passed_on: bool
    credit: str
    sentence: str


_UNKNOWN = Terms(
    rows_may_be_passed_on=False,
    credit="",
    sentence="The licence is not known: ask before you pass the rows on.",
)
# the particular before the general; words stand alone, so that no name is found within another
_KNOWN: tuple[tuple[str, Terms], ...] = (
    (
        "ACLED",
        Terms(
            rows_may_be_passed_on=False,
            credit="Armed Conflict Location & Event Data (ACLED), acleddata.com",
            sentence=(
                "Name ACLED on every picture and map, with the day of access, the filters and "
                "what was changed; do not pass on its rows or notes, nor use them commercially."
            ),
        ),
    ),
    (
        "UCDP",
        Terms(
            rows_may_be_passed_on=True,
            credit="UCDP GED (Davies et al., of the year of the version; Sundberg & Melander 2013)",
            sentence="The rows may be passed on with the two citations of UCDP GED.",
        ),
    ),
    (
        "GDELT",
        Terms(
            rows_may_be_passed_on=True,
            credit="The GDELT Project, https://www.gdeltproject.org/",
            sentence="The rows may be passed on with a citation of and a link to GDELT.",
        ),
    ),
    (
        "USGS",
        Terms(
            rows_may_be_passed_on=True,
            credit="U.S. Geological Survey",
            sentence="The rows are in the public domain; naming USGS is good custom.",
        ),
    ),
    (
        "CC0|public domain",
        Terms(
            rows_may_be_passed_on=True,
            credit="",
            sentence="The rows are free of conditions.",
        ),
    ),
    (
        r"CC[ -]BY(?:[ -](?:4\.0|3\.0|IGO))*(?![ -](?:NC|ND|SA))",
        Terms(
            rows_may_be_passed_on=True,
            credit="as the source asks",
            sentence="The rows may be passed on if the source is named.",
        ),
    ),
)


def terms(licence: str) -> Terms:
    """Say what one licence allows."""
    for words, found in _KNOWN:
        if re.search(rf"(?<![A-Za-z0-9])(?:{words})(?![A-Za-z0-9])", licence, re.IGNORECASE):
            return found
    return _UNKNOWN
