"""Texts that a newer save displaced before anybody had seen them: kept so that they can be taken back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Connection, ForeignKeyConstraint, Integer, String, Text, bindparam, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from app.tables.base import Base, Instant


class RevisionRow(Base):
    __tablename__ = "revisions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["user_id", "interview_id", "number"],
            ["items.user_id", "items.interview_id", "items.number"],
            ondelete="CASCADE",
        ),
    )

    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    interview_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kept_at: Mapped[datetime] = mapped_column(Instant)
    text: Mapped[str] = mapped_column(Text)


_KEPT = (
    select(RevisionRow.revision, RevisionRow.kept_at, RevisionRow.text)
    .where(
        RevisionRow.user_id == bindparam("owner"),
        RevisionRow.interview_id == bindparam("interview"),
        RevisionRow.number == bindparam("item"),
    )
    .order_by(RevisionRow.revision.desc())
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A displaced text and the revision it was."""

    revision: int
    kept_at: datetime
    text: str


def keep(
    connection: Connection, user_id: int, interview_id: str, number: int, revision: int, text: str, now: datetime
) -> None:
    """Keep the text that was revision `revision` of the item."""
    connection.execute(
        insert(RevisionRow).values(
            user_id=user_id, interview_id=interview_id, number=number, revision=revision, kept_at=now, text=text
        )
    )


def kept(connection: Connection, user_id: int | None, interview_id: str, number: int) -> list[Kept]:
    """The texts kept aside for the item, newest first."""
    rows = connection.execute(_KEPT, {"owner": user_id, "interview": interview_id, "item": number})
    return [Kept(row.revision, row.kept_at, row.text) for row in rows]
