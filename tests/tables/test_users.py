"""app/tables/users.py: guests, their grade numbers, and forgetting them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import Unknown
from app.tables import grades, users
from tests import make

ADA, CY = 11, 12


def _created(database):
    with database.read() as connection:
        return {row.id: row.created_at for row in connection.execute(select(users.User.id, users.User.created_at))}


def test_a_user_is_stored_once_however_often_it_is_added(database):
    with database.write() as connection:
        users.add(connection, ADA, make.NOON)
    with database.write() as connection:
        users.add(connection, ADA, make.NOON + timedelta(days=3))
        users.add(connection, CY, make.NOON + timedelta(days=3))
    assert _created(database) == {ADA: make.NOON, CY: make.NOON + timedelta(days=3)}


def test_new_ids_fit_a_signed_bigint_and_do_not_follow_one_another():
    made = [users.new_id() for _ in range(1000)]
    assert len(set(made)) == 1000
    assert all(0 < number < 2**63 for number in made)
    assert max(made) - min(made) > 2**50, "ids that lie close together can be guessed"


def test_the_largest_id_is_stored_as_it_is(database):
    largest = 2**62
    with database.write() as connection:
        users.add(connection, largest, make.NOON)
    assert set(_created(database)) == {largest}


def test_grade_numbers_count_up_for_each_user_alone(database):
    with database.write() as connection:
        users.add(connection, ADA, make.NOON)
        users.add(connection, CY, make.NOON)
        assert [users.next_grade(connection, ADA) for _ in range(3)] == [1, 2, 3]
        assert users.next_grade(connection, CY) == 1


def test_the_number_of_a_grade_that_was_taken_back_is_not_given_again(database):
    # An "Undo" button still open in another tab would otherwise take back a grade that its page never showed.
    with database.write() as connection:
        users.add(connection, ADA, make.NOON)
        first = make.given(users.next_grade(connection, ADA))
        grades.add(connection, ADA, first, None, 0.9)
        grades.remove(connection, ADA, first, 0.9)
        assert users.next_grade(connection, ADA) == 2


def test_a_grade_number_for_a_user_that_is_gone_is_refused(database):
    with pytest.raises(Unknown, match="not on this server any more"), database.write() as connection:
        users.next_grade(connection, ADA)


def test_grades_given_at_the_same_time_get_different_numbers(database):
    with database.write() as connection:
        users.add(connection, ADA, make.NOON)

    def take(_):
        with database.write() as connection:
            return users.next_grade(connection, ADA)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(take, range(12))) == list(range(1, 13))


def test_the_second_writer_waits_for_the_lock_on_its_user(database):
    with database.write() as connection:
        users.add(connection, ADA, make.NOON)

    def read_then_write(_):
        with database.write() as connection:
            users.lock(connection, ADA)
            seen = connection.execute(select(users.User.grades_given).where(users.User.id == ADA)).scalar_one()
            users.next_grade(connection, ADA)
            return seen

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(read_then_write, range(12))) == list(range(12))


def test_forgetting_a_user_leaves_the_others(database):
    with database.write() as connection:
        users.add(connection, ADA, make.NOON)
        users.add(connection, CY, make.NOON)
        users.forget(connection, ADA)
    assert set(_created(database)) == {CY}
