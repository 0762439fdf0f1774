"""Is the server safe before anybody has set anything?"""

import tomllib

import pytest

from geo.settings import ROOT


@pytest.fixture(scope="module")
def config():
    return tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


def test_the_server_listens_on_this_machine_alone(config):
    assert config["server"]["address"] == "127.0.0.1"


def test_requests_from_other_pages_are_refused(config):
    assert config["server"]["enableXsrfProtection"] is True
    assert config["server"]["enableCORS"] is True


def test_uploads_are_capped_and_no_folder_is_served(config):
    assert config["server"]["maxUploadSize"] == 200
    assert config["server"]["enableStaticServing"] is False


def test_nothing_is_told_about_visitors_or_errors(config):
    assert config["browser"]["gatherUsageStats"] is False
    assert config["client"]["showErrorDetails"] == "none"
    assert config["client"]["toolbarMode"] == "minimal"
