"""Results over several interviews: what has a score yet, and the average under exam conditions."""

from datetime import timedelta

import pytest

from app.domain import interviews, progress
from app.domain.clock import Mode, State
from tests import make
from tests.make import NOON

MIN = timedelta(minutes=1)


def sat(texts, mode=Mode.EXAM, interview_id="aaaaaaaaaa", handed_in=5 * MIN):
    interview = make.asked(interview_id, len(texts), mode=mode)
    for number, text in enumerate(texts, 1):
        interview = interviews.written(interview, number, interviews.Sent(text, 0, None), NOON).interview
    return interviews.handed_in(interview, NOON + handed_in) if handed_in else interview


def result(interview, scores=(), now=NOON + 60 * MIN):
    """The result of one interview with these scores by item number."""
    return progress.results([interview], {(interview.id, n): score for n, score in dict(scores).items()}, now)[0]


@pytest.mark.parametrize(
    ("texts", "scores", "graded", "expected"),
    [
        (("a", "b"), {1: 100, 2: 50}, 2, 75),
        (("a", "b"), {1: 100}, 1, None),  # an answer still waits for its grade
        (("a", "b"), {}, 0, None),
        (("a", ""), {1: 100}, 1, 50),  # nothing written, nothing earned
        (("a", ""), {1: 100, 2: 100}, 2, 100),  # graded all the same: said aloud
        (("", ""), {}, 0, 0),
        (("a", "b"), {1: 0, 2: 0}, 2, 0),
        (("a", "b"), {1: 50, 2: 75}, 2, 63),  # 62.5
    ],
)
def test_an_interview_has_a_score_once_every_answer_is_graded(texts, scores, graded, expected):
    found = result(sat(texts), scores)
    assert (found.score, found.graded) == (expected, graded)


def test_a_running_interview_has_no_score_and_time_left():
    found = result(sat(("", ""), handed_in=None), now=NOON + 4 * MIN)
    assert (found.state, found.score, found.used, found.remaining) == (State.RUNNING, None, 4 * MIN, 6 * MIN)


def test_an_exam_left_alone_is_over_with_all_its_time_used():
    found = result(sat(("", ""), handed_in=None))
    assert (found.state, found.score, found.used, found.remaining) == (State.OVER, 0, 10 * MIN, 0 * MIN)


def test_a_relaxed_interview_left_alone_is_still_running():
    found = result(sat(("", ""), Mode.RELAXED, handed_in=None))
    assert (found.state, found.score, found.used) == (State.OVERTIME, None, 60 * MIN)


def test_scores_go_to_the_interview_they_were_given_in_and_the_order_stays():
    first, second = sat(("a",), interview_id="bbbbbbbbbb"), sat(("a",), interview_id="aaaaaaaaaa")
    scores = {("aaaaaaaaaa", 1): 25, ("bbbbbbbbbb", 1): 75, ("cccccccccc", 1): 100}
    found = progress.results([first, second], scores, NOON + 60 * MIN)
    assert [(one.interview.id, one.score) for one in found] == [("bbbbbbbbbb", 75), ("aaaaaaaaaa", 25)]


def test_the_average_under_exam_conditions_leaves_relaxed_and_unfinished_interviews_out():
    found = [
        result(sat(("a",)), {1: 80}),
        result(sat(("a",)), {1: 45}),
        result(sat(("a",))),
        result(sat(("a",), Mode.RELAXED), {1: 100}),
    ]
    assert [one.exam for one in found] == [True, True, True, False]
    assert progress.exam_average(found) == 63  # 62.5


def test_a_score_of_0_counts_in_the_average():
    assert progress.exam_average([result(sat(("",))), result(sat(("a",)), {1: 100})]) == 50


def test_without_exams_there_is_no_average():
    assert progress.exam_average([]) is None
    assert progress.exam_average([result(sat(("a",), Mode.RELAXED), {1: 100})]) is None
