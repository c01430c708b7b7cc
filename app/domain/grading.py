"""Self-grading: ticked key points become a score and propose a verdict."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction

from app.domain.drafts import storable
from app.domain.errors import Invalid
from app.domain.questions import Question

SHAKY_FROM = Fraction(1, 2)
SOLID_FROM = Fraction(3, 4)
NOTE_MOST = 2000
SLOW = 1.5  # times the budget; slower than that is not solid under interview conditions


class Verdict(StrEnum):
    """How well the answer went, worst first. `fsrs` knows the four as Again, Hard, Good and Easy."""

    MISSED = "missed"
    SHAKY = "shaky"
    SOLID = "solid"
    EASY = "easy"


class Confidence(StrEnum):
    """How sure the user was before seeing the model answer."""

    GUESSING = "guessing"
    UNSURE = "unsure"
    FAIRLY_SURE = "fairly sure"
    CERTAIN = "certain"


# The probability each level of confidence stands for when calibration is scored.
PROBABILITY: Mapping[Confidence, float] = {
    Confidence.GUESSING: 0.25,
    Confidence.UNSURE: 0.50,
    Confidence.FAIRLY_SURE: 0.75,
    Confidence.CERTAIN: 0.95,
}


@dataclass(frozen=True, slots=True)
class Form:
    """A grade as the user gives it. Without a verdict the proposed one is taken."""

    points: frozenset[int]
    verdict: Verdict | None
    note: str


def form(question: Question, points: Iterable[str], verdict: str, note: str) -> Form:
    """The grade form, checked. Raise Invalid for foreign key points, a verdict outside the four, or too long a note."""
    numbers = [int(point) if point.isascii() and point.isdigit() and len(point) < 4 else 0 for point in points]
    if verdict and verdict not in set(Verdict):
        raise Invalid("The verdict is one of missed, shaky, solid or easy. Choose one and save again.")
    clean = storable(note).strip()
    if len(clean) > NOTE_MOST:
        raise Invalid(f"A note may have {NOTE_MOST} characters; this one has {len(clean)}. Shorten it and save again.")
    return Form(ticked(question, numbers), Verdict(verdict) if verdict else None, clean)


def confidence(value: str) -> Confidence | None:
    """The confidence of a form; None if nothing was chosen. Raise Invalid for anything but the four."""
    if value and value not in set(Confidence):
        raise Invalid("How sure you are is one of: guessing, unsure, fairly sure, certain.")
    return Confidence(value) if value else None


def ticked(question: Question, numbers: Iterable[int]) -> frozenset[int]:
    """The ticked key points. Raise Invalid if one does not belong to the question."""
    chosen = frozenset(numbers)
    if chosen - {point.number for point in question.key_points}:
        raise Invalid("One of the ticked key points does not belong to this question. Reload the page and tick again.")
    return chosen


def earned(question: Question, points: frozenset[int]) -> int:
    """The weight of the ticked key points, from 0 to `question.possible`."""
    return sum(point.weight for point in question.key_points if point.number in points)


def score(points_earned: int, possible: int) -> int:
    """The item score in whole percent, 0-100, rounded half up; 0 where nothing could be earned."""
    return (200 * points_earned + possible) // (2 * possible) if possible else 0


def propose(points_earned: int, possible: int, spent: timedelta, budget: timedelta) -> Verdict:
    """The verdict the ticks suggest: under half missed, under three quarters shaky, else solid; never solid if slow."""
    share = Fraction(points_earned, possible) if possible else Fraction(0)
    if share < SHAKY_FROM:
        return Verdict.MISSED
    if share < SOLID_FROM or spent > budget * SLOW:
        return Verdict.SHAKY
    return Verdict.SOLID


def proposals(question: Question, spent: timedelta, budget: timedelta) -> list[Verdict]:
    """The proposal for every weight from 0 to all: lets a page show it at once without knowing the rule."""
    return [propose(weight, question.possible, spent, budget) for weight in range(question.possible + 1)]


def interview_score(scores: Iterable[int]) -> int | None:
    """The mean of the item scores in whole percent, rounded half up, unanswered ones as 0; None without items."""
    values = list(scores)
    return (2 * sum(values) + len(values)) // (2 * len(values)) if values else None
