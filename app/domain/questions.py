"""A bank, its topics and its questions, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import cached_property


class Level(StrEnum):
    """How deep a question goes, easiest first."""

    INTRO = "intro"
    CORE = "core"
    ADVANCED = "advanced"


# Time a spoken answer takes by level; published rubrics give 1-3 minutes for a standard question.
BUDGETS: Mapping[Level, timedelta] = {
    Level.INTRO: timedelta(seconds=90),
    Level.CORE: timedelta(seconds=120),
    Level.ADVANCED: timedelta(seconds=180),
}
CODE_EXTRA = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class KeyPoint:
    """One checkable idea of a model answer. `number` counts from 1 and is what a tick stores."""

    number: int
    text: str
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a bank. `id` is `<topic>/<slug>` and never changes, so that history survives updates."""

    id: str
    topic: str
    title: str
    level: Level
    importance: int
    budget: timedelta
    prompt: str
    answer: str
    key_points: tuple[KeyPoint, ...]
    follow_ups: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    covers: tuple[int, ...] = ()

    @property
    def slug(self) -> str:
        return self.id.partition("/")[2]

    @property
    def possible(self) -> int:
        """The sum of the key points' weights: what a complete answer earns."""
        return sum(point.weight for point in self.key_points)


@dataclass(frozen=True, slots=True)
class Topic:
    """A named group of questions."""

    slug: str
    title: str
    summary: str


@dataclass(frozen=True)
class Bank:
    """Topics in the order of study, and their questions by id in that order."""

    title: str
    licence: str
    topics: tuple[Topic, ...]
    questions: Mapping[str, Question]
    versions: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def by_topic(self) -> Mapping[str, tuple[Question, ...]]:
        """Each topic's questions; a topic without questions is there with none."""
        groups: dict[str, list[Question]] = {topic.slug: [] for topic in self.topics}
        for question in self.questions.values():
            groups[question.topic].append(question)
        return {slug: tuple(group) for slug, group in groups.items()}

    @cached_property
    def topic(self) -> Mapping[str, Topic]:
        return {topic.slug: topic for topic in self.topics}

    def question(self, question_id: str) -> Question:
        """The question, or a stand-in that says it has been retired when the bank no longer has it."""
        return self.questions.get(question_id) or retired(question_id)


def retired(question_id: str) -> Question:
    """A stand-in for a question that has left the bank: history stays readable, nothing can be ticked."""
    return Question(
        id=question_id,
        topic=question_id.partition("/")[0],
        title=f"{question_id} (retired)",
        level=Level.CORE,
        importance=1,
        budget=BUDGETS[Level.CORE],
        prompt="This question is no longer in the bank.",
        answer="This question is no longer in the bank. Your own answer is kept.",
        key_points=(),
    )
