"""The interview clock: every state is derived from stored instants and `now`, never ticked.

Nothing here reads the time. A `now` before the start (a clock set back) counts as the start.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.errors import Closed

# Saves that were on their way when time ran out: a slow mobile network needs this long at worst.
GRACE = timedelta(seconds=30)
# Time left at which the room says so; half of the limit comes on top.
WARNINGS = (timedelta(minutes=5), timedelta(minutes=1), timedelta(seconds=10))
NOTHING = timedelta(0)


class Mode(StrEnum):
    """Exam hands itself in at the deadline and cannot pause; relaxed may pause and may go on past it."""

    EXAM = "exam"
    RELAXED = "relaxed"


class State(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    OVERTIME = "overtime"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Clock:
    """The stored instants of one interview. Instants are aware and in UTC; `paused` sums the ended pauses."""

    started_at: datetime
    limit: timedelta
    mode: Mode
    paused: timedelta = NOTHING
    pauses: int = 0
    paused_at: datetime | None = None
    submitted_at: datetime | None = None


def deadline(clock: Clock, now: datetime) -> datetime:
    """The instant at which the limit is used up; an open pause pushes it on as long as it lasts."""
    return clock.started_at + clock.limit + time_paused(clock, now)


def time_paused(clock: Clock, now: datetime) -> timedelta:
    """How long the interview has stood still so far, an open pause included."""
    if clock.paused_at is None:
        return clock.paused
    return clock.paused + max(NOTHING, _last_instant(clock, now) - clock.paused_at)


def state(clock: Clock, now: datetime) -> State:
    """Where the interview stands at `now`."""
    if is_over(clock, now):
        return State.OVER
    if clock.paused_at is not None:
        return State.PAUSED
    return State.OVERTIME if now > deadline(clock, now) else State.RUNNING


def is_over(clock: Clock, now: datetime) -> bool:
    """True once handed in, or once an exam's deadline has come, whether anybody was there or not."""
    if clock.submitted_at is not None:
        return True
    return clock.mode is Mode.EXAM and now >= deadline(clock, now)


def accepts(clock: Clock, now: datetime) -> bool:
    """Whether text may still be saved: until hand-in, and in an exam until the grace after the deadline ends."""
    if clock.submitted_at is not None:
        return False
    return clock.mode is Mode.RELAXED or now <= deadline(clock, now) + GRACE


def remaining(clock: Clock, now: datetime) -> timedelta:
    """Time left of the limit, never below zero."""
    return max(NOTHING, clock.limit - _gross(clock, now))


def finished_at(clock: Clock, now: datetime) -> datetime | None:
    """When the interview ended, or None while it runs. A deadline passed unattended is the finish time."""
    if not is_over(clock, now):
        return None
    if clock.submitted_at is None:
        return deadline(clock, now)
    if clock.mode is Mode.EXAM:
        return min(clock.submitted_at, deadline(clock, now))
    return clock.submitted_at


def time_used(clock: Clock, now: datetime) -> timedelta:
    """Working time without pauses. In an exam never more than the limit."""
    used = _gross(clock, now)
    return min(used, clock.limit) if clock.mode is Mode.EXAM else used


def overtime(clock: Clock, now: datetime) -> timedelta:
    """Working time beyond the limit; zero in an exam."""
    return max(NOTHING, time_used(clock, now) - clock.limit)


def pause(clock: Clock, now: datetime) -> Clock:
    """The clock standing still from `now`. Raise Closed in an exam, after hand-in; a second pause changes nothing."""
    if clock.mode is Mode.EXAM:
        raise Closed("An exam cannot be paused. Choose relaxed mode for your next mock if you need breaks.")
    if is_over(clock, now):
        raise Closed("This interview has been handed in, so there is nothing to pause.")
    if clock.paused_at is not None:
        return clock
    return replace(clock, paused_at=max(now, clock.started_at), pauses=clock.pauses + 1)


def resume(clock: Clock, now: datetime) -> Clock:
    """The clock running again from `now`; without an open pause nothing changes."""
    if clock.paused_at is None or is_over(clock, now):
        return clock
    return replace(clock, paused=time_paused(clock, now), paused_at=None)


def hand_in(clock: Clock, now: datetime) -> Clock:
    """The clock stopped for good; the first hand-in counts. An open pause ends with it."""
    if clock.submitted_at is not None:
        return clock
    end = max(now, clock.started_at)
    if clock.mode is Mode.EXAM:
        end = min(end, deadline(clock, now))
    return replace(resume(clock, end), submitted_at=end)


def time_on_item(clock: Clock, since: datetime, now: datetime) -> timedelta:
    """Working time on the item that has been in front of the user from `since`, not past the end of the interview."""
    end = finished_at(clock, now) or now
    if clock.paused_at is not None:
        end = min(end, clock.paused_at)
    return max(NOTHING, end - since)


def warnings(limit: timedelta) -> tuple[timedelta, ...]:
    """Times left at which to warn: half time first, then 5 min, 1 min and 10 s where the limit is longer."""
    half = limit / 2
    return (half, *(left for left in WARNINGS if left < limit and left != half))


def _gross(clock: Clock, now: datetime) -> timedelta:
    end = _last_instant(clock, now)
    return max(NOTHING, end - clock.started_at - time_paused(clock, now))


def _last_instant(clock: Clock, now: datetime) -> datetime:
    return now if clock.submitted_at is None else clock.submitted_at
