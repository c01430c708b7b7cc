"""app/tables/cards.py: one row per user and question that was ever graded."""

from datetime import timedelta

import pytest

from app.domain.grading import Verdict
from app.domain.scheduling import Card
from app.tables import cards, users
from tests import make

ADA, CY = 11, 12
CARD = Card(
    question_id="alpha/q1",
    topic="alpha",
    state=2,
    step=None,
    stability=3.173_400_000_000_001_4,  # a double has to come back to the last bit, or undo could not be exact
    difficulty=5.282_434_422_319_005,
    due_at=make.NOON + timedelta(days=3, microseconds=1),
    reviewed_at=make.NOON,
    reps=4,
    lapses=1,
    score=75,
    verdict=Verdict.SOLID,
)
NEW = Card("beta/q1", "beta", 1, 0, 0.212, 6.4133, make.NOON, make.NOON - timedelta(days=1), 1, 0, 0, Verdict.MISSED)


@pytest.fixture
def known(database):
    """A database that knows ada, with two cards, and cy."""
    with database.write() as connection:
        users.add(connection, ADA, make.NOON)
        users.add(connection, CY, make.NOON)
        cards.store(connection, ADA, CARD, new=True)
        cards.store(connection, ADA, NEW, new=True)
    return database


def _all(database, owner=ADA):
    with database.read() as connection:
        return cards.of_user(connection, owner)


def test_cards_come_back_exactly(known):
    assert _all(known) == {"alpha/q1": CARD, "beta/q1": NEW}


def test_one_card_is_found_by_its_question(known):
    with known.read() as connection:
        assert cards.of_question(connection, ADA, "alpha/q1") == CARD
        assert cards.of_question(connection, ADA, "alpha/q2") is None


@pytest.mark.parametrize("owner", [CY, 99, None])
def test_somebody_elses_cards_are_not_found(known, owner):
    assert _all(known, owner) == {}
    with known.read() as connection:
        assert owner is None or cards.of_question(connection, owner, "alpha/q1") is None


def test_a_card_is_replaced_by_its_next_state_and_no_other_is_touched(known):
    later = Card(
        "alpha/q1", "alpha", 3, 0, 0.5, 9.5, make.NOON + timedelta(minutes=10), make.NOON, 5, 2, 0, Verdict.MISSED
    )
    with known.write() as connection:
        cards.store(connection, CY, CARD, new=True)
        cards.store(connection, ADA, later, new=False)
    assert _all(known) == {"alpha/q1": later, "beta/q1": NEW}
    assert _all(known, CY) == {"alpha/q1": CARD}


def test_a_removed_card_is_gone_for_its_user_only(known):
    with known.write() as connection:
        cards.store(connection, CY, CARD, new=True)
        cards.remove(connection, ADA, "alpha/q1")
    assert _all(known) == {"beta/q1": NEW}
    assert _all(known, CY) == {"alpha/q1": CARD}
