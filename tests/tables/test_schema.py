"""The schema: migrations build what the table classes describe, on both engines; the column types keep their word."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, MetaData, Table, create_engine, func, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, StatementError

from app import schema
from app.db import Database
from app.domain.errors import Unavailable
from app.settings import Settings
from app.tables import grades, interviews, review, revisions, users
from app.tables.all import METADATA
from app.tables.base import Instant, Span
from tests import make
from tests.conftest import ENGINES, POSTGRES

ADA, CY = 11, 12


@pytest.fixture(params=ENGINES)
def empty(request, tmp_path):
    """Settings of a database without a single table, of its own for each test."""
    if request.param == "sqlite":
        yield Settings(data_dir=tmp_path, synchronous="NORMAL")
        return
    name = f"greenroom_schema_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    admin = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield Settings(data_dir=tmp_path, database_url=make_url(POSTGRES).set(database=name).render_as_string(False))
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def bare(empty):
    """A database without a single table."""
    opened = Database(empty)
    yield opened
    opened.close()


def _tables(database):
    with database.read() as connection:
        return set(inspect(connection).get_table_names())


def _described(connection):
    """All that an engine can say about its tables, down to the names of constraints."""
    found = inspect(connection)
    return {
        name: {
            "columns": [
                {key: str(column[key]) for key in ("name", "type", "nullable", "default")}
                for column in found.get_columns(name)
            ],
            "key": found.get_pk_constraint(name),
            "foreign": sorted(found.get_foreign_keys(name), key=str),
            "indexes": sorted(found.get_indexes(name), key=str),
            "unique": sorted(found.get_unique_constraints(name), key=str),
            "checks": sorted(found.get_check_constraints(name), key=str),
        }
        for name in found.get_table_names()
        if name != "alembic_version"
    }


def test_migrations_leave_nothing_for_alembic_to_generate(database):
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, METADATA) == []


def test_alembic_would_see_a_column_that_no_migration_makes(database):
    # Keeps the test above honest: with the wrong options a comparison finds nothing whatever is wrong.
    changed = MetaData(naming_convention=METADATA.naming_convention)
    for table in METADATA.sorted_tables:
        table.to_metadata(changed)
    changed.tables["cards"].append_column(Column("colour", Instant))
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert [difference[0] for difference in compare_metadata(context, changed)] == ["add_column"]


def test_migrations_and_table_classes_make_the_same_tables(bare):
    schema.migrate(bare)
    with bare.read() as connection:
        migrated = _described(connection)
    with bare.write() as connection:
        command.downgrade(schema.config(connection), "base")
        METADATA.create_all(connection)
        assert _described(connection) == migrated


def test_both_ways_lay_out_sqlite_tables_alike(bare):
    # Whether rows lie in the order of their key is nothing that Alembic compares.
    if bare.engine.dialect.name != "sqlite":
        return
    query = text("SELECT name FROM sqlite_master WHERE sql LIKE '%WITHOUT ROWID%'")
    with bare.write() as connection:
        METADATA.create_all(connection)
        described = set(connection.execute(query).scalars())
        METADATA.drop_all(connection)
    schema.migrate(bare)
    with bare.read() as connection:
        assert set(connection.execute(query).scalars()) == described
    assert {"cards", "topic_scores"} <= described
    assert not described & {"items", "revisions"}, "rows with long texts would swell the tree"


def test_the_newest_revision_file_is_the_one_the_code_expects(bare):
    with bare.read() as connection:
        scripts = ScriptDirectory.from_config(schema.config(connection))
    assert scripts.get_heads() == [schema.HEAD]
    files = sorted(path.name for path in (schema.SCRIPTS / "versions").glob("*.py"))
    assert files[-1].startswith(f"{schema.HEAD}_")
    assert len(files) == len(list(scripts.walk_revisions())), "every file is a step of the one line of revisions"


def test_an_empty_database_is_migrated_once(bare):
    assert not schema.is_current(bare)
    assert schema.migrate(bare)
    assert schema.is_current(bare)
    assert _tables(bare) == {*METADATA.tables, "alembic_version"}


def test_migrating_again_changes_nothing_and_keeps_what_is_stored(bare):
    schema.migrate(bare)
    with bare.write() as connection:
        users.add(connection, ADA, make.NOON)
    with bare.read() as connection:
        before = _described(connection)
    assert not schema.migrate(bare)
    with bare.read() as connection:
        assert _described(connection) == before
        assert connection.execute(select(users.User.id)).scalars().all() == [ADA]


def test_two_that_migrate_at_the_same_time_do_it_once(empty):
    databases = [Database(empty) for _ in range(3)]
    try:
        with ThreadPoolExecutor(3) as pool:
            assert sorted(pool.map(schema.migrate, databases)) == [False, False, True]
        assert _tables(databases[0]) == {*METADATA.tables, "alembic_version"}
    finally:
        for database in databases:
            database.close()


def test_downgrading_to_base_leaves_no_table_and_the_way_up_is_open_again(bare):
    schema.migrate(bare)
    with bare.write() as connection:
        command.downgrade(schema.config(connection), "base")
    assert _tables(bare) == {"alembic_version"}
    assert not schema.is_current(bare)
    assert schema.migrate(bare)
    assert _tables(bare) == {*METADATA.tables, "alembic_version"}


def test_a_migration_that_breaks_leaves_the_database_as_it_was(bare):
    with bare.write() as connection:
        connection.execute(text("CREATE TABLE topic_scores (mine INTEGER)"))  # in the way of the first revision
    with pytest.raises((Unavailable, DBAPIError)):
        schema.migrate(bare)
    assert _tables(bare) == {"topic_scores"}


def _fill(connection, user):
    """At least one row of this user in every table."""
    users.add(connection, user, make.NOON)
    interviews.add(connection, user, make.asked())
    revisions.keep(connection, user, "aaaaaaaaaa", 1, 1, "kept", make.NOON)
    grades.add(connection, user, make.given(1, interview_id="aaaaaaaaaa", item=1), None, 0.9)
    review.reveal(connection, user, review.Attempt("beta/q1", None, make.NOON, "said"))


def _rows(connection):
    """How many rows each user has in each table."""
    found = {}
    for table in METADATA.sorted_tables:
        owner = table.c.id if table.name == "users" else table.c.user_id
        rows = connection.execute(select(owner, func.count()).group_by(owner))
        found[table.name] = {row[0]: row[1] for row in rows}
    return found


def test_forgetting_a_user_takes_every_row_of_theirs_and_of_nobody_else(database):
    with database.write() as connection:
        _fill(connection, ADA)
        _fill(connection, CY)
        before = _rows(connection)
        users.forget(connection, ADA)
        after = _rows(connection)
    assert all(set(owners) == {ADA, CY} for owners in before.values()), (
        f"a table without a row proves nothing: {before}"
    )
    assert after == {name: {CY: owners[CY]} for name, owners in before.items()}


@pytest.mark.parametrize("table", METADATA.sorted_tables, ids=lambda table: table.name)
def test_every_table_starts_its_key_with_the_user(table):
    # What belongs to one user lies together, and the tables can be spread over machines by user as they are.
    assert next(iter(table.primary_key.columns)).name == ("id" if table.name == "users" else "user_id")


@pytest.fixture
def instants(database):
    """A table of its own with an instant and a span; gone when the test is."""
    table = Table("probe", MetaData(), Column("at", Instant), Column("length", Span))
    with database.write() as connection:
        table.create(connection)
    yield table
    with database.write() as connection:
        table.drop(connection)


def _through(database, table, **values):
    with database.write() as connection:
        connection.execute(table.insert().values(**values))
        return connection.execute(select(table)).one()


@pytest.mark.parametrize(
    "instant",
    [
        make.NOON,
        make.NOON.replace(microsecond=123_456),
        datetime(2026, 11, 22, 1, 30, tzinfo=timezone(timedelta(hours=5, minutes=45))),
        datetime(2026, 11, 21, 23, 30, tzinfo=timezone(timedelta(hours=-9))),
        datetime(1970, 1, 1, tzinfo=UTC),
    ],
    ids=str,
)
def test_an_instant_comes_back_as_the_same_instant_in_utc(database, instants, instant):
    found = _through(database, instants, at=instant).at
    assert found == instant
    assert found.utcoffset() == timedelta(0)


def test_an_instant_without_a_zone_is_refused(database, instants):
    with pytest.raises(StatementError, match="time zone"):
        _through(database, instants, at=datetime(2026, 11, 22, 12, 0))
    with database.read() as connection:
        assert connection.execute(select(instants)).all() == []


def test_instants_are_found_by_comparing_them_in_any_zone(database, instants):
    # SQLite compares them as text: that only works while every one of them is written in UTC and the same form.
    east = timezone(timedelta(hours=9))
    times = [make.NOON + timedelta(seconds=n, microseconds=n % 2) for n in (-1, 0, 1)]
    with database.write() as connection:
        connection.execute(instants.insert(), [{"at": one.astimezone(east)} for one in times])
        query = select(instants.c.at).where(instants.c.at >= make.NOON.astimezone(east)).order_by(instants.c.at)
        assert connection.execute(query).scalars().all() == times[1:]


@pytest.mark.parametrize(
    ("length", "stored"),
    [
        (timedelta(0), timedelta(0)),
        (timedelta(milliseconds=61_250), timedelta(milliseconds=61_250)),
        (timedelta(microseconds=1_499), timedelta(milliseconds=1)),
        (timedelta(days=400), timedelta(days=400)),
    ],
    ids=str,
)
def test_a_span_is_kept_in_whole_milliseconds(database, instants, length, stored):
    assert _through(database, instants, length=length).length == stored


def test_nothing_stays_nothing(database, instants):
    assert tuple(_through(database, instants, at=None, length=None)) == (None, None)
