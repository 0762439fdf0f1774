import pytest

from geo.errors import FetchError
from geo.incoming.job import Job
from tests.ui.bringing import bring, button, plain, settled
from tests.ui.conftest import check

__all__ = ["bring"]
SECRET = "a word nobody may read"  # noqa: S105 a made-up one


@pytest.fixture
def asking(opened, tmp_path, monkeypatch):
    """Open the page on a source."""
    monkeypatch.setenv("GEO_CACHE", str(tmp_path / "cache"))
    for name in ("GEO_ACLED_USER", "GEO_ACLED_PASSWORD", "GEO_UCDP_TOKEN"):
        monkeypatch.delenv(name, raising=False)

    def go(source):
        app = opened(page="bring.py", state={"who": "Ann", "bring_from": "source"})
        app.selectbox(key="bring_remote").set_value(source)
        return check(app.run())

    return go


@pytest.mark.parametrize(
    ("source", "host", "told"),
    [
        ("ucdp", "ucdp.uu.se", "which version you take"),
        ("acled", "acleddata.com", "your account"),
        ("gdelt", "data.gdeltproject.org", "which quarters of an hour"),
        ("usgs", "earthquake.usgs.gov", "the least magnitude"),
        ("gdacs", "www.gdacs.org", "no more than that"),
        ("bellingcat", "digitaloceanspaces.com", "no more than that"),
    ],
)
def test_it_is_said_what_goes_out_to_whom_before_it_is_asked(asking, source, host, told):
    said = plain(asking(source))

    assert host in said
    assert told in said
    assert "Nothing of your layers leaves" in said


def test_without_an_account_a_source_is_not_asked(asking):
    app = asking("acled")

    assert button(app, "bring_ask").disabled
    assert "GEO_ACLED_USER" in plain(app)


def test_a_secret_of_the_environment_is_used_and_never_shown(asking, monkeypatch):
    monkeypatch.setenv("GEO_ACLED_USER", "somebody")
    monkeypatch.setenv("GEO_ACLED_PASSWORD", SECRET)
    app = asking("acled")

    assert not button(app, "bring_ask").disabled
    assert SECRET not in str(app)
    assert SECRET not in plain(app)


def test_a_question_that_means_nothing_is_told_in_a_sentence(asking):
    app = asking("ucdp")
    app.text_input(key="bring_ucdp_version").set_value("the last one")
    check(app.run())
    button(app, "bring_ask").click()
    settled(app)

    assert "version is 'the last one': must be like 25.1" in plain(app)


def test_an_answer_is_tried_like_a_file(asking, monkeypatch):
    quake = (
        b'{"type":"FeatureCollection","features":[{"type":"Feature","id":"us1",'
        b'"geometry":{"type":"Point","coordinates":[69.2,34.5,10]},"properties":'
        b'{"mag":5.1,"place":"Kabul","time":1760140800000,"type":"earthquake",'
        b'"url":"https://earthquake.usgs.gov/x"}}]}'
    )

    def answered(job, order, secrets=None, begin=Job.__init__):
        begin(job, order, secrets)
        if order.work == "ask":
            job.cancel()
            job.results.answer.write_bytes(quake)
            job.results.said.write_text('{"said": ["one thing to say"], "withdrawn": []}')
            monkeypatch.setattr(type(job), "done", property(lambda _: True))

    monkeypatch.setattr(Job, "__init__", answered)
    app = asking("usgs")
    button(app, "bring_ask").click()
    settled(app)

    assert "bytes came at" in plain(app)
    assert "One thing to say." in plain(app)
    assert "**1 of 1** incidents can come in" in plain(app)


def test_a_host_that_cannot_be_reached_is_told_with_a_way_out(asking, monkeypatch):
    said = str(FetchError("https://earthquake.usgs.gov/x could not be reached: no connection"))

    def refused(job, order, secrets=None, begin=Job.__init__):
        begin(job, order, secrets)
        job.cancel()
        monkeypatch.setattr(type(job), "error", property(lambda _: said))

    monkeypatch.setattr(Job, "__init__", refused)
    app = asking("usgs")
    button(app, "bring_ask").click()
    check(app.run())

    assert "could not be reached: no connection." in plain(app)
    assert "A file fetched elsewhere can be brought" in plain(app)
