"""Are GDELT's files checked by their sums, and is what is missing told?"""

import hashlib
import io
import zipfile
from datetime import UTC, datetime

import pytest

from geo.errors import FetchError, FilterError
from geo.remote.gdelt import Query, fetch
from geo.sources.gdelt import read
from tests.remote.doors import door, page_of_html
from tests.servers import serving
from tests.sources.tables import Said
from tests.sources.test_gdelt import as_export, made

START, END = datetime(2025, 10, 15, 6, 7, tzinfo=UTC), datetime(2025, 10, 15, 6, 45, tzinfo=UTC)
STAMPS = ["20251015060000", "20251015061500", "20251015063000", "20251015064500"]


def zipped(*changes, name="x.export.CSV"):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, as_export(made(*changes)))
    return held.getvalue()


def numbered(*numbers, **change):
    return zipped(*({**change, "GLOBALEVENTID": str(n)} for n in numbers))


class Gdelt:
    """GDELT's host: files, the list of the latest, and the list of all."""

    def __init__(self, files, **changes):
        self.files, self.ranges, self.wrong, self.old = files, True, (), 0
        for name, value in changes.items():
            setattr(self, name, value)

    def lines(self, stamps):
        text = "garbled line\n"
        for stamp in stamps:
            body = b"x" if stamp in self.wrong else self.files[stamp]
            digest = hashlib.md5(body, usedforsecurity=False).hexdigest()
            for kind in ("export.CSV", "mentions.CSV", "gkg.csv"):
                url = f"http://data.gdeltproject.org/gdeltv2/{stamp}.{kind}.zip"
                text += f"{len(body)} {digest} {url}\n"
        return text.encode()

    def __call__(self, request):
        name = request.path.rpartition("/")[2]
        stamp = name.partition(".")[0]
        if name == "lastupdate.txt":
            request.say(body=self.lines(sorted(self.files)[-1:]))
        elif name == "masterfilelist.txt":
            text = b"1 abc http://old/line\n" * self.old + self.lines(sorted(self.files))
            span = request.headers.get("Range", "")
            if self.ranges and span:
                request.say(206, text[-int(span.partition("=-")[2]) :])
            else:
                request.say(body=text)
        elif stamp in self.files:
            request.say(body=self.files[stamp])
        else:
            request.say(404)


def ask(server, query=None, *, most=10**8, **options):
    with serving(server) as served, door(tries=1, most_bytes=most) as way:
        query = query or Query(start=START, end=END)
        return fetch(way, query, base=served.url, **options), served.seen


def ids(found):
    return [incident.id for incident in Said(read, found.data).incidents]


def test_every_quarter_of_an_hour_is_fetched_and_joined():
    steps = []
    found, _ = ask(
        Gdelt({stamp: numbered(n) for n, stamp in enumerate(STAMPS, 1)}),
        step=lambda *step: steps.append(step[1:]),
    )

    assert ids(found) == ["gdelt:1", "gdelt:2", "gdelt:3", "gdelt:4"]
    assert (found.source, found.said) == ("gdelt", ())
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_the_latest_file_is_that_of_the_list():
    found, seen = ask(Gdelt({STAMPS[0]: numbered(1), STAMPS[1]: numbered(2)}), Query())

    assert ids(found) == ["gdelt:2"]
    # the address in the list is not followed: only its name is used
    assert [path for _, path, _ in seen] == ["/lastupdate.txt", f"/{STAMPS[1]}.export.CSV.zip"]


def test_missing_files_are_recorded():
    found, _ = ask(Gdelt({STAMPS[0]: numbered(1), STAMPS[3]: numbered(2)}))

    assert ids(found) == ["gdelt:1", "gdelt:2"]
    assert found.said == (f"2 of 4 files are missing: {STAMPS[1]}, {STAMPS[2]}",)
    with pytest.raises(FetchError, match=r"GDELT has no file of 20251015060000, .* and 1 more"):
        ask(Gdelt({}))


