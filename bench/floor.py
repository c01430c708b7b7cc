"""The two floors Greenroom is held against: the same statements and as large a page, and nothing else.

`floor` is FastAPI `def` endpoints with SQLAlchemy Core, `limit` is `async def` endpoints with raw sqlite3. Both parse
the same forms and commit as durably. They check no cookie, no rule and no header and compress nothing: that is what
Greenroom adds, and what the ratios show.
"""

import socket
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Annotated, Any

import anyio.to_thread
import uvicorn
from fastapi import FastAPI, Form
from fastapi.responses import HTMLResponse
from sqlalchemy import create_engine, event
from sqlalchemy.pool import QueuePool

from bench import work

THREADS = 8  # as many as Greenroom has
ROOM_PATH = "/interviews/{interview}"
ITEM_PATH = ROOM_PATH + "/questions/{number}"
Trace = Callable[[str], None]
Typed = Annotated[str, Form()]
Number = Annotated[int, Form()]


def make_app(kind: str, database: Path, sizes: Mapping[str, int], trace: Trace | None = None) -> FastAPI:
    """The floor of this kind over a copy of Greenroom's database, whose one user owns everything in it."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        yield

    def prepare(connection: sqlite3.Connection, _record: Any = None) -> None:
        connection.isolation_level = None  # the endpoints say BEGIN
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.set_trace_callback(trace)

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    add = {"floor": _add_core, "limit": _add_raw}[kind]
    add(app, database, prepare, work.templates(sizes))
    return app


def _add_core(app: FastAPI, database: Path, prepare: Any, pages: Any) -> None:
    sql = work.Statements(database)
    engine = create_engine(
        f"sqlite:///{database}", poolclass=QueuePool, pool_size=THREADS, connect_args={"check_same_thread": False}
    )
    event.listen(engine, "connect", prepare)
    turn = Lock()  # without it writers starve each other at 16 connections, and the floor would be easy to beat
    with engine.connect() as connection:
        owner = connection.exec_driver_sql("SELECT id FROM users").scalar()

    @app.post(ITEM_PATH + "/draft")
    def save_draft(
        interview: str,
        number: int,
        text: Typed = "",
        revision: Number = 0,
        confidence: Typed = "",  # noqa: ARG001 - parsed, as Greenroom does
    ) -> HTMLResponse:
        own = {"owner": owner, "interview": interview}
        with turn, engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            view = work.draft(
                connection.execute, sql, own, number, text, revision, datetime.now(UTC).replace(tzinfo=None)
            )
            connection.commit()
        return HTMLResponse(pages.draft.render(view))

    @app.post(ITEM_PATH + "/answer")
    def save_answer(
        interview: str,
        number: int,
        text: Typed = "",
        revision: Number = 0,
        confidence: Typed = "",
        go: Typed = "",  # noqa: ARG001
    ) -> HTMLResponse:
        own = {"owner": owner, "interview": interview}
        with turn, engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            now = datetime.now(UTC).replace(tzinfo=None)
            view = work.answer(connection.execute, sql, own, number, text, revision, confidence, now)
            connection.commit()
        return HTMLResponse(pages.answer.render(view))

    @app.get(ROOM_PATH)
    def show_room(interview: str) -> HTMLResponse:
        own = {"owner": owner, "interview": interview}
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            view = work.room(connection.execute, sql, own, datetime.now(UTC))
        return HTMLResponse(pages.room.render(view))


def _add_raw(app: FastAPI, database: Path, prepare: Any, pages: Any) -> None:
    sql = work.raw(work.Statements(database))
    connection = sqlite3.connect(database, check_same_thread=False)
    prepare(connection)
    run = connection.execute
    owner = run("SELECT id FROM users").fetchone()[0]

    @app.post(ITEM_PATH + "/draft")
    async def save_draft(
        interview: str,
        number: int,
        text: Typed = "",
        revision: Number = 0,
        confidence: Typed = "",  # noqa: ARG001 - parsed, as Greenroom does
    ) -> HTMLResponse:
        run("BEGIN IMMEDIATE")
        view = work.draft(run, sql, {"owner": owner, "interview": interview}, number, text, revision, _stamp())
        run("COMMIT")
        return HTMLResponse(pages.draft.render(view))

    @app.post(ITEM_PATH + "/answer")
    async def save_answer(
        interview: str,
        number: int,
        text: Typed = "",
        revision: Number = 0,
        confidence: Typed = "",
        go: Typed = "",  # noqa: ARG001
    ) -> HTMLResponse:
        run("BEGIN IMMEDIATE")
        view = work.answer(
            run, sql, {"owner": owner, "interview": interview}, number, text, revision, confidence, _stamp()
        )
        run("COMMIT")
        return HTMLResponse(pages.answer.render(view))

    @app.get(ROOM_PATH)
    async def show_room(interview: str) -> HTMLResponse:
        run("BEGIN")
        view = work.room(run, sql, {"owner": owner, "interview": interview}, _stamp())
        run("COMMIT")
        return HTMLResponse(pages.room.render(view))


def _stamp() -> str:
    """Now, as SQLAlchemy writes it into SQLite."""
    return datetime.now(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def main() -> None:
    """Serve a floor as Greenroom is served: one worker, no access log. The first line printed says the port."""
    kind, database, *sizes = sys.argv[1:]
    app = make_app(kind, Path(database), {name: int(size) for name, size in (one.split("=") for one in sizes)})
    bound = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(f"{kind} is ready at http://127.0.0.1:{bound.getsockname()[1]}", flush=True)
    config = uvicorn.Config(app, access_log=False, server_header=False, log_level="warning", ws="none")
    uvicorn.Server(config).run(sockets=[bound])


if __name__ == "__main__":
    main()
