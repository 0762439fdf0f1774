"""What may a page of ours load? From this server alone, and it says so to the browser."""

from __future__ import annotations

import os
from collections.abc import Sequence

from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.webmap.prompt import Prompt

# Streamlit and Folium start inline scripts and compile expressions; neither may come from
# another host, and nothing may be sent to one
_DIRECTIVES = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "frame-src": "'self' blob:",
    "frame-ancestors": "'self'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}


def middleware() -> Sequence[Middleware]:
    """Middleware that sends the content security policy with every answer, and each at once."""
    return [Middleware(Prompt), Middleware(_Headers)]


def content_security_policy(tile_host: str = "") -> str:
    """Write the policy; online tiles, where chosen at the start, add their host for images."""
    directives = dict(_DIRECTIVES)
    directives["img-src"] = f"{directives['img-src']} {tile_host}".strip()
    return "; ".join(f"{name} {value}" for name, value in directives.items())


class _Headers:
    """Adds the security headers to every HTTP answer."""

    def __init__(self, app: ASGIApp) -> None:
        from geo.webmap.tiles import chosen  # noqa: PLC0415 read at the start, not at import

        provider = chosen(os.environ)
        self._app = app
        policy = content_security_policy(provider.host if provider else "")
        self._headers = [
            (b"content-security-policy", policy.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in self._headers}
                kept = [(n, v) for n, v in message.get("headers", ()) if n.lower() not in own]
                message = {**message, "headers": [*kept, *self._headers]}
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)
