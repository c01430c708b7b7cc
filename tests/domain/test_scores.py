"""Topic scores and standings: what grades add up to, strength and coverage, what is weak, what comes first."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain import scheduling, scores
from app.domain.grading import Verdict
from app.domain.questions import Bank, Topic
from app.domain.scores import TopicScore
from tests import make
from tests.make import NOON

DAY = timedelta(days=1)


def practised(*answers, topic="alpha"):
    """The topic's score after answers of (earned, possible, score), a day apart."""
    score = None
    for day, (earned, possible, percent) in enumerate(answers):
        score = scores.practised(score, topic, earned, possible, percent, NOON + day * DAY)
    return score


def stood(bank, cards=(), topic_scores=(), now=NOON):
    found = scores.standings(
        bank, {card.question_id: card for card in cards}, {score.topic: score for score in topic_scores}, now
    )
    return {standing.topic.slug: standing for standing in found}


def graded(topic, count, score=0):
    """A topic's score after `count` answers of this score."""
    return practised(*[(score, 100, score)] * count, topic=topic)


def cards(topic, count, score=0):
    """Cards of the topic's first questions, graded at noon."""
    verdict = Verdict.EASY if score else Verdict.MISSED
    return [make.card(f"{topic}/q{number}", verdict, score) for number in range(1, count + 1)]


def test_the_first_grade_begins_a_topics_score():
    score = practised((3, 4, 75))
    assert (score.topic, score.answered, score.earned, score.possible, score.last_score) == ("alpha", 1, 3, 4, 75)
    assert (score.average, score.trend, score.practised_at) == (75, 0, NOON)


def test_every_further_grade_is_added_to_it():
    score = practised((3, 4, 75), (1, 4, 25), (5, 5, 100))
    assert (score.answered, score.earned, score.possible, score.last_score) == (3, 9, 13, 100)
    assert score.average == pytest.approx(69.23, abs=0.01)  # points of points, not the mean of the scores
    assert score.practised_at == NOON + 2 * DAY


@pytest.mark.parametrize(
    ("percents", "least", "most"),
    [
        ([50, 50, 50, 50], 0, 0),
        ([0, 0, 0, 0, 100, 100, 100, 100], 15, 50),
        ([100, 100, 100, 100, 0, 0, 0, 0], -50, -15),
        ([100, 0, 0, 0, 0, 0, 0, 0, 100], 5, 50),  # the last answer is the better half of what is recent
    ],
)
def test_the_trend_says_how_recent_answers_compare_with_all(percents, least, most):
    trend = practised(*[(percent, 100, percent) for percent in percents]).trend
    assert least - 1e-9 <= trend <= most + 1e-9


@given(st.lists(st.integers(0, 100), min_size=1, max_size=30))
@example([0, 0, 100])
def test_answers_that_only_get_better_never_show_a_falling_trend_nor_the_other_way_round(percents):
    rising = practised(*[(percent, 100, percent) for percent in sorted(percents)])
    falling = practised(*[(percent, 100, percent) for percent in sorted(percents, reverse=True)])
    assert rising.trend >= -1e-9
    assert falling.trend <= 1e-9


def test_a_topic_of_which_nothing_could_be_earned_has_an_average_of_0():
    assert practised((0, 0, 0)).average == 0


def test_a_grade_dated_before_the_last_does_not_make_the_topic_look_longer_unpractised():
    score = scores.practised(practised((1, 4, 25)), "alpha", 1, 4, 25, NOON - 5 * DAY)
    assert (score.answered, score.practised_at) == (2, NOON)


@given(st.lists(st.integers(0, 100), min_size=1, max_size=30))
def test_the_moving_average_stays_among_the_scores_it_is_made_of(percents):
    recent = practised(*[(percent, 100, percent) for percent in percents]).recent
    assert min(percents) - 1e-9 <= recent <= max(percents) + 1e-9


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, 0),
        ({"alpha/q1": 100}, 25),
        ({"alpha/q1": 100, "alpha/q2": 50}, 37.5),
        ({"alpha/q1": 75, "alpha/q2": 75, "alpha/q3": 75, "alpha/q4": 75}, 75),
        ({"alpha/q1": 0, "alpha/q2": 0, "alpha/q3": 0, "alpha/q4": 0}, 0),
        ({"alpha/q1": 100, "beta/q1": 100}, 25),  # another topic's question adds nothing
    ],
)
def test_strength_is_recall_times_last_score_over_all_questions_of_the_topic(known, expected):
    bank = make.bank()
    own = {name: make.card(name, score=score) for name, score in known.items()}
    assert scores.strength(bank.by_topic["alpha"], own, NOON) == pytest.approx(expected)  # all recalled at once


def test_strength_fades_with_recall():
    card = replace(make.card("alpha/q1", score=80), stability=30.0)
    later = NOON + 30 * DAY  # recall 90 %
    assert scores.strength(make.bank().by_topic["alpha"], {"alpha/q1": card}, later) == pytest.approx(0.9 * 80 / 4)


def test_a_topic_without_questions_has_no_strength():
    assert scores.strength([], {}, NOON) == 0


