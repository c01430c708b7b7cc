"""What one interview showed: scores of items and topics, time against budget, overtime and pauses, sure but wrong."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain import interviews, reports
from app.domain.clock import Mode
from app.domain.grading import Confidence
from tests import make
from tests.make import NOON

BANK = make.bank()
MIN = timedelta(minutes=1)
WEEK = timedelta(days=7)
NOBODY_KNOWS = {1: (), 2: (1,), 3: (1, 2, 3), 4: (1, 3)}  # ticks that give 0, 50, 100 and 75 %


def sat(texts=("a", "b", "c"), sure=(), **changes):
    """An interview of a minute per question, answered with these texts and handed in."""
    interview = make.asked(count=len(texts), **changes)
    for number, text in enumerate(texts, 1):
        now = NOON + (number - 1) * MIN
        confidence = dict(enumerate(sure, 1)).get(number)
        interview = interviews.written(interview, number, interviews.Sent(text, 0, confidence), now).interview
    return interviews.handed_in(interview, NOON + len(texts) * MIN)


def graded(interview, *numbers, ticks=NOBODY_KNOWS):
    """Grades for these items."""
    return {
        number: make.given(
            number,
            interview.item(number).question_id,
            ticks[number],
            interview_id=interview.id,
            item=number,
            confidence=interview.item(number).confidence,
        )
        for number in numbers
    }


def report(interview, given=None, bank=BANK):
    return reports.report(interview, given or {}, bank, NOON + WEEK)


def test_the_score_is_the_mean_of_the_items():
    interview = sat(("a", "b", "c", "d"))
    found = report(interview, graded(interview, 1, 2, 3, 4))
    assert [row.score for row in found.rows] == [0, 50, 100, 75]
    assert (found.score, found.pending) == (56, 0)  # 56.25


def test_an_unanswered_item_counts_0_and_an_ungraded_answer_not_yet():
    interview = sat(("a", "", "c"))
    found = report(interview, graded(interview, 3))
    assert [row.score for row in found.rows] == [None, 0, 100]
    assert found.score == 50
    assert found.pending == 1, "the blank one needs no grade"


def test_before_the_first_grade_there_is_no_score():
    found = report(sat())
    assert (found.score, found.pending, found.brier) == (None, 3, None)
    assert [topic.score for topic in found.topics] == [None]


def test_an_interview_with_nothing_answered_has_0():
    assert report(sat(("", "", ""))).score == 0


def test_a_grade_given_to_an_unanswered_item_counts_as_given():
    # Said aloud instead of typed.
    interview = sat(("", "b", "c"))
    assert report(interview, graded(interview, 1, ticks={1: (1, 2, 3)})).rows[0].score == 100


def test_time_is_set_against_the_budget_of_each_item():
    interview = make.asked(count=3)  # 120 s each
    for number, passed in ((2, 2 * MIN), (3, 4 * MIN + timedelta(microseconds=1))):
        interview = interviews.shown(interview, number, NOON + passed)
    found = report(interviews.handed_in(interview, NOON + 5 * MIN))
    assert [row.spent for row in found.rows] == [
        2 * MIN,
        2 * MIN + timedelta(microseconds=1),
        MIN - timedelta(microseconds=1),
    ]
    assert [row.over_budget for row in found.rows] == [False, True, False]


def test_an_exam_nobody_came_back_to_ended_at_its_deadline():
    found = report(make.asked(minutes=10))
    assert found.exam is True
    assert (found.used, found.overtime, found.paused) == (10 * MIN, 0 * MIN, 0 * MIN)
    assert found.finished_at == NOON + 10 * MIN
    assert [row.spent for row in found.rows] == [10 * MIN, 0 * MIN, 0 * MIN]


def test_pauses_and_overtime_of_a_relaxed_interview_are_told():
    interview = interviews.paused(make.asked(minutes=10, mode=Mode.RELAXED), NOON + 4 * MIN)
    interview = interviews.resumed(interview, NOON + 9 * MIN)
    found = report(interviews.handed_in(interview, NOON + 18 * MIN))
    assert found.exam is False
    assert (found.used, found.overtime, found.paused) == (13 * MIN, 3 * MIN, 5 * MIN)
    assert found.finished_at == NOON + 18 * MIN


def test_topics_come_weakest_first_and_the_ungraded_last():
    interview = make.asked(count=12)  # alpha, beta and gamma, four each
    for number in (1, 2, 5, 6, 9, 10, 11, 12):
        interview = interviews.written(interview, number, interviews.Sent("text", 0, None), NOON).interview
    interview = interviews.handed_in(interview, NOON + MIN)
    ticks = {1: (1, 2, 3), 2: (1, 2, 3), 5: (1,), 6: ()}
    found = report(interview, graded(interview, 1, 2, 5, 6, ticks=ticks))
    assert [(row.topic.slug, row.asked, row.score) for row in found.topics] == [
        ("beta", 4, 13),  # 50, 0 and two blanks: 12.5
        ("alpha", 4, 50),  # 100, 100 and two blanks
        ("gamma", 4, None),
    ]


def test_only_topics_that_were_asked_are_listed():
    assert [row.topic.slug for row in report(sat()).topics] == ["alpha"]


def test_a_question_that_left_the_bank_keeps_its_row():
    interview = sat()
    gone = replace(BANK, questions={name: q for name, q in BANK.questions.items() if name != "alpha/q2"})
    found = report(interview, graded(interview, 1, 2, 3), gone)
    assert [row.score for row in found.rows] == [0, 50, 100]
    assert found.rows[1].question.title == "alpha/q2 (retired)"
    assert (found.score, found.topics[0].score) == (50, 50)


def test_errors_made_with_confidence_are_listed():
    sure = (Confidence.CERTAIN, Confidence.FAIRLY_SURE, Confidence.GUESSING, Confidence.CERTAIN)
    interview = sat(("a", "b", "c", "d"), sure)
    ticks = {1: (2,), 2: (), 3: (), 4: (1, 2)}
    found = report(interview, graded(interview, 1, 2, 3, 4, ticks=ticks))
    assert [row.item.number for row in found.sure_but_wrong] == [1, 2]


def test_an_item_without_a_grade_is_not_called_sure_but_wrong():
    interview = sat(("a", ""), (Confidence.CERTAIN, Confidence.CERTAIN))
    assert report(interview).sure_but_wrong == []


def test_the_brier_score_is_made_of_the_grades_with_a_confidence():
    interview = sat(("a", "b", "c"), (Confidence.CERTAIN, None, Confidence.UNSURE))
    found = report(interview, graded(interview, 1, 2, 3))
    assert found.brier == pytest.approx((0.95**2 + 0.5**2) / 2)  # certain and missed, unsure and right
    assert report(sat(), graded(sat(), 1, 2, 3)).brier is None


@pytest.mark.parametrize(
    ("given", "after", "expected"),
    [
        ((), 0, 1),
        ((1,), 1, 2),
        ((2,), 2, 3),
        ((1, 3), 3, 2),  # round the end
        ((3,), 3, 1),
        ((1, 2), 1, 3),
        ((1, 2, 3), 3, None),
    ],
)
def test_after_a_grade_comes_the_next_item_without_one(given, after, expected):
    interview = sat()
    assert reports.next_ungraded(interview, graded(interview, *given), after) == expected
