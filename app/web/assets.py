"""Static files, named by the content of all of them: cached for a year by browsers, compressed once, kept in memory.

The stylesheets are one asset, joined in the order of STYLESHEETS, so that a first visit needs few requests.
"""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

STYLESHEETS = ("tokens", "base", "layout", "parts", "home", "interviews", "review", "topics", "questions", "account")
JOINED = "greenroom.css"
YEAR = "public, max-age=31536000, immutable"
_TEXT = {".css", ".js", ".svg", ".txt", ".webmanifest"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    body: bytes
    packed: bytes | None
    media_type: str


class Assets:
    """All static files of one folder. An ASGI app for `/static`, and the giver of their addresses."""

    def __init__(self, folder: Path) -> None:
        found = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        found[JOINED] = b"\n".join(found[f"css/{name}.css"] for name in STYLESHEETS if f"css/{name}.css" in found)
        # One tag for all: a script imports its neighbours by relative address, so they must share the folder.
        whole = hashlib.sha256()
        for name, body in sorted(found.items()):
            whole.update(name.encode() + b"\0" + body + b"\0")
        self._tag = whole.hexdigest()[:12]
        self._assets = {name: _asset(name, body) for name, body in found.items()}

    def url(self, name: str) -> str:
        """The address of a file, e.g. `/static/3f2a…/js/clock.js`. Raise KeyError for a file that is not there."""
        if name not in self._assets:
            raise KeyError(name)
        return f"/static/{self._tag}/{name}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = self._response(scope)
        await response(scope, receive, send)

    def _response(self, scope: Scope) -> Response:
        if scope["method"] not in ("GET", "HEAD"):
            return Response(status_code=405, headers={"Allow": "GET, HEAD"})
        path = scope["path"].removeprefix(scope.get("root_path", "")).removeprefix("/static").strip("/")
        tag, _, name = path.partition("/")
        asset = self._assets.get(name)
        if asset is None or tag != self._tag:
            return Response("Not found", status_code=404, media_type="text/plain")
        headers = {"Cache-Control": YEAR, "ETag": f'"{tag}"', "Vary": "Accept-Encoding"}
        sent = Headers(scope=scope)
        if sent.get("if-none-match") == f'"{tag}"':
            return Response(status_code=304, headers=headers)
        if asset.packed is not None and "gzip" in sent.get("accept-encoding", ""):
            return Response(asset.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=asset.media_type)
        return Response(asset.body, headers=headers, media_type=asset.media_type)


def _asset(name: str, body: bytes) -> Asset:
    packed = gzip.compress(body, 9, mtime=0) if Path(name).suffix in _TEXT else None
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Asset(body, packed, media_type)
