"""When a question comes back: cards of the `fsrs` package with its default weights, fuzz off, `now` passed in."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

import fsrs

from app.domain.grading import Verdict

RETENTION = 0.90
LEECH_FROM = 8  # lapses; every fourth after that, as Anki does
LEECH_EVERY = 4

_RATINGS = {
    Verdict.MISSED: fsrs.Rating.Again,
    Verdict.SHAKY: fsrs.Rating.Hard,
    Verdict.SOLID: fsrs.Rating.Good,
    Verdict.EASY: fsrs.Rating.Easy,
}


@dataclass(frozen=True, slots=True)
class Card:
    """The memory state of one user for one question. Stability is in days, difficulty 1-10, score 0-100."""

    question_id: str
    topic: str
    state: int
    step: int | None
    stability: float
    difficulty: float
    due_at: datetime
    reviewed_at: datetime
    reps: int
    lapses: int
    score: int
    verdict: Verdict


def graded(
    card: Card | None,
    question_id: str,
    topic: str,
    verdict: Verdict,
    score: int,
    now: datetime,
    retention: float = RETENTION,
) -> Card:
    """The card after a grade at `now` (UTC); the first grade of a question makes its card.

    A grade dated before the last one counts as given at that same instant.
    """
    at = now if card is None else max(now, card.reviewed_at)
    before = fsrs.Card(card_id=0, due=at) if card is None else _native(card)
    after, _ = _scheduler(retention).review_card(before, _RATINGS[verdict], at)
    assert after.stability is not None
    assert after.difficulty is not None
    lapsed = card is not None and card.state == fsrs.State.Review and verdict is Verdict.MISSED
    return Card(
        question_id=question_id,
        topic=topic,
        state=int(after.state),
        step=after.step,
        stability=after.stability,
        difficulty=after.difficulty,
        due_at=after.due,
        reviewed_at=at,
        reps=(card.reps if card else 0) + 1,
        lapses=(card.lapses if card else 0) + lapsed,
        score=score,
        verdict=verdict,
    )


def recall(card: Card, now: datetime) -> float:
    """The probability, 0-1, that the question would be recalled at `now`."""
    return float(_scheduler(RETENTION).get_card_retrievability(_native(card), now))


def is_due(card: Card, now: datetime) -> bool:
    return card.due_at <= now


def is_leech(card: Card) -> bool:
    """True when the card has just lapsed for the 8th, 12th, 16th … time: the question needs another approach."""
    return card.lapses >= LEECH_FROM and (card.lapses - LEECH_FROM) % LEECH_EVERY == 0


def _native(card: Card) -> fsrs.Card:
    return fsrs.Card(
        card_id=0,
        state=fsrs.State(card.state),
        step=card.step,
        stability=card.stability,
        difficulty=card.difficulty,
        due=card.due_at.astimezone(UTC),
        last_review=card.reviewed_at.astimezone(UTC),
    )


@lru_cache
def _scheduler(retention: float) -> fsrs.Scheduler:
    return fsrs.Scheduler(desired_retention=retention, enable_fuzzing=False)
