"""Saving an answer: which text wins, what is kept aside, what can be stored at all; and that nothing typed is lost."""

from dataclasses import dataclass, field

import pytest
from hypothesis import event, example, given
from hypothesis import strategies as st

from app.domain import drafts
from app.domain.drafts import Outcome, Saved
from app.domain.errors import Invalid, TooLarge

LONG = "Depends runs once per request."  # 30 characters
LIMIT = 65_536


@pytest.mark.parametrize(
    ("current", "revision", "text", "base", "expected"),
    [
        ("", 0, "a", 0, Saved(Outcome.SAVED, 1)),
        ("a", 1, "ab", 1, Saved(Outcome.SAVED, 2)),
        ("ab", 2, "a", 2, Saved(Outcome.SAVED, 3)),  # taken back by whoever saw it
        ("a", 1, "b", 1, Saved(Outcome.SAVED, 2)),
        ("", 0, "", 0, Saved(Outcome.UNCHANGED, 0)),
        ("a", 1, "a", 1, Saved(Outcome.UNCHANGED, 1)),
        ("a", 1, "a", 0, Saved(Outcome.UNCHANGED, 1)),  # a retry: the acknowledgement was lost
        ("a", 7, "a", 3, Saved(Outcome.UNCHANGED, 7)),  # two tabs came to the same words
        ("a", 1, "ab", 0, Saved(Outcome.SAVED, 2)),  # goes on from what it has not seen
        ("", 2, "b", 0, Saved(Outcome.SAVED, 3)),  # there is nothing to displace
        ("a", 1, "b", 0, Saved(Outcome.CONFLICT, 2, "a")),
        ("ab", 1, "a", 0, Saved(Outcome.CONFLICT, 2, "ab")),
        ("ab", 1, "cab", 0, Saved(Outcome.CONFLICT, 2, "ab")),
        ("a", 1, "", 0, Saved(Outcome.CONFLICT, 2, "a")),
        ("a", 5, "b", 4, Saved(Outcome.CONFLICT, 6, "a")),
    ],
)
def test_the_newer_text_wins_and_a_text_nobody_saw_is_kept(current, revision, text, base, expected):
    assert drafts.save(current, revision, text, base) == expected


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", True),
        ("Something else entirely.", True),
        (LONG[:14], True),
        (LONG[:15], False),  # half of it stays
        (LONG[-14:], True),
        (LONG[-15:], False),
        (LONG[:8] + "X" + LONG[-7:], False),  # 15 of its characters are still there
        (LONG[:7] + "X" + LONG[-7:], True),
        (LONG + " And more.", False),
    ],
)
def test_a_text_most_of_which_goes_at_one_stroke_is_kept_although_it_was_seen(text, kept):
    saved = drafts.save(LONG, 3, text, 3)
    assert saved == Saved(Outcome.SAVED, 4, LONG if kept else None)


def test_whatever_stays_at_the_beginning_and_at_the_end_counts_once():
    for head in range(31):
        for tail in range(31 - head):
            text = LONG[:head] + "#" + LONG[30 - tail :]
            assert (drafts.save(LONG, 3, text, 3).displaced is not None) is (head + tail < 15), (head, tail)
    # Beginning and end are the same characters here; they do not count for both.
    assert drafts.save("x" * 30, 3, "x" * 14, 3).displaced == "x" * 30
    assert drafts.save("x" * 30, 3, "x" * 15, 3).displaced is None


def test_a_few_words_taken_out_by_whoever_saw_them_are_not_kept():
    assert drafts.save("x" * 19, 1, "", 1).displaced is None
    assert drafts.save("x" * 20, 1, "", 1).displaced == "x" * 20


@pytest.mark.parametrize(("revision", "base"), [(0, 1), (3, 4), (3, 2**31 - 1), (3, -1)])
def test_a_revision_that_never_was_is_refused(revision, base):
    with pytest.raises(Invalid, match="reload"):
        drafts.save("current", revision, "text", base)


def test_a_save_repeated_a_hundred_times_changes_nothing():
    first = drafts.save("", 0, "text", 0)
    assert [drafts.save("text", first.revision, "text", 0) for _ in range(100)] == [Saved(Outcome.UNCHANGED, 1)] * 100


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("plain", "plain"),
        ("  kept \n\n", "  kept \n\n"),
        ("a\r\nb", "a\nb"),
        ("a\rb", "a\nb"),
        ("a\r\r\nb", "a\n\nb"),
        ("a\x00b", "a\ufffdb"),
        ("a\ud800b", "a\ufffdb"),
        ("c\udfffd", "c\ufffdd"),
        ("\udc00\ud800", "\ufffd\ufffd"),  # the wrong way round
        ("ends in \ud83d", "ends in \ufffd"),
        ("\ud83d\ude00", "😀"),  # two halves that make one
        ("\ufeffmark \ud800", "\ufeffmark \ufffd"),  # a byte order mark of the user's own stays
        ("käse 🧀 ﬁn", "käse 🧀 ﬁn"),
        ("\u2028\x85\x0b", "\u2028\x85\x0b"),
    ],
)
def test_text_is_stored_as_typed_except_for_line_ends_and_what_no_database_keeps(text, expected):
    assert drafts.cleaned(text) == expected
    assert drafts.storable(text) == expected


