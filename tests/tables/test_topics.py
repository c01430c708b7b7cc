"""app/tables/topics.py: one score per user and topic, and the standings made from them."""

from datetime import timedelta

import pytest

from app.domain.scores import TopicScore
from app.tables import grades, topics, users
from tests import make

ADA, CY = 11, 12
ALPHA = TopicScore("alpha", 3, 7, 12, 25, 61.750_000_000_000_014, make.NOON + timedelta(microseconds=7))
BETA = TopicScore("beta", 1, 0, 4, 0, 0.0, make.NOON)


@pytest.fixture
def known(database):
    """A database that knows ada, with scores in two topics, and cy."""
    with database.write() as connection:
        users.add(connection, ADA, make.NOON)
        users.add(connection, CY, make.NOON)
        topics.store(connection, ADA, ALPHA, new=True)
        topics.store(connection, ADA, BETA, new=True)
    return database


def _all(database, owner=ADA):
    with database.read() as connection:
        return topics.scores(connection, owner)


def test_scores_come_back_exactly(known):
    assert _all(known) == {"alpha": ALPHA, "beta": BETA}
    with known.read() as connection:
        assert topics.score(connection, ADA, "alpha") == ALPHA
        assert topics.score(connection, ADA, "gamma") is None


@pytest.mark.parametrize("owner", [CY, 99, None])
def test_somebody_elses_scores_are_not_found(known, owner):
    assert _all(known, owner) == {}


def test_a_score_is_replaced_and_no_other_is_touched(known):
    later = TopicScore("alpha", 4, 11, 16, 100, 73.0, make.NOON + timedelta(days=1))
    with known.write() as connection:
        topics.store(connection, CY, ALPHA, new=True)
        topics.store(connection, ADA, later, new=False)
    assert _all(known) == {"alpha": later, "beta": BETA}
    assert _all(known, CY) == {"alpha": ALPHA}


def test_a_removed_score_is_gone_for_its_user_only(known):
    with known.write() as connection:
        topics.store(connection, CY, ALPHA, new=True)
        topics.remove(connection, ADA, "alpha")
    assert _all(known) == {"beta": BETA}
    assert _all(known, CY) == {"alpha": ALPHA}


def _standings(database, owner):
    with database.read() as connection:
        return {found.topic.slug: found for found in topics.standings(connection, owner, make.bank(), make.NOON)}


def test_standings_join_cards_and_scores_of_one_user(database):
    # At the very moment of grading everything is recalled: strength is the sum of the scores over all four questions.
    with database.write() as connection:
        users.add(connection, ADA, make.NOON)
        users.add(connection, CY, make.NOON)
        grades.add(connection, ADA, make.given(1, "alpha/q1"), None, 0.9)
        grades.add(connection, ADA, make.given(2, "alpha/q2", (1,)), None, 0.9)
        grades.add(connection, CY, make.given(1, "beta/q1"), None, 0.9)
    found = _standings(database, ADA)
    assert found["alpha"].strength == pytest.approx((100 + 50) / 4)
    assert (found["alpha"].seen, found["alpha"].total, found["alpha"].answered) == (2, 4, 2)
    assert (found["beta"].strength, found["beta"].seen, found["beta"].score) == (0, 0, None)


def test_nobody_stands_at_nothing_in_every_topic(known):
    found = _standings(known, None)
    assert {slug: (one.strength, one.seen, one.answered) for slug, one in found.items()} == {
        "alpha": (0, 0, 0),
        "beta": (0, 0, 0),
        "gamma": (0, 0, 0),
    }
