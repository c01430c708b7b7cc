"""/interviews/{id}: the room, drafts, answers, flags, pauses and hand-in, for owners, strangers and broken requests."""

import logging
import re
from datetime import timedelta
from html import unescape
from itertools import pairwise

import pytest

from tests import make

PARTIAL = {"HX-Request-Type": "partial"}
MEGABYTE = "x" * 1024 * 1024
# Every way to change an interview that runs, with a form that would be taken.
CHANGES = {
    "draft": ("/questions/1/draft", {"text": "other", "revision": "0"}),
    "answer": ("/questions/1/answer", {"text": "other", "revision": "0", "go": "next"}),
    "flag": ("/questions/1/flag", {"text": "other", "revision": "0", "flagged": "1"}),
    "pause": ("/pause", {"number": "1", "text": "other", "revision": "0"}),
    "resumption": ("/resumption", {}),
    "submission": ("/submission", {}),
    "grade": ("/questions/1/grade", {"points": "1"}),
}
PAGES = ["", "/questions/2", "/submission", "/debrief", "/report"]
each_change = pytest.mark.parametrize(("path", "form"), CHANGES.values(), ids=CHANGES)


def _room(client, interview, number=None):
    page = client.get(f"/interviews/{interview}" + (f"/questions/{number}" if number else ""))
    assert page.status_code == 200, page.text
    return page.text


def _box(client, interview, number):
    """What stands in the answer box of a question."""
    return make.textarea(_room(client, interview, number))


def _kept(html):
    """The texts the room shows as kept aside, newest first."""
    shown = re.findall(r'<textarea readonly[^>]*aria-label="Earlier text \d+">(.*?)</textarea>', html, re.DOTALL)
    return [unescape(text).removeprefix("\n") for text in shown]


def _returned(html):
    """The text that a page of refusal hands back."""
    found = re.search(r'<textarea id="kept"[^>]*>(.*?)</textarea>', html, re.DOTALL)
    assert found, "no text handed back"
    return unescape(found[1]).removeprefix("\n")


def _timer(html):
    return re.search(r'role="timer"[^>]*>([^<]*)<', html)[1]


def _revision_of(part):
    return int(re.search(r'data-revision="(\d+)"', part)[1])


# The room


def test_the_room_shows_the_question_the_clock_and_everything_to_answer_with(ada):
    interview = make.start(ada)
    page = _room(ada, interview)
    assert "Question 1 of 3" in page
    assert "and when does it matter?" in page
    assert _timer(page) == "10:00"
    assert make.textarea(page) == ""
    assert make.revision(page) == 0
    assert re.findall(r'name="confidence" value="([^"]*)"', page) == ["guessing", "unsure", "fairly sure", "certain"]
    assert re.findall(r'aria-label="(Question \d, \w+)"', page) == [f"Question {n}, unanswered" for n in (1, 2, 3)]
    assert all(button in page for button in (">Hand in<", ">Flag<", ">Skip<", ">Next question<"))
    assert page.count("<h1") == 1


def test_the_room_does_not_show_the_model_answer(ada):
    interview = make.start(ada)
    for number in (1, 2, 3):
        page = _room(ada, interview, number)
        assert "is one thing and not another" not in page
        assert "It matters on" not in page


def test_htmx_gets_only_the_room_itself(ada):
    interview = make.start(ada)
    part = ada.get(f"/interviews/{interview}/questions/2", headers=PARTIAL)
    assert part.status_code == 200
    assert part.text.lstrip().startswith("<title>Question 2 of 3")
    assert '<div id="room"' in part.text
    assert "<html" not in part.text
    assert "<main" not in part.text


def test_any_question_can_be_opened_by_its_address(ada):
    interview = make.start(ada)
    assert "Question 3 of 3" in _room(ada, interview, 3)
    assert "Question 1 of 3" in _room(ada, interview)  # looking does not move the room


def test_the_room_counts_down_by_the_servers_clock(ada, time):
    interview = make.start(ada)
    time.forward(minutes=3, seconds=20)
    page = _room(ada, interview)
    assert _timer(page) == "6:40"
    assert 'data-deadline="2026-11-22T12:10:00.000Z"' in page
    assert 'data-now="2026-11-22T12:03:20.000Z"' in page


def test_the_time_after_the_end_of_a_relaxed_interview_is_shown_as_such(ada, time):
    interview = make.start(ada, mode="relaxed")
    time.forward(minutes=12, seconds=30)
    page = _room(ada, interview)
    assert "over time" in page
    assert _timer(page) == "2:30"


@pytest.mark.parametrize("path", ["", "/questions/2", "/submission"])
def test_after_hand_in_the_room_leads_to_the_debrief(ada, path):
    interview = make.start(ada)
    make.submit(ada, interview)
    page = ada.get(f"/interviews/{interview}{path}")
    assert (page.status_code, page.headers["location"]) == (303, f"/interviews/{interview}/debrief")
    part = ada.get(f"/interviews/{interview}{path}", headers=PARTIAL)
    assert (part.status_code, part.headers["hx-redirect"]) == (204, f"/interviews/{interview}/debrief")


def test_pages_of_one_person_are_kept_by_no_cache(ada):
    interview = make.start(ada)
    for path in ("", "/questions/2", "/submission"):
        assert ada.get(f"/interviews/{interview}{path}").headers["cache-control"] == "no-store"
    assert make.draft(ada, interview, 1, "text").headers["cache-control"] == "no-store"


# Unknown interviews and questions, strangers, wrong methods


def test_an_unknown_interview_is_not_found(ada):
    make.start(ada)
    for name in ("0000000000", "nothing", "x" * 3000, "%00", "a%00b", "%ED%A0%80", "%F0%9F%99%82"):
        for path in PAGES:
            page = ada.get(f"/interviews/{name}{path}")
            assert page.status_code == 404, (name, path)
            assert "This interview does not exist" in page.text
        for path, form in CHANGES.values():
            assert ada.post(f"/interviews/{name}{path}", data=form).status_code == 404, (name, path)