def test_coverage_tells_never_tried_from_tried_and_failed():
    found = stood(make.bank(), cards("alpha", 4), [graded("alpha", 4)])
    failed, untried = found["alpha"], found["beta"]
    assert (failed.strength, failed.seen, failed.total, failed.answered) == (0, 4, 4, 4)
    assert (untried.strength, untried.seen, untried.total, untried.answered) == (0, 0, 4, 0)
    assert (failed.weak, untried.weak) == (True, False)


@pytest.mark.parametrize(("count", "known"), [(0, False), (1, False), (2, False), (3, True), (4, True)])
def test_fewer_than_three_grades_are_not_enough_data_to_call_a_topic_weak(count, known):
    topic_scores = [graded("alpha", count)] if count else []
    standing = stood(make.bank(), cards("alpha", count), topic_scores)["alpha"]
    assert (standing.known, standing.weak) == (known, known)
    assert scores.weak([standing]) == ([standing] if known else [])


@pytest.mark.parametrize(("percent", "weak"), [(0, True), (69, True), (70, False), (100, False)])
def test_a_known_topic_is_weak_below_70_percent_of_strength(percent, weak):
    standing = stood(make.bank(), cards("alpha", 4, percent), [graded("alpha", 4, percent)])["alpha"]
    assert standing.strength == pytest.approx(percent)
    assert (standing.known, standing.weak) == (True, weak)


def test_the_weakest_known_topic_comes_first_then_what_was_tried_a_little_then_the_untried_in_bank_order():
    bank = make.bank(("one", "two", "three", "four", "five", "six"))
    own = [*cards("two", 2), *cards("four", 4, 90), *cards("six", 4, 10), *cards("five", 4, 50)]
    known = [graded("two", 2), graded("four", 4, 90), graded("six", 4, 10), graded("five", 4, 50)]
    assert list(stood(bank, own, known)) == ["six", "five", "four", "two", "one", "three"]


def test_of_two_equally_weak_topics_the_one_asked_more_often_comes_first():
    bank = make.bank(("minor", "major"), each=0)
    questions = [
        make.question(f"{topic}/q{number}", importance=importance)
        for topic, importance in (("minor", 1), ("major", 3))
        for number in (1, 2)
    ]
    bank = replace(bank, questions={question.id: question for question in questions})
    found = stood(bank, [*cards("minor", 2), *cards("major", 2)], [graded("minor", 3), graded("major", 3)])
    assert list(found) == ["major", "minor"]
    assert [standing.importance for standing in found.values()] == [3, 1]


def test_importance_can_outweigh_a_small_difference_in_strength():
    questions = [make.question("minor/q1", importance=1), make.question("major/q1", importance=3)]
    topics = (Topic("minor", "Minor", ""), Topic("major", "Major", ""))
    bank = Bank("Testing", "CC BY 4.0", topics, {question.id: question for question in questions})
    own = [make.card("minor/q1", score=40), make.card("major/q1", score=60)]
    assert list(stood(bank, own, [graded("minor", 3, 40), graded("major", 3, 60)])) == ["major", "minor"]


def test_weak_topics_keep_the_order_of_urgency():
    bank = make.bank()
    own = [*cards("alpha", 4, 60), *cards("beta", 4, 95), *cards("gamma", 4, 20)]
    known = [graded("alpha", 4, 60), graded("beta", 4, 95), graded("gamma", 4, 20)]
    assert [standing.topic.slug for standing in scores.weak(stood(bank, own, known).values())] == ["gamma", "alpha"]


def test_due_cards_of_a_topic_are_counted():
    own = cards("alpha", 3, 100)  # easy: due in 8 days
    early = replace(own[0], due_at=NOON + DAY)
    assert stood(make.bank(), [early, *own[1:]], now=NOON)["alpha"].due == 0
    assert stood(make.bank(), [early, *own[1:]], now=NOON + DAY)["alpha"].due == 1
    assert stood(make.bank(), [early, *own[1:]], now=NOON + 8 * DAY)["alpha"].due == 3


def test_the_card_of_a_question_that_left_the_bank_counts_for_nothing():
    standing = stood(make.bank(), [make.card("alpha/retired")], [graded("alpha", 3, 100)], NOON + 9 * DAY)["alpha"]
    assert (standing.strength, standing.seen, standing.total, standing.due) == (0, 0, 4, 0)


@given(
    st.dictionaries(st.integers(1, 4), st.tuples(st.sampled_from(Verdict), st.integers(0, 100))), st.integers(0, 900)
)
def test_strength_lies_between_0_and_100_and_never_above_coverage(known, days):
    own = [
        scheduling.graded(None, f"alpha/q{number}", "alpha", verdict, score, NOON)
        for number, (verdict, score) in known.items()
    ]
    standing = stood(make.bank(), own, now=NOON + days * DAY)["alpha"]
    assert 0 <= standing.strength <= 100 * standing.seen / standing.total + 1e-9


def test_a_score_is_stored_as_whole_numbers_and_one_average():
    assert practised((1, 3, 33)) == TopicScore("alpha", 1, 1, 3, 33, 33.0, NOON)
