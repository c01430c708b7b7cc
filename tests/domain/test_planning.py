"""From the set-up form to the plan: every wish that cannot be followed has words beside its field."""

from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import planning
from app.domain.clock import Mode
from app.domain.errors import Invalid
from app.domain.planning import Outline, Wish
from app.domain.questions import Level
from tests import make

BANK = make.bank()  # 12 questions of 120 s: alpha, beta, gamma with one intro, two core, one advanced each
OWN = Wish(preset="own", count="3", minutes="10")
MIN = timedelta(minutes=1)


def plan(bank=BANK, weak=(), **wish):
    return planning.plan(replace(OWN, **wish), bank, weak)


def wrong(bank=BANK, weak=(), **wish):
    """The words a wish gets, by field."""
    with pytest.raises(Invalid) as refused:
        plan(bank, weak, **wish)
    assert refused.value.words == "Nothing has started yet: please change what is marked."
    assert set(refused.value.fields) <= set(planning.FIELDS)
    return refused.value.fields


def test_the_form_as_it_stands_at_first_can_be_followed():
    made = planning.plan(Wish(), BANK, ())
    assert (made.count, made.limit, made.mode, made.seed) == (5, 10 * MIN, Mode.EXAM, None)
    assert len(made.candidates) == 12


@pytest.mark.parametrize(
    ("preset", "count", "limit"), [("5-10", 5, 10 * MIN), ("10-20", 10, 20 * MIN), ("20-40", 20, 40 * MIN)]
)
def test_the_presets_are_5_in_10_10_in_20_and_20_in_40(preset, count, limit):
    made = plan(make.bank(each=8), preset=preset, count="nonsense", minutes="that does not count")
    assert (made.count, made.limit) == (count, limit)


@pytest.mark.parametrize(
    ("minutes", "limit"),
    [("1", MIN), ("45", 45 * MIN), ("240", 240 * MIN), (" 20 ", 20 * MIN), ("007", 7 * MIN), ("", None), ("  ", None)],
)
def test_minutes_are_whole_ones_up_to_four_hours_or_left_to_the_questions(minutes, limit):
    assert plan(minutes=minutes).limit == limit


@pytest.mark.parametrize(
    "minutes",
    ["0", "-5", "241", "10000", "abc", "1.5", "1,5", "1e2", "+5", "1 0", "½", "²", "٣٠", "0x10", "9" * 100, "5\x00"],
)
def test_minutes_that_cannot_be_used_are_told_the_range(minutes):
    fields = wrong(minutes=minutes)
    assert list(fields) == ["minutes"]
    assert "from 1 to 240" in fields["minutes"]


@pytest.mark.parametrize(("count", "expected"), [("1", 1), ("12", 12), (" 3 ", 3)])
def test_the_number_of_questions_may_be_as_large_as_the_bank(count, expected):
    assert plan(count=count).count == expected


@pytest.mark.parametrize("count", ["0", "-1", "51", "10000", "abc", "1.5", "", " ", "²", "٣", "9" * 100])
def test_a_number_of_questions_that_cannot_be_used_is_told_the_range(count):
    fields = wrong(make.bank(each=30), count=count)
    assert list(fields) == ["count"]
    assert "from 1 to 50" in fields["count"]


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"count": "13"}, "Only 12 questions match these topics and levels, and you asked for 13."),
        ({"preset": "20-40"}, "Only 12 questions match these topics and levels, and you asked for 20."),
        ({"scope": "chosen", "topics": ("alpha",), "count": "5"}, "Only 4 questions match"),
        ({"levels": ("advanced",), "count": "4"}, "Only 3 questions match"),
        ({"scope": "chosen", "topics": ("beta",), "levels": ("intro",), "count": "2"}, "Only 1 question matches"),
    ],
)
def test_more_questions_than_exist_are_refused_with_how_many_there_are(wish, said):
    fields = wrong(**wish)
    assert list(fields) == ["count"]
    assert fields["count"].startswith(said)


