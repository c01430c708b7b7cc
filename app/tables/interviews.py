"""Interviews and their items. Every statement names the owner: somebody else's interview is not found."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.clock import Clock, Mode
from app.domain.errors import Missing
from app.domain.interviews import Interview, Item
from app.tables import items
from app.tables.base import CLUSTERED, AnyRow, Base, Instant, Span
from app.tables.grades import GradeRow
from app.tables.items import ItemRow
from app.tables.users import User

GONE = "This interview does not exist, or it was started in another browser. Interviews are private to the browser."


RECENT = 20  # interviews that home looks through for something left to do


class InterviewRow(Base):
    __tablename__ = "interviews"
    __table_args__ = (Index("ix_interviews_started", "user_id", "started_at"), CLUSTERED)

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), primary_key=True)
    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    seed: Mapped[int] = mapped_column(BigInteger)
    mode: Mapped[str] = mapped_column(String(8))
    limit: Mapped[timedelta] = mapped_column("limit_ms", Span)
    started_at: Mapped[datetime] = mapped_column(Instant)
    paused: Mapped[timedelta] = mapped_column("paused_ms", Span)
    pauses: Mapped[int] = mapped_column(Integer)
    paused_at: Mapped[datetime | None] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    current: Mapped[int] = mapped_column("current_number", Integer)
    current_since: Mapped[datetime] = mapped_column(Instant)


_HEAD = (
    InterviewRow.id,
    InterviewRow.seed,
    InterviewRow.mode,
    InterviewRow.limit,
    InterviewRow.started_at,
    InterviewRow.paused,
    InterviewRow.pauses,
    InterviewRow.paused_at,
    InterviewRow.submitted_at,
    InterviewRow.current,
    InterviewRow.current_since,
)
_OWN = InterviewRow.user_id == bindparam("owner"), InterviewRow.id == bindparam("interview")
_OWN_ITEMS = ItemRow.user_id == bindparam("owner"), ItemRow.interview_id == bindparam("interview")
_SELECT_HEAD = select(*_HEAD).where(*_OWN)
# Locks the owner's row too: what hangs together (grades, cards, scores) is changed by one writer at a time per user.
_SELECT_HEAD_LOCKED = _SELECT_HEAD.join(User, User.id == InterviewRow.user_id).with_for_update()
_SELECT_ITEMS = (
    select(
        *items.COLUMNS,
        case((ItemRow.number.in_(bindparam("texts", expanding=True)), ItemRow.text), else_=literal("")).label("text"),
    )
    .where(*_OWN_ITEMS)
    .order_by(ItemRow.number)
)
_SELECT_ITEMS_FULL = select(*items.COLUMNS, ItemRow.text).where(*_OWN_ITEMS).order_by(ItemRow.number)
# The columns to set are the parameters of each call: a statement made anew each time would cost more than its work.
_UPDATE_ITEM = update(ItemRow).where(*_OWN_ITEMS, ItemRow.number == bindparam("item"))
_UPDATE_HEAD = update(InterviewRow).where(*_OWN)


def owned_by(
    connection: Connection,
    user_id: int | None,
    interview_id: str,
    *,
    texts: Collection[int] | None = None,
    lock: bool = False,
) -> Interview:
    """The user's interview with all its items. Raise Missing if there is none, or it is not theirs.

    `texts` limits the answers' text to these item numbers (None: all); `lock` keeps other writers off it until commit.
    """
    own: dict[str, Any] = {"owner": user_id, "interview": interview_id}
    # No id has other characters, and PostgreSQL refuses to look for some of them.
    sought = user_id and interview_id.isalnum()
    head = connection.execute(_SELECT_HEAD_LOCKED if lock else _SELECT_HEAD, own).first() if sought else None
    if head is None:
        raise Missing(GONE)
    if texts is None:
        rows = connection.execute(_SELECT_ITEMS_FULL, own).all()
    else:
        rows = connection.execute(_SELECT_ITEMS, {**own, "texts": list(texts)}).all()
    return _interview(head, tuple(items.item(row) for row in rows))


def newest(connection: Connection, user_id: int | None, limit: int = 200) -> list[Interview]:
    """The user's interviews, newest first, with their items but without the answers' text."""
    if user_id is None:
        return []
    heads = connection.execute(
        select(*_HEAD).where(InterviewRow.user_id == user_id).order_by(InterviewRow.started_at.desc()).limit(limit)
    ).all()
    found: dict[str, list[Item]] = {head.id: [] for head in heads}
    rows = connection.execute(
        select(ItemRow.interview_id, *items.COLUMNS, literal("").label("text"))
        .where(ItemRow.user_id == user_id, ItemRow.interview_id.in_(list(found)))
        .order_by(ItemRow.interview_id, ItemRow.number)
    )
    for row in rows:
        found[row.interview_id].append(items.item(row))
    return [_interview(head, tuple(found[head.id])) for head in heads]


def how_many(connection: Connection, user_id: int | None) -> int:
    """How many interviews the user has started."""
    query = select(func.count()).select_from(InterviewRow).where(InterviewRow.user_id == user_id)
    return connection.execute(query).scalar_one() if user_id else 0


def running(connection: Connection, user_id: int | None) -> list[Interview]:
    """The user's interviews that were not handed in by hand, newest first; an exam among them may be over by time."""
    if user_id is None:
        return []
    heads = connection.execute(
        select(*_HEAD)
        .where(InterviewRow.user_id == user_id, InterviewRow.submitted_at.is_(None))
        .order_by(InterviewRow.started_at.desc())
        .limit(RECENT)
    )
    return [_interview(head, ()) for head in heads]


