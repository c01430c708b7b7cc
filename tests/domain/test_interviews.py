"""One interview: beginning, writing, moving about, flagging, pausing, handing in, and the time booked on each item."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain import clock, interviews
from app.domain.clock import Mode
from app.domain.drafts import Outcome
from app.domain.errors import Closed, Invalid, Missing, TooLarge
from app.domain.grading import Confidence
from tests import make
from tests.make import NOON

MIN = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
WEEK = timedelta(days=7)


def write(interview, number, text, now=NOON, base=None, sure=None):
    """Save a text typed on the newest revision, or on `base`; the interview after it."""
    base = interview.item(number).revision if base is None else base
    return interviews.written(interview, number, interviews.Sent(text, base, sure), now).interview


def spent(interview):
    return [item.spent for item in interview.items]


def answered(count=3, **changes):
    """An interview with an answer to every question, and a minute on each."""
    interview = make.asked(count=count, **changes)
    for number in range(1, count + 1):
        interview = write(interview, number, f"answer {number}", NOON + (number - 1) * MIN)
    return interview


def test_an_interview_begins_with_its_first_question_in_front_of_the_user():
    questions = [make.question("beta/q2", budget=90 * SECOND), make.question("alpha/q1", budget=180 * SECOND)]
    begun = interviews.begin("0123456789", questions, 10 * MIN, Mode.RELAXED, 42, NOON)
    assert (begun.id, begun.seed, begun.current, begun.current_since) == ("0123456789", 42, 1, NOON)
    assert begun.clock == clock.Clock(NOON, 10 * MIN, Mode.RELAXED)
    assert [(item.number, item.question_id, item.topic, item.budget) for item in begun.items] == [
        (1, "beta/q2", "beta", 90 * SECOND),
        (2, "alpha/q1", "alpha", 180 * SECOND),
    ]
    assert [item.shown_at for item in begun.items] == [NOON, None]
    assert [(item.text, item.revision, item.answered, item.flagged, item.confidence) for item in begun.items] == [
        ("", 0, False, False, None)
    ] * 2


@pytest.mark.parametrize("number", [0, -1, 4, 1000])
def test_a_question_number_the_interview_does_not_have_is_not_found(number):
    interview = make.asked(count=3)
    with pytest.raises(Missing, match="3 questions"):
        interview.item(number)
    with pytest.raises(Missing):
        interviews.written(interview, number, interviews.Sent("text", 0, None), NOON)
    with pytest.raises(Missing):
        interviews.shown(interview, number, NOON)
    with pytest.raises(Missing):
        interviews.flagged(interview, number, True)


def test_writing_stores_text_revision_confidence_and_when():
    saved = interviews.written(make.asked(), 1, interviews.Sent("my answer", 0, Confidence.CERTAIN), NOON + MIN)
    item = saved.interview.item(1)
    assert item == saved.item
    assert (item.text, item.revision, item.answered, item.confidence) == ("my answer", 1, True, Confidence.CERTAIN)
    assert (item.first_key_at, item.saved_at) == (NOON + MIN, NOON + MIN)
    assert saved.saved.outcome is Outcome.SAVED


def test_the_first_key_is_the_first_text_and_not_a_later_one():
    interview = write(make.asked(), 1, "a", NOON + MIN)
    item = write(interview, 1, "ab", NOON + 2 * MIN).item(1)
    assert (item.first_key_at, item.saved_at, item.revision) == (NOON + MIN, NOON + 2 * MIN, 2)


def test_saving_an_empty_box_as_it_was_is_no_answer_and_no_first_key():
    item = write(make.asked(), 1, "", NOON + MIN).item(1)
    assert (item.revision, item.answered, item.first_key_at, item.saved_at) == (0, False, None, None)


@pytest.mark.parametrize("text", [" ", "\n\n", "\r\n", "\t"])
def test_white_space_is_kept_but_answers_nothing(text):
    interview = write(make.asked(), 1, text)
    assert interview.item(1).answered is False
    assert interview.item(1).text == text.replace("\r\n", "\n")
    assert [item.number for item in interview.unanswered] == [1, 2, 3]


def test_an_answer_taken_out_again_counts_as_unanswered():
    interview = write(write(make.asked(), 1, "a"), 1, "")
    assert interview.item(1).answered is False
    assert interview.item(1).revision == 2


def test_confidence_can_be_given_without_a_new_text_and_stays_when_none_is_sent():
    interview = write(make.asked(), 1, "a", sure=Confidence.UNSURE)
    assert write(interview, 1, "a", sure=Confidence.CERTAIN).item(1).confidence is Confidence.CERTAIN
    assert write(interview, 1, "ab").item(1).confidence is Confidence.UNSURE


def test_confidence_that_comes_with_a_save_the_server_already_has_is_taken():
    # The acknowledgement of the text was lost; meanwhile the user said how sure they are.
    interview = write(make.asked(), 1, "a")
    item = write(interview, 1, "a", base=0, sure=Confidence.GUESSING).item(1)
    assert (item.confidence, item.revision) == (Confidence.GUESSING, 1)


def test_writing_to_another_question_brings_it_to_the_front_and_books_the_time():
    interview = write(make.asked(), 3, "third", NOON + 2 * MIN)
    assert (interview.current, interview.current_since) == (3, NOON + 2 * MIN)
    assert spent(interview) == [2 * MIN, 0 * MIN, 0 * MIN]
    assert [item.shown_at for item in interview.items] == [NOON, None, NOON + 2 * MIN]


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("", 0),  # opened by a link: the page says that it is open before anything is typed
        ("second", 1),  # the same, with an answer in the box
        ("typed in a tab that knew nothing of that", 0),
        ("second, and on", 0),
    ],
)
def test_a_page_that_sends_what_it_shows_or_something_new_brings_its_question_to_the_front(text, base):
    number = 2 if text else 3
    before = interviews.shown(write(make.asked(), 2, "second", NOON + MIN), 1, NOON + 2 * MIN)
    after = write(before, number, text, NOON + 5 * MIN, base=base)
    assert (after.current, after.current_since) == (number, NOON + 5 * MIN)
    assert spent(after) == [4 * MIN, MIN, 0 * MIN]


def test_writing_to_the_open_question_books_nothing_yet():
    interview = write(make.asked(), 1, "first", NOON + 2 * MIN)
    assert (interview.current, interview.current_since) == (1, NOON)
    assert interviews.spent_on(interview, interview.item(1), NOON + 3 * MIN) == 3 * MIN


def test_the_same_save_a_hundred_times_changes_nothing():
    once = write(make.asked(), 1, "text", NOON + MIN)
    often = once
    for again in range(100):
        often = write(often, 1, "text", NOON + MIN + again * SECOND, base=0)
    assert often == once


def test_a_save_that_comes_once_more_after_moving_on_leaves_the_new_question_open():
    moved = interviews.shown(write(make.asked(), 1, "text", NOON + MIN), 2, NOON + 2 * MIN)
    assert write(moved, 1, "text", NOON + 3 * MIN, base=0) == moved


def test_two_tabs_the_newer_text_wins_and_the_other_is_handed_back():
    first = write(make.asked(), 1, "typed in the first tab")
    second = interviews.written(first, 1, interviews.Sent("typed in the second tab", 0, None), NOON + MIN)
    assert second.interview.item(1).text == "typed in the second tab"
    assert second.interview.item(1).revision == 2
    assert (second.saved.outcome, second.saved.displaced) == (Outcome.CONFLICT, "typed in the first tab")


def test_a_text_that_is_too_long_or_from_no_known_revision_is_refused():
    interview = write(make.asked(), 1, "text")
    with pytest.raises(TooLarge):
        write(interview, 1, "x" * (64 * 1024 + 1))
    with pytest.raises(Invalid):
        write(interview, 1, "newer", base=2)


@pytest.mark.parametrize("passed", [10 * MIN, 10 * MIN + 30 * SECOND])
def test_a_save_up_to_30_seconds_after_an_exams_deadline_is_taken_but_adds_no_time(passed):
    interview = write(make.asked(minutes=10), 2, "last words", NOON + passed)
    assert interview.item(2).text == "last words"
    ended = interviews.handed_in(interview, NOON + passed + MIN)
    assert spent(ended) == [10 * MIN, 0 * MIN, 0 * MIN]
    assert clock.time_used(ended.clock, NOON + WEEK) == 10 * MIN


@pytest.mark.parametrize("passed", [10 * MIN + 30 * SECOND + timedelta(microseconds=1), WEEK])
def test_a_save_later_than_that_is_refused(passed):
    with pytest.raises(Closed, match="handed in"):
        write(make.asked(minutes=10), 1, "too late", NOON + passed)


def test_a_save_after_hand_in_is_refused_even_before_the_deadline():
    ended = interviews.handed_in(make.asked(), NOON + MIN)
    with pytest.raises(Closed, match="handed in"):
        write(ended, 1, "text", NOON + 2 * MIN)


def test_a_save_during_a_pause_is_refused_with_the_way_out():
    standing = interviews.paused(make.asked(mode=Mode.RELAXED), NOON + MIN)
    with pytest.raises(Closed, match="Resume"):
        write(standing, 1, "text", NOON + 2 * MIN)


def test_a_relaxed_interview_takes_saves_long_after_its_deadline():
    assert write(make.asked(mode=Mode.RELAXED), 1, "text", NOON + WEEK).item(1).text == "text"


def test_flagging_marks_one_question_and_can_be_taken_back():
    interview = interviews.flagged(make.asked(), 2, True)
    assert [item.number for item in interview.flagged] == [2]
    assert interviews.flagged(interview, 2, True) == interview
    assert interviews.flagged(interview, 2, False) == make.asked()


def test_going_back_and_forth_adds_the_times_up_and_keeps_the_first_look():
    interview = make.asked()
    for number, passed in ((2, 1), (1, 3), (2, 7)):
        interview = interviews.shown(interview, number, NOON + passed * MIN)
    assert spent(interview) == [5 * MIN, 2 * MIN, 0 * MIN]  # 0-1 and 3-7; 1-3
    assert [item.shown_at for item in interview.items] == [NOON, NOON + MIN, None]
    at = NOON + 8 * MIN
    assert [interviews.spent_on(interview, item, at) for item in interview.items] == [5 * MIN, 3 * MIN, 0 * MIN]


def test_a_pause_adds_no_time_to_the_open_question():
    standing = interviews.paused(make.asked(mode=Mode.RELAXED), NOON + 2 * MIN)
    assert spent(standing) == [2 * MIN, 0 * MIN, 0 * MIN]
    assert interviews.spent_on(standing, standing.item(1), NOON + 5 * MIN) == 2 * MIN
    going = interviews.resumed(standing, NOON + 5 * MIN)
    assert interviews.spent_on(going, going.item(1), NOON + 6 * MIN) == 3 * MIN


def test_pausing_twice_counts_one_pause_from_its_first_moment():
    standing = interviews.paused(make.asked(mode=Mode.RELAXED), NOON + 2 * MIN)
    assert interviews.paused(standing, NOON + 4 * MIN) == standing
    going = interviews.resumed(standing, NOON + 5 * MIN)
    assert (going.clock.pauses, going.clock.paused) == (1, 3 * MIN)
    assert interviews.spent_on(going, going.item(1), NOON + 6 * MIN) == 3 * MIN


def test_a_pause_is_refused_in_an_exam_and_after_hand_in():
    with pytest.raises(Closed, match="exam"):
        interviews.paused(make.asked(mode=Mode.EXAM), NOON + MIN)
    with pytest.raises(Closed, match="handed in"):
        interviews.paused(interviews.handed_in(make.asked(mode=Mode.RELAXED), NOON + MIN), NOON + 2 * MIN)


def test_resuming_an_interview_that_runs_or_is_over_changes_nothing():
    running = make.asked(mode=Mode.RELAXED)
    ended = interviews.handed_in(running, NOON + MIN)
    assert interviews.resumed(running, NOON + 3 * MIN) == running
    assert interviews.resumed(ended, NOON + 3 * MIN) == ended


def test_handing_in_books_the_time_of_the_open_question():
    interview = interviews.shown(make.asked(), 2, NOON + 4 * MIN)
    ended = interviews.handed_in(interview, NOON + 6 * MIN)
    assert spent(ended) == [4 * MIN, 2 * MIN, 0 * MIN]
    assert ended.clock.submitted_at == NOON + 6 * MIN


def test_handing_in_out_of_a_pause_leaves_the_pause_out():
    standing = interviews.paused(make.asked(mode=Mode.RELAXED), NOON + 2 * MIN)
    ended = interviews.handed_in(standing, NOON + 5 * MIN)
    assert spent(ended) == [2 * MIN, 0 * MIN, 0 * MIN]
    assert clock.time_used(ended.clock, NOON + WEEK) == 2 * MIN
    assert clock.finished_at(ended.clock, NOON + WEEK) == NOON + 5 * MIN


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("later", [-2 * MIN, 0 * MIN, 3 * MIN, WEEK])
def test_handing_in_twice_is_handing_in_once(mode, later):
    ended = interviews.handed_in(make.asked(mode=mode), NOON + 4 * MIN)
    assert interviews.handed_in(ended, NOON + 4 * MIN + later) == ended


def test_leaving_for_a_question_shows_it():
    after = interviews.left(make.asked(), 3, NOON + MIN)
    assert (after.current, spent(after)) == (3, [MIN, 0 * MIN, 0 * MIN])


def test_leaving_to_hand_in_ends_an_interview_with_nothing_blank_or_flagged():
    after = interviews.left(answered(), None, NOON + 5 * MIN)
    assert after.clock.submitted_at == NOON + 5 * MIN


def test_leaving_to_hand_in_asks_first_when_something_is_blank_or_flagged():
    blank = write(answered(), 2, "", NOON + 4 * MIN)
    marked = interviews.flagged(answered(), 3, True)
    assert interviews.left(blank, None, NOON + 5 * MIN) == blank
    assert interviews.left(marked, None, NOON + 5 * MIN) == marked


@pytest.mark.parametrize(
    ("go", "number", "expected"),
    [
        ("next", 1, 2),
        ("next", 4, 4),
        ("previous", 3, 2),
        ("previous", 1, 1),
        ("submission", 2, None),
        ("1", 4, 1),
        ("4", 1, 4),
        ("skip", 1, 2),
        ("skip", 2, 4),  # 3 has an answer
        ("skip", 4, 1),  # round the end
    ],
)
def test_the_buttons_of_the_room_lead_to(go, number, expected):
    interview = write(make.asked(count=4), 3, "answered")
    assert interviews.target(interview, go, number) == expected


@pytest.mark.parametrize(("number", "expected"), [(1, 2), (2, 3), (3, 3)])
def test_skip_goes_to_the_next_question_when_no_other_is_blank(number, expected):
    interview = answered(3)
    assert interviews.target(interview, "skip", number) == expected
    assert interviews.target(write(interview, number, ""), "skip", number) == expected


def test_a_way_of_five_thousand_digits_is_not_found_and_not_repeated_at_length():
    with pytest.raises(Missing) as refused:  # Python itself gives up at 4300
        interviews.target(make.asked(), "9" * 5000, 1)
    assert len(refused.value.words) < 100


@pytest.mark.parametrize("go", ["0", "5", "-1", "1.5", "", "home", "NEXT", "٢", "²", "9999999999", " 2"])
def test_a_way_that_is_no_question_of_the_interview_is_not_found(go):
    with pytest.raises(Missing, match="4 questions"):
        interviews.target(make.asked(count=4), go, 1)


@given(st.lists(st.tuples(st.integers(1, 3), st.text("ab \n", max_size=3), st.booleans()), max_size=20))
def test_after_any_saves_each_question_has_its_last_text_and_says_whether_it_is_an_answer(saves):
    interview, last = make.asked(), {1: "", 2: "", 3: ""}
    for step, (number, text, stale) in enumerate(saves):
        interview = write(interview, number, text, NOON + step * SECOND, base=0 if stale else None)
        last[number] = text
    assert {item.number: item.text for item in interview.items} == last
    assert [item.number for item in interview.unanswered] == [n for n, text in last.items() if not text.strip()]


def test_saving_to_one_question_leaves_the_others_alone():
    before = answered()
    after = write(before, 2, "changed", NOON + 2 * MIN)
    assert [replace(item, spent=0 * MIN) for item in after.items if item.number != 2] == [
        replace(item, spent=0 * MIN) for item in before.items if item.number != 2
    ]


def test_saves_of_one_tab_that_a_network_turned_round_end_with_the_last_typed():
    interview = make.asked()
    newer = interviews.written(
        interview, 1, interviews.Sent("typed last", 0, Confidence.CERTAIN, "tab", 2), NOON
    ).interview
    after = interviews.written(newer, 1, interviews.Sent("typed first", 0, Confidence.UNSURE, "tab", 1), NOON + MIN)
    assert (after.item.text, after.item.revision, after.item.confidence) == ("typed last", 1, Confidence.CERTAIN)
    other = interviews.written(newer, 1, interviews.Sent("of another tab", 0, None, "other", 1), NOON + MIN)
    assert other.saved.displaced == "typed last", "the count of one tab says nothing about another"


def test_a_step_without_an_answer_box_leaves_the_answer_alone():
    answered = interviews.written(make.asked(), 1, interviews.Sent("kept", 0), NOON).interview
    after = interviews.written(answered, 1, interviews.Sent(None), NOON + MIN)
    assert after.interview == answered


@dataclass
class Tab:
    """A page as the room's script runs it: its box, the revision it knows of, its saves on their way to the server."""

    name: str
    box: str = ""
    base: int = 0
    turn: int = 0
    heard: int = 0
    had: set[str] = field(default_factory=set)
    sending: list[tuple[interviews.Sent, frozenset[str]]] = field(default_factory=list)


