"""app/tables/interviews.py: interviews and their items, always through their owner."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from app.domain import interviews as rules
from app.domain.clock import Mode
from app.domain.errors import Missing
from app.domain.grading import Confidence
from app.tables import grades, users
from app.tables import interviews as table
from tests import make

ADA, CY = 11, 12
HOUR = timedelta(hours=1)


@pytest.fixture
def known(database):
    """A database that knows ada and cy."""
    with database.write() as connection:
        users.add(connection, ADA, make.NOON)
        users.add(connection, CY, make.NOON)
    return database


def _add(database, *interviews, owner=ADA):
    with database.write() as connection:
        for interview in interviews:
            table.add(connection, owner, interview)


def _load(database, interview_id="aaaaaaaaaa", owner=ADA, **options):
    with database.read() as connection:
        return table.owned_by(connection, owner, interview_id, **options)


def _full():
    """An interview in which every column holds something that could get lost."""
    first, second, third = make.asked().items
    later = make.NOON + timedelta(seconds=61, microseconds=250_001)
    return make.asked(
        mode=Mode.RELAXED,
        current=2,
        current_since=later,
        items=(
            replace(
                first,
                answered=True,
                flagged=True,
                text="Zeile eins\nλ 🙂 'quoted' \\ % \u2028 end ",
                revision=3,
                confidence=Confidence.FAIRLY_SURE,
                spent=timedelta(milliseconds=61_250),
                first_key_at=make.NOON + timedelta(seconds=2),
                saved_at=later,
                tab="k3x9",
                turn=17,
            ),
            replace(second, shown_at=later),
            third,
        ),
        clock=make.clock(
            Mode.RELAXED,
            paused=timedelta(milliseconds=1_500),
            pauses=2,
            paused_at=later,
            submitted_at=later + HOUR,
        ),
    )


def test_an_interview_comes_back_as_it_was_stored(known):
    _add(known, _full())
    assert _load(known) == _full()


def test_an_answer_of_64_kb_comes_back_whole(known):
    before = make.asked()
    long = replace(before, items=(replace(before.items[0], text="ü" * 32 * 1024, answered=True), *before.items[1:]))
    _add(known, long)
    assert _load(known).items[0].text == "ü" * 32 * 1024


@pytest.mark.parametrize("owner", [CY, 99, None])
def test_somebody_elses_interview_is_not_found(known, owner):
    _add(known, _full())
    with pytest.raises(Missing):
        _load(known, owner=owner)


def test_two_users_may_have_an_interview_of_the_same_id(known):
    # The id comes from the form, so that starting twice starts once: nothing may depend on it being unique to all.
    _add(known, make.asked(count=1))
    _add(known, make.asked(count=3), owner=CY)
    assert len(_load(known).items) == 1
    assert len(_load(known, owner=CY).items) == 3


def test_one_user_cannot_have_an_id_twice(known):
    _add(known, make.asked())
    with pytest.raises(IntegrityError):
        _add(known, make.asked())


@pytest.mark.parametrize(
    ("texts", "expected"),
    [(None, ["one", "two", ""]), ([2], ["", "two", ""]), ([], ["", "", ""]), ([1, 9], ["one", "", ""])],
)
def test_only_the_texts_that_were_asked_for_are_read(known, texts, expected):
    first, second, third = make.asked().items
    _add(
        known,
        make.asked(
            items=(replace(first, text="one", answered=True), replace(second, text="two", answered=True), third)
        ),
    )
    loaded = _load(known, texts=texts)
    assert [item.text for item in loaded.items] == expected
    assert [item.answered for item in loaded.items] == [True, True, False], "answered is right without the text"


def test_items_come_in_order_beyond_nine(known):
    _add(known, make.asked(count=12))
    assert [item.number for item in _load(known).items] == list(range(1, 13))


def test_what_changed_is_stored_and_the_rest_stays(known):
    before = make.asked()
    _add(known, before, make.asked("bbbbbbbbbb"))
    _add(known, make.asked(), owner=CY)
    after = rules.written(
        before, 2, rules.Sent("An answer", 0, Confidence.CERTAIN), make.NOON + timedelta(seconds=20)
    ).interview
    with known.write() as connection:
        table.store(connection, ADA, before, after)
    assert _load(known) == after
    assert after != before
    assert _load(known, "bbbbbbbbbb") == make.asked("bbbbbbbbbb")
    assert _load(known, owner=CY) == make.asked()


def test_handing_in_is_stored(known):
    before = make.asked()
    _add(known, before)
    after = rules.handed_in(before, make.NOON + timedelta(minutes=4))
    with known.write() as connection:
        table.store(connection, ADA, before, after)
    assert _load(known).clock.submitted_at == make.NOON + timedelta(minutes=4)
    assert _load(known).items[0].spent == timedelta(minutes=4)


def _statements(database, before, after):
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        if statement.startswith("UPDATE"):
            seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    with database.write() as connection:
        table.store(connection, ADA, before, after)
    event.remove(database.engine, "before_cursor_execute", note)
    return seen


def test_an_unchanged_interview_is_not_written(known):
    _add(known, make.asked())
    assert _statements(known, make.asked(), make.asked()) == []


def test_a_flag_does_not_write_the_text_again(known):
    # Loaded without its text: writing the empty one back would delete the answer.
    first, *others = make.asked().items
    _add(known, make.asked(items=(replace(first, text="An answer", answered=True, revision=1), *others)))
    before = _load(known, texts=[])
    seen = _statements(known, before, rules.flagged(before, 1, True))
    assert len(seen) == 1
    assert _load(known).items[0].flagged
    assert _load(known).items[0].text == "An answer"


def _kept(database, function, owner=ADA):
    with database.read() as connection:
        return function(connection, owner)


def test_the_newest_interviews_come_first_without_texts_and_without_other_peoples(known):
    old, new = make.asked("aaaaaaaaaa"), make.asked("bbbbbbbbbb", started_at=make.NOON + HOUR)
    first, *others = old.items
    _add(known, replace(old, items=(replace(first, text="secret", answered=True), *others)), new)
    _add(known, make.asked("cccccccccc", started_at=make.NOON + 2 * HOUR), owner=CY)
    found = _kept(known, table.newest)
    assert [interview.id for interview in found] == ["bbbbbbbbbb", "aaaaaaaaaa"]
    assert [len(interview.items) for interview in found] == [3, 3]
    assert found[1].items[0].text == ""
    assert found[1].items[0].answered


def test_a_list_of_interviews_can_be_cut(known):
    _add(known, *(make.asked(letter * 10, started_at=make.NOON + n * HOUR) for n, letter in enumerate("abcd")))
    with known.read() as connection:
        assert [interview.id[0] for interview in table.newest(connection, ADA, 2)] == ["d", "c"]
        assert table.how_many(connection, ADA) == 4
        assert table.how_many(connection, CY) == 0


def test_running_interviews_are_those_not_handed_in_newest_first(known):
    done = rules.handed_in(make.asked("aaaaaaaaaa"), make.NOON + timedelta(minutes=1))
    _add(known, done, make.asked("bbbbbbbbbb"), make.asked("cccccccccc", started_at=make.NOON + HOUR))
    _add(known, make.asked("dddddddddd", started_at=make.NOON + 2 * HOUR), owner=CY)
    assert [interview.id[0] for interview in _kept(known, table.running)] == ["c", "b"]


def _grade(database, interview_id, item, number, owner=ADA, question="alpha/q1"):
    with database.write() as connection:
        card = None if number == 1 else _card(connection, owner, question)
        grades.add(connection, owner, make.given(number, question, interview_id=interview_id, item=item), card, 0.9)


def _card(connection, owner, question):
    from app.tables import cards

    return cards.of_question(connection, owner, question)


def _answered(count, *numbers, interview_id="aaaaaaaaaa"):
    """An interview of `count` questions in which those with these numbers have an answer."""
    before = make.asked(interview_id, count=count)
    items = (replace(item, text="An answer", answered=item.number in numbers) for item in before.items)
    return replace(before, items=tuple(items))


def test_an_interview_is_ungraded_until_its_last_answer_has_a_grade(known):
    _add(known, _answered(3, 1, 3))
    assert _kept(known, table.ungraded) == ["aaaaaaaaaa"]
    _grade(known, "aaaaaaaaaa", 1, 1)
    assert _kept(known, table.ungraded) == ["aaaaaaaaaa"]
    _grade(known, "aaaaaaaaaa", 3, 2)
    assert _kept(known, table.ungraded) == []


def test_a_grade_for_a_blank_item_does_not_stand_for_one_of_an_answer(known):
    _add(known, _answered(2, 1))
    _grade(known, "aaaaaaaaaa", 2, 1)
    assert _kept(known, table.ungraded) == ["aaaaaaaaaa"]


def test_an_interview_without_any_answer_waits_for_nothing(known):
    _add(known, make.asked())
    assert _kept(known, table.ungraded) == []


def test_grades_of_somebody_else_do_not_count_as_mine(known):
    _add(known, _answered(1, 1))
    _add(known, _answered(1, 1), owner=CY)
    _grade(known, "aaaaaaaaaa", 1, 1, owner=CY)
    assert _kept(known, table.ungraded) == ["aaaaaaaaaa"]
    assert _kept(known, table.ungraded, CY) == []


def test_how_often_a_question_was_asked_is_counted_over_all_own_interviews(known):
    _add(known, make.asked("aaaaaaaaaa", count=1), make.asked("bbbbbbbbbb", count=2))
    _add(known, make.asked("cccccccccc", count=3), owner=CY)
    assert _kept(known, table.times_asked) == {"alpha/q1": 2, "alpha/q2": 1}


def test_an_interview_exists_for_its_owner_only(known):
    _add(known, make.asked())
    with known.read() as connection:
        assert table.is_there(connection, ADA, "aaaaaaaaaa")
        assert not table.is_there(connection, CY, "aaaaaaaaaa")
        assert not table.is_there(connection, ADA, "bbbbbbbbbb")


def test_nobody_has_no_interviews(known):
    _add(known, make.asked())
    assert _kept(known, table.newest, None) == []
    assert _kept(known, table.how_many, None) == 0
    assert _kept(known, table.running, None) == []
    assert _kept(known, table.ungraded, None) == []
    assert _kept(known, table.times_asked, None) == {}
