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
        """A connection that sees one state of the database. Nothing done on it is kept."""
        try:
            with self.engine.connect() as connection:
                yield connection
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            raise _unavailable(error) from error

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
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            raise _unavailable(error) from error

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
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=settings.threads, max_overflow=0, pool_pre_ping=True)
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=settings.threads,
        max_overflow=2,
        connect_args={"timeout": settings.lock_wait_seconds, "check_same_thread": False},
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


def _unavailable(error: Exception) -> Unavailable:
    reason = str(error.orig) if isinstance(error, DBAPIError) else type(error).__name__
    log.error("database: %s", reason)
    if "locked" in reason or "busy" in reason or isinstance(error, PoolTimeout):
        return Unavailable("The database is busy. Nothing was changed; try again in a moment.")
    if "full" in reason:
        return Unavailable("The disk of the server is full, so nothing could be stored. Nothing was changed.")
    if "readonly" in reason:
        return Unavailable("The server may not write to its database file. Nothing was changed.")
    return Unavailable("The database cannot be reached just now. Nothing was changed; try again in a moment.")


async def _now() -> datetime:
    return datetime.now(UTC)


async def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


Now = Annotated[datetime, Depends(_now)]
Db = Annotated[Database, Depends(_database)]
now = _now
