"""Can anything in a briefing for the public lead to a true place, in whatever it is packed?"""

import pytest

from geo.filters import Filter, select
from geo.profile import fit
from geo.snapshot import Brief, frame_for
from geo.snapshot.language import language
from geo.snapshot.make import draw
from tests.examples import NOW
from tests.exports.streams import streams, traces
from tests.exports.test_public import LAYER, VILLAGES

EVERYTHING = Filter()


@pytest.fixture(scope="module")
def public():
    fitted = fit(LAYER, "public")
    frame = frame_for(select(fitted.incidents, EVERYTHING).matches)
    return Brief(
        title="Shelling, Kunar and elsewhere, 2025",
        query=EVERYTHING,
        selection=select(fitted.incidents, EVERYTHING, frame=frame),
        layers=(("border", fitted.version("v1")),),
        as_of=NOW,
        frame=frame,
        profile="public",
        notes=fitted.notes(language("en").say),
        withheld=fitted.withheld,
    )


@pytest.mark.parametrize("fmt", ["pptx", "docx", "html"])
def test_no_byte_of_a_briefing_leads_to_a_true_place(public, fmt):
    # a position on the sheet may begin as a coordinate does: what is looked for is longer
    long = [t for t in traces(LAYER) if len(t) in (4, 8)]
    for incident in LAYER:
        spots = [incident.point, *(site.point for site in incident.sites)]
        long += [f"{v:.5f}"[:-1].encode() for s in spots if s for v in (s.lon, s.lat)]
    for held in streams(draw(public, fmt=fmt)):
        # pixels and packed bytes hold any four bytes by chance
        wanted = [t for t in long if len(t) > 4] if held[:4] in (b"\x89PNG", b"PK\3\4") else long
        assert not [t for t in wanted if len(t) > 4 and t in held]
        for name in VILLAGES:
            assert name.encode() not in held
            assert name.casefold().encode() not in held.lower()
