"""The items of interviews: one row per question asked. `interviews.py` loads and stores them with their interview."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Boolean, ForeignKeyConstraint, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.grading import Confidence
from app.domain.interviews import Item
from app.tables.base import AnyRow, Base, Instant, Span


class ItemRow(Base):
    __tablename__ = "items"
    __table_args__ = (
        ForeignKeyConstraint(["user_id", "interview_id"], ["interviews.user_id", "interviews.id"], ondelete="CASCADE"),
    )

    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    interview_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    question_id: Mapped[str] = mapped_column(String(120))
    topic: Mapped[str] = mapped_column(String(60))
    budget: Mapped[timedelta] = mapped_column("budget_ms", Span)
    answered: Mapped[bool] = mapped_column(Boolean)
    flagged: Mapped[bool] = mapped_column(Boolean)
    confidence: Mapped[str | None] = mapped_column(String(12))
    revision: Mapped[int] = mapped_column(Integer)
    spent: Mapped[timedelta] = mapped_column("spent_ms", Span)
    shown_at: Mapped[datetime | None] = mapped_column(Instant)
    first_key_at: Mapped[datetime | None] = mapped_column(Instant)
    saved_at: Mapped[datetime | None] = mapped_column(Instant)
    tab: Mapped[str] = mapped_column(String(16))
    turn: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)


COLUMNS = (
    ItemRow.number,
    ItemRow.question_id,
    ItemRow.topic,
    ItemRow.budget,
    ItemRow.answered,
    ItemRow.flagged,
    ItemRow.confidence,
    ItemRow.revision,
    ItemRow.spent,
    ItemRow.shown_at,
    ItemRow.first_key_at,
    ItemRow.saved_at,
    ItemRow.tab,
    ItemRow.turn,
)
_CONFIDENCE: Mapping[str | None, Confidence | None] = {None: None} | {level.value: level for level in Confidence}
# The item's fields that can change, and their columns.
_CHANGING = (
    ("text", "text"),
    ("revision", "revision"),
    ("answered", "answered"),
    ("flagged", "flagged"),
    ("confidence", "confidence"),
    ("spent", "spent_ms"),
    ("shown_at", "shown_at"),
    ("first_key_at", "first_key_at"),
    ("saved_at", "saved_at"),
    ("tab", "tab"),
    ("turn", "turn"),
)


def item(row: AnyRow) -> Item:
    """The item of a row that ends with COLUMNS and `text`. By position: by name costs four times as much."""
    number, question_id, topic, budget, answered, flagged, sure, revision, *times, tab, turn, text = row[-15:]
    spent, shown, key, saved = times
    return Item(
        number,
        question_id,
        topic,
        budget,
        answered,
        flagged,
        text,
        revision,
        _CONFIDENCE[sure],
        spent,
        shown,
        key,
        saved,
        tab,
        turn,
    )


def values(one: Item) -> dict[str, Any]:
    """All columns of the item but its owner and its interview."""
    fixed = {"number": one.number, "question_id": one.question_id, "topic": one.topic, "budget_ms": one.budget}
    return fixed | {column: getattr(one, name) for name, column in _CHANGING}


def changes(old: Item, new: Item) -> dict[str, Any]:
    """The columns in which the two differ, with the new values."""
    return {column: getattr(new, name) for name, column in _CHANGING if getattr(new, name) != getattr(old, name)}
