"""From what was chosen on the set-up page to the plan of an interview, or to words on what to change."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.domain import picking
from app.domain.clock import Mode
from app.domain.errors import Invalid
from app.domain.questions import Bank, Level, Question

FIELDS = ("preset", "count", "minutes", "topics", "levels", "mode", "seed")  # what words can be about
MINUTES_MOST = 240
QUESTIONS_MOST = 50
SEED_MOST = 2**31 - 1


class Scope(StrEnum):
    """Which topics are asked."""

    ALL = "all"
    CHOSEN = "chosen"
    WEAK = "weak"


OWN = "own"
PRESETS: Mapping[str, tuple[int, int]] = {"5-10": (5, 10), "10-20": (10, 20), "20-40": (20, 40)}  # questions, minutes


@dataclass(frozen=True, slots=True)
class Wish:
    """The set-up form as it was typed. Everything is text, so that it can be shown again with what is wrong."""

    scope: str = Scope.ALL
    topics: tuple[str, ...] = ()
    levels: tuple[str, ...] = tuple(Level)
    preset: str = "5-10"
    count: str = "8"
    minutes: str = ""
    mode: str = Mode.EXAM
    seed: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an interview will be. `limit` is None where the questions' own budgets add up to it."""

    candidates: tuple[Question, ...]
    count: int
    limit: timedelta | None
    mode: Mode
    seed: int | None

    def time_for(self, questions: Collection[Question]) -> timedelta:
        """The limit, or the sum of the budgets of `questions`."""
        return self.limit or sum((question.budget for question in questions), timedelta(0))

    def choose(self, seed: int, asked: Mapping[str, int]) -> list[Question]:
        """The questions. A seed the user gave asks the same questions whatever came before; else the least asked."""
        if self.seed is not None:
            return picking.pick(self.candidates, self.count, self.seed)
        return picking.pick(self.candidates, self.count, seed, asked)


def candidates(wish: Wish, bank: Bank, weak: Collection[str]) -> list[Question]:
    """The questions that fit the chosen topics and levels; unknown topics and levels fit none."""
    return picking.matching(bank.questions.values(), _topics(wish, bank, weak), _levels(wish))


def plan(wish: Wish, bank: Bank, weak: Collection[str]) -> Plan:
    """The plan for a wish. Raise Invalid with words for each field that cannot be followed."""
    wrong: dict[str, str] = {}
    found = candidates(wish, bank, weak)
    _check_choice(wish, bank, weak, wrong)
    count, limit = _length(wish, wrong)
    seed = _number(wish.seed, 0, SEED_MOST) if wish.seed.strip() else None
    if wish.seed.strip() and seed is None:
        wrong["seed"] = f"A seed is a whole number from 0 to {SEED_MOST}, or nothing."
    if wish.mode not in set(Mode):
        wrong["mode"] = "Choose exam or relaxed."
    if not wrong and count is not None and count > len(found):
        wrong["count"] = _too_many(count, len(found))
    if wrong:
        raise Invalid("Nothing has started yet: please change what is marked.", wrong)
    assert count is not None
    return Plan(tuple(found), count, limit, Mode(wish.mode), seed)


@dataclass(frozen=True, slots=True)
class Outline:
    """What can be said about a wish before the start. `time` is a typical time where the budgets decide."""

    matching: int
    count: int | None
    time: timedelta | None
    by_budgets: bool


def outline(wish: Wish, bank: Bank, weak: Collection[str]) -> Outline:
    """How many questions match, how many will be asked and how long that takes; None where the wish does not say."""
    found = candidates(wish, bank, weak)
    wrong: dict[str, str] = {}
    count, limit = _length(wish, wrong)
    if limit is None and not wrong and count is not None and found:
        typical = sum((question.budget for question in found), timedelta(0)) / len(found) * count
        return Outline(len(found), count, timedelta(minutes=max(1, round(typical / timedelta(minutes=1)))), True)
    return Outline(len(found), count, limit, False)


def _too_many(count: int, found: int) -> str:
    if found == 0:
        return "No question matches these topics and levels. Add a topic or a level."
    match = "Only 1 question matches" if found == 1 else f"Only {found} questions match"
    return f"{match} these topics and levels, and you asked for {count}. Ask for {found} or fewer, or add topics."


def _check_choice(wish: Wish, bank: Bank, weak: Collection[str], wrong: dict[str, str]) -> None:
    if wish.scope not in set(Scope):
        wrong["topics"] = "Choose all topics, some of them, or your weak ones."
    elif wish.scope == Scope.WEAK and not weak:
        wrong["topics"] = (
            "No topic is weak yet: a topic counts once three of its answers are graded. Take all topics for now."
        )
    elif wish.scope == Scope.CHOSEN and not wish.topics:
        wrong["topics"] = "Tick at least one topic, or take all of them."
    elif wish.scope == Scope.CHOSEN and not set(wish.topics) <= set(bank.topic):
        wrong["topics"] = "One of these topics is not in the bank. Tick the ones you want again."
    if not wish.levels:
        wrong["levels"] = "Tick at least one level."
    elif not set(wish.levels) <= set(Level):
        wrong["levels"] = "Levels are intro, core and advanced."


def _length(wish: Wish, wrong: dict[str, str]) -> tuple[int | None, timedelta | None]:
    if wish.preset in PRESETS:
        count, minutes = PRESETS[wish.preset]
        return count, timedelta(minutes=minutes)
    if wish.preset != OWN:
        wrong["preset"] = "Choose one of the lengths, or your own."
        return None, None
    number = _number(wish.count, 1, QUESTIONS_MOST)
    if number is None:
        wrong["count"] = f"Give a whole number of questions from 1 to {QUESTIONS_MOST}."
    if not wish.minutes.strip():
        return number, None
    own_minutes = _number(wish.minutes, 1, MINUTES_MOST)
    if own_minutes is None:
        wrong["minutes"] = f"Give whole minutes from 1 to {MINUTES_MOST}, or nothing to use each question's own time."
        return number, None
    return number, timedelta(minutes=own_minutes)


def _number(text: str, least: int, most: int) -> int | None:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        return None
    return int(text) if least <= int(text) <= most else None


def _topics(wish: Wish, bank: Bank, weak: Collection[str]) -> set[str]:
    if wish.scope == Scope.CHOSEN:
        return set(wish.topics) & set(bank.topic)
    return set(weak) if wish.scope == Scope.WEAK else set(bank.topic)


def _levels(wish: Wish) -> set[Level]:
    return {Level(level) for level in wish.levels if level in set(Level)}
