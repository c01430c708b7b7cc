"""app/tables/grades.py: grades, and the card and topic score that change with them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from app.domain.grading import Confidence, Verdict
from app.domain.scores import TopicScore
from app.tables import cards, grades, topics, users
from tests import make

ADA, CY = 11, 12
DAY = timedelta(days=1)
KEEP = 0.9


@pytest.fixture
def known(database):
    """A database that knows ada and cy."""
    with database.write() as connection:
        users.add(connection, ADA, make.NOON)
        users.add(connection, CY, make.NOON)
    return database


def _add(database, *given, owner=ADA):
    for one in given:
        with database.write() as connection:
            grades.add(connection, owner, one, cards.of_question(connection, owner, one.question_id), KEEP)


def _read(database, function, *arguments):
    with database.read() as connection:
        return function(connection, *arguments)


def _state(database, owner=ADA):
    return _read(database, cards.of_user, owner), _read(database, topics.scores, owner)


def test_a_grade_comes_back_as_it_was_given(known):
    given = make.given(
        5,
        "alpha/q2",
        (1, 3),
        interview_id="aaaaaaaaaa",
        item=2,
        verdict=Verdict.EASY,
        confidence=Confidence.FAIRLY_SURE,
        spent=timedelta(milliseconds=61_250),
        rep=3,
        note="Say it\nin one sentence – λ 🙂",
        graded_at=make.NOON + timedelta(microseconds=123_456),
    )
    _add(known, given)
    assert _read(known, grades.last, ADA) == given
    assert given.overridden


def test_a_grade_without_ticks_comes_back_without_ticks(known):
    _add(known, make.given(points=()))
    assert _read(known, grades.last, ADA).points == frozenset()


def test_a_grade_brings_its_card_and_its_topic_score(known):
    _add(known, make.given(1, "alpha/q1"))
    found, scores = _state(known)
    assert found["alpha/q1"].verdict is Verdict.SOLID
    assert (found["alpha/q1"].reps, found["alpha/q1"].score, found["alpha/q1"].topic) == (1, 100, "alpha")
    assert scores == {"alpha": TopicScore("alpha", 1, 4, 4, 100, 100.0, make.NOON)}


def test_topic_scores_add_up_over_the_questions_of_a_topic(known):
    # 100, then 50, then 0 percent; the first answers weigh the same in the moving average: 100, 75, 50.
    _add(
        known,
        make.given(1, "alpha/q1"),
        make.given(2, "alpha/q2", (1,), graded_at=make.NOON + DAY),
        make.given(3, "alpha/q1", (), graded_at=make.NOON + 2 * DAY),
        make.given(4, "beta/q1", (2,)),
    )
    _, scores = _state(known)
    assert scores["alpha"] == TopicScore("alpha", 3, 6, 12, 0, pytest.approx(50.0), make.NOON + 2 * DAY)
    assert scores["beta"] == TopicScore("beta", 1, 1, 4, 25, 25.0, make.NOON)


def test_when_the_transaction_breaks_nothing_of_a_grade_is_kept(known):
    def break_off():
        with known.write() as connection:
            grades.add(connection, ADA, make.given(), None, KEEP)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert _state(known) == ({}, {})
    assert _read(known, grades.last, ADA) is None


def test_one_item_of_an_interview_has_one_grade(known):
    _add(known, make.given(1, interview_id="aaaaaaaaaa", item=1))
    before = _state(known)
    with pytest.raises(IntegrityError):
        _add(known, make.given(2, interview_id="aaaaaaaaaa", item=1))
    assert _state(known) == before


def test_a_question_may_be_graded_in_review_again_and_again(known):
    _add(known, *(make.given(n, graded_at=make.NOON + n * DAY) for n in (1, 2, 3)))
    assert [grade.number for grade in _read(known, grades.of_question, ADA, "alpha/q1")] == [1, 2, 3]


def _sample(database):
    """Four grades of ada's in two interviews and in review, and one of cy's."""
    _add(
        database,
        make.given(1, "alpha/q1", interview_id="aaaaaaaaaa", item=2, confidence=Confidence.CERTAIN),
        make.given(2, "alpha/q2", (1,), interview_id="aaaaaaaaaa", item=1),
        make.given(3, "alpha/q1", (2,), interview_id="bbbbbbbbbb", item=1, confidence=Confidence.GUESSING),
        make.given(4, "alpha/q1", (), confidence=Confidence.CERTAIN, rep=3),
    )
    _add(
        database,
        make.given(1, "alpha/q1", interview_id="aaaaaaaaaa", item=3, confidence=Confidence.UNSURE),
        owner=CY,
    )


def test_the_grades_of_an_interview_are_found_by_item(known):
    _sample(known)
    found = _read(known, grades.of_interview, ADA, "aaaaaaaaaa")
    assert {item: grade.number for item, grade in found.items()} == {1: 2, 2: 1}


def test_the_scores_of_interviews_leave_reviews_and_other_interviews_out(known):
    _sample(known)
    expected = {("aaaaaaaaaa", 2): 100, ("aaaaaaaaaa", 1): 50, ("bbbbbbbbbb", 1): 25}
    assert _read(known, grades.of_interviews, ADA, ["aaaaaaaaaa", "bbbbbbbbbb"]) == expected
    assert _read(known, grades.of_interviews, ADA, ["bbbbbbbbbb"]) == {("bbbbbbbbbb", 1): 25}


def test_the_grades_of_a_question_come_oldest_first(known):
    _sample(known)
    assert [grade.number for grade in _read(known, grades.of_question, ADA, "alpha/q1")] == [1, 3, 4]


def test_the_last_grade_is_the_newest_of_ones_own(known):
    _sample(known)
    assert _read(known, grades.last, ADA).number == 4
    assert _read(known, grades.last, CY).number == 1


def test_judgements_are_the_grades_with_a_stated_confidence(known):
    _sample(known)
    assert sorted(_read(known, grades.judged, ADA)) == [
        (Confidence.CERTAIN, 0),
        (Confidence.CERTAIN, 100),
        (Confidence.GUESSING, 25),
    ]


def test_reviews_are_counted_from_an_instant_on_and_interviews_are_not(known):
    midnight = make.NOON.replace(hour=0)
    just_before = midnight - timedelta(microseconds=1)
    _add(
        known,
        make.given(1, "alpha/q1", rep=1, graded_at=just_before),
        make.given(2, "alpha/q2", rep=1, graded_at=midnight),
        make.given(3, "alpha/q1", rep=2, graded_at=midnight + timedelta(hours=2)),
        make.given(4, "beta/q1", rep=1, interview_id="aaaaaaaaaa", item=1, graded_at=make.NOON),
    )
    _add(known, make.given(1, "gamma/q1", rep=1, graded_at=make.NOON), owner=CY)
    assert _read(known, grades.reviews_since, ADA, midnight) == (2, 1)
    assert _read(known, grades.reviews_since, ADA, make.NOON) == (0, 0)


def test_nobody_has_no_grades(known):
    _sample(known)
    assert _read(known, grades.of_interview, None, "aaaaaaaaaa") == {}
    assert _read(known, grades.of_interviews, None, ["aaaaaaaaaa"]) == {}
    assert _read(known, grades.of_question, None, "alpha/q1") == []
    assert _read(known, grades.last, None) is None
    assert _read(known, grades.judged, None) == []


HISTORY = (
    make.given(1, "alpha/q1", (1,), verdict=Verdict.SHAKY),
    make.given(2, "alpha/q2", (), graded_at=make.NOON + DAY),
    make.given(3, "alpha/q1", (1, 2, 3), graded_at=make.NOON + 2 * DAY, rep=2),
    make.given(4, "beta/q1", (1, 2), graded_at=make.NOON + 3 * DAY),
    make.given(5, "alpha/q1", (1, 3), graded_at=make.NOON + 9 * DAY, rep=3),
)


@pytest.mark.parametrize("verdict", list(Verdict))
@pytest.mark.parametrize("question", ["alpha/q1", "alpha/q3", "gamma/q1"])
def test_taking_a_grade_back_restores_card_and_score_to_the_last_bit(known, question, verdict):
    _add(known, *HISTORY)
    _add(known, *HISTORY[:2], owner=CY)
    before, of_cy = _state(known), _state(known, CY)
    given = make.given(6, question, (2, 3), verdict=verdict, graded_at=make.NOON + 12 * DAY)
    _add(known, given)
    assert _state(known) != before
    with known.write() as connection:
        grades.remove(connection, ADA, given, KEEP)
    assert _state(known) == before
    assert _state(known, CY) == of_cy
    assert _read(known, grades.last, ADA) == HISTORY[-1]


def test_taking_everything_back_leaves_neither_card_nor_score(known):
    _add(known, *HISTORY)
    for given in reversed(HISTORY):
        with known.write() as connection:
            grades.remove(connection, ADA, given, KEEP)
    assert _state(known) == ({}, {})


def test_correcting_an_early_grade_gives_what_giving_it_right_at_once_would_have_given(known):
    corrected = replace(HISTORY[0], points=frozenset({1, 2, 3}), earned=4, score=100, verdict=Verdict.EASY, note="so")
    _add(known, *HISTORY)
    _add(known, corrected, *HISTORY[1:], owner=CY)
    assert _state(known) != _state(known, CY)
    with known.write() as connection:
        grades.revise(connection, ADA, corrected, KEEP)
    assert _state(known) == _state(known, CY)
    assert _read(known, grades.of_question, ADA, "alpha/q1")[0] == corrected
    assert _read(known, grades.last, ADA).number == 5
