"""Brings a database to the schema of this code, by Alembic. Alembic is only imported when there is something to do."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from app.db import Database
from app.settings import ROOT

if TYPE_CHECKING:
    from alembic.config import Config

SCRIPTS = ROOT / "migrations"
HEAD = "0001"  # the newest file in migrations/versions; a test holds the two together


class Foreign(Exception):
    """The database is at a revision that this code does not know."""


def revision(connection: Connection) -> str | None:
    """The revision the database is at, or None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def is_current(database: Database) -> bool:
    """Whether the database has the schema of this code. Raise Unavailable if it cannot be asked."""
    with database.read() as connection:
        return revision(connection) == HEAD


def migrate(database: Database) -> bool:
    """Bring the schema up to date; True if that changed anything. Two at once wait for each other. Raise Foreign."""
    if is_current(database):
        return False
    from alembic import command
    from alembic.util import CommandError

    with database.write() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(7147)"))
        if revision(connection) == HEAD:
            return False
        try:
            command.upgrade(config(connection), "head")
        except CommandError as error:
            raise Foreign(f"another version of Greenroom made it ({error})") from None
    return True


def config(connection: Connection) -> "Config":
    """Alembic's configuration, made here so that no ini file has to be found."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(Path(SCRIPTS)).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made
