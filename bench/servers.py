"""The three servers, each a process of its own on loopback; what they cost, and how many statements they send."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from bench.client import Browser

ROOT = Path(__file__).resolve().parent.parent
FILE = "greenroom.sqlite3"
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_ENDS_IN_PORT = re.compile(r"http://[^ ]*:(\d+)")


class Server:
    """A server process; `with` ends it."""

    def __init__(self, name: str, *command: str, data_dir: Path | None = None) -> None:
        self.name = name
        # Settings of whoever runs the benchmark must not change what is measured.
        environment = {key: value for key, value in os.environ.items() if not key.startswith("GREENROOM_")}
        if data_dir is not None:
            environment["GREENROOM_DATA_DIR"] = str(data_dir)
        self._process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        said = _ENDS_IN_PORT.search(self._process.stdout.readline())
        if said is None:
            self._process.kill()
            raise RuntimeError(f"{name} did not start")
        self._port = int(said[1])
        self.browser = Browser(self._port)

    def cpu(self) -> float:
        """Seconds of CPU, user and system, that the process with all its threads has used."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def know(self, browser: Browser) -> None:
        """Go on from what that browser knows: this server has a copy of the same database."""
        self.browser = deepcopy(browser)
        self.browser.port = self._port

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def copy(data_dir: Path, to: Path) -> Path:
    """A copy of the database that a server may be using, and of the secret that signs its cookies; its path."""
    to.mkdir()
    shutil.copy(data_dir / "secret", to)
    source, target = sqlite3.connect(data_dir / FILE), sqlite3.connect(to / FILE)
    source.backup(target)
    source.close()
    target.close()
    return to / FILE


def greenroom(data_dir: Path) -> Server:
    return Server("Greenroom", "app", "run", "--port", "0", data_dir=data_dir)


def floor(kind: str, database: Path, sizes: Mapping[str, int]) -> Server:
    return Server(kind, "bench.floor", kind, str(database), *(f"{name}={size}" for name, size in sizes.items()))


def statements(kind: str, database: Path, browser: Browser, sizes: Mapping[str, int]) -> dict[str, int]:
    """How many statements each work sends, as SQLite sees them, BEGIN and COMMIT not counted; in this process."""
    from starlette.testclient import TestClient

    browser = deepcopy(browser)
    seen: list[str] = []
    client = TestClient(_watched(kind, database, sizes, seen), base_url="http://greenroom.test")
    counts = {}
    for work in sizes:
        for _ in range(2):  # the second time, so that what is done once per connection is not counted
            request = getattr(browser, work)(0)
            headers = {"Cookie": browser.cookie} | ({"HX-Request-Type": "partial"} if request.partial else {})
            seen.clear()
            answer = client.request(request.method, request.path, data=request.form or None, headers=headers)
            if answer.status_code != 200:
                raise RuntimeError(f"{kind}: {request.method} {request.path} gave {answer.status_code}")
        counts[work] = sum(one.lstrip().startswith(("SELECT", "INSERT", "UPDATE", "DELETE")) for one in seen)
    return counts


def _watched(kind: str, database: Path, sizes: Mapping[str, int], seen: list[str]) -> Any:
    if kind != "Greenroom":
        from bench.floor import make_app

        return make_app(kind, database, sizes, seen.append)
    from sqlalchemy import event

    from app.main import create_app
    from app.settings import Settings

    app = create_app(Settings(data_dir=database.parent, database_url="", secret=None))
    engine = app.state.database.engine
    event.listen(engine, "connect", lambda connection, _record: connection.set_trace_callback(seen.append))
    return app
