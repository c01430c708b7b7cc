"""The question a user has open in review: at most one, from "Show answer" until its grade."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, ForeignKey, String, Text, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.grading import Confidence
from app.tables.base import AnyRow, Base, Instant
from app.tables.users import User


class AttemptRow(Base):
    __tablename__ = "attempts"

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), primary_key=True, autoincrement=False)
    question_id: Mapped[str] = mapped_column(String(120))
    confidence: Mapped[str | None] = mapped_column(String(12))
    revealed_at: Mapped[datetime] = mapped_column(Instant)
    text: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the user said before the model answer was shown."""

    question_id: str
    confidence: Confidence | None
    revealed_at: datetime
    text: str


def attempt(connection: Connection, user_id: int | None) -> Attempt | None:
    """The question whose answer is showing, or None."""
    if user_id is None:
        return None
    row = connection.execute(
        select(AttemptRow.question_id, AttemptRow.confidence, AttemptRow.revealed_at, AttemptRow.text).where(
            AttemptRow.user_id == user_id
        )
    ).first()
    return _attempt(row) if row else None


def reveal(connection: Connection, user_id: int, shown: Attempt) -> None:
    """Make this the open question, in place of any other."""
    close(connection, user_id)
    connection.execute(
        insert(AttemptRow).values(
            user_id=user_id,
            question_id=shown.question_id,
            confidence=shown.confidence,
            revealed_at=shown.revealed_at,
            text=shown.text,
        )
    )


def close(connection: Connection, user_id: int) -> None:
    """No question is open any more."""
    connection.execute(delete(AttemptRow).where(AttemptRow.user_id == user_id))


def take(connection: Connection, user_id: int, question_id: str) -> Attempt | None:
    """Close the question if it is the open one and return it; None if it is not, so that it is graded once only."""
    row = connection.execute(
        delete(AttemptRow)
        .where(AttemptRow.user_id == user_id, AttemptRow.question_id == question_id)
        .returning(AttemptRow.question_id, AttemptRow.confidence, AttemptRow.revealed_at, AttemptRow.text)
    ).first()
    return _attempt(row) if row else None


def _attempt(row: AnyRow) -> Attempt:
    return Attempt(row.question_id, Confidence(row.confidence) if row.confidence else None, row.revealed_at, row.text)
