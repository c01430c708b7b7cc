"""Who is there: a guest known by a signed cookie. Nothing personal is in it, only a random number."""

import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from fastapi import Depends
from itsdangerous import BadSignature, TimestampSigner
from starlette.requests import Request
from starlette.responses import Response

from app.domain.errors import Unknown

NAME = "greenroom"
KEPT_SECONDS = 400 * 24 * 3600  # the longest that browsers keep a cookie
RENEW_AFTER_SECONDS = 24 * 3600
_SALT = "greenroom.guest"
SECRET_LEAST = 16


class Guests:
    """Signs and reads the cookie."""

    def __init__(self, secret: str) -> None:
        self._signer = TimestampSigner(secret, salt=_SALT)

    def user_id(self, request: Request) -> int | None:
        """The user of this browser; None without a cookie or with one that is forged, cut off or too old."""
        known = self._read(request)
        return known[0] if known else None

    def remember(self, request: Request, response: Response, user_id: int) -> None:
        """Give the browser its cookie, unless it has a fresh one for this user."""
        known = self._read(request)
        if known and known[0] == user_id and (datetime.now(UTC) - known[1]).total_seconds() < RENEW_AFTER_SECONDS:
            return
        response.set_cookie(
            _name(request),
            self._signer.sign(str(user_id)).decode(),
            max_age=KEPT_SECONDS,
            path="/",
            httponly=True,
            samesite="lax",
            secure=_is_https(request),
        )

    def forget(self, request: Request, response: Response) -> None:
        """Take the cookie away."""
        response.delete_cookie(_name(request), path="/", httponly=True, samesite="lax", secure=_is_https(request))

    def _read(self, request: Request) -> tuple[int, datetime] | None:
        signed = request.cookies.get(_name(request))
        if not signed:
            return None
        try:
            value, signed_at = self._signer.unsign(signed, max_age=KEPT_SECONDS, return_timestamp=True)
            return int(value), signed_at
        except (BadSignature, ValueError):
            return None


def secret(folder: Path) -> str:
    """The secret kept in the data folder, made on first use and readable by its owner only."""
    path = folder / "secret"
    try:
        return _kept(path)
    except FileNotFoundError:
        made = secrets.token_urlsafe(32)
        # Written aside and linked: of two workers that start at once, one wins and both read the same.
        aside = folder / f"secret.{secrets.token_hex(4)}"
        aside.touch(mode=0o600)
        aside.write_text(made)
        try:
            path.hardlink_to(aside)
        except FileExistsError:
            return _kept(path)
        finally:
            aside.unlink()
        return made


def _kept(path: Path) -> str:
    """The secret in the file. Raise ValueError for an empty or cut-off one: anybody could sign cookies with that."""
    found = path.read_text().strip()
    if len(found) < SECRET_LEAST:
        raise ValueError(f"{path} holds no secret: put it back, or delete it and all guests start anew")
    return found


def _is_https(request: Request) -> bool:
    return request.url.scheme == "https"


def _name(request: Request) -> str:
    # The prefix makes browsers refuse the cookie unless it came over https for exactly this host.
    return f"__Host-{NAME}" if _is_https(request) else NAME


async def _visitor(request: Request) -> int | None:
    guests: Guests = request.app.state.guests
    return guests.user_id(request)


def must_be_known(user_id: int | None) -> int:
    """The user. Raise Unknown for nobody."""
    if user_id is None:
        raise Unknown(
            "This browser's cookie is missing or no longer valid, so nothing was saved. "
            "Your text is still on this page: copy it before you leave."
        )
    return user_id


async def _user(request: Request) -> int:
    return must_be_known(await _visitor(request))


Visitor = Annotated[int | None, Depends(_visitor)]  # may be nobody yet
User = Annotated[int, Depends(_user)]  # must be somebody, else 401