def ungraded(connection: Connection, user_id: int | None) -> list[str]:
    """The ids of the user's interviews with an answer without a grade, newest first, among the last RECENT of them."""
    if user_id is None:
        return []
    recent = (
        select(InterviewRow.id, InterviewRow.started_at)
        .where(InterviewRow.user_id == user_id)
        .order_by(InterviewRow.started_at.desc())
        .limit(RECENT)
        .subquery()
    )
    graded = exists().where(
        GradeRow.user_id == user_id, GradeRow.interview_id == ItemRow.interview_id, GradeRow.item == ItemRow.number
    )
    waiting = exists().where(
        ItemRow.user_id == user_id, ItemRow.interview_id == recent.c.id, ItemRow.answered.is_(True), ~graded
    )
    rows = connection.execute(select(recent.c.id).where(waiting).order_by(recent.c.started_at.desc()))
    return [row.id for row in rows]


def times_asked(connection: Connection, user_id: int | None) -> Mapping[str, int]:
    """How often each question was asked in the user's interviews."""
    if user_id is None:
        return {}
    rows = connection.execute(
        select(ItemRow.question_id, func.count()).where(ItemRow.user_id == user_id).group_by(ItemRow.question_id)
    )
    return {row[0]: row[1] for row in rows}


def add(connection: Connection, user_id: int, interview: Interview) -> None:
    """Store a new interview with its items."""
    connection.execute(
        insert(InterviewRow).values(user_id=user_id, id=interview.id, seed=interview.seed, **_head_values(interview))
    )
    connection.execute(
        insert(ItemRow),
        [{"user_id": user_id, "interview_id": interview.id, **items.values(item)} for item in interview.items],
    )


def is_there(connection: Connection, user_id: int, interview_id: str) -> bool:
    own = {"owner": user_id, "interview": interview_id}
    return connection.execute(select(InterviewRow.id).where(*_OWN), own).first() is not None


def store(connection: Connection, user_id: int, before: Interview, after: Interview) -> None:
    """Write what differs between the two: the head, and each item that changed (its text only with its revision)."""
    if after.clock != before.clock or (after.current, after.current_since) != (before.current, before.current_since):
        connection.execute(_UPDATE_HEAD, {"owner": user_id, "interview": after.id, **_head_values(after)})
    for old, new in zip(before.items, after.items, strict=True):
        if new is not old and new != old:
            own = {"owner": user_id, "interview": after.id, "item": new.number}
            connection.execute(_UPDATE_ITEM, own | items.changes(old, new))


def _head_values(interview: Interview) -> dict[str, Any]:
    clock = interview.clock
    return {
        "mode": clock.mode,
        "limit_ms": clock.limit,
        "started_at": clock.started_at,
        "paused_ms": clock.paused,
        "pauses": clock.pauses,
        "paused_at": clock.paused_at,
        "submitted_at": clock.submitted_at,
        "current_number": interview.current,
        "current_since": interview.current_since,
    }


def _interview(head: AnyRow, items: tuple[Item, ...]) -> Interview:
    clock = Clock(
        started_at=head.started_at,
        limit=head.limit_ms,
        mode=Mode(head.mode),
        paused=head.paused_ms,
        pauses=head.pauses,
        paused_at=head.paused_at,
        submitted_at=head.submitted_at,
    )
    return Interview(head.id, head.seed, clock, head.current_number, head.current_since, items)
