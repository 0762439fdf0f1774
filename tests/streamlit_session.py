"""How does a test or a bench hold a session of the real app without a browser?"""

from __future__ import annotations

import re
from types import TracebackType
from typing import Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

# the line that tells the living map what to show, within the JSON of its component
_SHOWN = re.compile(rb"L\.atlas\.show\(\W*([0-9a-f]{16,64})")


class Session:
    """One visitor: asks for pages, and hears what the server would draw."""

    def __init__(self, url: str, *, seconds: float = 120) -> None:
        self._seconds = seconds
        address = url.replace("http://", "ws://", 1).rstrip("/") + "/_stcore/stream"
        self._line = connect(
            address, subprotocols=["streamlit"], max_size=None, open_timeout=seconds
        )

    def __enter__(self) -> Self:
        self._socket = self._line.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._line.__exit__(kind, error, trace)

    def run(self, page: str = "", query: str = "") -> bytes:
        """Run a page with what stands in the address, and answer with all that was sent."""
        told = BackMsg()
        told.rerun_script.query_string = query
        told.rerun_script.page_name = page
        self._socket.send(told.SerializeToString())
        heard = []
        while True:
            data = self._socket.recv(timeout=self._seconds)
            heard.append(data)
            message = ForwardMsg()
            message.ParseFromString(data)
            if message.WhichOneof("type") == "script_finished" and message.script_finished in (
                ForwardMsg.FINISHED_SUCCESSFULLY,
                ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
            ):
                return b"".join(heard)

    def token(self, query: str = "") -> str:
        """Open Explore and take the token that its map is given."""
        heard = self.run(query=query)
        found = _SHOWN.search(heard)
        assert found, f"no map was drawn: {heard[-2_000:]!r}"
        return found[1].decode()
