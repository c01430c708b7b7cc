"""Builds the app: settings, middleware, static files, routers in menu order, error pages. No logic."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp

from app import __version__
from app.bank import html, loading
from app.db import Database
from app.domain.errors import GreenroomError
from app.routes import account, health, home, interviews, progress, questions, review, topics
from app.settings import ROOT, Settings
from app.web import auth, errors
from app.web.assets import Assets
from app.web.bodies import BodyLimit
from app.web.csrf import CrossSiteGuard
from app.web.headers import SafeHeaders
from app.web.render import Renderer, typed_text

BODY_MOST = 4 * 1024 * 1024  # above an answer's limit, so that a text that is too long can be handed back

log = logging.getLogger("greenroom")


class Greenroom(FastAPI):
    """FastAPI with our headers on everything: it answers crashes from outside of the middleware that it is given."""

    def build_middleware_stack(self) -> ASGIApp:
        return SafeHeaders(super().build_middleware_stack())


def create_app(settings: Settings | None = None) -> FastAPI:
    """The app for these settings (default: from the environment). The database must have been migrated."""
    settings = settings or Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings)
    loaded = loading.load(settings.bank_dir)
    for problem in loaded.problems:
        log.warning("bank: %s", problem)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = settings.threads
        yield
        database.close()

    app = Greenroom(
        title="Greenroom",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # spans would carry addresses; and cost time
        form_limits={"max_part_size": BODY_MOST},
        middleware=[
            Middleware(BodyLimit, most=BODY_MOST),
            Middleware(GZipMiddleware, minimum_size=1024, compresslevel=5),
            Middleware(CrossSiteGuard, refuse=errors.refused),
        ],
        exception_handlers={
            GreenroomError: errors.refused,
            HTTPException: errors.http_error,
            RequestValidationError: errors.bad_form,
            Exception: errors.crashed,
        },
    )
    assets = Assets(ROOT / "static")
    app.state.settings = settings
    app.state.database = database
    app.state.bank = loaded.bank
    app.state.guests = auth.Guests(
        settings.secret.get_secret_value() if settings.secret else auth.secret(settings.data_dir)
    )
    app.state.renderer = Renderer(
        {"asset": assets.url, "bank_title": loaded.bank.title, "bank_licence": loaded.bank.licence},
        {"markdown": html.block, "inline": html.inline, "typed": typed_text},
        reload=settings.reload_templates,
    )
    app.mount("/static", assets, name="static")
    others = (segment.router for segment in (review, topics, progress, questions, account, health))
    for router in (home.router, *interviews.routers, *others):
        app.include_router(router)
    return app