WORDS = ["", "a", "ab", "b", "One thing, not another.", "One thing, not another. More.", "Something quite different."]
NETWORK = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.one_of(
            st.tuples(st.just("type and send"), st.sampled_from(WORDS)),
            st.tuples(st.just("arrive"), st.integers(0, 3)),
            st.tuples(st.just("arrive, answer lost"), st.integers(0, 3)),
            st.tuples(st.just("reload"), st.none()),
        ),
    ),
    max_size=30,
)


@given(NETWORK)
@example(
    [
        (0, ("type and send", "One thing, not another.")),
        (0, ("arrive", 0)),
        (0, ("type and send", "b")),  # on its way for long
        (0, ("type and send", "One thing, not another.")),  # typed back, and there first
        (0, ("arrive", 1)),
        (0, ("arrive", 0)),
    ]
)
def test_however_a_network_delays_the_saves_of_two_tabs_nothing_typed_is_lost(steps):
    names = (f"tab {number}" for number in count())
    interview, kept, tabs = make.asked(), [], [Tab(next(names)), Tab(next(names))]
    writer, newest = None, 0  # the tab whose text stands, and the latest of its saves that has arrived since
    for number, (action, value) in steps:
        tab, before = tabs[number], interview.item(1)
        if action == "type and send":
            tab.box, tab.turn = value, tab.turn + 1
            sent = interviews.Sent(value, tab.base, None, tab.name, tab.turn)
            tab.sending.append((sent, frozenset(tab.had)))
            tab.had.add(value)
        elif action == "reload":
            tabs[number] = Tab(next(names), before.text, before.revision, had={before.text})
        elif tab.sending:
            sent, had = tab.sending.pop(value % len(tab.sending))
            written = interviews.written(interview, 1, sent, NOON)
            interview, item = written.interview, written.item
            kept += [written.saved.displaced] if written.saved.displaced is not None else []
            if tab.name == writer and sent.turn < newest:
                assert item == before, "what its tab typed later stands"
            else:
                assert item.text == sent.text, "the newer text wins"
            assert item.text.startswith(before.text) or before.text in kept or before.text in had
            if item.text != before.text:
                writer, newest = tab.name, sent.turn
            elif tab.name == writer:
                newest = max(newest, sent.turn)
            if action == "arrive" and sent.turn > tab.heard:
                tab.heard, tab.base = sent.turn, written.saved.revision
