"""Which questions are asked: the same for a seed, the unseen first, spread over topics and levels, easy to hard."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import picking
from app.domain.questions import Level
from tests import make

INTRO, CORE, ADVANCED = Level
BANK = list(make.bank().questions.values())  # three topics of one intro, two core, one advanced
AMPLE = [make.question(f"t{topic}/{level}{n}", level=level) for topic in range(4) for level in Level for n in range(5)]
SEEDS = range(25)


def ids(questions):
    return [question.id for question in questions]


@pytest.mark.parametrize(
    ("topics", "levels", "expected"),
    [
        ({"alpha"}, {CORE}, ["alpha/q2", "alpha/q3"]),
        ({"gamma", "alpha"}, {INTRO}, ["alpha/q1", "gamma/q1"]),
        ({"beta"}, set(Level), ["beta/q1", "beta/q2", "beta/q3", "beta/q4"]),
        ({"alpha"}, set(), []),
        (set(), set(Level), []),
        ({"unknown"}, set(Level), []),
    ],
)
def test_only_questions_of_these_topics_and_levels_match(topics, levels, expected):
    assert ids(picking.matching(BANK, topics, levels)) == expected


@given(st.integers(0, 2**31 - 1), st.permutations(BANK), st.integers(1, 12))
def test_the_same_seed_asks_the_same_questions_in_whatever_order_the_bank_has_them(seed, shuffled, count):
    assert picking.pick(shuffled, count, seed) == picking.pick(BANK, count, seed)


def test_another_seed_asks_other_questions():
    assert len({tuple(ids(picking.pick(BANK, 3, seed))) for seed in SEEDS}) > 5


ASKED = st.dictionaries(st.sampled_from(ids(BANK)), st.integers(0, 3))


@given(st.integers(0, 1000), st.integers(0, 20), ASKED)
def test_as_many_as_wished_for_or_all_there_are_and_never_one_twice(seed, count, asked):
    chosen = ids(picking.pick(BANK, count, seed, asked))
    assert len(chosen) == min(count, 12)
    assert len(set(chosen)) == len(chosen)
    assert set(chosen) <= set(ids(BANK))


@given(st.integers(0, 1000), st.integers(1, 12), ASKED)
def test_what_was_asked_least_comes_first(seed, count, asked):
    chosen = picking.pick(BANK, count, seed, asked)
    left_out = [question for question in BANK if question not in chosen]
    most = max(asked.get(question.id, 0) for question in chosen)
    assert all(asked.get(question.id, 0) >= most for question in left_out)


@pytest.mark.parametrize("seed", SEEDS)
def test_unseen_questions_come_before_a_better_spread(seed):
    seen = {question.id: 1 for question in BANK if question.topic != "gamma"}
    assert {question.topic for question in picking.pick(BANK, 4, seed, seen)} == {"gamma"}


@given(st.integers(0, 1000), st.integers(1, 12), ASKED)
def test_the_order_climbs_from_intro_to_advanced(seed, count, asked):
    levels = [question.level for question in picking.pick(BANK, count, seed, asked)]
    assert levels == [level for level in (INTRO, CORE, ADVANCED) for _ in range(levels.count(level))]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("count", "topics"), [(3, [1, 1, 1]), (4, [1, 1, 2]), (6, [2, 2, 2]), (9, [3, 3, 3])])
def test_topics_take_turns(seed, count, topics):
    chosen = picking.pick(BANK, count, seed)
    assert sorted(Counter(question.topic for question in chosen).values()) == topics


@pytest.mark.parametrize("seed", SEEDS)
def test_three_questions_are_one_of_each_level(seed):
    assert [question.level for question in picking.pick(BANK, 3, seed)] == [INTRO, CORE, ADVANCED]


@given(st.integers(0, 10_000), st.integers(4, 30))
def test_where_every_topic_has_every_level_both_are_spread_to_within_two(seed, count):
    # Two wishes at once and one question after the other: now and then one more of a kind than an exact count gives.
    chosen = picking.pick(AMPLE, count, seed)
    for kinds in (Counter(question.topic for question in chosen), Counter(question.level for question in chosen)):
        assert max(kinds.values()) - min(kinds.values()) <= 2
    assert {question.topic for question in chosen} == {"t0", "t1", "t2", "t3"}
    assert {question.level for question in chosen} == set(Level)


def test_the_question_of_the_day_is_another_one_each_day_until_all_had_their_turn():
    common = [make.question(f"alpha/q{number}", importance=3) for number in range(1, 6)]
    days = [date(2026, 12, 29) + timedelta(days=day) for day in range(5)]  # over the end of the year
    assert {picking.of_the_day(common, day).id for day in days} == set(ids(common))


def test_the_question_of_the_day_is_one_that_most_interviews_ask_if_there_is_one():
    mixed = [*BANK, make.question("alpha/classic", importance=3)]
    days = [date(2026, 11, 1) + timedelta(days=day) for day in range(30)]
    assert {picking.of_the_day(mixed, day).id for day in days} == {"alpha/classic"}
    assert len({picking.of_the_day(BANK, day).id for day in days}) == 12


def test_an_empty_bank_has_no_question_of_the_day():
    assert picking.of_the_day([], date(2026, 11, 22)) is None
