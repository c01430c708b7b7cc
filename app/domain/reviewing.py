"""Today's review: what is due, then unseen questions of weak topics, topics interleaved, cut to the day's limits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from app.domain import scheduling
from app.domain.questions import Bank, Question
from app.domain.scheduling import Card

# A drill offers each question once: what was graded this recently comes back only when it is due.
DRILL_REST = timedelta(hours=12)


class Reason(StrEnum):
    DUE = "due"
    UNSEEN = "new to you"
    DRILL = "drill"


@dataclass(frozen=True, slots=True)
class Entry:
    """One question of the queue and why it is there."""

    question: Question
    card: Card | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class Limits:
    """What may still be reviewed today: all cards, and those seen for the first time."""

    reviews: int
    new: int


def start_of_day(now: datetime) -> datetime:
    """Midnight UTC before `now`: the day that limits count in."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def left_today(limits: Limits, reviews_done: int, new_done: int) -> Limits:
    """What remains of the day's limits."""
    return Limits(max(0, limits.reviews - reviews_done), max(0, limits.new - new_done))


def today(bank: Bank, cards: Mapping[str, Card], weak: Iterable[str], now: datetime, limits: Limits) -> list[Entry]:
    """Today's queue: due cards, the most forgotten first, then unseen questions of the weak topics."""
    questions = bank.questions
    due = [card for card in cards.values() if scheduling.is_due(card, now) and card.question_id in questions]
    due.sort(key=lambda card: scheduling.recall(card, now))
    entries = [Entry(questions[card.question_id], card, Reason.DUE) for card in due[: limits.reviews]]
    fresh = [question for topic in weak for question in bank.by_topic[topic] if question.id not in cards]
    fresh.sort(key=lambda question: -question.importance)
    new = [Entry(question, None, Reason.UNSEEN) for question in fresh[: min(limits.new, limits.reviews - len(entries))]]
    return _interleaved(entries) + _interleaved(new)


def drill(bank: Bank, cards: Mapping[str, Card], topic: str, now: datetime) -> list[Entry]:
    """Every question of one topic: due, unseen, then the rest that has rested, the weakest first."""
    due, unseen, rest = [], [], []
    for question in bank.by_topic[topic]:
        card = cards.get(question.id)
        if card is None:
            unseen.append(Entry(question, None, Reason.UNSEEN))
        elif scheduling.is_due(card, now):
            due.append(Entry(question, card, Reason.DUE))
        elif now - card.reviewed_at >= DRILL_REST:
            rest.append(Entry(question, card, Reason.DRILL))
    rest.sort(key=lambda entry: entry.card.score * scheduling.recall(entry.card, now) if entry.card else 0)
    return due + unseen + rest


def _interleaved(entries: list[Entry]) -> list[Entry]:
    """The same entries, topics taking turns, each topic's own order kept."""
    turns: dict[str, list[Entry]] = {}
    for entry in entries:
        turns.setdefault(entry.question.topic, []).append(entry)
    result: list[Entry] = []
    while len(result) < len(entries):
        for queue in turns.values():
            if queue:
                result.append(queue.pop(0))
    return result
