"""Topic scores: one row per user and topic, brought up to date with every grade."""

from datetime import datetime

from sqlalchemy import Connection, Float, ForeignKey, Integer, SmallInteger, String, delete, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.domain import scores as domain_scores
from app.domain.questions import Bank
from app.domain.scores import Standing, TopicScore
from app.tables import cards
from app.tables.base import CLUSTERED, AnyRow, Base, Instant
from app.tables.users import User


class TopicScoreRow(Base):
    __tablename__ = "topic_scores"
    __table_args__ = (CLUSTERED,)

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(60), primary_key=True)
    answered: Mapped[int] = mapped_column(Integer)
    earned: Mapped[int] = mapped_column(Integer)
    possible: Mapped[int] = mapped_column(Integer)
    last_score: Mapped[int] = mapped_column(SmallInteger)
    recent: Mapped[float] = mapped_column(Float(53))
    practised_at: Mapped[datetime] = mapped_column(Instant)


_ALL = select(*[column for column in TopicScoreRow.__table__.columns if column.name != "user_id"])


def scores(connection: Connection, user_id: int | None) -> dict[str, TopicScore]:
    """The user's scores by topic."""
    if user_id is None:
        return {}
    return {row.topic: _score(row) for row in connection.execute(_ALL.where(TopicScoreRow.user_id == user_id))}


def standings(connection: Connection, user_id: int | None, bank: Bank, now: datetime) -> list[Standing]:
    """How the user stands in every topic of the bank at `now`, most urgent first."""
    return domain_scores.standings(bank, cards.of_user(connection, user_id), scores(connection, user_id), now)


def score(connection: Connection, user_id: int, topic: str) -> TopicScore | None:
    """The user's score in one topic, or None before its first grade."""
    row = connection.execute(_ALL.where(TopicScoreRow.user_id == user_id, TopicScoreRow.topic == topic)).first()
    return _score(row) if row else None


def store(connection: Connection, user_id: int, score: TopicScore, *, new: bool) -> None:
    """Write the score; `new` says that there is none yet."""
    values = {field: getattr(score, field) for field in TopicScore.__dataclass_fields__}
    if new:
        connection.execute(insert(TopicScoreRow).values(user_id=user_id, **values))
        return
    connection.execute(
        update(TopicScoreRow)
        .where(TopicScoreRow.user_id == user_id, TopicScoreRow.topic == score.topic)
        .values(**values)
    )


def remove(connection: Connection, user_id: int, topic: str) -> None:
    connection.execute(delete(TopicScoreRow).where(TopicScoreRow.user_id == user_id, TopicScoreRow.topic == topic))


def _score(row: AnyRow) -> TopicScore:
    return TopicScore(**row._mapping)
