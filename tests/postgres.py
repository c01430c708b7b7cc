"""A PostgreSQL of our own for tests: `python -m tests.postgres COMMAND …` runs a command with one on loopback.

The command finds it in GREENROOM_TEST_POSTGRES_URL. A server named there already is used as it is. The cluster lives in
a temporary folder and ends with the command.
"""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VARIABLE = "GREENROOM_TEST_POSTGRES_URL"


def programs() -> Path | None:
    """The folder with initdb and pg_ctl, or None if PostgreSQL is not installed."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    return next(
        (place for place in [*places, *([Path(found).parent] if found else [])] if (place / "initdb").exists()), None
    )


@contextmanager
def running(bin_folder: Path) -> Iterator[str]:
    """The URL of a server that runs until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="greenroom-pg-") as folder:
        user = _server_user()
        if user:
            shutil.chown(folder, user)
        data = f"{folder}/data"
        _as(
            user,
            [
                f"{bin_folder}/initdb",
                "-D",
                data,
                "-U",
                "greenroom",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
            ],
        )
        settings = (
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={folder}",
            "fsync=off",
            "max_connections=200",
        )
        options = f"-p {port} " + " ".join(f"-c {setting}" for setting in settings)
        _as(user, [f"{bin_folder}/pg_ctl", "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start"])
        try:
            yield f"postgresql+pg8000://greenroom@127.0.0.1:{port}/postgres"
        finally:
            _as(user, [f"{bin_folder}/pg_ctl", "-D", data, "-m", "immediate", "stop"])


def _server_user() -> str | None:
    """PostgreSQL refuses to run as root: then the user its package made, else nobody."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _as(user: str | None, command: list[str]) -> None:
    subprocess.run(command, check=True, user=user, cwd="/", stdout=subprocess.DEVNULL)


def main(command: list[str]) -> int:
    if os.environ.get(VARIABLE):
        return subprocess.run(command, check=False).returncode
    bin_folder = programs()
    if bin_folder is None:
        raise SystemExit("PostgreSQL is not installed: its initdb was not found.")
    with running(bin_folder) as url:
        return subprocess.run(command, check=False, env={**os.environ, VARIABLE: url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