def test_topics_and_levels_that_no_question_has_are_named_as_the_trouble():
    fields = wrong(make.bank(each=1), levels=("advanced",), count="1")  # one intro question each
    assert fields == {"count": "No question matches these topics and levels. Add a topic or a level."}


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"scope": "chosen", "topics": ()}, "Tick at least one topic"),
        ({"scope": "chosen", "topics": ("delta",)}, "not in the bank"),
        ({"scope": "chosen", "topics": ("alpha", "delta")}, "not in the bank"),
        ({"scope": "chosen", "topics": ("Alpha",)}, "not in the bank"),
        ({"scope": "weak"}, "No topic is weak yet"),
        ({"scope": "some"}, "Choose all topics"),
        ({"scope": ""}, "Choose all topics"),
    ],
)
def test_topics_that_cannot_be_asked_have_words(wish, said):
    fields = wrong(**wish)
    assert list(fields) == ["topics"]
    assert said in fields["topics"]


@pytest.mark.parametrize("levels", [(), ("expert",), ("core", "expert"), ("CORE",)])
def test_levels_that_do_not_exist_have_words(levels):
    assert list(wrong(levels=levels)) == ["levels"]


@pytest.mark.parametrize("preset", ["", "7-7", "OWN", "budgets"])
def test_a_length_that_is_not_offered_has_words(preset):
    assert list(wrong(preset=preset)) == ["preset"]


@pytest.mark.parametrize("mode", ["", "EXAM", "practice"])
def test_a_mode_outside_the_two_has_words(mode):
    assert list(wrong(mode=mode)) == ["mode"]


@pytest.mark.parametrize("seed", ["-1", "abc", "1.5", "2147483648", "٣", "9" * 100])
def test_a_seed_that_cannot_be_used_has_words(seed):
    assert list(wrong(seed=seed)) == ["seed"]


@pytest.mark.parametrize(
    ("seed", "expected"), [("", None), ("  ", None), ("0", 0), (" 7 ", 7), ("2147483647", 2**31 - 1)]
)
def test_a_seed_is_a_whole_number_or_nothing(seed, expected):
    assert plan(seed=seed).seed == expected


def test_everything_that_is_wrong_is_said_at_once():
    fields = wrong(scope="chosen", topics=(), levels=(), count="0", minutes="abc", mode="x", seed="y")
    assert set(fields) == {"topics", "levels", "count", "minutes", "mode", "seed"}
    assert all(words.endswith(".") for words in fields.values())


@given(
    st.builds(
        Wish,
        scope=st.sampled_from(["all", "chosen", "weak", ""]),
        topics=st.lists(st.sampled_from(["alpha", "beta", "delta"]), max_size=3).map(tuple),
        levels=st.lists(st.sampled_from([*Level, "expert"]), max_size=4).map(tuple),
        preset=st.sampled_from(["5-10", "20-40", "own", "x"]),
        count=st.text(max_size=4) | st.integers(-2, 60).map(str),
        minutes=st.text(max_size=4) | st.integers(-2, 300).map(str),
        mode=st.sampled_from(["exam", "relaxed", "x"]),
        seed=st.text(max_size=4) | st.integers(-2, 2**32).map(str),
    ),
    st.sampled_from([(), ("alpha",), ("beta", "gamma")]),
)
def test_any_wish_becomes_a_plan_that_can_be_kept_or_gets_words(wish, weak):
    planning.outline(wish, BANK, weak)  # is shown beside every form, however it is filled in
    try:
        made = planning.plan(wish, BANK, weak)
    except Invalid:
        replied = wrong(weak=weak, **asdict(wish))
        assert replied
        assert all(replied.values())
        return
    chosen = made.choose(1, {})
    assert len(chosen) == made.count >= 1
    assert made.time_for(chosen) >= MIN
    assert {question.level for question in chosen} <= set(wish.levels)
    allowed = {"all": BANK.topic, "chosen": wish.topics, "weak": weak}[wish.scope]
    assert {question.topic for question in chosen} <= set(allowed)


