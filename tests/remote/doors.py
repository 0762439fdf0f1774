"""What do tests of the clients share: a door to this machine's servers, answers as they are."""

import json
from urllib.parse import parse_qs, urlsplit

from geo.fetch import Door, Limits


def door(**limits):
    """Make a door that reaches this machine's servers and does not wait."""
    return Door(limits=Limits(**limits), permit=lambda _: True, sleep=lambda _: None)


def say_json(request, value, status=200, **headers):
    """Answer with JSON."""
    body = json.dumps(value).encode()
    request.say(status, body, Content_Type="application/json; charset=utf-8", **headers)


def asked(request):
    """Path of a request and its words, each once."""
    parts = urlsplit(request.path)
    return parts.path, {k: v[0] for k, v in parse_qs(parts.query, keep_blank_values=True).items()}


def page_of_html(request, status=502):
    """Answer as a server in front of one that is down."""
    body = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
    request.say(status, body, Content_Type="text/html")
