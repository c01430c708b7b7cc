"""Self-grading: what may be ticked, the score, the verdict that ticks and time propose, the form's bad input."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import grading
from app.domain.errors import Invalid
from app.domain.grading import Confidence, Form, Verdict
from app.domain.questions import KeyPoint, retired
from tests import make

BUDGET = timedelta(seconds=120)
IN_TIME = timedelta(seconds=60)
TICK = timedelta(microseconds=1)
MISSED, SHAKY, SOLID, EASY = Verdict.MISSED, Verdict.SHAKY, Verdict.SOLID, Verdict.EASY


@pytest.mark.parametrize(
    ("earned", "possible", "expected"),
    [
        (0, 4, MISSED),
        (1, 4, MISSED),
        (2, 4, SHAKY),  # 50 % is not under 50 %
        (3, 4, SOLID),  # 75 % is not under 75 %
        (4, 4, SOLID),
        (0, 3, MISSED),
        (1, 3, MISSED),
        (2, 3, SHAKY),
        (3, 3, SOLID),
        (3, 7, MISSED),  # 43 %
        (4, 7, SHAKY),
        (5, 7, SHAKY),  # 71 %
        (6, 7, SOLID),
        (14, 29, MISSED),  # 48.3 %
        (15, 29, SHAKY),
        (21, 29, SHAKY),  # 72.4 %
        (22, 29, SOLID),
        (0, 0, MISSED),
    ],
)
def test_under_half_is_missed_under_three_quarters_shaky_else_solid(earned, possible, expected):
    assert grading.propose(earned, possible, IN_TIME, BUDGET) is expected


@pytest.mark.parametrize(
    ("earned", "spent", "expected"),
    [
        (4, 1.5 * BUDGET, SOLID),  # not more than one and a half times
        (4, 1.5 * BUDGET + TICK, SHAKY),
        (3, 10 * BUDGET, SHAKY),
        (2, 10 * BUDGET, SHAKY),
        (1, 10 * BUDGET, MISSED),
        (0, 10 * BUDGET, MISSED),
    ],
)
def test_more_than_one_and_a_half_times_the_budget_lowers_solid_to_shaky_and_nothing_else(earned, spent, expected):
    assert grading.propose(earned, 4, spent, BUDGET) is expected


@given(
    st.integers(0, 30).flatmap(lambda possible: st.tuples(st.integers(0, possible), st.just(possible))),
    st.timedeltas(min_value=timedelta(0), max_value=timedelta(hours=9)),
)
def test_easy_is_never_proposed(points, spent):
    assert grading.propose(*points, spent, BUDGET) is not EASY


def test_the_page_is_told_the_proposal_for_every_weight_that_can_be_ticked():
    asked = make.question()
    assert grading.proposals(asked, IN_TIME, BUDGET) == [MISSED, MISSED, SHAKY, SOLID, SOLID]
    assert grading.proposals(asked, 2 * BUDGET, BUDGET) == [MISSED, MISSED, SHAKY, SHAKY, SHAKY]
    assert grading.proposals(retired("alpha/gone"), IN_TIME, BUDGET) == [MISSED]


@pytest.mark.parametrize(
    ("points", "expected"),
    [((), 0), ((1,), 2), ((2,), 1), ((3,), 1), ((2, 3), 2), ((1, 3), 3), ((1, 2, 3), 4)],
)
def test_a_key_point_earns_its_weight(points, expected):
    assert grading.earned(make.question(), frozenset(points)) == expected


@pytest.mark.parametrize(
    ("earned", "possible", "expected"),
    [
        (0, 4, 0),
        (4, 4, 100),
        (1, 4, 25),
        (1, 3, 33),
        (2, 3, 67),
        (1, 6, 17),
        (1, 8, 13),  # 12.5
        (3, 8, 38),  # 37.5
        (5, 8, 63),  # 62.5
        (7, 8, 88),  # 87.5
        (0, 0, 0),
    ],
)
def test_the_score_is_the_ticked_share_of_the_weight_rounded_half_up(earned, possible, expected):
    assert grading.score(earned, possible) == expected


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([], None),
        ([0], 0),
        ([100, 0], 50),
        ([33, 67, 0], 33),
        ([67, 67, 66], 67),
        ([25, 0], 13),  # 12.5
        ([50, 75], 63),  # 62.5
        ([100] * 20, 100),
    ],
)
def test_an_interviews_score_is_the_mean_of_its_items_rounded_half_up(scores, expected):
    assert grading.interview_score(iter(scores)) == expected


def test_confidence_stands_for_25_50_75_and_95_percent():
    assert [(level.value, grading.PROBABILITY[level]) for level in Confidence] == [
        ("guessing", 0.25),
        ("unsure", 0.50),
        ("fairly sure", 0.75),
        ("certain", 0.95),
    ]


def test_the_verdicts_run_from_worst_to_best():
    assert [verdict.value for verdict in Verdict] == ["missed", "shaky", "solid", "easy"]


@pytest.mark.parametrize(
    ("points", "verdict", "note", "expected"),
    [
        ([], "", "", Form(frozenset(), None, "")),
        (["1", "3"], "solid", " Better next time. \n", Form(frozenset({1, 3}), SOLID, "Better next time.")),
        (["2", "2"], "easy", "", Form(frozenset({2}), EASY, "")),  # a box sent twice is one tick
        (["1", "2", "3"], "missed", "a\r\nb", Form(frozenset({1, 2, 3}), MISSED, "a\nb")),
        ([], "shaky", "nul \x00, half \ud800 a pair", Form(frozenset(), SHAKY, "nul \ufffd, half \ufffd a pair")),
    ],
)
def test_the_form_says_what_was_ticked_judged_and_noted(points, verdict, note, expected):
    assert grading.form(make.question(), points, verdict, note) == expected


@pytest.mark.parametrize(
    "forged", ["4", "0", "-1", "99999999999999999999", "1.0", "one", "", " 1", "²", "٢", "1,2", "\x00", "1e0", "+1"]
)
def test_a_key_point_of_no_such_question_is_refused(forged):
    with pytest.raises(Invalid, match="does not belong to this question"):
        grading.form(make.question(), ["1", forged], "solid", "")


def test_a_key_point_of_five_thousand_digits_is_refused_as_any_other():
    with pytest.raises(Invalid, match="does not belong to this question"):  # Python itself gives up at 4300
        grading.form(make.question(), ["9" * 5000], "", "")


def test_a_key_point_of_another_question_is_refused():
    longer = make.question(key_points=tuple(KeyPoint(number, "idea") for number in range(1, 7)))
    assert grading.ticked(longer, [6]) == {6}
    with pytest.raises(Invalid):
        grading.ticked(make.question(), [6])


def test_nothing_can_be_ticked_on_a_question_that_has_left_the_bank():
    gone = retired("alpha/gone")
    assert grading.form(gone, [], "solid", "kept").verdict is SOLID
    with pytest.raises(Invalid):
        grading.form(gone, ["1"], "", "")


@pytest.mark.parametrize("verdict", ["good", "SOLID", "Solid", " solid", "4", "missed,solid", "\x00", "None"])
def test_a_verdict_outside_the_four_is_refused(verdict):
    with pytest.raises(Invalid, match="missed, shaky, solid or easy"):
        grading.form(make.question(), ["1"], verdict, "")


def test_a_note_may_have_2000_characters_and_not_one_more():
    assert grading.form(make.question(), [], "", "ä" * 2000).note == "ä" * 2000
    assert grading.form(make.question(), [], "", "\n" + "x" * 2000 + "  ").note == "x" * 2000
    with pytest.raises(Invalid, match="2000 characters; this one has 2001"):
        grading.form(make.question(), [], "", "ä" * 2001)


def test_a_note_of_a_megabyte_is_refused_as_a_note_and_not_as_an_answer():
    with pytest.raises(Invalid, match="note"):
        grading.form(make.question(), [], "", "x" * 1024 * 1024)
