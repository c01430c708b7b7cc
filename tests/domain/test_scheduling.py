"""Cards: the same as the fsrs package's own, whatever the history; lapses, leeches, retention, clocks set back."""

import random
from dataclasses import replace
from datetime import timedelta

import fsrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import scheduling
from app.domain.grading import Verdict
from tests import make
from tests.make import NOON

MISSED, SHAKY, SOLID, EASY = Verdict
DAY = timedelta(days=1)
RATING = {MISSED: 1, SHAKY: 2, SOLID: 3, EASY: 4}  # Again, Hard, Good, Easy


def graded(card, verdict, at, retention=0.9, score=100):
    return scheduling.graded(card, "alpha/q1", "alpha", verdict, score, at, retention)


def played(*steps):
    """The card after these verdicts, each so many days after the one before."""
    card, at = None, NOON
    for verdict, days in steps:
        at += days * DAY
        card = graded(card, verdict, at)
    return card


def history(seed):
    """A random history: verdicts, from seconds to months apart."""
    chance = random.Random(seed)
    at, steps = NOON, []
    for _ in range(chance.randint(1, 25)):
        steps.append((chance.choice(list(Verdict)), at))
        longest = chance.choice([60, 3_600, 86_400, 10 * 86_400, 200 * 86_400])
        at += timedelta(seconds=chance.uniform(0, longest))
    return steps


@pytest.mark.parametrize("retention", [0.8, 0.9, 0.97])
def test_200_random_histories_lead_to_the_cards_of_the_package_with_its_default_weights(retention):
    reference = fsrs.Scheduler(desired_retention=retention, enable_fuzzing=False)
    for seed in range(200):
        ours, theirs = None, fsrs.Card(card_id=1, due=NOON)
        for verdict, at in history(seed):
            ours = graded(ours, verdict, at, retention)
            theirs, _ = reference.review_card(theirs, fsrs.Rating(RATING[verdict]), at)
            assert (ours.state, ours.step, ours.due_at, ours.reviewed_at) == (
                int(theirs.state),
                theirs.step,
                theirs.due,
                theirs.last_review,
            ), seed
            assert (ours.stability, ours.difficulty) == (theirs.stability, theirs.difficulty), seed


@pytest.mark.parametrize(
    ("verdict", "due_in"),
    [
        (MISSED, timedelta(minutes=1)),
        (SHAKY, timedelta(minutes=5, seconds=30)),
        (SOLID, timedelta(minutes=10)),
        (EASY, 8 * DAY),
    ],
)
def test_the_first_grade_makes_the_card(verdict, due_in):
    card = scheduling.graded(None, "alpha/q1", "alpha", verdict, 75, NOON)
    assert (card.question_id, card.topic, card.verdict, card.score) == ("alpha/q1", "alpha", verdict, 75)
    assert (card.reviewed_at, card.due_at) == (NOON, NOON + due_in)
    assert (card.reps, card.lapses) == (1, 0)


def test_each_grade_counts_and_the_newest_score_and_verdict_stand():
    card = played((EASY, 0), (SOLID, 8))
    last = graded(card, SHAKY, NOON + 20 * DAY, score=50)
    assert (last.reps, last.score, last.verdict, last.reviewed_at) == (3, 50, SHAKY, NOON + 20 * DAY)


@pytest.mark.parametrize(
    ("steps", "lapses"),
    [
        ([(MISSED, 0)], 0),  # what was never known cannot be forgotten
        ([(MISSED, 0), (MISSED, 1)], 0),
        ([(SOLID, 0), (MISSED, 0)], 0),  # still being learned
        ([(EASY, 0), (SHAKY, 8)], 0),
        ([(EASY, 0), (MISSED, 8)], 1),
        ([(EASY, 0), (MISSED, 8), (MISSED, 1)], 1),  # the same lapse, being learned again
        ([(EASY, 0), (MISSED, 8), (SOLID, 1), (MISSED, 1)], 2),
        ([(EASY, 0)] + [(MISSED, 8), (SOLID, 1)] * 8, 8),
    ],
)
def test_a_lapse_is_a_miss_of_what_had_been_learned(steps, lapses):
    assert played(*steps).lapses == lapses


def test_leeches_are_pointed_out_at_8_lapses_and_every_4_after_that():
    card = make.card()
    assert [count for count in range(25) if scheduling.is_leech(replace(card, lapses=count))] == [8, 12, 16, 20, 24]


def test_a_question_forgotten_eight_times_becomes_a_leech_with_the_eighth():
    steps = [(EASY, 0)] + [(MISSED, 8), (SOLID, 1)] * 7
    assert not scheduling.is_leech(played(*steps))
    assert scheduling.is_leech(played(*steps, (MISSED, 8)))


# Stability after a first "easy" is 8.2956 days; the factors are those that the makers of FSRS give for each retention.
@pytest.mark.parametrize(
    ("retention", "factor", "days"),
    [(0.97, 0.22, 2), (0.95, 0.40, 3), (0.90, 1, 8), (0.85, 1.91, 16), (0.80, 3.32, 28)],
)
def test_the_more_is_to_be_retained_the_sooner_a_question_comes_back(retention, factor, days):
    card = graded(None, EASY, NOON, retention)
    assert card.due_at - NOON == days * DAY
    assert days == round(8.2956 * factor)


def test_the_retention_that_is_wished_for_changes_when_and_not_what_is_remembered():
    strict, lax = graded(None, EASY, NOON, 0.97), graded(None, EASY, NOON, 0.80)
    assert replace(strict, due_at=NOON) == replace(lax, due_at=NOON)
    assert scheduling.recall(strict, NOON + 5 * DAY) == scheduling.recall(lax, NOON + 5 * DAY)


def test_without_a_wish_nine_in_ten_are_to_be_retained():
    assert scheduling.graded(None, "alpha/q1", "alpha", EASY, 100, NOON) == graded(None, EASY, NOON, 0.9)


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("back", [timedelta(microseconds=1), 3 * DAY, 400 * DAY])
def test_a_grade_dated_before_the_last_one_counts_as_given_with_it(verdict, back):
    card = played((EASY, 0), (SOLID, 8))
    assert graded(card, verdict, card.reviewed_at - back) == graded(card, verdict, card.reviewed_at)


def test_recall_is_certain_at_the_grade_and_nine_in_ten_after_as_many_days_as_the_card_is_stable():
    card = replace(make.card(), stability=20.0)
    assert scheduling.recall(card, NOON) == 1
    assert scheduling.recall(card, NOON + 20 * DAY) == pytest.approx(0.9)


def test_recall_with_the_clock_set_back_before_the_grade_is_certain():
    assert scheduling.recall(make.card(), NOON - 3 * DAY) == 1


@given(st.integers(0, 199), st.integers(0, 1000), st.integers(0, 1000))
def test_recall_is_a_probability_that_only_falls(seed, days, more):
    card = None
    for verdict, at in history(seed):
        card = graded(card, verdict, at)
    early = scheduling.recall(card, card.reviewed_at + days * DAY)
    late = scheduling.recall(card, card.reviewed_at + (days + more) * DAY)
    assert 0 <= late <= early <= 1


def test_a_card_is_due_from_its_instant_on():
    card = make.card()
    assert not scheduling.is_due(card, card.due_at - timedelta(microseconds=1))
    assert scheduling.is_due(card, card.due_at)
    assert scheduling.is_due(card, card.due_at + 365 * DAY)