def test_a_file_that_is_not_its_sum_is_refused():
    files = {stamp: numbered(1) for stamp in STAMPS}
    with pytest.raises(FetchError, match=r"20251015061500.* not what its published sum says"):
        ask(Gdelt(files, wrong=(STAMPS[1],)))


@pytest.mark.parametrize("ranges", [True, False])
def test_the_long_list_is_read_from_its_end(ranges):
    files = {stamp: numbered(1) for stamp in STAMPS}
    found, seen = ask(Gdelt(files, old=20_000, ranges=ranges))

    assert found.said == ()
    assert sum(path == "/masterfilelist.txt" for _, path, _ in seen) == 1


def test_a_list_that_is_too_long_to_hold_is_done_without():
    server = Gdelt({stamp: numbered(1) for stamp in STAMPS}, old=20_000, ranges=False)
    found, _ = ask(server, most=50_000)

    assert found.said == ("4 files could not be compared with a published sum",)


def test_a_list_is_read_further_back_where_its_end_is_too_young():
    young = {f"2026{n:010d}": b"x" for n in range(1000)}
    server = Gdelt({stamp: numbered(1) for stamp in STAMPS} | young)
    found, seen = ask(server)

    assert found.said == ()
    assert sum(path == "/masterfilelist.txt" for _, path, _ in seen) == 2


def test_more_rows_than_anyone_holds_are_refused(monkeypatch):
    monkeypatch.setattr("geo.remote.gdelt._MOST_KEPT", 100)
    with pytest.raises(FetchError, match="ask for a shorter time"):
        ask(Gdelt({stamp: numbered(1) for stamp in STAMPS}))


def test_a_file_that_is_refused_is_told():
    server = Gdelt({})

    def speak(request):
        if "export" in request.path:
            request.say(503)
        else:
            server(request)

    with pytest.raises(FetchError, match="GDELT is under maintenance"):
        ask(speak)


def test_files_that_no_list_names_are_told():
    server = Gdelt({stamp: numbered(1) for stamp in STAMPS})
    server.lines = lambda _: b""
    found, _ = ask(server)

    assert found.said == ("4 files could not be compared with a published sum",)
    with pytest.raises(FetchError, match=r"lastupdate.txt names no event file"):
        ask(server, Query())


def test_rows_of_a_country_alone_are_kept():
    files = {stamp: zipped({"ActionGeo_CountryCode": c}, {}) for stamp, c in
             zip(STAMPS, ("AS", "GZ", "WE", "PK"), strict=True)}  # fmt: skip

    found, _ = ask(Gdelt(files), Query(start=START, end=END, countries=("PSE", "AUS")))
    assert [made.countries for made in Said(read, found.data).incidents] == [
        *(("AUS",), ("PSE",), ("PSE",))
    ]
    with pytest.raises(FilterError, match="'ALA'"):
        ask(Gdelt(files), Query(countries=("ALA",)))


@pytest.mark.parametrize(
    ("start", "end", "sentence"),
    [
        (datetime(2014, 1, 1, tzinfo=UTC), END, "begins at 2015-02-18 23:00 UTC"),
        (END, START, "begins at"),
        (datetime(2025, 10, 1, tzinfo=UTC), END, "seven days"),
        (datetime(2025, 10, 15), END, "must say its zone"),  # noqa: DTZ001 on purpose
    ],
)
def test_a_time_that_is_none_of_gdelt_s_is_refused(start, end, sentence):
    with pytest.raises(FilterError, match=sentence):
        ask(Gdelt({}), Query(start=start, end=end))


@pytest.mark.parametrize(
    ("body", "sentence"),
    [(b"PK\x03\x04", "zip archive is damaged"), (zipped({}, name="../x.CSV"), "out of the archive"),
     (b"<html>", "")],
)  # fmt: skip
def test_an_archive_that_is_none_is_told(body, sentence):
    files = dict.fromkeys(STAMPS, body)
    if sentence:
        with pytest.raises(FetchError, match=sentence):
            ask(Gdelt(files))


def test_a_host_that_is_down_is_told():
    with pytest.raises(FetchError, match="GDELT is under maintenance"):
        ask(page_of_html)