@pytest.mark.parametrize(
    ("wish", "weak", "topics"),
    [
        ({"scope": "all", "topics": ("alpha",)}, (), {"alpha", "beta", "gamma"}),
        ({"scope": "chosen", "topics": ("alpha", "gamma")}, ("beta",), {"alpha", "gamma"}),
        ({"scope": "weak", "topics": ("alpha",)}, ("beta",), {"beta"}),
    ],
)
def test_the_scope_says_which_topics_count(wish, weak, topics):
    assert {question.topic for question in plan(weak=weak, **wish).candidates} == topics


def test_without_minutes_the_budgets_of_the_questions_add_up_to_the_time():
    made = plan(minutes="", count="2")
    asked = [make.question("alpha/q1", budget=90 * MIN / 60), make.question("alpha/q2", budget=4 * MIN)]
    assert made.time_for(asked) == 5.5 * MIN
    assert plan(minutes="10").time_for(asked) == 10 * MIN


def test_a_seed_of_the_users_own_asks_the_same_questions_whatever_was_asked_before():
    seen = dict.fromkeys(list(BANK.questions)[:6], 3)
    for seed in ("0", "7"):
        made = plan(seed=seed)
        assert made.choose(99, seen) == made.choose(1, {})
    assert plan(seed="0", count="6").choose(1, {}) != plan(seed="7", count="6").choose(1, {})


def test_without_a_seed_of_the_users_own_the_least_asked_come_first():
    seen = dict.fromkeys(list(BANK.questions)[:9], 1)  # all but three of gamma
    assert {question.id for question in plan(count="3").choose(5, seen)} == {"gamma/q2", "gamma/q3", "gamma/q4"}


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (Wish(), Outline(12, 5, 10 * MIN, False)),
        (Wish(preset="20-40"), Outline(12, 20, 40 * MIN, False)),
        (Wish(preset="own", count="4", minutes="25"), Outline(12, 4, 25 * MIN, False)),
        (Wish(preset="own", count="4", minutes=""), Outline(12, 4, 8 * MIN, True)),
        (Wish(preset="own", count="", minutes=""), Outline(12, None, None, False)),
        (Wish(preset="own", count="4", minutes="abc"), Outline(12, 4, None, False)),
        (Wish(preset="own", count="abc", minutes="25"), Outline(12, None, 25 * MIN, False)),
        (Wish(preset="none"), Outline(12, None, None, False)),
        (Wish(scope="chosen", topics=("alpha",)), Outline(4, 5, 10 * MIN, False)),
        (Wish(scope="chosen", topics=("delta",)), Outline(0, 5, 10 * MIN, False)),
        (Wish(scope="chosen"), Outline(0, 5, 10 * MIN, False)),
        (Wish(scope="weak"), Outline(0, 5, 10 * MIN, False)),
        (Wish(levels=("intro", "expert")), Outline(3, 5, 10 * MIN, False)),
        (Wish(preset="own", count="4", minutes="", levels=()), Outline(0, 4, None, False)),
    ],
)
def test_the_page_says_before_the_start_how_many_match_and_how_long_it_takes(wish, expected):
    assert planning.outline(wish, BANK, ()) == expected


def test_a_time_by_the_budgets_is_the_typical_one_of_what_matches_and_at_least_a_minute():
    short = {name: replace(question, budget=10 * MIN / 60) for name, question in BANK.questions.items()}
    wish = replace(OWN, count="2", minutes="")
    assert planning.outline(wish, replace(BANK, questions=short), ()).time == MIN
    mixed = {**short, "alpha/q1": replace(short["alpha/q1"], budget=130 * MIN / 60)}  # 20 s each on average
    assert planning.outline(replace(wish, count="6"), replace(BANK, questions=mixed), ()).time == 2 * MIN
