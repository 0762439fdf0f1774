"""Does an answer leave at once, on a socket made as `streamlit run` makes it?"""

import http.client
import socket
import threading
import time

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from geo.webmap import middleware


def held_back(layers):
    """Ask a real server twice on one connection whether it holds parts of answers back."""
    seen = []

    async def route(_):
        return PlainTextResponse("body")

    app = Starlette(routes=[Route("/", route)], middleware=layers)

    async def watched(scope, receive, send):
        await app(scope, receive, send)
        if scope["type"] == "http":
            line = receive.__self__.transport.get_extra_info("socket")
            seen.append(line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 0)

    # no protocol is named, which is why asyncio leaves the option alone
    bound = socket.socket(family=socket.AF_INET)
    bound.bind(("127.0.0.1", 0))
    bound.listen()
    server = uvicorn.Server(uvicorn.Config(watched, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    try:
        line = http.client.HTTPConnection("127.0.0.1", bound.getsockname()[1], timeout=20)
        for _ in range(2):
            line.request("GET", "/")
            assert line.getresponse().read() == b"body"
        line.close()
        while len(seen) < 2:
            time.sleep(0.01)
    finally:
        server.should_exit = True
        thread.join()
        bound.close()
    return seen


def test_parts_of_an_answer_are_not_held_back():
    assert held_back(middleware()) == [False, False]


def test_without_us_they_would_be():
    if not any(held_back([])):
        pytest.skip("this version of asyncio or uvicorn sets the option itself")
