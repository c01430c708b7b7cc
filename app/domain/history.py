"""Grades as they were given, and what follows from them: a card and a topic score are folds over the grades."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain import grading, scheduling, scores
from app.domain.grading import Confidence, Verdict
from app.domain.questions import Question
from app.domain.scheduling import Card
from app.domain.scores import TopicScore


@dataclass(frozen=True, slots=True)
class Grade:
    """One self-grade. `number` counts the user's grades; interview and item are None for a review.

    `earned` of `possible` points give `score` (0-100); an override is a verdict other than the proposed one.
    """

    number: int
    question_id: str
    topic: str
    interview_id: str | None
    item: int | None
    points: frozenset[int]
    earned: int
    possible: int
    score: int
    proposed: Verdict
    verdict: Verdict
    confidence: Confidence | None
    spent: timedelta
    note: str
    rep: int
    graded_at: datetime

    @property
    def overridden(self) -> bool:
        return self.verdict is not self.proposed


@dataclass(frozen=True, slots=True)
class Work:
    """What is being graded: the question as asked, the time spent on it and its budget, how sure the user was."""

    question: Question
    spent: timedelta
    budget: timedelta
    confidence: Confidence | None
    interview_id: str | None = None
    item: int | None = None


def grade(
    work: Work, number: int, rep: int, points: frozenset[int], verdict: Verdict | None, note: str, now: datetime
) -> Grade:
    """The grade for the ticked points; without a verdict the proposed one is taken."""
    possible = work.question.possible
    points_earned = grading.earned(work.question, points)
    proposed = grading.propose(points_earned, possible, work.spent, work.budget)
    return Grade(
        number=number,
        question_id=work.question.id,
        topic=work.question.topic,
        interview_id=work.interview_id,
        item=work.item,
        points=points,
        earned=points_earned,
        possible=possible,
        score=grading.score(points_earned, possible),
        proposed=proposed,
        verdict=verdict or proposed,
        confidence=work.confidence,
        spent=work.spent,
        note=note,
        rep=rep,
        graded_at=now,
    )


def revised(before: Grade, after: Grade) -> Grade:
    """The corrected grade in the place of the one it corrects: the moment it was first given counts."""
    return replace(after, number=before.number, rep=before.rep, graded_at=before.graded_at)


def card_after(card: Card | None, given: Grade, retention: float) -> Card:
    """The question's card after one more grade."""
    return scheduling.graded(
        card, given.question_id, given.topic, given.verdict, given.score, given.graded_at, retention
    )


def topic_after(score: TopicScore | None, given: Grade) -> TopicScore:
    """The topic's score after one more grade."""
    return scores.practised(score, given.topic, given.earned, given.possible, given.score, given.graded_at)


def card_from(grades: Iterable[Grade], retention: float) -> Card | None:
    """The card that all grades of one question lead to, oldest first; None without any."""
    card = None
    for given in grades:
        card = card_after(card, given, retention)
    return card


def topic_from(grades: Iterable[Grade]) -> TopicScore | None:
    """The topic score that all grades of one topic lead to, oldest first; None without any."""
    score = None
    for given in grades:
        score = topic_after(score, given)
    return score
