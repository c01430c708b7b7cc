"""app/tables/revisions.py: texts that a newer save displaced."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.tables import interviews, revisions, users
from app.tables.revisions import Kept
from tests import make

ADA, CY = 11, 12
LATER = make.NOON + timedelta(minutes=2)


@pytest.fixture
def known(database):
    """A database in which ada and cy each have an interview of the same id."""
    with database.write() as connection:
        for user in (ADA, CY):
            users.add(connection, user, make.NOON)
            interviews.add(connection, user, make.asked())
    return database


def _keep(database, number, revision, text, owner=ADA, now=make.NOON):
    with database.write() as connection:
        revisions.keep(connection, owner, "aaaaaaaaaa", number, revision, text, now)


def _kept(database, number, owner=ADA):
    with database.read() as connection:
        return revisions.kept(connection, owner, "aaaaaaaaaa", number)


def test_kept_texts_come_back_newest_first(known):
    _keep(known, 1, 2, "the older\ntext")
    _keep(known, 1, 11, "the newer text", now=LATER)
    assert _kept(known, 1) == [Kept(11, LATER, "the newer text"), Kept(2, make.NOON, "the older\ntext")]


def test_texts_of_another_item_and_of_another_user_stay_apart(known):
    _keep(known, 1, 1, "mine")
    _keep(known, 2, 1, "of the second question")
    _keep(known, 1, 1, "cy's", owner=CY)
    assert [one.text for one in _kept(known, 1)] == ["mine"]
    assert [one.text for one in _kept(known, 2)] == ["of the second question"]
    assert [one.text for one in _kept(known, 1, CY)] == ["cy's"]
    assert _kept(known, 1, None) == []


def test_a_revision_is_kept_once(known):
    _keep(known, 1, 1, "first")
    with pytest.raises(IntegrityError):
        _keep(known, 1, 1, "another text for the same revision")
    assert [one.text for one in _kept(known, 1)] == ["first"]


def test_nothing_is_kept_for_an_item_that_does_not_exist(known):
    # The driver for PostgreSQL has a kind of its own for this, so the words decide.
    with pytest.raises(DBAPIError, match=r"(?i)foreign key constraint"):
        _keep(known, 9, 1, "text")
