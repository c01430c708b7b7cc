"""A real Chromium against a real server on loopback, with a clock that tests may turn."""

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from app import db, schema
from app.db import Database
from app.main import create_app
from app.settings import Settings
from tests.browser.chromium import get

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1280, "height": 800}


class Site:
    """The running app. `shift` is added to the system's time, as if that much had passed."""

    def __init__(self, folder: Path) -> None:
        self.shift = timedelta(0)
        settings = Settings(data_dir=folder, secret="a secret for tests only", synchronous="NORMAL")
        database = Database(settings)
        schema.migrate(database)
        database.close()
        self.app = create_app(settings)

        async def now() -> datetime:
            return datetime.now(UTC) + self.shift

        self.app.dependency_overrides[db.now] = now
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._server = uvicorn.Server(uvicorn.Config(self.app, log_config=None, access_log=False, ws="none"))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]})
        self._thread.start()

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._socket.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    running = Site(tmp_path)
    yield running
    running.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = get()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_browser(chromium: Browser, site: Site):
    """`open_browser(**options)`: a new visitor's page. At the end no page may have complained on its console."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(**options) -> Page:
        context = chromium.new_context(**({"viewport": LAPTOP, "base_url": site.url} | options))
        context.set_default_timeout(10_000)
        contexts.append(context)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("console", lambda message: _note(message, complaints))
        return context.new_page()

    make.expected = complaints.clear  # for tests that provoke an error on purpose
    yield make
    for context in contexts:
        context.close()
    assert complaints == []


def _note(message, complaints: list[str]) -> None:
    if message.type in ("error", "warning"):
        complaints.append(f"{message.type}: {message.text}")
