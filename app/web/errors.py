"""What went wrong, as a page or as a part of one. The only place that turns kinds of error into statuses."""

import logging
from html import escape

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.domain import errors
from app.domain.errors import GreenroomError
from app.web import render

log = logging.getLogger("greenroom.errors")

STATUS: dict[type[GreenroomError], int] = {
    errors.Missing: 404,
    errors.Unknown: 401,
    errors.Forbidden: 403,
    errors.Closed: 409,
    errors.Invalid: 422,
    errors.TooLarge: 413,
    errors.Unavailable: 503,
}
_FRAMEWORK = {
    404: errors.Missing("There is no page at this address. It may have been mistyped, or the page has moved."),
    413: errors.TooLarge(
        "The request was larger than anything Greenroom takes (4 MB). Nothing was stored. An answer may hold 64 KB."
    ),
}


def status_of(error: GreenroomError) -> int:
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 500)


async def refused(request: Request, error: Exception) -> Response:
    """The answer to a request we refuse on purpose."""
    assert isinstance(error, GreenroomError)
    return _show(request, status_of(error), error.title, error.words)


async def http_error(request: Request, error: Exception) -> Response:
    """The answer to what the framework refuses: unknown addresses, wrong methods, bodies that are too large."""
    assert isinstance(error, HTTPException)
    known = _FRAMEWORK.get(error.status_code)
    if known is not None:
        return _show(request, error.status_code, known.title, known.words)
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow") or "another method"
        words = f"This address does not take {request.method} requests, only {allowed}."
        return _show(request, 405, "Not that way", words, dict(error.headers or {}))
    return _show(request, error.status_code, "That did not work", "The request could not be understood.")


async def bad_form(request: Request, error: Exception) -> Response:
    """The answer to a form that does not have the fields it should. Values are not repeated, fields are named."""
    assert isinstance(error, RequestValidationError)
    if any(problem["loc"][0] == "path" for problem in error.errors()):
        return await http_error(request, HTTPException(404))
    names = ", ".join(sorted({str(problem["loc"][-1]) for problem in error.errors()}))
    words = f"A field of this form is missing or has an unusable value: {names}. Go back, correct it and send it again."
    return _show(request, 422, errors.Invalid.title, words)


async def crashed(request: Request, error: Exception) -> Response:
    """The answer to our own mistakes. The log has the traceback, the page has none of it."""
    log.error("unhandled %s", type(error).__name__)
    words = (
        "Something broke on our side and was written to the log. What was saved is still there. Try again in a moment."
    )
    return _show(request, 500, "That was our mistake", words)


def _show(request: Request, status: int, title: str, words: str, headers: dict[str, str] | None = None) -> Response:
    try:
        response = render.page(
            request, "errors/show.html", part="problem", status=status, title=title, words=words, status_code=status
        )
    except Exception:
        log.exception("the error page itself failed")
        return HTMLResponse(f"<h1>{escape(title)}</h1><p>{escape(words)}</p>", status)
    response.headers.update(headers or {})
    if render.is_partial(request):  # beside what is open, never in its place: somebody may be typing there
        response.headers.update({"HX-Retarget": "#problem", "HX-Reswap": "innerHTML"})
    return response
