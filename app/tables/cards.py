"""Cards: one row per user and question that was ever graded."""

from datetime import datetime

from sqlalchemy import Connection, Float, ForeignKey, Integer, SmallInteger, String, delete, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.grading import Verdict
from app.domain.scheduling import Card
from app.tables.base import CLUSTERED, AnyRow, Base, Instant
from app.tables.users import User


class CardRow(Base):
    __tablename__ = "cards"
    __table_args__ = (CLUSTERED,)

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    topic: Mapped[str] = mapped_column(String(60))
    state: Mapped[int] = mapped_column(SmallInteger)
    step: Mapped[int | None] = mapped_column(SmallInteger)
    stability: Mapped[float] = mapped_column(Float(53))
    difficulty: Mapped[float] = mapped_column(Float(53))
    due_at: Mapped[datetime] = mapped_column(Instant)
    reviewed_at: Mapped[datetime] = mapped_column(Instant)
    reps: Mapped[int] = mapped_column(Integer)
    lapses: Mapped[int] = mapped_column(Integer)
    score: Mapped[int] = mapped_column(SmallInteger)
    verdict: Mapped[str] = mapped_column(String(8))


_ALL = select(*[column for column in CardRow.__table__.columns if column.name != "user_id"])


def of_user(connection: Connection, user_id: int | None) -> dict[str, Card]:
    """The user's cards by question id: never more than the bank has questions."""
    if user_id is None:
        return {}
    rows = connection.execute(_ALL.where(CardRow.user_id == user_id))
    return {row.question_id: _card(row) for row in rows}


def of_question(connection: Connection, user_id: int, question_id: str) -> Card | None:
    """The user's card for one question, or None before its first grade."""
    row = connection.execute(_ALL.where(CardRow.user_id == user_id, CardRow.question_id == question_id)).first()
    return _card(row) if row else None


def store(connection: Connection, user_id: int, card: Card, *, new: bool) -> None:
    """Write the card; `new` says that there is none yet."""
    values = {field: getattr(card, field) for field in Card.__dataclass_fields__}
    if new:
        connection.execute(insert(CardRow).values(user_id=user_id, **values))
        return
    connection.execute(
        update(CardRow).where(CardRow.user_id == user_id, CardRow.question_id == card.question_id).values(**values)
    )


def remove(connection: Connection, user_id: int, question_id: str) -> None:
    connection.execute(delete(CardRow).where(CardRow.user_id == user_id, CardRow.question_id == question_id))


def _card(row: AnyRow) -> Card:
    values = dict(row._mapping)
    values["verdict"] = Verdict(values["verdict"])
    return Card(**values)
