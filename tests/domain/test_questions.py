"""A bank as a value: budgets, what a question is worth, topics in order, questions that have left."""

import pytest

from app.domain import questions
from app.domain.questions import Bank, KeyPoint, Level, Topic
from tests import make


def test_the_default_budgets_are_90_120_and_180_seconds_and_a_minute_more_for_code():
    assert {level.value: budget.total_seconds() for level, budget in questions.BUDGETS.items()} == {
        "intro": 90,
        "core": 120,
        "advanced": 180,
    }
    assert questions.CODE_EXTRA.total_seconds() == 60


def test_levels_run_from_intro_to_advanced():
    assert [level.value for level in Level] == ["intro", "core", "advanced"]


@pytest.mark.parametrize(("weights", "possible"), [((2, 1, 1), 4), ((1, 1), 2), ((5, 5, 5, 5, 5, 5), 30), ((), 0)])
def test_a_complete_answer_is_worth_the_sum_of_the_weights(weights, possible):
    points = tuple(KeyPoint(number, "idea", weight) for number, weight in enumerate(weights, 1))
    assert make.question(key_points=points).possible == possible


def test_a_key_point_weighs_1_unless_it_says_otherwise():
    assert KeyPoint(1, "idea").weight == 1


def test_the_slug_is_the_id_without_its_topic():
    assert make.question("path-parameters/order-of-routes").slug == "order-of-routes"


def test_questions_are_grouped_by_topic_in_the_order_of_the_bank_and_empty_topics_stay():
    asked = [make.question("beta/q2"), make.question("alpha/q1"), make.question("beta/q1")]
    topics = (Topic("alpha", "Alpha", ""), Topic("empty", "Empty", ""), Topic("beta", "Beta", ""))
    bank = Bank("Testing", "CC BY 4.0", topics, {question.id: question for question in asked})
    assert {slug: [question.id for question in group] for slug, group in bank.by_topic.items()} == {
        "alpha": ["alpha/q1"],
        "empty": [],
        "beta": ["beta/q2", "beta/q1"],
    }
    assert list(bank.by_topic) == list(bank.topic) == ["alpha", "empty", "beta"]


def test_a_question_that_has_left_the_bank_has_a_stand_in_that_says_so():
    bank = make.bank()
    assert bank.question("alpha/q1") is bank.questions["alpha/q1"]
    gone = bank.question("alpha/gone")
    assert (gone.id, gone.topic, gone.slug) == ("alpha/gone", "alpha", "gone")
    assert gone.title == "alpha/gone (retired)"
    assert (gone.key_points, gone.possible) == ((), 0)
