"""Refuses what another site makes a browser send. No tokens in forms: browsers say where a request comes from."""

from collections.abc import Awaitable, Callable

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.domain.errors import Forbidden

SAFE = {"GET", "HEAD", "OPTIONS"}
Refuse = Callable[[Request, Exception], Awaitable[Response]]


class CrossSiteGuard:
    """ASGI middleware. Programs that are not browsers send neither header and pass: they carry no one's cookie."""

    def __init__(self, app: ASGIApp, refuse: Refuse) -> None:
        self.app = app
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE or is_own(Headers(scope=scope)):
            await self.app(scope, receive, send)
            return
        error = Forbidden(
            "The request came from another site, so it was not carried out. Open Greenroom itself and try there."
        )
        response = await self.refuse(Request(scope, receive), error)
        await response(scope, receive, send)


def is_own(headers: Headers) -> bool:
    """Whether a request that changes something comes from our own pages, or from no page at all."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or origin.partition("://")[2] == headers.get("host")
