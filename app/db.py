"""The engine, its pragmas, and the two ways to use it: `read` and `write`. Also `Now`, the only look at the clock."""

import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from app.domain.errors import Unavailable
from app.settings import Settings

log = logging.getLogger("greenroom.db")


class Database:
    """One database, SQLite or PostgreSQL. Safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.engine = _engine(settings)
        self._is_sqlite = self.engine.dialect.name == "sqlite"
        # SQLite lets one writer in at a time and makes the others poll, which starves some for seconds under load;
        # waiting in line inside the process keeps every save short.
        self._turn = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection to read on (on SQLite it sees one state of the database). Nothing done on it is kept."""
        try:
            with self.engine.connect() as connection:
                yield connection
        except (DBAPIError, PoolTimeout) as error:
            unavailable = _unavailable(error)
            if unavailable is None:
                raise
            raise unavailable from error

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection whose changes are committed when the block ends, all or none.

        Raise Unavailable, with nothing changed, when the database is locked, full or away.
        """
        try:
            with self._in_turn(), self.engine.connect() as connection:
                connection.execution_options(greenroom_begin="BEGIN IMMEDIATE")
                with connection.begin():
                    yield connection
        except (DBAPIError, PoolTimeout) as error:
            unavailable = _unavailable(error)
            if unavailable is None:
                raise
            raise unavailable from error

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if not self._is_sqlite:
            with nullcontext():
                yield
            return
        if not self._turn.acquire(timeout=self.settings.lock_wait_seconds):
            raise Unavailable("The database is busy. Nothing was changed; try again in a moment.")
        try:
            yield
        finally:
            self._turn.release()


def _engine(settings: Settings) -> Engine:
    url = settings.database
    # Parameters are people's answers: they stay out of messages and logs.
    common: dict[str, Any] = {
        "hide_parameters": True,
        "pool_size": settings.threads,
        "pool_timeout": settings.lock_wait_seconds,
    }
    if not url.startswith("sqlite"):
        engine = create_engine(url, max_overflow=0, pool_pre_ping=True, **common)

        @event.listens_for(engine, "connect")
        def _limit_waiting(connection: Any, _record: Any) -> None:
            cursor = connection.cursor()
            cursor.execute(f"SET lock_timeout = {round(1000 * settings.lock_wait_seconds)}")
            cursor.close()
            connection.commit()

        return engine
    engine = create_engine(
        url,
        poolclass=QueuePool,
        max_overflow=2,
        connect_args={"timeout": settings.lock_wait_seconds, "check_same_thread": False},
        **common,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        _use_wal(connection, settings.lock_wait_seconds)
        connection.execute(f"PRAGMA synchronous = {settings.synchronous}")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("greenroom_begin", "BEGIN"))

    return engine


def _use_wal(connection: sqlite3.Connection, wait_seconds: float) -> None:
    # The switch, needed once in a file's life, does not wait for others as everything else does, so we do.
    give_up = time.monotonic() + wait_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up:
                raise
            time.sleep(0.01)


# PostgreSQL's classes of errors that say nothing about the statement: connection, state, resources, locks, shutdown.
_PASSING = ("08", "25", "40", "53", "55", "57")


def _unavailable(error: DBAPIError | PoolTimeout) -> Unavailable | None:
    """What a failure of the database means to the user; None if the statement was at fault."""
    reason = str(error.orig) if isinstance(error, DBAPIError) else "no free connection"
    code = _sqlstate(error)
    if isinstance(error, DBAPIError) and not isinstance(error, OperationalError | InterfaceError):
        if not code.startswith(_PASSING):
            return None
        reason = f"SQLSTATE {code}"
    log.error("database: %s", reason)
    if "lock" in reason or "busy" in reason or code[:2] in ("40", "55") or isinstance(error, PoolTimeout):
        return Unavailable("The database is busy. Nothing was changed; try again in a moment.")
    if "full" in reason or code == "53100":
        return Unavailable("The disk of the server is full, so nothing could be stored. Nothing was changed.")
    if "readonly" in reason or code == "25006":
        return Unavailable("The server may not write to its database. Nothing was changed.")
    return Unavailable("The database cannot be reached just now. Nothing was changed; try again in a moment.")


def _sqlstate(error: DBAPIError | PoolTimeout) -> str:
    """PostgreSQL's code of the error as pg8000 gives it (all kinds alike, in a mapping), or an empty string."""
    told = getattr(getattr(error, "orig", None), "args", ())
    return str(told[0].get("C", "")) if told and isinstance(told[0], dict) else ""


async def _now() -> datetime:
    return datetime.now(UTC)


async def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


Now = Annotated[datetime, Depends(_now)]
Db = Annotated[Database, Depends(_database)]
now = _now
