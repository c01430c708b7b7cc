"""Users: guests at first touch. A user is nothing but an id that a signed cookie carries."""

import secrets
from datetime import datetime

from sqlalchemy import BigInteger, Connection, Integer, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.errors import Unknown
from app.tables.base import Base, Instant


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    created_at: Mapped[datetime] = mapped_column(Instant)
    grades_given: Mapped[int] = mapped_column(Integer, default=0)  # never goes down: numbers the user's grades


def new_id() -> int:
    """A random id, positive in 63 bits: no sequence to share between machines, nothing to count through."""
    return secrets.randbits(62) + 1


def add(connection: Connection, user_id: int, now: datetime) -> None:
    """Store the user unless it is there already, and keep other writers off what belongs to it until commit."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    new = insert(User).values(id=user_id, created_at=now, grades_given=0)
    connection.execute(new.on_conflict_do_nothing())
    lock(connection, user_id)


def lock(connection: Connection, user_id: int) -> None:
    """Let one writer at a time change what belongs to this user. SQLite has one writer at a time anyway."""
    if connection.dialect.name != "sqlite":
        connection.execute(select(User.id).where(User.id == user_id).with_for_update())


def next_grade(connection: Connection, user_id: int) -> int:
    """Take the user's next grade number; holds the user's row until commit. Raise Unknown without a user."""
    number = connection.execute(
        update(User).where(User.id == user_id).values(grades_given=User.grades_given + 1).returning(User.grades_given)
    ).scalar()
    if number is None:
        raise Unknown("Your practice is not on this server any more. Start an interview to begin again.")
    return int(number)


def forget(connection: Connection, user_id: int) -> None:
    """Delete the user and, by cascade, every row that belongs to it."""
    connection.execute(delete(User).where(User.id == user_id))