def test_an_unknown_question_is_not_found_and_changes_nothing(ada, app):
    numbers = ("0", "4", "-1", "1.5", "abc", "²", "2147483648", "9" * 30, "9" * 5000)
    interview = make.start(ada)
    make.draft(ada, interview, 1, "mine")
    before = make.rows(app)
    for number in numbers:
        path = f"/interviews/{interview}/questions/{number}"
        assert ada.get(path).status_code == 404, number
        for step in ("draft", "answer", "flag"):
            assert ada.post(f"{path}/{step}", data=CHANGES[step][1]).status_code == 404, (number, step)
            second_mistake = CHANGES[step][1] | {"confidence": "very"}
            assert ada.post(f"{path}/{step}", data=second_mistake).status_code in (404, 422), (number, step)
    assert make.rows(app) == before
    make.submit(ada, interview)
    before = make.rows(app)
    for number in numbers:
        path = f"/interviews/{interview}/questions/{number}"
        assert ada.post(f"{path}/grade", data={"points": "1"}).status_code == 404, number
        for step in ("draft", "answer", "flag"):
            assert ada.post(f"{path}/{step}", data=CHANGES[step][1]).status_code in (404, 409), (number, step)
    assert make.rows(app) == before


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_somebody_else_is_not_told_apart_from_none(ada, cy, path):
    interview = make.start(ada)
    make.start(cy)
    for headers in ({}, PARTIAL):
        page = cy.get(f"/interviews/{interview}{path}", headers=headers)
        assert page.status_code == 404
        assert page.text == cy.get(f"/interviews/0000000000{path}", headers=headers).text


@each_change
def test_an_interview_of_somebody_else_cannot_be_changed(ada, cy, app, path, form):
    interview = make.start(ada, mode="relaxed")
    make.draft(ada, interview, 1, "mine")
    make.start(cy)
    before = make.rows(app)
    for headers in ({}, PARTIAL):
        page = cy.post(f"/interviews/{interview}{path}", data=form, headers=headers)
        assert page.status_code == 404
        assert "mine" not in page.text
        assert page.text == cy.post(f"/interviews/0000000000{path}", data=form, headers=headers).text
        assert make.rows(app) == before


def test_the_wrong_method_is_refused_with_words(ada, app):
    interview = make.start(ada)
    before = make.rows(app)
    posts = ["/questions/1/draft", "/questions/1/answer", "/questions/1/flag", "/questions/1/grade"]
    wrong = [("GET", path) for path in [*posts, "/pause", "/resumption"]]
    wrong += [("POST", path) for path in ["", "/questions/1", "/debrief", "/report"]]
    wrong += [("DELETE", path) for path in ["", "/submission"]]
    for method, path in wrong:
        page = ada.request(method, f"/interviews/{interview}{path}")
        assert page.status_code == 405, (method, path)
        assert page.headers["allow"]
        assert f"This address does not take {method} requests" in page.text
    assert make.rows(app) == before


# Cookies


@each_change
def test_nothing_changes_for_a_browser_whose_cookie_is_not_accepted(ada, app, path, form):
    interview = make.start(ada, mode="relaxed")
    before = make.rows(app)
    for kind in make.COOKIES_REFUSED:
        page = make.with_cookie(ada, kind).post(f"/interviews/{interview}{path}", data=form)
        assert page.status_code == 401, kind
        assert "cookie is missing or no longer valid" in page.text
        assert make.rows(app) == before, kind


def test_a_cookie_of_a_year_ago_may_still_change_what_it_owns(ada):
    # Also shows that the expired cookie of the test above is refused for its age and for nothing else.
    interview = make.start(ada, mode="relaxed")
    returned = make.with_cookie(ada, "old")
    for path, form in CHANGES.values():
        response = returned.post(f"/interviews/{interview}{path}", data=form)
        assert response.status_code in (200, 303), path


@pytest.mark.parametrize("step", ["answer", "flag", "pause"])
def test_a_text_that_came_with_a_refused_cookie_is_handed_back(ada, step):
    interview = make.start(ada, mode="relaxed")
    path, form = CHANGES[step]
    for headers in ({}, PARTIAL):
        page = make.with_cookie(ada, "expired").post(f"/interviews/{interview}{path}", data=form, headers=headers)
        assert page.status_code == 401
        assert _returned(page.text) == "other"
        assert ("<main" in page.text) == (not headers)


def test_a_page_is_not_found_without_a_good_cookie(ada):
    interview = make.start(ada)
    for path in PAGES:
        for kind in make.COOKIES_REFUSED:
            assert make.with_cookie(ada, kind).get(f"/interviews/{interview}{path}").status_code == 404, (path, kind)


def test_a_draft_from_another_site_is_refused_with_words(ada, app):
    interview = make.start(ada)
    before = make.rows(app)
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        page = ada.post(f"/interviews/{interview}/questions/1/draft", data={"text": "x"}, headers=headers)
        assert page.status_code == 403
        assert "came from another site" in page.text
    assert make.rows(app) == before


# Drafts


def test_a_draft_is_acknowledged_and_comes_back_on_every_later_look(ada, time):
    interview = make.start(ada)
    time.forward(seconds=202)
    saved = make.draft(ada, interview, 2, "typed so far")
    assert saved.status_code == 200
    assert "Saved" in saved.text
    assert "12:03:22 UTC" in saved.text
    assert _revision_of(saved.text) == 1
    page = _room(make.tab(ada), interview, 2)
    assert make.textarea(page) == "typed so far"
    assert make.revision(page) == 1
    assert 'aria-label="Question 2, answered"' in page


def test_a_draft_is_answered_with_few_bytes_and_no_page(ada):
    interview = make.start(ada, count="12", minutes="240")
    saved = make.draft(ada, interview, 12, "word " * 5000)
    assert saved.status_code == 200
    assert len(saved.content) <= 400
    assert saved.text.strip().startswith("<span")


def test_a_draft_needs_no_more_than_four_statements(ada, statements):
    interview = make.start(ada)
    with statements() as first:
        assert make.draft(ada, interview, 1, "first").status_code == 200
    with statements() as second:
        assert make.draft(ada, interview, 1, "and second", revision=1).status_code == 200
    with statements() as stale:
        assert make.draft(ada, interview, 1, "from another tab", revision=0).status_code == 409
    assert 0 < len(first) <= 4
    assert 0 < len(second) <= 4
    assert 0 < len(stale) <= 4


def test_the_same_draft_a_hundred_times_changes_nothing(ada, app, time):
    interview = make.start(ada)
    make.draft(ada, interview, 1, "the same")
    before = make.rows(app)
    for _ in range(100):
        time.forward(seconds=1)
        again = make.draft(ada, interview, 1, "the same")  # a retry still names the revision it was typed on
        assert again.status_code == 200
        assert _revision_of(again.text) == 1
    assert make.rows(app) == before


def test_each_new_text_is_a_revision(ada):
    interview = make.start(ada)
    for number in range(5):
        saved = make.draft(ada, interview, 1, f"version {number}", revision=number)
        assert _revision_of(saved.text) == number + 1
    assert _box(ada, interview, 1) == "version 4"


def test_an_emptied_box_is_saved_as_no_answer(ada):
    interview = make.start(ada)
    make.draft(ada, interview, 1, "some text")
    assert make.draft(ada, interview, 1, "", revision=1).status_code == 200
    assert _box(ada, interview, 1) == ""
    assert 'aria-label="Question 1, unanswered"' in _room(ada, interview)


