"""app/tables/review.py: the one question a user has open in review."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.domain.grading import Confidence
from app.tables import review, users
from app.tables.review import Attempt
from tests import make

ADA, CY = 11, 12
OPEN = Attempt("alpha/q1", Confidence.UNSURE, make.NOON, "What I said\nbefore")


@pytest.fixture
def known(database):
    """A database that knows ada, with a question open, and cy."""
    with database.write() as connection:
        users.add(connection, ADA, make.NOON)
        users.add(connection, CY, make.NOON)
        review.reveal(connection, ADA, OPEN)
    return database


def _open(database, owner=ADA):
    with database.read() as connection:
        return review.attempt(connection, owner)


def test_an_open_question_comes_back_as_it_was(known):
    assert _open(known) == OPEN


def test_an_open_question_without_words_and_confidence_comes_back_too(known):
    silent = Attempt("beta/q2", None, make.NOON, "")
    with known.write() as connection:
        review.reveal(connection, CY, silent)
    assert _open(known, CY) == silent
    assert _open(known) == OPEN


@pytest.mark.parametrize("owner", [CY, 99, None])
def test_somebody_elses_open_question_is_not_found(known, owner):
    assert _open(known, owner) is None


def test_opening_another_question_closes_the_first(known):
    other = Attempt("beta/q2", None, make.NOON, "")
    with known.write() as connection:
        review.reveal(connection, ADA, other)
    assert _open(known) == other


def test_an_open_question_is_taken_once(known):
    with known.write() as connection:
        assert review.take(connection, ADA, "alpha/q1") == OPEN
    with known.write() as connection:
        assert review.take(connection, ADA, "alpha/q1") is None
    assert _open(known) is None


def test_taking_a_question_that_is_not_open_leaves_the_open_one(known):
    with known.write() as connection:
        assert review.take(connection, ADA, "alpha/q2") is None
        assert review.take(connection, CY, "alpha/q1") is None
    assert _open(known) == OPEN


def test_of_two_that_take_at_the_same_time_one_gets_it(known):
    def take(_):
        with known.write() as connection:
            return review.take(connection, ADA, "alpha/q1")

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(take, range(4)))
    assert sorted(one is None for one in taken) == [False, True, True, True]


def test_closing_ends_ones_own_question_only(known):
    with known.write() as connection:
        review.reveal(connection, CY, OPEN)
        review.close(connection, ADA)
    assert _open(known) is None
    assert _open(known, CY) == OPEN
