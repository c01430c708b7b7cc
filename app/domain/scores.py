"""What a user's grades say about each topic: the stored score, the strength of today, what is weak."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain import scheduling
from app.domain.questions import Bank, Question, Topic
from app.domain.scheduling import Card

ENOUGH = 3  # graded answers; below that a topic is unknown, not weak
WEAK_BELOW = 70.0  # percent of strength
RECENT_SHARE = 0.3  # weight of the newest answer in the moving average behind the trend


@dataclass(frozen=True, slots=True)
class TopicScore:
    """What is stored per user and topic after every grade. Scores are 0-100; `recent` is a moving average of them."""

    topic: str
    answered: int
    earned: int
    possible: int
    last_score: int
    recent: float
    practised_at: datetime

    @property
    def average(self) -> float:
        """Points earned of points possible, in percent."""
        return 100 * self.earned / self.possible if self.possible else 0.0

    @property
    def trend(self) -> float:
        """How far the recent answers lie above (+) or below (-) the average, in percentage points."""
        return self.recent - self.average


@dataclass(frozen=True, slots=True)
class Standing:
    """One topic on the day it is looked at. Strength is 0-100; `seen` of `total` questions have been graded."""

    topic: Topic
    strength: float
    seen: int
    total: int
    due: int
    importance: float
    score: TopicScore | None

    @property
    def answered(self) -> int:
        return self.score.answered if self.score else 0

    @property
    def known(self) -> bool:
        """Whether there are enough grades to call the topic weak or strong."""
        return self.answered >= ENOUGH

    @property
    def weak(self) -> bool:
        return self.known and self.strength < WEAK_BELOW

    @property
    def urgency(self) -> float:
        """What is missing, weighted by how often interviews ask for it."""
        return (100 - self.strength) * self.importance


def practised(
    before: TopicScore | None, topic: str, earned: int, possible: int, score: int, now: datetime
) -> TopicScore:
    """The topic's score after one more grade."""
    if before is None:
        return TopicScore(topic, 1, earned, possible, score, float(score), now)
    # The first answers weigh the same: else the very first would outweigh all that came after it for a while.
    share = max(RECENT_SHARE, 1 / (before.answered + 1))
    return TopicScore(
        topic=topic,
        answered=before.answered + 1,
        earned=before.earned + earned,
        possible=before.possible + possible,
        last_score=score,
        recent=before.recent + share * (score - before.recent),
        practised_at=max(now, before.practised_at),
    )


def strength(questions: Iterable[Question], cards: Mapping[str, Card], now: datetime) -> float:
    """The share of the questions the user would answer well at `now`, 0-100: recall x last score, unseen counts 0."""
    known, total = 0.0, 0
    for question in questions:
        total += 1
        card = cards.get(question.id)
        if card is not None:
            known += scheduling.recall(card, now) * card.score
    return known / total if total else 0.0


def standings(bank: Bank, cards: Mapping[str, Card], scores: Mapping[str, TopicScore], now: datetime) -> list[Standing]:
    """Every topic of the bank: those with enough data, the most urgent first, then those tried, then those never tried.

    The last two kinds are in bank order.
    """
    found = []
    for topic in bank.topics:
        questions = bank.by_topic[topic.slug]
        own = [cards[question.id] for question in questions if question.id in cards]
        found.append(
            Standing(
                topic=topic,
                strength=strength(questions, cards, now),
                seen=len(own),
                total=len(questions),
                due=sum(scheduling.is_due(card, now) for card in own),
                importance=sum(q.importance for q in questions) / len(questions) if questions else 0.0,
                score=scores.get(topic.slug),
            )
        )
    return sorted(
        found, key=lambda standing: (not standing.known, not standing.seen, -standing.urgency if standing.known else 0)
    )


def weak(found: Iterable[Standing]) -> list[Standing]:
    """The weak topics among `found`, in its order."""
    return [standing for standing in found if standing.weak]
