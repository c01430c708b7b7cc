"""Results over several interviews."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain import clock, grading
from app.domain.clock import Mode, State
from app.domain.interviews import Interview


@dataclass(frozen=True, slots=True)
class Result:
    """One interview in a list. `score` (0-100) is None while it runs or answers still wait for their grade."""

    interview: Interview
    state: State
    used: timedelta
    remaining: timedelta
    graded: int
    score: int | None

    @property
    def exam(self) -> bool:
        return self.interview.clock.mode is Mode.EXAM


def results(interviews: Iterable[Interview], scores: Mapping[tuple[str, int], int], now: datetime) -> list[Result]:
    """The interviews with their scores, by interview and item number, in the order given."""
    return [_result(interview, scores, now) for interview in interviews]


def exam_average(found: Iterable[Result]) -> int | None:
    """The mean score under exam conditions; relaxed interviews are left out. None without any."""
    return grading.interview_score(result.score for result in found if result.exam and result.score is not None)


def _result(interview: Interview, scores: Mapping[tuple[str, int], int], now: datetime) -> Result:
    # An answer without a grade has no score yet; no answer has one, 0.
    marks = [scores.get((interview.id, item.number), None if item.answered else 0) for item in interview.items]
    known = [mark for mark in marks if mark is not None]
    over = clock.is_over(interview.clock, now)
    return Result(
        interview=interview,
        state=clock.state(interview.clock, now),
        used=clock.time_used(interview.clock, now),
        remaining=clock.remaining(interview.clock, now),
        graded=sum((interview.id, item.number) in scores for item in interview.items),
        score=grading.interview_score(known) if over and len(known) == len(marks) else None,
    )
