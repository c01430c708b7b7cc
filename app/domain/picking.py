"""Which questions an interview asks: seeded, spread over topics and levels, the unseen first."""

import random
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from app.domain.questions import Level, Question

IMPORTANCE_MOST = 3
_RAMP = list(Level)


def matching(questions: Iterable[Question], topics: Collection[str], levels: Collection[Level]) -> list[Question]:
    """The questions of these topics and levels, in bank order."""
    return [question for question in questions if question.topic in topics and question.level in levels]


def pick(
    candidates: Iterable[Question], count: int, seed: int, asked: Mapping[str, int] | None = None
) -> list[Question]:
    """Choose `count` of the candidates (all, if there are fewer), the same ones for the same arguments.

    `asked` says how often each question was asked before; the least asked come first. Levels and topics are
    spread evenly, and the order climbs from intro to advanced.
    """
    asked = asked or {}
    left = sorted(candidates, key=lambda question: question.id)
    random.Random(seed).shuffle(left)  # noqa: S311 - a choice of questions, no secret
    levels: Counter[Level] = Counter()
    topics: Counter[str] = Counter()
    chosen: list[Question] = []
    while left and len(chosen) < count:
        best = min(left, key=lambda q: (asked.get(q.id, 0), levels[q.level] + topics[q.topic], topics[q.topic]))
        left.remove(best)
        chosen.append(best)
        levels[best.level] += 1
        topics[best.topic] += 1
    return sorted(chosen, key=lambda question: _RAMP.index(question.level))


def of_the_day(questions: Sequence[Question], day: date) -> Question | None:
    """The day's question, the same for everybody and another one each day; None without questions."""
    common = [question for question in questions if question.importance == IMPORTANCE_MOST] or list(questions)
    return common[day.toordinal() % len(common)] if common else None
