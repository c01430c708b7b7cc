"""Grades, and the two things they change with them: the card and the topic score. One transaction each."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    Integer,
    Select,
    SmallInteger,
    String,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.domain import history
from app.domain.grading import Confidence, Verdict
from app.domain.history import Grade
from app.domain.scheduling import Card
from app.tables import cards, topics
from app.tables.base import CLUSTERED, AnyRow, Base, Instant, Span
from app.tables.users import User


class GradeRow(Base):
    __tablename__ = "grades"
    __table_args__ = (
        Index("ix_grades_item", "user_id", "interview_id", "item", unique=True),
        Index("ix_grades_question", "user_id", "topic", "question_id"),
        CLUSTERED,
    )

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    question_id: Mapped[str] = mapped_column(String(120))
    topic: Mapped[str] = mapped_column(String(60))
    interview_id: Mapped[str | None] = mapped_column(String(16))
    item: Mapped[int | None] = mapped_column(Integer)
    points: Mapped[str] = mapped_column(String(32))  # the ticked numbers, e.g. "1,3"
    earned: Mapped[int] = mapped_column(SmallInteger)
    possible: Mapped[int] = mapped_column(SmallInteger)
    score: Mapped[int] = mapped_column(SmallInteger)
    proposed: Mapped[str] = mapped_column(String(8))
    verdict: Mapped[str] = mapped_column(String(8))
    confidence: Mapped[str | None] = mapped_column(String(12))
    spent: Mapped[timedelta] = mapped_column("spent_ms", Span)
    rep: Mapped[int] = mapped_column(Integer)
    graded_at: Mapped[datetime] = mapped_column(Instant)
    note: Mapped[str] = mapped_column(Text)


_ALL = select(*GradeRow.__table__.columns).order_by(GradeRow.number)


def of_interview(connection: Connection, user_id: int | None, interview_id: str) -> dict[int, Grade]:
    """The interview's grades by item number."""
    if user_id is None:
        return {}
    query = _ALL.where(GradeRow.user_id == user_id, GradeRow.interview_id == interview_id)
    return {grade.item: grade for grade in _grades(connection, query) if grade.item is not None}


def of_interviews(
    connection: Connection, user_id: int | None, interview_ids: Sequence[str]
) -> dict[tuple[str, int], int]:
    """The scores of the graded items of these interviews of the user, by interview and item number."""
    if user_id is None:
        return {}
    rows = connection.execute(
        select(GradeRow.interview_id, GradeRow.item, GradeRow.score).where(
            GradeRow.user_id == user_id, GradeRow.interview_id.in_(interview_ids)
        )
    )
    return {(row.interview_id, row.item): row.score for row in rows}


def of_question(connection: Connection, user_id: int | None, question_id: str) -> list[Grade]:
    """All the user's grades of one question, oldest first."""
    if user_id is None:
        return []
    topic = question_id.partition("/")[0]
    return _grades(
        connection,
        _ALL.where(GradeRow.user_id == user_id, GradeRow.topic == topic, GradeRow.question_id == question_id),
    )


def last(connection: Connection, user_id: int | None) -> Grade | None:
    """The user's newest grade."""
    if user_id is None:
        return None
    newest = _grades(
        connection,
        select(*GradeRow.__table__.columns)
        .where(GradeRow.user_id == user_id)
        .order_by(GradeRow.number.desc())
        .limit(1),
    )
    return newest[0] if newest else None


def reviews_since(connection: Connection, user_id: int, start: datetime) -> tuple[int, int]:
    """How many reviews (grades outside interviews) were given since `start`, and how many of them were first grades."""
    row = connection.execute(
        select(func.count(), func.count().filter(GradeRow.rep == 1)).where(
            GradeRow.user_id == user_id, GradeRow.interview_id.is_(None), GradeRow.graded_at >= start
        )
    ).one()
    return int(row[0]), int(row[1])


def judged(connection: Connection, user_id: int | None) -> list[tuple[Confidence, int]]:
    """Stated confidence and score of every grade that has both."""
    if user_id is None:
        return []
    rows = connection.execute(
        select(GradeRow.confidence, GradeRow.score).where(GradeRow.user_id == user_id, GradeRow.confidence.is_not(None))
    )
    return [(Confidence(row.confidence), row.score) for row in rows]


def add(connection: Connection, user_id: int, given: Grade, card: Card | None, retention: float) -> None:
    """Store a new grade with the card, now `card`, and the topic score it leads to."""
    connection.execute(insert(GradeRow).values(user_id=user_id, **_values(given)))
    cards.store(connection, user_id, history.card_after(card, given, retention), new=card is None)
    score = topics.score(connection, user_id, given.topic)
    topics.store(connection, user_id, history.topic_after(score, given), new=score is None)


def revise(connection: Connection, user_id: int, given: Grade, retention: float) -> None:
    """Put the corrected grade in place of the one with its number, and replay what follows from it."""
    values = _values(given)
    del values["number"]
    connection.execute(
        update(GradeRow).where(GradeRow.user_id == user_id, GradeRow.number == given.number).values(**values)
    )
    _replay(connection, user_id, given, retention)


def remove(connection: Connection, user_id: int, given: Grade, retention: float) -> None:
    """Take a grade back: the card and the topic score become what they were without it."""
    connection.execute(delete(GradeRow).where(GradeRow.user_id == user_id, GradeRow.number == given.number))
    _replay(connection, user_id, given, retention)


def _replay(connection: Connection, user_id: int, given: Grade, retention: float) -> None:
    topic = _grades(connection, _ALL.where(GradeRow.user_id == user_id, GradeRow.topic == given.topic))
    own = [grade for grade in topic if grade.question_id == given.question_id]
    card = history.card_from(own, retention)
    if card is None:
        cards.remove(connection, user_id, given.question_id)
    else:
        cards.store(connection, user_id, card, new=False)
    score = history.topic_from(topic)
    if score is None:
        topics.remove(connection, user_id, given.topic)
    else:
        topics.store(connection, user_id, score, new=False)


def _values(given: Grade) -> dict[str, Any]:
    return {
        "number": given.number,
        "question_id": given.question_id,
        "topic": given.topic,
        "interview_id": given.interview_id,
        "item": given.item,
        "points": ",".join(str(point) for point in sorted(given.points)),
        "earned": given.earned,
        "possible": given.possible,
        "score": given.score,
        "proposed": given.proposed,
        "verdict": given.verdict,
        "confidence": given.confidence,
        "spent_ms": given.spent,
        "rep": given.rep,
        "graded_at": given.graded_at,
        "note": given.note,
    }


def _grades(connection: Connection, query: Select[Any]) -> list[Grade]:
    rows: Sequence[AnyRow] = connection.execute(query).all()
    return [
        Grade(
            number=row.number,
            question_id=row.question_id,
            topic=row.topic,
            interview_id=row.interview_id,
            item=row.item,
            points=frozenset(int(point) for point in row.points.split(",") if point),
            earned=row.earned,
            possible=row.possible,
            score=row.score,
            proposed=Verdict(row.proposed),
            verdict=Verdict(row.verdict),
            confidence=Confidence(row.confidence) if row.confidence else None,
            spent=row.spent_ms,
            note=row.note,
            rep=row.rep,
            graded_at=row.graded_at,
        )
        for row in rows
    ]
