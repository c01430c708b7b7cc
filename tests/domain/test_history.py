"""Grades and what follows from them: cards and topic scores are folds, so that taking a grade back leaves no trace."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import history
from app.domain.grading import Confidence, Verdict
from app.domain.history import Work
from app.domain.questions import retired
from tests import make
from tests.make import NOON

MISSED, SHAKY, SOLID, EASY = Verdict
SECOND = timedelta(seconds=1)
RETENTION = 0.9


def grade(points, verdict=None, spent=60 * SECOND, question=None):
    work = Work(question or make.question(), spent, 120 * SECOND, Confidence.CERTAIN, "0123456789", 2)
    return history.grade(work, 5, 3, frozenset(points), verdict, "a note", NOON)


def test_a_grade_says_what_was_asked_ticked_earned_and_judged():
    given_ = grade({1, 3}, EASY)
    assert (given_.number, given_.rep, given_.graded_at) == (5, 3, NOON)
    assert (given_.question_id, given_.topic, given_.interview_id, given_.item) == (
        "alpha/q1",
        "alpha",
        "0123456789",
        2,
    )
    assert (given_.points, given_.earned, given_.possible, given_.score) == ({1, 3}, 3, 4, 75)
    assert (given_.confidence, given_.spent, given_.note) == (Confidence.CERTAIN, 60 * SECOND, "a note")


@pytest.mark.parametrize(
    ("points", "spent", "verdict", "proposed", "stored", "overridden"),
    [
        ({1, 2, 3}, 60, None, SOLID, SOLID, False),
        ({1, 2, 3}, 60, SOLID, SOLID, SOLID, False),
        ({1, 2, 3}, 60, EASY, SOLID, EASY, True),
        ({1, 2, 3}, 181, None, SHAKY, SHAKY, False),
        ({1, 2, 3}, 181, SOLID, SHAKY, SOLID, True),
        ({2}, 60, None, MISSED, MISSED, False),
        ({2}, 60, SHAKY, MISSED, SHAKY, True),
        (set(), 60, None, MISSED, MISSED, False),
    ],
)
def test_the_user_may_override_the_proposal_and_it_is_stored_as_an_override(
    points, spent, verdict, proposed, stored, overridden
):
    given_ = grade(points, verdict, spent * SECOND)
    assert (given_.proposed, given_.verdict, given_.overridden) == (proposed, stored, overridden)


def test_a_question_that_left_the_bank_can_be_graded_without_points():
    given_ = grade(set(), SHAKY, question=retired("alpha/gone"))
    assert (given_.question_id, given_.topic, given_.earned, given_.possible, given_.score) == (
        "alpha/gone",
        "alpha",
        0,
        0,
        0,
    )
    assert history.card_from([given_], RETENTION).verdict is SHAKY


def test_a_corrected_grade_keeps_its_place_and_its_moment():
    first = make.given(4, points=(1,), rep=2, graded_at=NOON)
    second = make.given(9, points=(1, 2, 3), rep=7, graded_at=NOON + 60 * SECOND, note="on second thoughts")
    assert history.revised(first, second) == replace(second, number=4, rep=2, graded_at=NOON)


def test_without_grades_there_is_neither_card_nor_topic_score():
    assert history.card_from([], RETENTION) is None
    assert history.topic_from([]) is None


def test_one_grade_leads_to_its_card_and_its_topic_score():
    given_ = make.given(points=(1, 3))
    card, score = history.card_from([given_], RETENTION), history.topic_from([given_])
    assert (card.question_id, card.topic, card.verdict, card.score, card.reps) == ("alpha/q1", "alpha", SOLID, 75, 1)
    assert (score.topic, score.answered, score.earned, score.possible, score.last_score) == ("alpha", 1, 3, 4, 75)
    assert card.reviewed_at == score.practised_at == NOON


def test_the_wish_for_retention_reaches_the_card():
    given_ = make.given(verdict=EASY)
    assert [(history.card_from([given_], wish).due_at - NOON).days for wish in (0.97, 0.90, 0.80)] == [2, 8, 28]


ANSWERS = st.lists(
    st.tuples(
        st.integers(1, 3),  # which question of the topic
        st.sets(st.integers(1, 3)),  # ticked
        st.none() | st.sampled_from(Verdict),
        st.timedeltas(
            min_value=timedelta(days=-1), max_value=timedelta(days=30)
        ),  # since the last; clocks are set back
    ),
    min_size=1,
    max_size=12,
)


def grades(answers):
    """The grades these answers get, numbered from 1."""
    at, given_ = NOON, []
    for number, (question, points, verdict, after) in enumerate(answers, 1):
        at += after
        work = Work(make.question(f"alpha/q{question}"), 60 * SECOND, 120 * SECOND, None)
        given_.append(history.grade(work, number, number, frozenset(points), verdict, "", at))
    return given_


def of(question_id, given_):
    return [grade for grade in given_ if grade.question_id == question_id]


@given(ANSWERS)
def test_taking_back_the_last_grade_leaves_card_and_topic_score_exactly_as_before(answers):
    cards, score, told = {}, None, []
    for grade_ in grades(answers):
        card_before, score_before = cards.get(grade_.question_id), score
        cards[grade_.question_id] = history.card_after(card_before, grade_, RETENTION)
        score = history.topic_after(score_before, grade_)
        assert (cards[grade_.question_id], score) != (card_before, score_before)
        # What undo computes from the grades that are left, and what stood there before.
        assert history.card_from(of(grade_.question_id, told), RETENTION) == card_before
        assert history.topic_from(told) == score_before
        told.append(grade_)
    assert {name: history.card_from(of(name, told), RETENTION) for name in cards} == cards
    assert history.topic_from(told) == score


@given(ANSWERS, st.data())
def test_correcting_a_grade_leads_to_what_it_would_have_led_to_in_the_first_place(answers, data):
    place = data.draw(st.integers(0, len(answers) - 1), label="corrected")
    points = data.draw(st.sets(st.integers(1, 3)), label="points")
    given_ = grades(answers)
    wrong = given_[place]
    work = Work(make.question(wrong.question_id), 60 * SECOND, 120 * SECOND, None)
    after = history.grade(work, 99, 99, frozenset(points), None, "", given_[-1].graded_at + timedelta(days=1))
    corrected = [*given_[:place], history.revised(wrong, after), *given_[place + 1 :]]
    question, _, _, since = answers[place]
    right = grades([*answers[:place], (question, points, None, since), *answers[place + 1 :]])
    assert history.topic_from(corrected) == history.topic_from(right)
    own = wrong.question_id
    assert history.card_from(of(own, corrected), RETENTION) == history.card_from(of(own, right), RETENTION)