def test_spaces_are_kept_but_are_no_answer(ada):
    interview = make.start(ada)
    make.draft(ada, interview, 1, " \n\t ")
    page = _room(ada, interview)
    assert make.textarea(page) == " \n\t "
    assert 'aria-label="Question 1, unanswered"' in page


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("\nfirst line empty", "\nfirst line empty"),
        ("one\r\ntwo\rthree\n", "one\ntwo\nthree\n"),
        ("</textarea><script>alert(1)</script>", "</textarea><script>alert(1)</script>"),
        ("{{ 7 * 7 }} {% raw %} &amp; %s", "{{ 7 * 7 }} {% raw %} &amp; %s"),
        ("'; DROP TABLE items; --", "'; DROP TABLE items; --"),
        ("λ 🙂 e\u0301 \u2028 \ufeff", "λ 🙂 e\u0301 \u2028 \ufeff"),
        ("  indented\n\tcode  ", "  indented\n\tcode  "),
        ("a\x00b", "a\ufffdb"),
    ],
)
def test_a_text_comes_back_as_it_was_typed(ada, sent, stored):
    interview = make.start(ada)
    assert make.draft(ada, interview, 1, sent).status_code == 200
    page = _room(ada, interview)
    assert make.textarea(page) == stored
    assert "<script>alert" not in page
    assert make.stored(ada, interview).item(1).text == stored


