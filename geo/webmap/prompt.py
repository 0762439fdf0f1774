"""Why does no answer wait until the browser has confirmed what came before it?

An answer leaves in two parts, head and body. The second is held back until the first is
confirmed, and browsers confirm late: 40 ms on a connection that is kept. Servers switch that
waiting off, but the one that `streamlit run` starts cannot: asyncio does so only for sockets that
name their protocol, and Streamlit's does not.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

# IPPROTO_TCP and TCP_NODELAY, the same on Linux, macOS and Windows
_TCP, _NO_DELAY = 6, 1


class Prompt:
    """Sends each part of an answer at once, HTTP and WebSocket alike."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hold one WebSocket."""
        line = _socket(receive)
        if line is not None:
            # not over a socket file, which has nothing to hold back
            with suppress(OSError):
                line.setsockopt(_TCP, _NO_DELAY, 1)
        await self._app(scope, receive, send)


def _socket(receive: Receive) -> Any:
    """Find the connection that is read from; None with a server that keeps it elsewhere."""
    transport = getattr(getattr(receive, "__self__", None), "transport", None)
    return None if transport is None else transport.get_extra_info("socket")
