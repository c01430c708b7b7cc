"""Today's review: what is due, what is new, in which order, how much; and drilling one topic."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import reviewing
from app.domain.reviewing import Limits, Reason
from tests import make
from tests.make import NOON

BANK = make.bank()
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
PLENTY = Limits(100, 100)


def due(question_id, stability=10.0, **changes):
    """A card graded ten days ago that is due now; the less stable, the more forgotten."""
    card = replace(make.card(question_id), reviewed_at=NOON - 10 * DAY, due_at=NOON, stability=stability)
    return replace(card, **changes)


def deck(*cards):
    return {card.question_id: card for card in cards}


def today(cards=(), weak=(), limits=PLENTY, bank=BANK, now=NOON):
    return reviewing.today(bank, deck(*cards), weak, now, limits)


def names(entries):
    return [entry.question.id for entry in entries]


def test_without_cards_and_weak_topics_there_is_nothing_to_review():
    assert today() == []


def test_a_card_is_in_the_queue_from_its_instant_on():
    card = due("alpha/q1", due_at=NOON)
    assert names(today([card], now=NOON - timedelta(microseconds=1))) == []
    entry = today([card])[0]
    assert (entry.question.id, entry.card, entry.reason) == ("alpha/q1", card, Reason.DUE)


def test_the_most_forgotten_come_first():
    cards = [due("alpha/q1", 40), due("alpha/q2", 5), due("alpha/q3", 90), due("alpha/q4", 15)]
    assert names(today(cards)) == ["alpha/q2", "alpha/q4", "alpha/q1", "alpha/q3"]


def test_topics_take_turns_and_each_keeps_its_own_order():
    cards = [due("alpha/q1", 1), due("alpha/q2", 2), due("alpha/q3", 3), due("beta/q1", 4), due("gamma/q1", 5)]
    assert names(today(cards)) == ["alpha/q1", "beta/q1", "gamma/q1", "alpha/q2", "alpha/q3"]


def test_a_backlog_is_cut_to_the_daily_limit_most_urgent_first():
    cards = [due("alpha/q1", 40), due("alpha/q2", 5), due("beta/q1", 90), due("beta/q2", 15)]
    assert names(today(cards, weak=["gamma"], limits=Limits(2, 5))) == ["alpha/q2", "beta/q2"]


def test_unseen_questions_of_weak_topics_follow_what_is_due():
    entries = today([due("beta/q1"), due("alpha/q1")], weak=["alpha"])
    assert names(entries[:2]) == ["beta/q1", "alpha/q1"]
    assert names(entries[2:]) == ["alpha/q2", "alpha/q3", "alpha/q4"]
    assert [(entry.card, entry.reason) for entry in entries[2:]] == [(None, Reason.UNSEEN)] * 3


def test_a_question_seen_before_is_not_new_even_when_it_is_not_due():
    rested = due("alpha/q2", due_at=NOON + DAY)
    assert names(today([rested], weak=["alpha"])) == ["alpha/q1", "alpha/q3", "alpha/q4"]


def test_new_questions_of_several_weak_topics_take_turns():
    assert names(today(weak=["gamma", "alpha"])) == [
        "gamma/q1",
        "alpha/q1",
        "gamma/q2",
        "alpha/q2",
        "gamma/q3",
        "alpha/q3",
        "gamma/q4",
        "alpha/q4",
    ]


def test_among_new_questions_those_asked_most_often_are_taken():
    questions = {
        name: replace(question, importance={"q2": 3, "q4": 1}.get(question.slug, 2))
        for name, question in BANK.questions.items()
    }
    bank = replace(BANK, questions=questions)
    assert names(today(weak=["alpha"], bank=bank)) == ["alpha/q2", "alpha/q1", "alpha/q3", "alpha/q4"]
    assert names(today(weak=["beta", "alpha"], bank=bank, limits=Limits(9, 2))) == ["beta/q2", "alpha/q2"]


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (Limits(0, 5), (0, 0)),
        (Limits(1, 5), (1, 0)),
        (Limits(2, 5), (2, 0)),  # what is due goes before what is new
        (Limits(3, 5), (2, 1)),
        (Limits(9, 1), (2, 1)),
        (Limits(9, 0), (2, 0)),
        (Limits(9, 9), (2, 3)),
    ],
)
def test_the_days_limits_hold_for_all_and_for_what_is_new(limits, expected):
    entries = today([due("alpha/q1"), due("beta/q1")], weak=["alpha"], limits=limits)
    reasons = [entry.reason for entry in entries]
    assert (reasons.count(Reason.DUE), reasons.count(Reason.UNSEEN)) == expected


@pytest.mark.parametrize(
    ("reviews", "new", "left"),
    [(0, 0, Limits(20, 5)), (8, 2, Limits(12, 3)), (20, 5, Limits(0, 0)), (25, 9, Limits(0, 0))],
)
def test_what_was_done_today_is_taken_off_the_limits(reviews, new, left):
    assert reviewing.left_today(Limits(20, 5), reviews, new) == left


def test_the_card_of_a_question_that_left_the_bank_is_not_asked():
    assert names(today([due("alpha/retired"), due("gone/q1"), due("alpha/q1")])) == ["alpha/q1"]


@given(
    st.dictionaries(
        st.sampled_from(list(BANK.questions)),
        st.tuples(st.floats(0.1, 500), st.timedeltas(min_value=-20 * DAY, max_value=20 * DAY)),
    ),
    st.sets(st.sampled_from(list(BANK.topic))),
    st.builds(Limits, st.integers(0, 12), st.integers(0, 12)),
)
def test_no_question_twice_none_that_is_not_due_and_never_more_than_the_limits(cards, weak, limits):
    own = [due(name, stability, due_at=NOON + at) for name, (stability, at) in cards.items()]
    entries = today(own, sorted(weak), limits)
    assert len(set(names(entries))) == len(entries) <= limits.reviews
    new = [entry for entry in entries if entry.reason is Reason.UNSEEN]
    assert len(new) <= limits.new
    assert all(entry.question.topic in weak and entry.question.id not in cards for entry in new)
    assert all(entry.card.due_at <= NOON for entry in entries if entry.reason is Reason.DUE)
    waiting = sum(card.due_at <= NOON for card in own)
    assert len(entries) - len(new) == min(waiting, limits.reviews)


@pytest.mark.parametrize(
    ("now", "start"),
    [
        (datetime(2026, 11, 22, 12, 0, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC)),
        (datetime(2026, 11, 22, 0, 0, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC)),
        (datetime(2026, 11, 22, 23, 59, 59, 999999, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC)),
        (datetime(2026, 11, 23, 1, 0, tzinfo=timezone(2 * HOUR)), datetime(2026, 11, 22, tzinfo=UTC)),
        (datetime(2026, 11, 22, 20, 0, tzinfo=timezone(-8 * HOUR)), datetime(2026, 11, 23, tzinfo=UTC)),
    ],
)
def test_the_day_of_the_limits_begins_at_midnight_utc(now, start):
    assert reviewing.start_of_day(now) == start


def test_a_drill_asks_what_is_due_then_what_is_new_then_the_rest():
    cards = deck(due("alpha/q1", due_at=NOON + DAY), due("alpha/q4"))
    entries = reviewing.drill(BANK, cards, "alpha", NOON)
    assert [(entry.question.id, entry.reason) for entry in entries] == [
        ("alpha/q4", Reason.DUE),
        ("alpha/q2", Reason.UNSEEN),
        ("alpha/q3", Reason.UNSEEN),
        ("alpha/q1", Reason.DRILL),
    ]


def test_a_drill_asks_the_weakest_of_the_rest_first():
    later = NOON + DAY
    cards = deck(
        due("alpha/q1", 90, due_at=later, score=100),
        due("alpha/q2", 90, due_at=later, score=25),
        due("alpha/q3", 0.5, due_at=later, score=100),  # known once, but nearly forgotten
        due("alpha/q4", 90, due_at=later, score=0),
    )
    assert names(reviewing.drill(BANK, cards, "alpha", NOON)) == ["alpha/q4", "alpha/q2", "alpha/q3", "alpha/q1"]


@pytest.mark.parametrize(
    ("since", "asked"),
    [(0 * HOUR, False), (12 * HOUR - timedelta(microseconds=1), False), (12 * HOUR, True), (-3 * DAY, False)],
)
def test_a_drill_does_not_ask_again_what_was_graded_within_twelve_hours(since, asked):
    card = due("alpha/q1", reviewed_at=NOON - since, due_at=NOON + 5 * DAY)
    assert ("alpha/q1" in names(reviewing.drill(BANK, deck(card), "alpha", NOON))) is asked


def test_a_drill_asks_at_once_what_is_due_however_short_ago_it_was_graded():
    card = due("alpha/q1", reviewed_at=NOON - timedelta(minutes=1), due_at=NOON)
    assert names(reviewing.drill(BANK, deck(card), "alpha", NOON))[0] == "alpha/q1"


def test_a_drill_stays_within_its_topic():
    assert names(reviewing.drill(BANK, deck(due("beta/q1")), "alpha", NOON)) == [
        "alpha/q1",
        "alpha/q2",
        "alpha/q3",
        "alpha/q4",
    ]