ANYTHING = st.text(st.characters(codec=None, exclude_categories=()), max_size=50)


@given(ANYTHING | st.text("\r\n\x00\ud800\udc00a", max_size=20))
@example("\ud800\r\n\x00")
def test_what_is_stored_can_be_encoded_and_cleaning_it_again_changes_nothing(text):
    clean = drafts.cleaned(text)
    clean.encode()
    assert not {"\x00", "\r"} & set(clean)
    assert drafts.cleaned(clean) == clean


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=50))
def test_a_text_that_can_be_stored_is_stored_as_it_is(text):
    assert drafts.cleaned(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "a" * LIMIT,
        "é" * 32_768,
        "€" * 21_845 + "a",
        "😀" * 16_384,
        "\r\n" * LIMIT,  # as browsers send a line end; it is stored as one byte
    ],
    ids=["one byte each", "two", "three", "four", "line ends"],
)
def test_64_kb_are_taken_and_one_byte_more_is_refused(text):
    assert len(drafts.cleaned(text).encode()) == LIMIT
    with pytest.raises(TooLarge):
        drafts.cleaned(text + "a")


@pytest.mark.parametrize(("size", "said"), [(LIMIT + 1, "65 KB"), (LIMIT + 1024, "65 KB"), (1024 * 1024, "1024 KB")])
def test_a_text_that_is_too_long_hears_by_how_much(size, said):
    with pytest.raises(TooLarge, match=f"may hold 64 KB; this one has {said}"):
        drafts.cleaned("x" * size)


@dataclass
class Server:
    """What is stored of one answer."""

    text: str = ""
    revision: int = 0
    kept: list[str] = field(default_factory=list)

    def take(self, text, base):
        saved = drafts.save(self.text, self.revision, text, base)
        if saved.outcome is not Outcome.UNCHANGED:
            self.text, self.revision = text, saved.revision
        if saved.displaced is not None:
            self.kept.append(saved.displaced)
        return saved


@dataclass
class Tab:
    """A page with an answer box: what is in it, the revision it knows of, every text that has ever stood in it."""

    box: str = ""
    base: int = 0
    had: set[str] = field(default_factory=set)
    sent: tuple[str, int] = ("", 0)


WORDS = ["", "a", "ab", "abc", "b", LONG, LONG + " More.", LONG[:5]]
ACTIONS = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.one_of(
            st.tuples(st.just("type"), st.sampled_from(WORDS)),
            st.tuples(st.sampled_from(["save", "save, answer lost", "send again", "reload"]), st.just("")),
        ),
    ),
    max_size=40,
)


@given(ACTIONS)
def test_whatever_two_tabs_save_every_stored_text_is_current_or_kept_or_was_continued_or_was_seen(actions):
    server, tabs = Server(), (Tab(), Tab())
    for number, (action, text) in actions:
        tab, before = tabs[number], server.text
        if action == "type":
            tab.box = text
            continue
        if action == "reload":
            tab.box, tab.base = server.text, server.revision
            tab.had.add(tab.box)
            continue
        if action != "send again":
            tab.sent = (tab.box, tab.base)
        saved = server.take(*tab.sent)
        assert server.text == tab.sent[0]
        continued = server.text.startswith(before)
        if not continued and before not in tab.had:
            event("a text nobody had seen was displaced")
            assert (saved.outcome, saved.displaced) == (Outcome.CONFLICT, before)
        assert continued or before in server.kept or before in tab.had
        tab.had.add(tab.sent[0])
        if action == "save":
            tab.base = saved.revision


@given(ACTIONS)
def test_a_save_sent_twice_at_once_is_stored_once(actions):
    server, tabs = Server(), (Tab(), Tab())
    for number, (action, text) in actions:
        tab = tabs[number]
        if action == "type":
            tab.box = text
        elif action == "reload":
            tab.box, tab.base = server.text, server.revision
        else:
            base = tab.base
            tab.base = server.take(tab.box, base).revision
            revision, kept = server.revision, list(server.kept)
            assert server.take(tab.box, base) == Saved(Outcome.UNCHANGED, revision)
            assert server.kept == kept


def test_a_tab_knows_what_it_wrote_itself_even_if_the_answer_was_lost():
    # Saved as revision 4 on base 3, the answer never came; typed on, and sent on base 3 once more.
    saved = drafts.save("a first thought", 4, "a second thought", 3, same_tab=True)
    assert saved == Saved(Outcome.SAVED, 5)
    assert drafts.save("a first thought", 4, "a second thought", 3).outcome is Outcome.CONFLICT


def test_a_save_that_was_overtaken_by_a_later_one_of_the_same_tab_changes_nothing():
    assert drafts.save("the later text", 5, "the earlier text", 4, same_tab=True, late=True) == Saved(
        Outcome.UNCHANGED, 5
    )
