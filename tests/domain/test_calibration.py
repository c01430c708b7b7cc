"""How confidence and result agree: Brier score, reliability per level, and what was sure but wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import calibration
from app.domain.calibration import Level
from app.domain.grading import Confidence

GUESSING, UNSURE, FAIRLY_SURE, CERTAIN = Confidence


@pytest.mark.parametrize(
    ("judged", "expected"),
    [
        ([(CERTAIN, 100)], 0.0025),
        ([(CERTAIN, 0)], 0.9025),
        ([(FAIRLY_SURE, 100)], 0.0625),
        ([(FAIRLY_SURE, 0)], 0.5625),
        ([(GUESSING, 0)], 0.0625),
        ([(GUESSING, 100)], 0.5625),
        ([(UNSURE, 100), (UNSURE, 0), (UNSURE, 0)], 0.25),  # always saying 50 %
        ([(CERTAIN, 50)], 0.0025),  # half of the points is right enough
        ([(CERTAIN, 49)], 0.9025),
        ([(CERTAIN, 100), (GUESSING, 100)], 0.2825),
    ],
)
def test_the_brier_score_is_the_mean_squared_distance_of_promise_and_outcome(judged, expected):
    assert calibration.brier(iter(judged)) == pytest.approx(expected, abs=1e-12)


def test_without_judgements_there_is_no_brier_score():
    assert calibration.brier([]) is None


JUDGED = st.lists(st.tuples(st.sampled_from(Confidence), st.integers(0, 100)), min_size=1, max_size=30)


@given(JUDGED)
def test_the_brier_score_does_not_depend_on_the_order_and_lies_between_0_and_1(judged):
    score = calibration.brier(judged)
    assert 0 <= score <= 1
    assert calibration.brier(judged[::-1]) == pytest.approx(score)


def test_reliability_sets_what_came_against_what_was_promised_for_every_level():
    judged = [(CERTAIN, 100), (CERTAIN, 20), (CERTAIN, 50), (CERTAIN, 75), (GUESSING, 49), (UNSURE, 60)]
    assert calibration.reliability(iter(judged)) == [
        Level(GUESSING, 1, 0.25, 0.0),
        Level(UNSURE, 1, 0.50, 1.0),
        Level(FAIRLY_SURE, 0, 0.75, None),  # never said: nothing came, not nothing right
        Level(CERTAIN, 4, 0.95, 0.75),
    ]


@pytest.mark.parametrize(
    ("confidence", "score", "expected"),
    [
        (CERTAIN, 0, True),
        (CERTAIN, 49, True),
        (CERTAIN, 50, False),
        (FAIRLY_SURE, 49, True),
        (FAIRLY_SURE, 100, False),
        (UNSURE, 0, False),
        (GUESSING, 0, False),
        (None, 0, False),
    ],
)
def test_sure_but_wrong_is_confidence_with_less_than_half_of_the_points(confidence, score, expected):
    assert calibration.sure_but_wrong(confidence, score) is expected
