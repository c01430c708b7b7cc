"""What one interview showed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain import calibration, clock, grading, interviews
from app.domain.clock import Mode
from app.domain.history import Grade
from app.domain.interviews import Interview, Item
from app.domain.questions import Bank, Question, Topic


@dataclass(frozen=True, slots=True)
class Row:
    """One item of the report. `score` is None for an answer that has not been graded yet."""

    item: Item
    question: Question
    spent: timedelta
    grade: Grade | None
    score: int | None

    @property
    def over_budget(self) -> bool:
        return self.spent > self.item.budget

    @property
    def sure_but_wrong(self) -> bool:
        return self.grade is not None and calibration.sure_but_wrong(self.item.confidence, self.grade.score)


@dataclass(frozen=True, slots=True)
class TopicRow:
    """One topic of the report: the mean score of its graded and unanswered items, None without any."""

    topic: Topic
    asked: int
    score: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """An interview that is over. `score` is None until something can be scored; `pending` answers have no grade yet."""

    rows: tuple[Row, ...]
    topics: tuple[TopicRow, ...]
    score: int | None
    pending: int
    used: timedelta
    overtime: timedelta
    paused: timedelta
    finished_at: datetime
    exam: bool
    brier: float | None

    @property
    def sure_but_wrong(self) -> list[Row]:
        return [row for row in self.rows if row.sure_but_wrong]


def report(interview: Interview, given: Mapping[int, Grade], bank: Bank, now: datetime) -> Report:
    """The report of an interview that is over at `now`."""
    rows = tuple(_row(interview, item, given.get(item.number), bank, now) for item in interview.items)
    scores = [row.score for row in rows if row.score is not None]
    judged = [(row.grade.confidence, row.grade.score) for row in rows if row.grade and row.grade.confidence]
    return Report(
        rows=rows,
        topics=_by_topic(rows, bank),
        score=grading.interview_score(scores),
        pending=sum(row.grade is None and row.item.answered for row in rows),
        used=clock.time_used(interview.clock, now),
        overtime=clock.overtime(interview.clock, now),
        paused=clock.time_paused(interview.clock, now),
        finished_at=clock.finished_at(interview.clock, now) or now,
        exam=interview.clock.mode is Mode.EXAM,
        brier=calibration.brier(judged),
    )


def next_ungraded(interview: Interview, given: Mapping[int, Grade], after: int) -> int | None:
    """The first item behind `after` without a grade, else the first of all; None when every item has one."""
    missing = [item.number for item in interview.items if item.number not in given]
    return next((number for number in missing if number > after), missing[0] if missing else None)


def _row(interview: Interview, item: Item, grade: Grade | None, bank: Bank, now: datetime) -> Row:
    score = grade.score if grade else None if item.answered else 0
    return Row(item, bank.question(item.question_id), interviews.spent_on(interview, item, now), grade, score)


def _by_topic(rows: tuple[Row, ...], bank: Bank) -> tuple[TopicRow, ...]:
    found = []
    for topic in bank.topics:
        own = [row for row in rows if row.item.topic == topic.slug]
        if own:
            scores = [row.score for row in own if row.score is not None]
            found.append(TopicRow(topic, len(own), grading.interview_score(scores)))
    return tuple(sorted(found, key=lambda row: 101 if row.score is None else row.score))