@pytest.mark.parametrize("step", ["draft", "answer"])
def test_nul_and_lone_surrogates_are_replaced_in_a_percent_encoded_form(ada, step):
    interview = make.start(ada)
    response = ada.post(
        f"/interviews/{interview}/questions/1/{step}",
        content=b"text=a%00b%ED%A0%80c&revision=0",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert response.status_code in (200, 303)
    assert re.fullmatch("a\ufffdb\ufffd+c", _box(ada, interview, 1))


@pytest.mark.parametrize("step", ["draft", "answer", "flag", "pause"])
@pytest.mark.parametrize(
    ("charset", "raw"), [("unicode_escape", b"a\\x00b\\ud800c"), ("utf-7", b"a+AAA-b+2AA-c")], ids=["escape", "utf-7"]
)
def test_nul_and_lone_surrogates_are_replaced_in_a_multipart_form(ada, step, charset, raw):
    interview = make.start(ada, mode="relaxed")
    path, form = CHANGES[step]
    response = make.multipart(ada, f"/interviews/{interview}{path}", charset, **form | {"text": raw})
    assert response.status_code in (200, 303)
    assert make.stored(ada, interview).item(1).text == "a\ufffdb\ufffdc"
    assert _room(make.tab(ada), interview)


def test_bytes_that_are_no_utf_8_at_all_are_stored_as_something_and_not_as_an_error(ada):
    interview = make.start(ada)
    response = make.multipart(
        ada, f"/interviews/{interview}/questions/1/draft", text=b"a\xed\xa0\x80\x00b", revision="0"
    )
    assert response.status_code == 200
    text = _box(ada, interview, 1)
    assert (text[0], text[-1]) == ("a", "b")
    assert "\x00" not in text


@pytest.mark.parametrize(("text", "status"), [("x" * 65536, 200), ("x" * 65537, 413), ("é" * 32769, 413)])
def test_an_answer_may_hold_64_kilobytes_counted_in_bytes(ada, text, status):
    interview = make.start(ada)
    assert make.draft(ada, interview, 1, text).status_code == status
    assert len(_box(ada, interview, 1)) == (65536 if status == 200 else 0)


def test_a_megabyte_of_draft_is_refused_with_words_and_nothing_changes(ada, app):
    interview = make.start(ada)
    make.draft(ada, interview, 1, "mine")
    before = make.rows(app)
    refused = make.draft(ada, interview, 1, MEGABYTE, revision=1)
    assert refused.status_code == 413
    assert "An answer may hold 64 KB; this one has 1024 KB" in refused.text
    assert "<html" not in refused.text
    assert make.rows(app) == before


@pytest.mark.parametrize("step", ["answer", "flag", "pause"])
def test_a_megabyte_of_answer_comes_back_in_the_form_with_words_and_nothing_changes(ada, app, step):
    interview = make.start(ada, mode="relaxed")
    before = make.rows(app)
    path, form = CHANGES[step]
    for headers in ({}, PARTIAL):
        refused = ada.post(f"/interviews/{interview}{path}", data=form | {"text": MEGABYTE}, headers=headers)
        assert refused.status_code == 413
        assert "An answer may hold 64 KB; this one has 1024 KB" in refused.text
        assert make.textarea(refused.text) == MEGABYTE
        assert "Question 1 of 3" in refused.text
        assert ("<main" in refused.text) == (not headers)
        assert make.rows(app) == before


def test_a_megabyte_in_a_multipart_form_comes_back_too(ada, app):
    interview = make.start(ada)
    before = make.rows(app)
    refused = make.multipart(ada, f"/interviews/{interview}/questions/1/answer", text=MEGABYTE, revision="0", go="next")
    assert refused.status_code == 413
    assert make.textarea(refused.text) == MEGABYTE
    assert make.rows(app) == before


def test_a_text_too_long_that_no_encoding_has_comes_back_as_well_as_it_can(ada, app):
    interview = make.start(ada)
    before = make.rows(app)
    path = f"/interviews/{interview}/questions/1/answer"
    refused = make.multipart(ada, path, "unicode_escape", text=b"good \\ud800 " + b"x" * 70000, revision="0", go="next")
    assert refused.status_code == 413
    assert make.textarea(refused.text).startswith("good ")
    assert make.rows(app) == before


def _huge_posts(client, path, headers):
    """A body of 5 MB in each of the ways one can be sent."""
    urlencoded = {"Content-Type": "application/x-www-form-urlencoded"}
    yield client.post(path, data={"text": MEGABYTE * 5}, headers=headers)
    yield client.post(path, files={"text": (None, MEGABYTE * 5)}, headers=headers)
    # In pieces, with no word on how many are to come.
    yield client.post(
        path, content=(part.encode() for part in ["text=", *[MEGABYTE] * 5]), headers=headers | urlencoded
    )


@pytest.mark.parametrize("step", ["draft", "answer"])
def test_a_body_of_five_megabytes_is_refused_with_words_and_nothing_changes(ada, app, step):
    interview = make.start(ada)
    before = make.rows(app)
    for headers in ({}, PARTIAL):
        for refused in _huge_posts(ada, f"/interviews/{interview}/questions/1/{step}", headers):
            assert refused.status_code == 413
            assert "larger than anything Greenroom takes" in refused.text
            assert "Nothing was stored" in refused.text
            assert refused.headers["content-type"].startswith("text/html")
            assert "content-security-policy" in refused.headers
            assert ("<main" in refused.text) == (not headers)
    assert make.rows(app) == before


@pytest.mark.parametrize("step", ["draft", "answer", "flag", "pause"])
def test_a_revision_that_is_no_number_is_refused_and_named(ada, app, step):
    interview = make.start(ada, mode="relaxed")
    before = make.rows(app)
    path, form = CHANGES[step]
    for revision in ("-1", "abc", "1.5", "2147483648", "9" * 40):
        refused = ada.post(f"/interviews/{interview}{path}", data=form | {"revision": revision})
        assert refused.status_code == 422, revision
        assert "unusable value: revision" in refused.text
    assert make.rows(app) == before


def test_a_revision_that_has_not_been_yet_is_refused_and_the_text_handed_back(ada, app):
    # Happens when the server's database was set back to a backup while the page was open.
    interview = make.start(ada)
    make.draft(ada, interview, 1, "stored")
    before = make.rows(app)
    refused = make.draft(ada, interview, 1, "typed", revision=7)
    assert refused.status_code == 422
    assert "does not fit the stored answer any more" in refused.text
    refused = make.answer(ada, interview, 1, "typed", revision=7)
    assert refused.status_code == 422
    assert make.textarea(refused.text) == "typed"
    assert make.rows(app) == before


def test_a_file_in_place_of_the_text_is_refused(ada, app):
    interview = make.start(ada)
    before = make.rows(app)
    path = f"/interviews/{interview}/questions/1/draft"
    refused = ada.post(path, data={"revision": "0"}, files={"text": ("answer.txt", b"in a file")})
    assert refused.status_code == 422
    assert "unusable value: text" in refused.text
    assert make.rows(app) == before


@pytest.mark.parametrize("sure", ["guessing", "unsure", "fairly sure", "certain"])
def test_how_sure_somebody_is_comes_with_the_draft_and_stays(ada, sure):
    interview = make.start(ada)
    make.draft(ada, interview, 1, "text", confidence=sure)
    make.draft(ada, interview, 1, "text on", revision=1)
    page = _room(ada, interview)
    assert re.findall(r'name="confidence" value="([^"]*)" checked', page) == [sure]


def test_another_confidence_is_refused_with_words(ada, app):
    interview = make.start(ada)
    before = make.rows(app)
    for sure in ("very", "Certain", "0.95", "x" * 21):
        assert make.draft(ada, interview, 1, "text", confidence=sure).status_code == 422, sure
        refused = make.answer(ada, interview, 1, "text", confidence=sure)
        assert refused.status_code == 422, sure
        assert "confidence" in refused.text or "How sure you are" in refused.text
    assert make.rows(app) == before


def test_a_confidence_refused_hands_the_text_back(ada):
    interview = make.start(ada)
    refused = make.answer(ada, interview, 1, "typed", confidence="very")
    assert "guessing, unsure, fairly sure, certain" in refused.text
    assert make.textarea(refused.text) == "typed"


# Two tabs


def test_a_draft_on_a_stale_revision_wins_and_the_other_text_is_kept_and_shown(ada):
    interview = make.start(ada)
    make.draft(ada, interview, 1, "of tab one")
    conflict = make.draft(make.tab(ada), interview, 1, "of tab two", revision=0)
    assert conflict.status_code == 409
    assert "also changed in another tab" in conflict.text
    assert "of tab one" in conflict.text
    assert "of tab two" in conflict.text
    assert _revision_of(conflict.text) == 2
    assert "<html" not in conflict.text
    page = _room(ada, interview)
    assert make.textarea(page) == "of tab two"
    assert make.revision(page) == 2
    assert _kept(page) == ["of tab one"]


def test_every_text_that_was_displaced_unseen_is_kept_newest_first(ada):
    interview = make.start(ada)
    for text in ("one", "two", "three"):
        make.draft(ada, interview, 1, text, revision=0)
    page = _room(ada, interview)
    assert make.textarea(page) == "three"
    assert _kept(page) == ["two", "one"]
    assert _kept(_room(ada, interview, 2)) == []


def test_going_on_from_what_the_other_tab_saved_is_no_conflict(ada):
    interview = make.start(ada)
    make.draft(ada, interview, 1, "a beginning")
    saved = make.draft(ada, interview, 1, "a beginning and more", revision=0)
    assert saved.status_code == 200
    assert _kept(_room(ada, interview)) == []


@pytest.mark.parametrize("headers", [{}, PARTIAL], ids=["page", "partial"])
def test_an_answer_on_a_stale_revision_stays_on_the_question_with_both_texts(ada, headers):
    interview = make.start(ada)
    make.draft(ada, interview, 1, "of tab one")
    form = {"text": "of tab two", "revision": "0", "go": "next"}
    conflict = ada.post(f"/interviews/{interview}/questions/1/answer", data=form, headers=headers)
    assert conflict.status_code == 409
    assert "Question 1 of 3" in conflict.text
    assert make.textarea(conflict.text) == "of tab two"
    assert make.revision(conflict.text) == 2
    assert "of tab one" in conflict.text
    assert ("<main" in conflict.text) == (not headers)
    assert "Question 1 of 3" in _room(ada, interview)
    assert make.answer(ada, interview, 1, "of tab two", revision=2).status_code == 303


def test_a_flag_on_a_stale_revision_keeps_the_other_text_too(ada):
    interview = make.start(ada)
    make.draft(ada, interview, 1, "of tab one")
    form = {"text": "of tab two", "revision": "0", "flagged": "1"}
    page = ada.post(f"/interviews/{interview}/questions/1/flag", data=form, headers=PARTIAL)
    assert page.status_code == 200
    assert make.textarea(page.text) == "of tab two"
    assert _kept(page.text) == ["of tab one"]


def test_two_tabs_that_save_at_the_same_moment_lose_nothing(ada):
    interview = make.start(ada, count="6")
    tabs = [make.tab(ada), make.tab(ada)]
    for number in range(1, 7):
        texts = [f"of tab {tab} on {number}" for tab in (1, 2)]
        responses = make.at_once(
            *[
                lambda tab=tab, text=text, number=number: make.draft(tab, interview, number, text)
                for tab, text in zip(tabs, texts, strict=True)
            ]
        )
        assert sorted(response.status_code for response in responses) == [200, 409]
        later = next(text for text, response in zip(texts, responses, strict=True) if response.status_code == 409)
        page = _room(ada, interview, number)
        assert make.textarea(page) == later
        assert _kept(page) == [text for text in texts if text != later]
        assert make.revision(page) == 2


def test_two_tabs_that_go_on_saving_each_on_what_it_knows_lose_nothing(ada):
    interview = make.start(ada)
    rounds = 8

    def type_in(tab, name):
        """Save as the room's script does: each save names the revision the one before it led to."""
        seen, revision = [], 0
        for turn in range(rounds):
            response = make.draft(tab, interview, 1, f"{name}{turn}", revision=revision)
            assert response.status_code in (200, 409)
            revision = _revision_of(response.text)
            seen.append((f"{name}{turn}", response.status_code))
        return seen

    done = make.at_once(lambda: type_in(make.tab(ada), "one"), lambda: type_in(make.tab(ada), "two"))
    page = _room(ada, interview)
    assert make.revision(page) == 2 * rounds
    safe = {make.textarea(page), *_kept(page)}
    for seen in done:
        # A text may be gone only where its own tab went on from it knowingly.
        replaced = {text for (text, _), (_, next_status) in pairwise(seen) if next_status == 200}
        assert {text for text, _ in seen} <= safe | replaced


# The end of the time


@pytest.mark.parametrize(
    ("step", "late", "taken"),
    [
        ("draft", -1, True),
        ("draft", 0, True),
        ("draft", 10, True),
        ("draft", 30, True),
        ("draft", 31, False),
        ("draft", 3600, False),
        ("answer", 30, True),
        ("answer", 31, False),
    ],
)
def test_an_exam_takes_what_was_on_its_way_for_thirty_seconds_and_nothing_later(ada, app, time, step, late, taken):
    interview = make.start(ada)
    make.draft(ada, interview, 1, "in time")
    before = make.rows(app)
    time.forward(minutes=10, seconds=late)
    path, form = CHANGES[step]
    response = ada.post(f"/interviews/{interview}{path}", data=form | {"text": "at the end", "revision": "1"})
    time.forward(minutes=1)
    debrief = ada.get(f"/interviews/{interview}/debrief?item=1").text
    if taken:
        assert response.status_code in (200, 303)
        assert "at the end" in debrief
    else:
        assert response.status_code == 409
        assert "has been handed in, so its answers can no longer change" in response.text
        assert "in time" in debrief
        assert make.rows(app) == before


def test_a_text_taken_late_adds_no_time(ada, time):
    interview = make.start(ada)
    time.forward(minutes=10, seconds=20)
    make.draft(ada, interview, 1, "just made it")
    assert make.stored(ada, interview).item(1).text == "just made it"
    report = ada.get(f"/interviews/{interview}/report").text
    assert "<dt>Time</dt><dd>10 min</dd>" in report
    assert re.search(r"10 min <small[^>]*>of ", report)  # the item's row


def test_a_relaxed_interview_takes_answers_for_days(ada, time):
    interview = make.start(ada, mode="relaxed")
    time.forward(days=2)
    assert make.draft(ada, interview, 1, "slowly").status_code == 200
    assert _box(ada, interview, 1) == "slowly"


@pytest.mark.parametrize("mode", ["exam", "relaxed"])
def test_a_draft_after_hand_in_is_refused_with_words_and_changes_nothing(ada, app, mode):
    interview = make.start(ada, mode=mode)
    make.draft(ada, interview, 1, "handed in")
    make.submit(ada, interview)
    before = make.rows(app)
    refused = make.draft(ada, interview, 1, "afterthought", revision=1)
    assert refused.status_code == 409
    assert "has been handed in, so its answers can no longer change" in refused.text
    assert "data-revision" not in refused.text  # the page's script tells a conflict from a refusal by this
    assert make.rows(app) == before


@pytest.mark.parametrize("step", ["answer", "flag", "pause"])
def test_a_text_that_comes_after_hand_in_is_handed_back(ada, app, step):
    interview = make.start(ada, mode="relaxed")
    make.submit(ada, interview)
    before = make.rows(app)
    path, form = CHANGES[step]
    for headers in ({}, PARTIAL):
        refused = ada.post(f"/interviews/{interview}{path}", data=form | {"text": "after\nthought"}, headers=headers)
        assert refused.status_code == 409
        assert _returned(refused.text) == "after\nthought"
        assert f'href="/interviews/{interview}/debrief"' in refused.text
        assert ("<main" in refused.text) == (not headers)
        assert make.rows(app) == before


# Answer and go on


@pytest.mark.parametrize(
    ("number", "go", "to"),
    [
        (1, "next", 2),
        (3, "next", 4),
        (4, "next", 4),
        (3, "previous", 2),
        (1, "previous", 1),
        (1, "3", 3),
        (3, "1", 1),
        (2, "2", 2),
    ],
)
def test_an_answer_leads_to_the_question_that_was_asked_for(ada, number, go, to):
    interview = make.start(ada, count="4")
    response = make.answer(ada, interview, number, "my answer", go=go)
    assert (response.status_code, response.headers["location"]) == (303, f"/interviews/{interview}/questions/{to}")
    assert _box(ada, interview, number) == "my answer"
    assert f"Question {to} of 4" in _room(ada, interview)


def test_without_a_word_where_to_go_an_answer_leads_to_the_next_question(ada):
    interview = make.start(ada)
    response = ada.post(f"/interviews/{interview}/questions/1/answer", data={"text": "x", "revision": "0"})
    assert response.headers["location"] == f"/interviews/{interview}/questions/2"


@pytest.mark.parametrize(
    ("answered", "number", "to"),
    [
        ([], 1, 2),
        ([], 2, 3),
        ([2], 1, 3),
        ([2, 3], 1, 4),
        ([1, 2], 4, 3),
        ([4], 3, 1),
        ([1, 2, 3], 4, 4),
        ([2, 3, 4], 1, 2),
    ],
)
def test_skip_leads_to_the_next_question_without_an_answer_round_the_end(ada, answered, number, to):
    interview = make.start(ada, count="4")
    for done in answered:
        make.draft(ada, interview, done, "done")
    response = make.answer(ada, interview, number, "", go="skip")
    assert response.headers["location"] == f"/interviews/{interview}/questions/{to}"


def test_a_way_out_that_does_not_exist_is_refused_and_stores_nothing(ada, app):
    interview = make.start(ada)
    before = make.rows(app)
    for go in ("0", "4", "-1", "99999", "²", "home", "//evil.example", "a\x00b"):
        refused = make.answer(ada, interview, 1, "text", go=go)
        assert refused.status_code == 404, go
        assert "This interview has 3 questions" in refused.text
    assert make.rows(app) == before


def test_htmx_gets_the_next_question_itself_and_the_address_to_show(ada):
    interview = make.start(ada)
    form = {"text": "my answer", "revision": "0", "go": "next"}
    part = ada.post(f"/interviews/{interview}/questions/1/answer", data=form, headers=PARTIAL)
    assert part.status_code == 200
    assert part.headers["hx-push-url"] == f"/interviews/{interview}/questions/2"
    assert "Question 2 of 3" in part.text
    assert 'aria-label="Question 1, answered"' in part.text
    assert make.textarea(part.text) == ""
    assert "<main" not in part.text


def test_answer_and_next_question_need_no_more_than_six_statements(ada, statements):
    interview = make.start(ada)
    counts = []
    for number, go in ((1, "next"), (2, "next"), (3, "previous"), (2, "1")):
        form = {"text": f"answer {number} {go}", "revision": str(make.revision(_room(ada, interview, number)))}
        with statements() as seen:
            part = ada.post(
                f"/interviews/{interview}/questions/{number}/answer", data=form | {"go": go}, headers=PARTIAL
            )
        assert part.status_code == 200
        counts.append(len(seen))
    assert 0 < max(counts) <= 6


def test_the_room_needs_no_more_than_six_statements_however_many_questions(ada, statements):
    counts = []
    for count in ("1", "12"):
        interview = make.start(ada, count=count)
        with statements() as seen:
            _room(ada, interview)
        counts.append(len(seen))
    assert 0 < counts[0] == counts[1] <= 6


@pytest.mark.parametrize("go", ["next", "3", "submission"])
def test_an_answer_that_is_sent_twice_counts_once(ada, app, go):
    interview = make.start(ada)
    for number in (2, 3):
        make.draft(ada, interview, number, "done")
    first = make.answer(ada, interview, 1, "sent twice", go=go)
    before = make.rows(app)
    second = make.answer(ada, interview, 1, "sent twice", go=go)
    assert first.status_code == 303
    assert make.rows(app) == before
    if go == "submission":
        assert second.status_code == 409  # it was the hand-in; the words say so
    else:
        assert second.headers["location"] == first.headers["location"]


def test_the_last_answer_hands_in_when_nothing_is_left_open(ada):
    interview = make.start(ada)
    make.answer(ada, interview, 1, "one")
    make.answer(ada, interview, 2, "two")
    response = make.answer(ada, interview, 3, "three", go="submission")
    assert (response.status_code, response.headers["location"]) == (303, f"/interviews/{interview}/debrief")
    assert ada.get(f"/interviews/{interview}/debrief").status_code == 200


@pytest.mark.parametrize("left_open", ["blank", "flagged"])
def test_handing_in_asks_first_when_something_is_blank_or_flagged(ada, left_open):
    interview = make.start(ada)
    make.answer(ada, interview, 1, "one")
    make.answer(ada, interview, 2, "" if left_open == "blank" else "two")
    if left_open == "flagged":
        ada.post(f"/interviews/{interview}/questions/2/flag", data={"flagged": "1"})
    response = make.answer(ada, interview, 3, "three", go="submission")
    assert (response.status_code, response.headers["location"]) == (303, f"/interviews/{interview}/submission")
    page = ada.get(f"/interviews/{interview}/submission").text
    assert "Question 2</a>" in page
    assert "Question 3</a>" not in page
    assert _box(ada, interview, 3) == "three"


# Flags


def test_a_flag_marks_a_question_in_the_map_until_it_is_taken_away(ada):
    interview = make.start(ada)
    path = f"/interviews/{interview}/questions/2/flag"
    response = ada.post(path, data={"flagged": "1"})
    assert (response.status_code, response.headers["location"]) == (303, f"/interviews/{interview}/questions/2")
    page = _room(ada, interview, 2)
    assert 'aria-label="Question 2, unanswered, flagged"' in page
    assert 'aria-pressed="true"' in page
    ada.post(path, data={"flagged": "0"})
    assert 'aria-label="Question 2, unanswered"' in _room(ada, interview, 2)


def test_htmx_gets_the_room_with_the_flag(ada):
    interview = make.start(ada)
    form = {"flagged": "1", "text": "so far", "revision": "0"}
    part = ada.post(f"/interviews/{interview}/questions/1/flag", data=form, headers=PARTIAL)
    assert part.status_code == 200
    assert 'aria-label="Question 1, answered, flagged"' in part.text
    assert make.textarea(part.text) == "so far"
    assert "<main" not in part.text


def test_a_flag_that_is_neither_on_nor_off_is_refused(ada, app):
    interview = make.start(ada)
    before = make.rows(app)
    for flagged in ("", "perhaps", "2"):
        refused = ada.post(f"/interviews/{interview}/questions/1/flag", data={"flagged": flagged, "text": "x"})
        assert refused.status_code == 422, flagged
        assert "unusable value: flagged" in refused.text
    assert make.rows(app) == before


@pytest.mark.parametrize("step", ["flag", "pause"])
@pytest.mark.parametrize("text", ["typed since the last save", ""])
def test_what_was_typed_is_saved_with_a_flag_and_with_a_pause(ada, step, text):
    interview = make.start(ada, mode="relaxed")
    make.draft(ada, interview, 1, "the last save")
    path, form = CHANGES[step]
    sent = form | {"text": text, "revision": "1", "confidence": "certain"}
    assert ada.post(f"/interviews/{interview}{path}", data=sent).status_code == 303
    item = make.stored(ada, interview).item(1)
    assert (item.text, item.revision, item.confidence) == (text, 2, "certain")


@pytest.mark.parametrize("step", ["flag", "pause"])
def test_a_flag_or_a_pause_without_any_text_leaves_the_text_alone(ada, step):
    interview = make.start(ada, mode="relaxed")
    make.draft(ada, interview, 1, "the last save")
    form = {"flagged": "1"} if step == "flag" else {}
    assert ada.post(f"/interviews/{interview}{CHANGES[step][0]}", data=form).status_code == 303
    assert make.stored(ada, interview).item(1).text == "the last save"


# Pauses


def test_a_pause_stops_the_clock_and_covers_the_question(ada, time):
    interview = make.start(ada, mode="relaxed")
    time.forward(minutes=2)
    response = ada.post(f"/interviews/{interview}/pause")
    assert (response.status_code, response.headers["location"]) == (303, f"/interviews/{interview}")
    time.forward(hours=5)
    page = _room(ada, interview)
    assert ">Paused<" in page
    assert _timer(page) == "8:00"
    assert "and when does it matter?" not in page
    assert 'name="text"' not in page
    response = ada.post(f"/interviews/{interview}/resumption")
    assert (response.status_code, response.headers["location"]) == (303, f"/interviews/{interview}")
    time.forward(minutes=1)
    page = _room(ada, interview)
    assert _timer(page) == "7:00"
    assert "and when does it matter?" in page


def test_htmx_is_led_back_to_the_room_by_pause_and_resumption(ada):
    interview = make.start(ada, mode="relaxed")
    for step in ("pause", "resumption"):
        response = ada.post(f"/interviews/{interview}/{step}", headers=PARTIAL)
        assert (response.status_code, response.headers["hx-redirect"]) == (204, f"/interviews/{interview}")


@pytest.mark.parametrize("headers", [{}, PARTIAL], ids=["page", "partial"])
def test_a_pause_in_an_exam_is_refused_and_the_text_handed_back(ada, app, headers):
    interview = make.start(ada)
    assert ">Pause<" not in _room(ada, interview)
    before = make.rows(app)
    form = {"number": "2", "text": "typed", "revision": "0"}
    refused = ada.post(f"/interviews/{interview}/pause", data=form, headers=headers)
    assert refused.status_code == 409
    assert "An exam cannot be paused" in refused.text
    assert "Question 2 of 3" in refused.text
    assert make.textarea(refused.text) == "typed"
    assert make.rows(app) == before


def test_a_second_pause_and_a_second_resumption_change_nothing(ada, app, time):
    interview = make.start(ada, mode="relaxed")
    form = {"number": "1", "text": "so far", "revision": "0"}
    for step, sent in (("pause", form), ("resumption", {})):
        ada.post(f"/interviews/{interview}/{step}", data=sent)
        before = make.rows(app)
        time.forward(minutes=1)
        assert ada.post(f"/interviews/{interview}/{step}", data=sent).status_code == 303
        assert make.rows(app) == before
    assert make.stored(ada, interview).clock.pauses == 1


def test_a_resumption_of_what_is_not_paused_changes_nothing(ada, app, time):
    interview = make.start(ada)
    before = make.rows(app)
    time.forward(minutes=1)
    assert ada.post(f"/interviews/{interview}/resumption").status_code == 303
    make.submit(ada, interview)
    assert ada.post(f"/interviews/{interview}/resumption").status_code == 303
    assert make.rows(app)["items"] != before["items"]  # the hand-in booked the minute
    assert make.stored(ada, interview).clock.pauses == 0


@pytest.mark.parametrize("step", ["answer", "flag", "pause"])
def test_what_another_tab_typed_during_a_pause_is_handed_back(ada, app, step):
    interview = make.start(ada, mode="relaxed")
    ada.post(f"/interviews/{interview}/pause")
    before = make.rows(app)
    path, form = CHANGES[step]
    for headers in ({}, PARTIAL):
        sent = form | {"text": "meanwhile"}
        refused = make.tab(ada).post(f"/interviews/{interview}{path}", data=sent, headers=headers)
        assert refused.status_code == 409
        assert "The interview is paused" in refused.text
        assert _returned(refused.text) == "meanwhile"
        assert ">Resume<" in refused.text
        assert make.rows(app) == before


def test_a_draft_during_a_pause_is_refused_with_words(ada, app):
    interview = make.start(ada, mode="relaxed")
    ada.post(f"/interviews/{interview}/pause")
    before = make.rows(app)
    refused = make.draft(ada, interview, 1, "meanwhile")
    assert refused.status_code == 409
    assert "The interview is paused" in refused.text
    assert make.rows(app) == before


def test_a_paused_interview_can_be_handed_in_from_its_page(ada, time):
    interview = make.start(ada, mode="relaxed")
    make.draft(ada, interview, 1, "all I know")
    ada.post(f"/interviews/{interview}/pause")
    time.forward(minutes=7)
    page = _room(ada, interview)
    # The answer form has no text while the question is covered: a button of it would hand in an empty one.
    assert 'value="submission"' not in page
    assert f'href="/interviews/{interview}/submission"' in page
    assert ada.get(f"/interviews/{interview}/submission").status_code == 200
    make.submit(ada, interview)
    stored = make.stored(ada, interview)
    assert stored.item(1).text == "all I know"
    assert stored.clock.paused == timedelta(minutes=7)


def test_pausing_after_hand_in_is_refused(ada, app):
    interview = make.start(ada, mode="relaxed")
    make.submit(ada, interview)
    before = make.rows(app)
    assert ada.post(f"/interviews/{interview}/pause").status_code == 409
    assert make.rows(app) == before


def test_a_pause_at_a_question_that_does_not_exist_is_refused(ada, app):
    interview = make.start(ada, mode="relaxed")
    before = make.rows(app)
    for number, status in (("0", 422), ("abc", 422), ("9" * 30, 422), ("4", 404)):
        for form in ({"number": number}, {"number": number, "text": "x", "revision": "0"}):
            assert ada.post(f"/interviews/{interview}/pause", data=form).status_code == status, number
    assert make.rows(app) == before


# Hand-in


@pytest.mark.parametrize("headers", [{}, PARTIAL], ids=["page", "partial"])
def test_before_hand_in_the_page_lists_what_is_unanswered_or_flagged(ada, headers):
    interview = make.start(ada)
    make.draft(ada, interview, 1, "one")
    make.draft(ada, interview, 2, "two")
    ada.post(f"/interviews/{interview}/questions/2/flag", data={"flagged": "1"})
    page = ada.get(f"/interviews/{interview}/submission", headers=headers)
    assert page.status_code == 200
    assert "1 question has no answer yet" in page.text
    listed = re.findall(r'href="[^"]*/questions/(\d)">Question \d</a>\s*(?:<span class="badge[^>]*>(\w+)<)', page.text)
    assert listed == [("2", "flagged"), ("3", "unanswered")]
    assert 'role="timer"' in page.text
    assert ("<main" in page.text) == (not headers)


def test_before_hand_in_the_page_says_when_nothing_is_open(ada):
    interview = make.start(ada)
    for number in (1, 2, 3):
        make.draft(ada, interview, number, "text")
    assert "Every question has an answer" in ada.get(f"/interviews/{interview}/submission").text


def test_hand_in_leads_to_the_debrief(ada):
    interview = make.start(ada)
    response = ada.post(f"/interviews/{interview}/submission")
    assert (response.status_code, response.headers["location"]) == (303, f"/interviews/{interview}/debrief")
    other = make.start(ada)
    response = ada.post(f"/interviews/{other}/submission", headers=PARTIAL)
    assert (response.status_code, response.headers["hx-redirect"]) == (204, f"/interviews/{other}/debrief")


@pytest.mark.parametrize("mode", ["exam", "relaxed"])
def test_a_second_hand_in_changes_nothing(ada, app, time, mode):
    interview = make.start(ada, mode=mode)
    make.draft(ada, interview, 1, "text")
    time.forward(minutes=3)
    make.submit(ada, interview)
    before = make.rows(app)
    time.forward(minutes=30)
    make.submit(ada, interview)
    assert make.rows(app) == before


# Time per question


def test_the_time_on_each_question_is_measured_by_the_server_and_adds_up(ada, time):
    interview = make.start(ada, mode="relaxed")
    for number, go, seconds in ((1, "2", 65), (2, "3", 20), (3, "1", 40), (1, "submission", 30)):
        time.forward(seconds=seconds)
        make.draft(ada, interview, number, f"saved on the way {number}", revision=0)
        ada.get(f"/interviews/{interview}/questions/{number % 3 + 1}")  # a look elsewhere is not a move
        page = _room(ada, interview, number)
        make.answer(ada, interview, number, "final", go=go, revision=make.revision(page))
    stored = make.stored(ada, interview)
    spent = [item.spent.total_seconds() for item in stored.items]
    assert spent == [95, 20, 40]
    assert sum(spent) == 155 == (stored.clock.submitted_at - stored.clock.started_at).total_seconds()


def test_a_pause_counts_for_no_question(ada, time):
    interview = make.start(ada, mode="relaxed")
    time.forward(seconds=50)
    ada.post(f"/interviews/{interview}/pause", data={"number": "1", "text": "so far", "revision": "0"})
    time.forward(hours=1)
    ada.post(f"/interviews/{interview}/resumption")
    time.forward(seconds=15)
    make.answer(ada, interview, 1, "so far", go="2", revision=1)
    time.forward(seconds=5)
    make.submit(ada, interview)
    assert [item.spent.total_seconds() for item in make.stored(ada, interview).items] == [65, 5, 0]


def test_a_draft_in_a_tab_with_another_question_moves_the_time_there(ada, time):
    interview = make.start(ada)
    time.forward(seconds=30)
    make.draft(ada, interview, 3, "typing here now")
    time.forward(seconds=12)
    make.submit(ada, interview)
    assert [item.spent.total_seconds() for item in make.stored(ada, interview).items] == [30, 0, 12]


def test_an_exam_books_no_time_after_its_deadline(ada, time):
    interview = make.start(ada)
    time.forward(minutes=4)
    make.answer(ada, interview, 1, "one", go="2")
    time.forward(days=7)
    make.submit(ada, interview)
    stored = make.stored(ada, interview)
    assert [item.spent.total_seconds() for item in stored.items] == [240, 360, 0]
    assert stored.clock.submitted_at == make.NOON + timedelta(minutes=10)


# Nothing is written by looking


def _every_page(interview):
    own = [f"/interviews/{interview}{path}" for path in PAGES]
    new = ["/interviews", "/interviews/new", "/interviews/new?scope=chosen&topic=alpha"]
    rest = ["/", "/review", "/review?topic=alpha", "/topics", "/topics/alpha", "/progress", "/account"]
    return [*own, *new, *rest, "/questions", "/questions?q=alpha", "/questions/alpha/q1", "/healthz", "/readyz"]


@pytest.mark.parametrize("state", ["running", "paused", "time is up", "handed in", "graded"])
def test_looking_at_pages_never_changes_a_row(ada, cy, app, time, state):
    interview = make.start(ada, mode="relaxed" if state == "paused" else "exam")
    make.draft(ada, interview, 1, "text")
    time.forward(minutes=1)
    if state == "paused":
        ada.post(f"/interviews/{interview}/pause")
    if state in ("handed in", "graded"):
        make.submit(ada, interview)
    if state == "graded":
        for number in (1, 2, 3):
            make.grade(ada, interview, number, [1])
    before = make.rows(app)
    time.forward(days=8 if state == "time is up" else 0, seconds=9)
    seen = []
    for browser, headers in ((ada, {}), (ada, PARTIAL), (cy, {})):
        for path in _every_page(interview):
            page = browser.get(path, headers=headers)
            assert page.status_code in (200, 204, 303, 404), path
            assert "set-cookie" not in page.headers, path
            seen.append(page.status_code)
    assert seen.count(200) > 20
    assert make.rows(app) == before


# The log


@pytest.mark.parametrize(
    ("refusal", "line"),
    [
        ("late", "POST /interviews/{interview_id}/questions/{number}/draft -> 409"),
        ("stale", "POST /interviews/{interview_id}/questions/{number}/draft -> 409"),
        ("stranger", "POST /interviews/{interview_id}/questions/{number}/draft -> 404"),
        ("cookie", "POST /interviews/{interview_id}/questions/{number}/draft -> 401"),
        ("long", "POST /interviews/{interview_id}/questions/{number}/answer -> 413"),
        ("huge", "POST /interviews/{interview_id}/questions/{number}/answer -> 413"),
        ("revision", "POST /interviews/{interview_id}/questions/{number}/draft -> 422"),
        ("points", "POST /interviews/{interview_id}/questions/{number}/grade -> 422"),
        ("site", "POST - -> 403"),
    ],
)
def test_a_refused_request_leaves_one_line_in_the_log_and_nothing_personal_in_it(ada, cy, caplog, refusal, line):
    secret_text = "my secret text"
    interview = make.start(ada)
    cookie = ada.cookies["greenroom"]
    make.draft(ada, interview, 1, f"{secret_text} of before")
    make.start(cy)
    if refusal in ("late", "points"):
        make.submit(ada, interview)
    path = f"/interviews/{interview}/questions/1"
    caplog.clear()
    with caplog.at_level(logging.DEBUG, logger="greenroom"):
        match refusal:
            case "late":
                make.draft(ada, interview, 1, secret_text)
            case "stale":
                make.draft(ada, interview, 1, f"no {secret_text}")
            case "stranger":
                make.draft(cy, interview, 1, secret_text)
            case "cookie":
                make.draft(make.with_cookie(ada, "truncated"), interview, 1, secret_text)
            case "long":
                make.answer(ada, interview, 1, secret_text * 10000)
            case "huge":
                make.answer(ada, interview, 1, secret_text * 500000)
            case "revision":
                make.draft(ada, interview, 1, secret_text, revision=99999)
            case "points":
                make.grade(ada, interview, 1, [9], note=secret_text)
            case "site":
                ada.post(f"{path}/draft", data={"text": secret_text}, headers={"Sec-Fetch-Site": "cross-site"})
    assert [record.getMessage() for record in caplog.records] == [line]
    everything = caplog.text + "".join(str(vars(record)) for record in caplog.records)
    for personal in (secret_text, interview, cookie, cookie[:-4], cookie.partition(".")[0]):
        assert personal not in everything


def test_a_request_that_is_carried_out_leaves_no_line_in_the_log(ada, caplog):
    with caplog.at_level(logging.INFO, logger="greenroom"):
        make.graded_interview(ada)
    assert not caplog.records
