"""The interview clock: exact tables, and an interview driven through any order of steps at any time, backwards too."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.domain import clock, interviews
from app.domain.clock import Mode, State
from app.domain.errors import Closed
from tests import make
from tests.make import NOON

TICK = timedelta(microseconds=1)
WEEK = timedelta(days=7)


MIN = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("passed", "state", "remaining", "used", "accepts", "finished"),
    [
        (-60 * MIN, State.RUNNING, 10 * MIN, 0 * MIN, True, None),  # the machine's clock was set back
        (0 * MIN, State.RUNNING, 10 * MIN, 0 * MIN, True, None),
        (4 * MIN, State.RUNNING, 6 * MIN, 4 * MIN, True, None),
        (10 * MIN - TICK, State.RUNNING, TICK, 10 * MIN - TICK, True, None),
        (10 * MIN, State.OVER, 0 * MIN, 10 * MIN, True, NOON + 10 * MIN),
        (10 * MIN + 30 * SECOND, State.OVER, 0 * MIN, 10 * MIN, True, NOON + 10 * MIN),
        (10 * MIN + 30 * SECOND + TICK, State.OVER, 0 * MIN, 10 * MIN, False, NOON + 10 * MIN),
        (WEEK, State.OVER, 0 * MIN, 10 * MIN, False, NOON + 10 * MIN),
    ],
)
def test_an_exam_ends_at_its_deadline_and_takes_saves_for_30_seconds_more(
    passed, state, remaining, used, accepts, finished
):
    exam, now = make.clock(Mode.EXAM, minutes=10), NOON + passed
    assert clock.state(exam, now) is state
    assert clock.is_over(exam, now) is (state is State.OVER)
    assert clock.remaining(exam, now) == remaining
    assert clock.time_used(exam, now) == used
    assert clock.overtime(exam, now) == timedelta(0)
    assert clock.accepts(exam, now) is accepts
    assert clock.finished_at(exam, now) == finished
    assert clock.deadline(exam, now) == NOON + 10 * MIN


@pytest.mark.parametrize(
    ("passed", "state", "remaining", "used", "overtime"),
    [
        (-60 * MIN, State.RUNNING, 10 * MIN, 0 * MIN, 0 * MIN),
        (4 * MIN, State.RUNNING, 6 * MIN, 4 * MIN, 0 * MIN),
        (10 * MIN, State.RUNNING, 0 * MIN, 10 * MIN, 0 * MIN),
        (10 * MIN + TICK, State.OVERTIME, 0 * MIN, 10 * MIN + TICK, TICK),
        (13 * MIN, State.OVERTIME, 0 * MIN, 13 * MIN, 3 * MIN),
        (WEEK, State.OVERTIME, 0 * MIN, WEEK, WEEK - 10 * MIN),
    ],
)
def test_a_relaxed_interview_goes_on_past_its_deadline_and_says_by_how_much(passed, state, remaining, used, overtime):
    relaxed, now = make.clock(Mode.RELAXED, minutes=10), NOON + passed
    assert clock.state(relaxed, now) is state
    assert clock.is_over(relaxed, now) is False
    assert clock.remaining(relaxed, now) == remaining
    assert clock.time_used(relaxed, now) == used
    assert clock.overtime(relaxed, now) == overtime
    assert clock.accepts(relaxed, now) is True
    assert clock.finished_at(relaxed, now) is None


@pytest.mark.parametrize(
    ("passed", "state", "used", "paused", "deadline"),
    [
        (4 * MIN, State.PAUSED, 4 * MIN, 0 * MIN, 10 * MIN),
        (6 * MIN, State.PAUSED, 4 * MIN, 2 * MIN, 12 * MIN),
        (9 * MIN, State.PAUSED, 4 * MIN, 5 * MIN, 15 * MIN),
        (WEEK, State.PAUSED, 4 * MIN, WEEK - 4 * MIN, WEEK + 6 * MIN),
    ],
)
def test_an_open_pause_stops_the_time_and_pushes_the_deadline_on(passed, state, used, paused, deadline):
    standing = clock.pause(make.clock(Mode.RELAXED, minutes=10), NOON + 4 * MIN)
    now = NOON + passed
    assert clock.state(standing, now) is state
    assert clock.time_used(standing, now) == used
    assert clock.remaining(standing, now) == 6 * MIN
    assert clock.time_paused(standing, now) == paused
    assert clock.deadline(standing, now) == NOON + deadline


@pytest.mark.parametrize(
    ("passed", "state", "used", "remaining"),
    [
        (9 * MIN, State.RUNNING, 4 * MIN, 6 * MIN),
        (12 * MIN, State.RUNNING, 7 * MIN, 3 * MIN),
        (15 * MIN, State.RUNNING, 10 * MIN, 0 * MIN),
        (15 * MIN + TICK, State.OVERTIME, 10 * MIN + TICK, 0 * MIN),
    ],
)
def test_after_a_pause_the_time_goes_on_where_it_stood(passed, state, used, remaining):
    standing = clock.pause(make.clock(Mode.RELAXED, minutes=10), NOON + 4 * MIN)
    going = clock.resume(standing, NOON + 9 * MIN)
    now = NOON + passed
    assert clock.state(going, now) is state
    assert clock.time_used(going, now) == used
    assert clock.remaining(going, now) == remaining
    assert clock.time_paused(going, now) == 5 * MIN
    assert clock.deadline(going, now) == NOON + 15 * MIN
    assert going.pauses == 1


def test_36_minutes_with_2_pauses_of_7_minutes_are_recorded_as_that():
    going = make.clock(Mode.RELAXED, minutes=40)
    for begin, end in ((5, 9), (20, 23)):
        going = clock.resume(clock.pause(going, NOON + begin * MIN), NOON + end * MIN)
    ended = clock.hand_in(going, NOON + 43 * MIN)
    assert ended.pauses == 2
    assert clock.time_used(ended, NOON + WEEK) == 36 * MIN
    assert clock.time_paused(ended, NOON + WEEK) == 7 * MIN
    assert clock.finished_at(ended, NOON + WEEK) == NOON + 43 * MIN


@pytest.mark.parametrize("passed", [0 * MIN, 5 * MIN, 11 * MIN])
def test_a_pause_in_an_exam_is_refused(passed):
    with pytest.raises(Closed, match="exam cannot be paused"):
        clock.pause(make.clock(Mode.EXAM, minutes=10), NOON + passed)


def test_a_pause_after_hand_in_is_refused():
    ended = clock.hand_in(make.clock(Mode.RELAXED), NOON + MIN)
    with pytest.raises(Closed, match="handed in"):
        clock.pause(ended, NOON + 2 * MIN)


def test_a_second_pause_changes_nothing():
    standing = clock.pause(make.clock(Mode.RELAXED), NOON + MIN)
    assert clock.pause(standing, NOON + 5 * MIN) == standing


def test_resuming_what_is_not_paused_changes_nothing():
    going = make.clock(Mode.RELAXED)
    ended = clock.hand_in(going, NOON + MIN)
    assert clock.resume(going, NOON + 5 * MIN) == going
    assert clock.resume(ended, NOON + 5 * MIN) == ended


def test_a_pause_with_the_clock_set_back_before_the_start_begins_at_the_start():
    standing = clock.pause(make.clock(Mode.RELAXED), NOON - 5 * MIN)
    assert clock.time_paused(standing, NOON + 3 * MIN) == 3 * MIN
    assert clock.time_used(standing, NOON + 3 * MIN) == timedelta(0)


def test_a_pause_that_ends_before_it_began_lasts_no_time():
    standing = clock.pause(make.clock(Mode.RELAXED), NOON + 5 * MIN)
    going = clock.resume(standing, NOON + 2 * MIN)
    assert clock.time_paused(going, NOON + 8 * MIN) == timedelta(0)
    assert clock.time_used(going, NOON + 8 * MIN) == 8 * MIN


@pytest.mark.parametrize(
    ("mode", "passed", "submitted", "used"),
    [
        (Mode.EXAM, 4 * MIN, 4 * MIN, 4 * MIN),
        (Mode.EXAM, 10 * MIN, 10 * MIN, 10 * MIN),
        (Mode.EXAM, 10 * MIN + 20 * SECOND, 10 * MIN, 10 * MIN),
        (Mode.EXAM, WEEK, 10 * MIN, 10 * MIN),
        (Mode.EXAM, -5 * MIN, 0 * MIN, 0 * MIN),
        (Mode.RELAXED, 4 * MIN, 4 * MIN, 4 * MIN),
        (Mode.RELAXED, 13 * MIN, 13 * MIN, 13 * MIN),
        (Mode.RELAXED, WEEK, WEEK, WEEK),
        (Mode.RELAXED, -5 * MIN, 0 * MIN, 0 * MIN),
    ],
)
def test_hand_in_stops_the_clock_for_good(mode, passed, submitted, used):
    ended = clock.hand_in(make.clock(mode, minutes=10), NOON + passed)
    for later in (-WEEK, 0 * MIN, 5 * MIN, WEEK, 2 * WEEK):
        now = NOON + later
        assert clock.state(ended, now) is State.OVER
        assert clock.finished_at(ended, now) == NOON + submitted
        assert clock.time_used(ended, now) == used
        assert clock.accepts(ended, now) is False


def test_the_first_hand_in_counts():
    ended = clock.hand_in(make.clock(Mode.RELAXED), NOON + 4 * MIN)
    assert clock.hand_in(ended, NOON + 9 * MIN) == ended
    assert clock.hand_in(ended, NOON + 2 * MIN) == ended


def test_an_exam_stored_as_handed_in_after_its_deadline_still_ended_at_it():
    ended = make.clock(Mode.EXAM, minutes=10, submitted_at=NOON + 11 * MIN)
    assert clock.finished_at(ended, NOON + WEEK) == NOON + 10 * MIN
    assert clock.time_used(ended, NOON + WEEK) == 10 * MIN
    assert clock.time_on_item(ended, NOON + 8 * MIN, NOON + WEEK) == 2 * MIN


def test_hand_in_ends_an_open_pause():
    standing = clock.pause(make.clock(Mode.RELAXED), NOON + 4 * MIN)
    ended = clock.hand_in(standing, NOON + 6 * MIN)
    assert clock.state(ended, NOON + WEEK) is State.OVER
    assert clock.time_used(ended, NOON + WEEK) == 4 * MIN
    assert clock.time_paused(ended, NOON + WEEK) == 2 * MIN


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (40 * MIN, [20 * MIN, 5 * MIN, MIN, 10 * SECOND]),
        (20 * MIN, [10 * MIN, 5 * MIN, MIN, 10 * SECOND]),
        (10 * MIN, [5 * MIN, MIN, 10 * SECOND]),  # half time is the warning at 5 min
        (8 * MIN, [5 * MIN, 4 * MIN, MIN, 10 * SECOND]),
        (5 * MIN, [150 * SECOND, MIN, 10 * SECOND]),  # nobody is told at the start that 5 min are left
        (90 * SECOND, [MIN, 45 * SECOND, 10 * SECOND]),
        (MIN, [30 * SECOND, 10 * SECOND]),
    ],
)
def test_the_room_warns_at_half_time_5_minutes_1_minute_and_10_seconds(limit, expected):
    assert sorted(clock.warnings(limit), reverse=True) == expected


@pytest.mark.parametrize("limit", [40 * MIN, 10 * MIN, 8 * MIN, 90 * SECOND])
def test_half_time_is_the_first_of_the_warnings_so_that_it_can_be_called_so(limit):
    assert clock.warnings(limit)[0] == limit / 2


@pytest.mark.parametrize(
    ("since", "now", "expected"),
    [
        (2 * MIN, 5 * MIN, 3 * MIN),
        (2 * MIN, 10 * MIN, 8 * MIN),
        (2 * MIN, WEEK, 8 * MIN),  # nobody was there any more
        (10 * MIN + 10 * SECOND, 10 * MIN + 20 * SECOND, 0 * MIN),  # opened by a save in the 30 s of grace
        (5 * MIN, 3 * MIN, 0 * MIN),  # the clock was set back
    ],
)
def test_time_on_an_item_of_an_exam_ends_at_the_deadline(since, now, expected):
    assert clock.time_on_item(make.clock(Mode.EXAM, minutes=10), NOON + since, NOON + now) == expected


def test_time_on_an_item_stands_still_in_a_pause():
    standing = clock.pause(make.clock(Mode.RELAXED), NOON + 4 * MIN)
    assert clock.time_on_item(standing, NOON + MIN, NOON + 9 * MIN) == 3 * MIN


def test_time_on_an_item_ends_with_hand_in():
    ended = clock.hand_in(make.clock(Mode.RELAXED), NOON + 4 * MIN)
    assert clock.time_on_item(ended, NOON + MIN, NOON + 9 * MIN) == 3 * MIN


# A quarter of an hour before Berlin, and before New York, put their clocks forward and back.
@pytest.mark.parametrize(
    "start",
    [
        datetime(2026, 3, 29, 0, 45, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 45, tzinfo=UTC),
        datetime(2026, 3, 8, 6, 45, tzinfo=UTC),
        datetime(2026, 11, 1, 5, 45, tzinfo=UTC),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York"])
def test_an_interview_over_the_change_to_or_from_summer_time_has_its_full_limit(start, zone):
    exam = make.clock(Mode.EXAM, minutes=30, started_at=start)
    # The same instants, as a machine in that zone would write them down.
    before, end = ((start + length).astimezone(ZoneInfo(zone)) for length in (29 * MIN, 30 * MIN))
    assert clock.state(exam, before) is State.RUNNING
    assert clock.remaining(exam, before) == MIN
    assert clock.time_used(exam, before) == 29 * MIN
    assert clock.state(exam, end) is State.OVER
    assert clock.time_used(exam, end) == 30 * MIN
    assert clock.finished_at(exam, end) == start + 30 * MIN


INSTANTS = st.timedeltas(min_value=-WEEK, max_value=2 * WEEK)


@given(passed=INSTANTS, limit=st.integers(1, 240))
@example(passed=10 * MIN + 30 * SECOND, limit=10)
@example(passed=10 * MIN + 30 * SECOND + TICK, limit=10)
def test_an_exam_accepts_exactly_until_30_seconds_after_its_limit(passed, limit):
    exam = make.clock(Mode.EXAM, minutes=limit)
    assert clock.accepts(exam, NOON + passed) is (passed <= limit * MIN + 30 * SECOND)


@given(passed=INSTANTS, handed_in=INSTANTS, mode=st.sampled_from(Mode))
def test_nothing_is_accepted_once_it_is_handed_in(passed, handed_in, mode):
    ended = clock.hand_in(make.clock(mode), NOON + handed_in)
    assert clock.accepts(ended, NOON + passed) is False


@given(passed=INSTANTS, limit=st.integers(1, 240))
def test_time_used_and_time_left_of_an_exam_add_up_to_its_limit(passed, limit):
    exam = make.clock(Mode.EXAM, minutes=limit)
    assert clock.time_used(exam, NOON + passed) + clock.remaining(exam, NOON + passed) == limit * MIN


LIMIT = 10 * MIN
GRACE_END = LIMIT + 30 * SECOND
STEPS = st.one_of(
    st.timedeltas(min_value=timedelta(0), max_value=2 * MIN),
    st.sampled_from([TICK, SECOND, MIN, LIMIT / 2, LIMIT, GRACE_END, WEEK]),
)


class Sitting(RuleBasedStateMachine):
    """Somebody in an interview, beside a plain account of what a stopwatch in their hand would have said.

    The stopwatch can only be right while time runs forward, so what it says is compared as long as it has.
    """

    @initialize(mode=st.sampled_from(Mode), count=st.integers(1, 4), steady=st.booleans(), patience=st.integers(0, 25))
    def begin(self, mode, count, steady, patience):
        self.steady = steady  # the clock is never set back
        self.patience = patience  # the least number of looks at the page before hand-in
        self.now = NOON
        self.interview = make.asked(count=count, mode=mode)
        self.back = timedelta(0)  # how far the clock has been set back, all in all
        self.paused = False
        self.handed_in = False
        self.worked = dict.fromkeys(range(1, count + 1), timedelta(0))
        self.on = 1
        self.reached = NOON  # the latest instant at which the time on an item was booked

    @property
    def exam(self):
        return self.interview.clock.mode is Mode.EXAM

    @property
    def spent(self):
        return [interviews.spent_on(self.interview, item, self.now) for item in self.interview.items]

    def used(self):
        return clock.time_used(self.interview.clock, self.now)

    def go(self, to):
        """Time passes up to `to`, or is set back to it."""
        before, was_over = self.used(), clock.is_over(self.interview.clock, self.now)
        if to < self.now:
            self.back += self.now - to
        elif not self.paused and not self.handed_in:
            last = min(to, NOON + LIMIT) if self.exam else to
            self.worked[self.on] += max(timedelta(0), last - self.now)
        forward = to >= self.now
        self.now = to
        if self.handed_in:
            assert self.used() == before
        elif forward:
            assert self.used() >= before
        if was_over and forward:
            assert clock.is_over(self.interview.clock, self.now)
            assert self.used() == before

    @rule(step=STEPS)
    def time_passes(self, step):
        self.go(self.now + step)

    @precondition(lambda self: not self.steady)
    @rule(step=STEPS)
    def the_clock_is_set_back(self, step):
        self.go(self.now - step)

    @rule(edge=st.sampled_from([LIMIT, GRACE_END]), beside=st.sampled_from([-TICK, timedelta(0), TICK]))
    def time_comes_to_an_edge(self, edge, beside):
        to = NOON + edge + beside
        if to >= self.now or not self.steady:
            self.go(to)

    @rule(number=st.integers(1, 4), text=st.sampled_from(["", "a", "ab", "b"]), stale=st.booleans())
    def write(self, number, text, stale):
        number = min(number, len(self.interview.items))
        before = self.interview
        item = before.item(number)
        base = 0 if stale else item.revision
        if not self.takes_text():
            with pytest.raises(Closed):
                interviews.written(before, number, interviews.Sent(text, base, None), self.now)
            return
        self.interview = interviews.written(before, number, interviews.Sent(text, base, None), self.now).interview
        assert self.interview.item(number).text == text
        if text == item.text and base < item.revision:
            event("a save came twice")
            assert self.interview == before
        elif number != self.on:
            self.moved(number)

    @precondition(lambda self: not self.paused)  # a page moves on with a save, which a pause refuses
    @rule(number=st.integers(1, 4))
    def show(self, number):
        number = min(number, len(self.interview.items))
        self.interview = interviews.shown(self.interview, number, self.now)
        self.moved(number)

    @rule()
    def pause(self):
        if self.exam or self.handed_in:
            with pytest.raises(Closed):
                interviews.paused(self.interview, self.now)
            return
        self.interview = interviews.paused(self.interview, self.now)
        self.moved(self.on)
        self.paused = True

    @rule()
    def resume(self):
        self.interview = interviews.resumed(self.interview, self.now)
        self.paused = False

    @precondition(lambda self: self.patience <= 0)
    @rule()
    def hand_in(self):
        self.interview = interviews.handed_in(self.interview, self.now)
        self.moved(self.on)
        self.paused, self.handed_in = False, True

    def moved(self, number):
        self.on = number
        if not self.handed_in:
            self.reached = max(self.reached, self.now)

    def takes_text(self):
        if self.handed_in or self.paused:
            return False
        return not self.exam or self.now <= NOON + GRACE_END

    @invariant()
    def the_question_in_front_is_the_one_last_opened(self):
        self.patience -= 1
        assert self.interview.current == self.on

    @invariant()
    def an_exam_never_shows_more_than_its_limit(self):
        if self.exam:
            assert self.used() <= LIMIT
            assert sum(self.spent, timedelta(0)) <= LIMIT

    @invariant()
    def what_is_accepted_follows_from_the_instants_alone(self):
        open_still = not self.handed_in and (not self.exam or self.now - NOON <= GRACE_END)
        assert clock.accepts(self.interview.clock, self.now) is open_still

    @invariant()
    def the_state_follows_from_the_instants_alone(self):
        state = clock.state(self.interview.clock, self.now)
        if self.handed_in or (self.exam and self.now - NOON >= LIMIT):
            assert state is State.OVER
        elif self.paused:
            assert state is State.PAUSED
        else:
            assert state is (State.OVERTIME if self.used() > LIMIT else State.RUNNING)
        assert clock.remaining(self.interview.clock, self.now) == max(timedelta(0), LIMIT - self.used())

    @invariant()
    def an_ended_exam_ended_at_its_deadline_at_the_latest(self):
        end = clock.finished_at(self.interview.clock, self.now)
        assert (end is not None) is clock.is_over(self.interview.clock, self.now)
        if end is not None and self.exam:
            assert NOON <= end <= NOON + LIMIT

    @invariant()
    def the_items_add_up_to_the_time_used(self):
        # Exactly, while time has only run forward. Each minute the clock is set back is lived through twice: it may
        # then be on the items twice but in the time used once, never the other way round.
        total = sum(self.spent, timedelta(0))
        assert timedelta(0) <= total - self.used() <= self.back
        assert all(spent >= timedelta(0) for spent in self.spent)

    @invariant()
    def every_item_has_the_time_of_the_stopwatch(self):
        if not self.back:
            assert self.spent == list(self.worked.values())

    @invariant()
    def without_pauses_the_items_have_the_time_up_to_the_latest_step(self):
        if self.exam and not self.handed_in:
            latest = max(self.now, self.reached) - NOON
            assert sum(self.spent, timedelta(0)) == min(LIMIT, latest)


def test_whatever_happens_in_an_interview_and_whenever_its_times_stay_true():
    run_state_machine_as_test(Sitting, settings=settings(max_examples=150, stateful_step_count=30, deadline=None))


def test_an_exam_left_alone_for_a_week_has_all_its_time_on_the_item_that_was_open():
    interview = interviews.shown(make.asked(), 2, NOON + 3 * MIN)
    ended = interviews.handed_in(interview, NOON + WEEK)
    assert [item.spent for item in ended.items] == [3 * MIN, 7 * MIN, 0 * MIN]
    assert ended.clock == replace(interview.clock, submitted_at=NOON + 10 * MIN)
