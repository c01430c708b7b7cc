"""What every response carries, and the one log line of those that went wrong."""

import logging

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("greenroom.http")

# Everything from our own origin, nothing inline: an injected tag or attribute runs nowhere.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
_RAW = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]


class SafeHeaders:
    """ASGI middleware. Logs the route, never the address: addresses and bodies may say who did what."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_RAW]
                if scope["scheme"] == "https":
                    MutableHeaders(scope=message)["Strict-Transport-Security"] = "max-age=31536000"
                if message["status"] >= 400:
                    route = getattr(scope.get("route"), "path", "-")
                    log.warning("%s %s -> %s", scope["method"], route, message["status"])
            await send(message)

        await self.app(scope, receive, send_with_headers)
