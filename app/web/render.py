"""Templates to responses. A page and its parts come from one file: a part is a named block of its page."""

from collections.abc import Mapping
from typing import Any

import jinja2
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.settings import ROOT
from app.web import words


class Renderer:
    """One Jinja environment for the whole app. What does not exist in a template is an error, never an empty string."""

    def __init__(self, globals_: Mapping[str, Any], filters: Mapping[str, Any], *, reload: bool = False) -> None:
        self.env = jinja2.Environment(
            loader=jinja2.FileSystemLoader(ROOT / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            bytecode_cache=jinja2.FileSystemBytecodeCache(),  # compiled once per change, not once per process
            auto_reload=reload,
        )
        self.env.globals.update(globals_)
        self.env.filters.update(words.FILTERS)
        self.env.filters.update(filters)
        # A block that is rendered alone does not see what its file imports, so the macros are there for all.
        self.env.globals["ui"] = self.env.get_template("_macros.html").module

    def text(self, name: str, view: Mapping[str, Any], block: str | None = None) -> str:
        """The page, or only its block. Raise KeyError for a block the page does not have."""
        template = self.env.get_template(name)
        if block is None:
            return template.render(view)
        context = template.new_context(dict(view))
        return "".join(template.blocks[block](context))


def is_partial(request: Request) -> bool:
    """Whether htmx asks for a part of the page (a plain form, a link or a restored page asks for all of it)."""
    return request.headers.get("hx-request-type") == "partial"


def page(request: Request, name: str, /, *, part: str | None = None, status: int = 200, **view: Any) -> HTMLResponse:
    """The page, or its block `part` when the request is a partial one. Never stored by caches: it is one user's."""
    renderer: Renderer = request.app.state.renderer
    partial = part is not None and is_partial(request)
    view |= {"path": request.url.path, "partial": partial}
    body = renderer.text(name, view, part if partial else None)
    headers = {"Cache-Control": "no-store", "Vary": "HX-Request-Type"}
    # What was typed comes back as it was sent, lone surrogates included, and UTF-8 has none.
    return HTMLResponse(body.encode(errors="replace"), status, headers)


def see_other(request: Request, url: str) -> Response:
    """Go to another page with a GET: 303, or for htmx the header that makes the browser go there."""
    if is_partial(request):
        return Response(status_code=204, headers={"HX-Redirect": url})
    return RedirectResponse(url, status_code=303)


def typed_text(value: str) -> Markup:
    """Text for a textarea: a first line break, which browsers drop, is doubled so that it survives."""
    return Markup("\n") + value
