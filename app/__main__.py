"""The command line: `python -m app --help`. Each command imports what it needs, so that help is instant."""

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.settings import Settings


class Stop(Exception):
    """What keeps a command from running, in one line."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status. 0 done, 1 could not be done, 2 not a command."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    try:
        return int(chosen.command(chosen))
    except Stop as stop:
        print(f"greenroom: {stop}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m app",
        description="Greenroom: rehearse technical interviews.",
        epilog="Settings come from the environment: GREENROOM_DATA_DIR, GREENROOM_DATABASE_URL, GREENROOM_SECRET, "
        "GREENROOM_HOST, GREENROOM_PORT and more; docs/deployment.md lists them all.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", title="commands")
    run = commands.add_parser("run", help="bring the database up to date and serve the app")
    run.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    run.add_argument("--port", help="port to listen on (default 8000)")
    run.add_argument("--workers", help="number of processes (default 1)")
    run.add_argument("--behind-proxy", action="store_true", help="believe the proxy about scheme and client address")
    run.set_defaults(command=_run)
    migrate = commands.add_parser("migrate", help="bring the database up to date")
    migrate.set_defaults(command=_migrate)
    check = commands.add_parser("check-bank", help="check question files; say file, line and what to mend")
    check.add_argument("path", nargs="?", type=Path, help="folder of the bank (default: the one that is served)")
    check.add_argument(
        "--run", action="store_true", help="also run the code of every question (needs the development tools)"
    )
    check.add_argument("--stamp", action="store_true", help="with --run: write the versions into the files that passed")
    check.set_defaults(command=_check_bank)
    return parser


def _settings(**given: str | None) -> "Settings":
    """The settings, with what was given on the command line before the environment. Raise Stop naming what is wrong."""
    from pydantic import ValidationError

    from app.settings import Settings

    for name, value in given.items():
        if value is not None:
            os.environ[f"GREENROOM_{name.upper()}"] = value  # worker processes read it there
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise Stop(f"setting GREENROOM_{name} is wrong: {first['msg'].removeprefix('Value error, ')}") from None
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # people's answers
        probe = settings.data_dir / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Stop(f"cannot write to the data folder {settings.data_dir}: {error.strerror}") from None
    return settings


def _migrate(_chosen: argparse.Namespace) -> int:
    changed = _bring_up_to_date(_settings())
    print("The database is now up to date." if changed else "The database was up to date already.")
    return 0


def _bring_up_to_date(settings: "Settings") -> bool:
    import logging

    from sqlalchemy.exc import SQLAlchemyError

    from app import schema
    from app.db import Database
    from app.domain.errors import Unavailable

    said_once = logging.NullHandler()  # Stop says it; without a handler the log would say it on stderr too
    logging.getLogger("greenroom.db").addHandler(said_once)
    try:
        with closing(Database(settings)) as database:
            return schema.migrate(database)
    except (Unavailable, SQLAlchemyError, schema.Foreign, ImportError) as error:  # the last: no such driver
        raise Stop(f"the database cannot be used: {error.__cause__ or error}".splitlines()[0]) from None
    finally:
        logging.getLogger("greenroom.db").removeHandler(said_once)


def _run(chosen: argparse.Namespace) -> int:
    settings = _settings(host=chosen.host, port=chosen.port, workers=chosen.workers)
    from app import serving

    try:
        socket = serving.listen(settings.host, settings.port)
    except OSError as error:
        raise Stop(f"cannot listen on {settings.host}:{settings.port}: {error.strerror or error}") from None
    _bring_up_to_date(settings)
    return serving.serve(settings, socket, behind_proxy=chosen.behind_proxy)


def _check_bank(chosen: argparse.Namespace) -> int:
    from app.bank import checking

    return checking.check(chosen.path or _settings().bank_dir, run_code=chosen.run, stamp=chosen.stamp)


if __name__ == "__main__":
    sys.exit(main())
