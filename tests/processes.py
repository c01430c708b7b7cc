"""`python -m app` as a real process, for tests of the command line and of what survives a kill -9."""

import os
import re
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.settings import ROOT

PATIENCE = 60  # seconds until a process that does not answer is given up; never waited for when all is well


def environment(**settings: object) -> dict[str, str]:
    """This process's environment with these settings of Greenroom and no others: `environment(port=0)`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GREENROOM_")}
    return kept | {f"GREENROOM_{name.upper()}": str(value) for name, value in settings.items()}


def greenroom(*arguments: str, python: tuple[str, ...] = (), **settings: object) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; what it printed and its exit status."""
    return subprocess.run(
        [sys.executable, *python, "-m", "app", *arguments],
        cwd=ROOT,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@dataclass
class Server:
    """A running `python -m app run`. It leads a process group of its own, which holds its workers too."""

    process: subprocess.Popen[str]
    url: str
    port: int
    errors: IO[str]

    def said(self) -> str:
        """What it has written to stderr so far."""
        self.errors.seek(0)
        return self.errors.read()

    def kill(self) -> None:
        """kill -9: no handler runs, nothing is flushed."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)


@contextmanager
def server(*arguments: str, port: int = 0, **settings: object) -> Iterator[Server]:
    """A server that is gone when the block ends, however it ends. Port 0 takes a free one."""
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "stderr").open("a+") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "run", "--port", str(port), *arguments],
            cwd=ROOT,
            env=environment(**settings),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        )
        try:
            line = _first_line(process)
            ready = re.search(r"http://127\.0\.0\.1:(\d+)", line)
            if not ready:
                errors.seek(0)
                raise AssertionError(f"the server did not start: {line!r} {errors.read()!r}")
            yield Server(process, ready[0], int(ready[1]), errors)
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(PATIENCE)
            process.stdout.close()


def _first_line(process: subprocess.Popen[str]) -> str:
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        return process.stdout.readline() if selector.select(PATIENCE) else ""


def until(true, what: str):
    """Ask until the answer is true, and return it; fail when patience is at its end."""
    end = time.monotonic() + PATIENCE
    while not (answer := true()):
        assert time.monotonic() < end, f"waited {PATIENCE} s for {what}"
        time.sleep(0.02)
    return answer


def workers(supervisor: int) -> list[int]:
    """The ids of the processes that a server with several workers has started to answer requests."""
    return sorted(pid for pid, parent, command in _processes() if parent == supervisor and "spawn_main" in command)


def _processes() -> Iterator[tuple[int, int, str]]:
    """Process id, parent's id and command line of everything that runs. Linux may lack `ps`, others lack /proc."""
    if not Path("/proc/self/stat").exists():
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True)
        for line in listed.stdout.splitlines():
            pid, parent, *command = line.split(maxsplit=2)
            yield int(pid), int(parent), " ".join(command)
        return
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            yield int(folder.name), int(parent), (folder / "cmdline").read_text().replace("\0", " ")
        except (OSError, UnicodeDecodeError):
            continue  # it has ended meanwhile
