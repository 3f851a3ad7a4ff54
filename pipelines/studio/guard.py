"""Who may ask: the page that this process served, in a browser on this machine, and nobody else.

Any page that a browser shows may send requests to 127.0.0.1, and a name that another site controls
may resolve to it (DNS rebinding). So a request must bear the token of the address, the host that
was served, and no other origin; a browser cannot be made to forge the last two.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST = "127.0.0.1"
MAX_BODY = 1 << 20
"""Bytes of a request's body."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    # What a page shows may be a patient's words: no cache keeps it.
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # The address holds the token.
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Of every answer. Nothing is loaded from, sent to or framed by anywhere else."""


@dataclass(frozen=True)
class Access:
    """Where the page is, and the secret that opens it."""

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    @property
    def host(self) -> str:
        """What the Host header must be."""
        return f"{HOST}:{self.port}"

    @property
    def origin(self) -> str:
        """What the Origin header must be, where there is one."""
        return f"http://{self.host}"

    @property
    def address(self) -> str:
        """The page's address."""
        return f"{self.origin}/{self.token}/"

    def refusal(self, method: str, path: str, headers: Headers) -> str | None:
        """Why a request is not answered; None if it is."""
        if headers.getlist("host") != [self.host]:
            return "another host was asked for"
        origins = headers.getlist("origin")
        if origins not in ([], [self.origin]):
            return "it comes from another origin"
        given = path.removeprefix("/").partition("/")[0]
        if not secrets.compare_digest(given.encode(), self.token.encode()):
            return "the address has no token, or a wrong one"
        fetch = headers.get("sec-fetch-site", "same-origin")
        opens = headers.get("sec-fetch-mode") == "navigate"
        opens = opens and headers.get("sec-fetch-dest") == "document"
        if method in ("GET", "HEAD"):
            return None if fetch in ("same-origin", "none") or opens else "another site asks"
        if not origins or fetch != "same-origin":
            return "it comes from no page of this one"
        # A form of another site cannot send JSON.
        if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return "its content is not JSON"
        return None


class Guard:
    """ASGI middleware: answers of 403 to what ``Access`` refuses, and ``HEADERS`` on all."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                added = [(k.lower().encode(), v.encode()) for k, v in HEADERS.items()]
                message["headers"] = [*message.get("headers", ()), *added]
            await send(message)

        headers = Headers(scope=scope)
        why = self._access.refusal(scope["method"], scope["path"], headers)
        length = headers.get("content-length", "0")
        answer: Response | None = None
        if why is not None:
            answer = PlainTextResponse(f"Refused: {why}.\n", 403)
        elif "transfer-encoding" in headers or not length.isdigit() or int(length) > MAX_BODY:
            answer = PlainTextResponse("Refused: the request is too large.\n", 413)
        await (answer or self._app)(scope, receive, send_guarded)
