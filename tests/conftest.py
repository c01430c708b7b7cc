"""The app for tests: an empty database for each, on SQLite and (where there is one) PostgreSQL, and a clock to turn."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url
from starlette.testclient import TestClient

from app import db, schema
from app.db import Database
from app.main import create_app
from app.settings import Settings
from app.tables.all import METADATA
from tests import make

POSTGRES = os.environ.get("GREENROOM_TEST_POSTGRES_URL", "")
ENGINES = ["sqlite", "postgresql"] if POSTGRES else ["sqlite"]


class Time:
    """The time the app sees. Only tests move it."""

    def __init__(self) -> None:
        self.now = make.NOON

    def forward(self, **length: float) -> None:
        self.now += timedelta(**length)


@pytest.fixture(scope="session")
def bank_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make.bank_folder(tmp_path_factory.mktemp("bank") / "testing")


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated SQLite database to copy from."""
    folder = tmp_path_factory.mktemp("template")
    database = Database(Settings(data_dir=folder, synchronous="NORMAL"))
    schema.migrate(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return folder / "greenroom.sqlite3"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A migrated PostgreSQL database for this test process."""
    name = f"greenroom_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    admin = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    database = Database(Settings(database_url=url))
    schema.migrate(database)
    database.close()
    yield url
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(params=ENGINES)
def settings(request: pytest.FixtureRequest, tmp_path: Path, bank_folder: Path) -> Settings:
    """Settings with an empty database; a test that asks for it runs once per engine."""
    common = {
        "data_dir": tmp_path,
        "bank_dir": bank_folder,
        "secret": "a secret for tests only",
        "lock_wait_seconds": 0.5,
    }
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "greenroom.sqlite3")
        return Settings(**common, synchronous="NORMAL")
    url = request.getfixturevalue("postgres_url")
    engine = create_engine(url)
    with engine.begin() as connection:
        names = ", ".join(f'"{table.name}"' for table in METADATA.sorted_tables)
        connection.execute(text(f"TRUNCATE {names}"))
    engine.dispose()
    return Settings(**common, database_url=url, threads=4)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    opened = Database(settings)
    yield opened
    opened.close()


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def app(settings: Settings, time: Time) -> Iterator[FastAPI]:
    made = create_app(settings)

    async def now() -> datetime:
        return time.now

    made.dependency_overrides[db.now] = now
    yield made
    made.state.database.close()


def _browser(app: FastAPI) -> TestClient:
    return TestClient(app, base_url="http://greenroom.test", follow_redirects=False)


@pytest.fixture
def ada(app: FastAPI) -> TestClient:
    """The browser of somebody who owns what the test is about."""
    return _browser(app)


@pytest.fixture
def cy(app: FastAPI) -> TestClient:
    """The browser of a stranger."""
    return _browser(app)


@pytest.fixture
def statements(app: FastAPI):
    """`with statements() as seen:` collects the SQL statements sent meanwhile, without BEGIN."""

    @contextmanager
    def watch() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection, _cursor, statement, *_rest) -> None:
            if not statement.startswith("BEGIN"):
                seen.append(statement)

        engine = app.state.database.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return watch
