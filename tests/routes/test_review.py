"""/review: the queue, "Show answer", the grade, the drill of one topic, and the undo of the last grade anywhere."""

import re
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from app.domain.grading import Confidence, Verdict
from app.main import create_app
from app.tables import cards, grades, topics
from app.tables import review as attempts
from tests import make

PART = {"HX-Request-Type": "partial"}
MODEL = "is one thing and not another"  # stands in every model answer of the bank for tests
LIMIT = 64 * 1024


def _page(client, query=""):
    response = client.get(f"/review{query}")
    assert response.status_code == 200, response.text
    return response.text


def _offered(html):
    """The question that the page shows and the step it asks for; None when the queue is empty."""
    found = re.search(r'action="/review/([a-z]+/[a-z0-9-]+)/(reveal|grade)"', html)
    return found and found.groups()


def _reveal(client, card, headers=None, **form):
    return client.post(f"/review/{card}/reveal", data=form, headers=headers)


def _grade(client, card, points=("1", "2", "3"), headers=None, **form):
    return client.post(f"/review/{card}/grade", data={"points": list(points)} | form, headers=headers)


def _undo(client, headers=None, **form):
    return client.post("/review/undo", data=form, headers=headers)


def _number(html):
    """The grade that the page's "Undo" would take back; None without one."""
    found = re.search(r'action="/review/undo">\s*<input type="hidden" name="grade" value="(\d+)"', html)
    return found and found[1]


def _state(client):
    """This user's cards and topic scores, exactly."""
    user = make.user_id(client)
    with client.app.state.database.read() as connection:
        return cards.of_user(connection, user), topics.scores(connection, user)


def _grades(client, card):
    with client.app.state.database.read() as connection:
        return grades.of_question(connection, make.user_id(client), card)


def _open(client):
    with client.app.state.database.read() as connection:
        return attempts.attempt(connection, make.user_id(client))


def _drill(client, topic="alpha"):
    """Which questions a drill offers, in its order, each graded as it comes."""
    found = []
    while offered := _offered(_page(client, f"?topic={topic}")):
        found.append(offered[0])
        assert len(found) <= 12, "the drill never ends"
        make.review(client, offered[0])
    return found


# The page


def test_without_any_practice_there_is_nothing_to_review(ada, app):
    page = _page(ada)
    assert make.h1(page) == "Review"
    assert "Nothing to review yet" in page
    assert 'href="/interviews/new"' in page
    assert not any(make.rows(app).values()), "a GET never writes"


def test_due_questions_come_with_the_model_answer_hidden(ada, time):
    make.graded_interview(ada)
    time.forward(days=1)
    page = _page(ada)
    assert _offered(page)[1] == "reveal"
    assert "due · 3 questions left" in make.plain(page)
    assert MODEL not in page
    assert "Key points" not in page
    assert "How sure are you?" in page


def test_when_nothing_is_due_the_page_says_when_it_will_be(ada):
    make.graded_interview(ada)
    page = _page(ada)
    assert _offered(page) is None
    assert "the next question comes back in 10 min" in make.plain(page)


def test_a_part_is_the_review_block_alone(ada, time):
    make.graded_interview(ada)
    time.forward(days=1)
    response = ada.get("/review", headers=PART)
    assert response.text.strip().startswith('<div id="review"')
    assert _offered(response.text)


def test_the_page_cannot_be_posted_to(ada):
    response = ada.post("/review")
    assert response.status_code == 405
    assert make.h1(response.text) == "Not that way"


def test_a_topic_of_impossible_length_is_refused_with_words(ada):
    response = ada.get("/review", params={"topic": "a" * 61})
    assert response.status_code == 422
    assert "topic" in response.text


# Show answer


def test_show_answer_then_grade(ada):
    response = _reveal(ada, "alpha/q1", text="What I would say", confidence="fairly sure", topic="alpha")
    assert (response.status_code, response.headers["location"]) == (303, "/review?topic=alpha")
    page = _page(ada, "?topic=alpha")
    assert _offered(page) == ("alpha/q1", "grade")
    assert MODEL in page
    assert "What I would say" in page
    response = _grade(ada, "alpha/q1", ["1", "3"], note="Say it shorter", topic="alpha")
    assert (response.status_code, response.headers["location"]) == (303, "/review?topic=alpha")
    [grade] = _grades(ada, "alpha/q1")
    assert (grade.score, grade.verdict, grade.note) == (75, Verdict.SOLID, "Say it shorter")
    assert (grade.confidence, grade.interview_id, grade.rep) == (Confidence.FAIRLY_SURE, None, 1)
    assert "Graded “Alpha 1” solid 75 %" in make.plain(_page(ada, "?topic=alpha"))


def test_a_verdict_chosen_by_hand_is_an_override(ada):
    make.review(ada, "alpha/q1", (1,), verdict="easy")
    [grade] = _grades(ada, "alpha/q1")
    assert (grade.proposed, grade.verdict, grade.overridden) == (Verdict.SHAKY, Verdict.EASY, True)


def test_an_open_question_waits_through_a_reload_and_a_restart(ada, settings):
    _reveal(ada, "gamma/q2", text="Half a thought")
    restarted = create_app(settings)
    again = TestClient(restarted, base_url=str(ada.base_url), cookies=ada.cookies)
    for client in (ada, again):
        page = _page(client)
        assert _offered(page) == ("gamma/q2", "grade")
        assert "Half a thought" in page
    restarted.state.database.close()


def test_show_answer_makes_a_visitor_a_guest(ada):
    response = _reveal(ada, "alpha/q1")
    assert response.headers["set-cookie"].startswith("greenroom=")
    assert _offered(_page(ada)) == ("alpha/q1", "grade")


def test_show_answer_as_a_part_brings_the_answer_and_the_cookie(ada):
    response = _reveal(ada, "beta/q3", PART, text="Said", topic="beta")
    assert response.status_code == 200
    assert response.text.strip().startswith('<div id="review"')
    assert _offered(response.text) == ("beta/q3", "grade")
    assert MODEL in response.text
    assert 'name="topic" value="beta"' in response.text
    assert make.user_id(ada)


def test_what_was_typed_is_shown_as_text_and_not_as_html(ada):
    _reveal(ada, "alpha/q1", text="<script>alert(1)</script> & <b>")
    page = _page(ada)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;" in page


@pytest.mark.parametrize("headers", [{}, PART], ids=["page", "part"])
def test_a_confidence_that_does_not_exist_is_refused_with_the_text_back(ada, app, headers):
    response = _reveal(ada, "alpha/q1", headers, text="What I would say", confidence="dead certain")
    assert response.status_code == 422
    assert "How sure you are is one of" in response.text
    assert make.textarea(response.text) == "What I would say"
    assert _offered(response.text) == ("alpha/q1", "reveal")
    assert not any(make.rows(app).values())


def test_no_character_breaks_a_review(ada):
    # "\ud800" in this charset is a lone surrogate, which neither database can store.
    make.multipart(ada, "/review/alpha/q1/reveal", "raw_unicode_escape", text=b"a\x00b \\ud800 c")
    assert _open(ada).text == "a\ufffdb \ufffd c"
    response = make.multipart(ada, "/review/alpha/q1/grade", "raw_unicode_escape", points=b"1", note=b"n\x00 \\udfff o")
    assert response.status_code == 303
    assert _grades(ada, "alpha/q1")[0].note == "n\ufffd \ufffd o"


@pytest.mark.parametrize("step", ["reveal", "grade"])
def test_a_question_that_does_not_exist_is_not_found(ada, app, step):
    make.review(ada, "alpha/q1")
    before = make.rows(app)
    for card in ("alpha/q9", "alpha", "alpha/q1/q1", "undo", "%00"):
        response = ada.post(f"/review/{card}/{step}")
        assert response.status_code == 404, card
        assert make.h1(response.text) == "Nothing here"
    assert make.rows(app) == before


@pytest.mark.parametrize("path", ["/review/alpha/q1/reveal", "/review/alpha/q1/grade", "/review/undo"])
def test_steps_of_the_review_cannot_be_fetched(ada, app, path):
    before = make.rows(app)
    assert ada.get(path).status_code == 405
    assert make.rows(app) == before


@pytest.mark.parametrize(
    "text", ["x" * (65 * 1024), "€" * 22 * 1024, "\n" + "y" * LIMIT], ids=["65 KB", "bytes", "one"]
)
@pytest.mark.parametrize("headers", [{}, PART], ids=["page", "part"])
def test_a_text_above_64_kb_comes_back_with_words(ada, app, text, headers):
    response = _reveal(ada, "alpha/q2", headers, text=text, topic="alpha")
    assert response.status_code == 413
    assert "An answer may hold 64 KB" in response.text
    assert make.textarea(response.text) == text
    assert _offered(response.text) == ("alpha/q2", "reveal"), "the same question, its answer still hidden"
    assert not any(make.rows(app).values())
    assert response.text.lstrip().startswith("<div" if headers else "<!doctype")


def test_a_text_of_exactly_64_kb_is_taken(ada):
    assert _reveal(ada, "alpha/q1", text="ü" * (LIMIT // 2)).status_code == 303
    assert _open(ada).text == "ü" * (LIMIT // 2)


def test_a_text_that_is_refused_leaves_the_open_question_open(ada):
    _reveal(ada, "alpha/q1", text="Open")
    assert _reveal(ada, "alpha/q2", text="x" * 70_000).status_code == 413
    assert (_open(ada).question_id, _open(ada).text) == ("alpha/q1", "Open")


# The grade


def test_a_grade_without_show_answer_changes_nothing(ada, app):
    make.review(ada, "alpha/q1")
    before = make.rows(app)
    assert _grade(ada, "alpha/q2").status_code == 303
    assert make.rows(app) == before


def test_a_grade_for_another_question_than_the_open_one_changes_nothing(ada, app):
    _reveal(ada, "alpha/q1")
    before = make.rows(app)
    assert _grade(ada, "alpha/q2", headers=PART).status_code == 200
    assert make.rows(app) == before
    assert _offered(_page(ada)) == ("alpha/q1", "grade")


def test_a_double_click_on_save_counts_once(ada, app):
    make.review(ada, "alpha/q1")
    before = make.rows(app)
    assert _grade(ada, "alpha/q1", []).status_code == 303
    response = _grade(ada, "alpha/q1", [], headers=PART)
    assert response.status_code == 200
    assert _number(response.text) == "1", "the answer to the second click replaces that to the first, its undo included"
    assert make.rows(app) == before


def test_a_question_opened_in_another_tab_meanwhile_does_not_lose_the_grade_of_the_first(ada):
    # At most one question is open; the form says how often its own had been graded when it was drawn.
    first = _reveal(ada, "alpha/q1", PART).text
    _reveal(ada, "beta/q1", PART)
    rep = re.search(r'name="rep" value="(\d+)"', first)[1]
    for _ in range(2):
        _grade(ada, "alpha/q1", ["1"], rep=rep)
    assert [grade.score for grade in _grades(ada, "alpha/q1")] == [50]
    assert _open(ada).question_id == "beta/q1"


def test_a_second_click_on_a_form_that_counts_reps_counts_once(ada):
    for _ in range(2):
        form = _reveal(ada, "alpha/q1", PART).text
        rep = re.search(r'name="rep" value="(\d+)"', form)[1]
        for _ in range(2):
            _grade(ada, "alpha/q1", rep=rep)
    assert [grade.rep for grade in _grades(ada, "alpha/q1")] == [1, 2]


@pytest.mark.parametrize("rep", ["abc", "-1", "7", str(10**30)])
def test_a_count_that_does_not_fit_grades_nothing(ada, app, rep):
    make.review(ada, "alpha/q1")
    before = make.rows(app)
    assert _grade(ada, "alpha/q2", rep=rep).status_code in (303, 422)
    assert make.rows(app) == before


def test_grades_from_two_tabs_at_the_same_time_count_once(ada):
    _reveal(ada, "alpha/q1")
    tabs = [make.tab(ada) for _ in range(4)]
    answers = make.at_once(*(lambda tab=tab: _grade(tab, "alpha/q1") for tab in tabs))
    assert [answer.status_code for answer in answers] == [303] * 4
    assert len(_grades(ada, "alpha/q1")) == 1
    assert _state(ada)[1]["alpha"].answered == 1


def test_a_graded_question_is_replaced_by_the_next_one_and_an_undo(ada, time):
    make.graded_interview(ada)
    time.forward(days=1)
    first = _offered(_page(ada))[0]
    _reveal(ada, first, PART)
    response = _grade(ada, first, ["1"], PART)
    assert response.status_code == 200
    assert response.text.strip().startswith('<div id="review"')
    second, step = _offered(response.text)
    assert (step, second != first) == ("reveal", True)
    assert "shaky 50 %" in make.plain(response.text)
    assert _number(response.text)
    assert "2 questions left" in make.plain(response.text)


def test_the_last_grade_of_the_queue_says_so(ada, time):
    make.graded_interview(ada, count="1")
    time.forward(days=1)
    card = _offered(_page(ada))[0]
    _reveal(ada, card, PART)
    response = _grade(ada, card, headers=PART)
    assert "Nothing is due" in response.text
    assert _number(response.text), "the last one can be taken back as well"


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"points": ["1", "4"]}, "does not belong to this question"),
        ({"points": ["1", "0"]}, "does not belong to this question"),
        ({"points": ["1", "-2"]}, "does not belong to this question"),
        ({"points": ["1", "²"]}, "does not belong to this question"),
        ({"points": ["1", "two"]}, "does not belong to this question"),
        ({"points": ["1", "9" * 5000]}, "does not belong to this question"),
        ({"points": ["1"], "verdict": "perfect"}, "one of missed, shaky, solid or easy"),
        ({"points": ["1"], "verdict": "Solid"}, "one of missed, shaky, solid or easy"),
    ],
)
@pytest.mark.parametrize("headers", [{}, PART], ids=["page", "part"])
def test_a_grade_that_cannot_be_used_comes_back_with_its_ticks_and_its_note(ada, app, form, words, headers):
    _reveal(ada, "alpha/q1", text="Said")
    before = make.rows(app)
    response = ada.post("/review/alpha/q1/grade", data=form | {"note": " my <note>"}, headers=headers)
    assert response.status_code == 422
    assert words in response.text
    assert re.findall(r'name="points" value="(\d)"[^>]* checked', response.text) == ["1"]
    assert make.textarea(response.text, "note") == " my <note>"
    assert _offered(response.text) == ("alpha/q1", "grade")
    assert make.rows(app) == before


def test_a_chosen_verdict_comes_back_with_wrong_points(ada):
    _reveal(ada, "alpha/q1")
    response = _grade(ada, "alpha/q1", ["7"], verdict="easy")
    assert re.findall(r'name="verdict" value="(\w+)"[^>]* checked', response.text) == ["easy"]


def test_a_note_that_is_too_long_comes_back_whole(ada, app):
    _reveal(ada, "alpha/q1")
    before = make.rows(app)
    response = _grade(ada, "alpha/q1", note="n" * 2001)
    assert response.status_code == 422
    assert "this one has 2001" in response.text
    assert make.textarea(response.text, "note") == "n" * 2001
    assert make.rows(app) == before
    assert _grade(ada, "alpha/q1", note="n" * 2000).status_code == 303


def test_more_ticks_than_a_form_has_are_refused(ada, app):
    _reveal(ada, "alpha/q1")
    before = make.rows(app)
    response = _grade(ada, "alpha/q1", ["1"] * 21)
    assert response.status_code == 422
    assert "points" in response.text
    assert make.rows(app) == before


# Somebody else


def test_a_stranger_sees_nothing_of_somebody_elses_review(ada, cy, time):
    make.graded_interview(ada)
    time.forward(days=1)
    _reveal(ada, "alpha/q1", text="What ada said")
    for client in (cy, make.with_cookie(ada, "forged"), make.with_cookie(ada, "expired")):
        page = _page(client)
        assert "Nothing to review yet" in page
        assert "What ada said" not in page
        assert _offered(page) is None


@pytest.mark.parametrize("kind", make.COOKIES_REFUSED)
@pytest.mark.parametrize("path", ["/review/alpha/q1/grade", "/review/undo"])
def test_without_a_valid_cookie_nothing_can_be_graded_or_undone(ada, app, path, kind):
    make.review(ada, "beta/q1")
    _reveal(ada, "alpha/q1")
    before = make.rows(app)
    response = make.with_cookie(ada, kind).post(path, data={"points": ["1"]})
    assert response.status_code == 401
    assert make.h1(response.text) == "We do not know this browser any more"
    assert make.rows(app) == before


def test_a_stranger_cannot_grade_what_somebody_else_has_open(ada, cy):
    make.review(cy, "beta/q1")
    _reveal(ada, "alpha/q1", text="What ada said")
    response = _grade(cy, "alpha/q1", headers=PART)
    assert "What ada said" not in response.text
    assert set(_state(cy)[0]) == {"beta/q1"}
    assert _open(ada).text == "What ada said"


def test_the_same_question_has_a_card_of_its_own_for_everybody(ada, cy):
    make.review(ada, "alpha/q1", verdict="easy")
    make.review(cy, "alpha/q1", (), verdict="missed")
    assert _state(ada)[0]["alpha/q1"].verdict is Verdict.EASY
    assert _state(cy)[0]["alpha/q1"].verdict is Verdict.MISSED


def test_a_stranger_cannot_undo_somebody_elses_grade(ada, cy):
    make.review(ada, "alpha/q1")
    make.review(ada, "alpha/q2")
    make.review(cy, "beta/q1")
    before = _state(ada)
    assert _undo(cy, grade="2").status_code == 303
    assert _state(ada) == before
    assert set(_state(cy)[0]) == {"beta/q1"}, "the number names none of cy's grades"


# Undo


def test_undo_takes_back_the_grade_that_the_page_names(ada):
    make.review(ada, "alpha/q1")
    before = _state(ada)
    make.review(ada, "alpha/q2", (1,))
    number = _number(_page(ada))
    response = _undo(ada, grade=number)
    assert (response.status_code, response.headers["location"]) == (303, "/review")
    assert _state(ada) == before
    assert _grades(ada, "alpha/q2") == []


@pytest.mark.parametrize("verdict", list(Verdict))
def test_undo_restores_card_and_topic_score_exactly(ada, time, verdict):
    for card, points in [("alpha/q1", (1,)), ("alpha/q2", ()), ("alpha/q1", (1, 2)), ("alpha/q1", (3,))]:
        make.review(ada, card, points)
        time.forward(days=2, hours=7, microseconds=123_457)
    before = _state(ada)
    make.review(ada, "alpha/q1", (1, 2, 3), verdict=verdict)
    assert _state(ada) != before
    _undo(ada, grade=_number(_page(ada)))
    assert _state(ada) == before


def test_a_question_that_was_new_is_new_again_after_undo(ada):
    make.review(ada, "alpha/q1")
    _undo(ada)
    assert _state(ada) == ({}, {})
    assert "Nothing to review yet" in _page(ada)


def test_the_same_undo_twice_takes_back_one_grade(ada):
    make.review(ada, "alpha/q1")
    make.review(ada, "alpha/q2")
    number = _number(_page(ada))
    _undo(ada, grade=number)
    once = _state(ada)
    response = _undo(ada, grade=number)
    assert response.status_code == 303
    assert _state(ada) == once
    assert set(once[0]) == {"alpha/q1"}


def test_undo_can_go_back_step_by_step(ada):
    empty = ({}, {})
    make.review(ada, "alpha/q1")
    one = _state(ada)
    make.review(ada, "beta/q1")
    two = _state(ada)
    make.review(ada, "alpha/q1", ())
    for expected in (two, one, empty):
        _undo(ada, grade=_number(_page(ada)))
        assert _state(ada) == expected
    assert _number(_page(ada)) is None


def test_undo_with_a_stale_number_changes_nothing(ada, app):
    make.review(ada, "alpha/q1")
    stale = _number(_page(ada))
    make.review(ada, "alpha/q2")
    before = make.rows(app)
    for number in (stale, "99", "-1", "0"):
        assert _undo(ada, grade=number).status_code == 303
        assert make.rows(app) == before


def test_undo_of_a_taken_back_number_does_not_hit_the_grade_given_after_it(ada):
    make.review(ada, "alpha/q1")
    number = _number(_page(ada))
    _undo(ada, grade=number)
    make.review(ada, "alpha/q2")
    before = _state(ada)
    _undo(ada, grade=number)
    assert _state(ada) == before


@pytest.mark.parametrize("number", ["abc", "1.5", "²"])
def test_undo_of_something_that_is_no_number_is_refused(ada, app, number):
    make.review(ada, "alpha/q1")
    before = make.rows(app)
    assert _undo(ada, grade=number).status_code == 422
    assert make.rows(app) == before


def test_undo_of_a_number_beyond_all_integers_changes_nothing(ada, app):
    make.review(ada, "alpha/q1")
    before = make.rows(app)
    assert _undo(ada, grade=str(10**30)).status_code in (303, 422)
    assert make.rows(app) == before


def test_undo_without_any_grade_is_harmless(ada, app):
    _reveal(ada, "alpha/q1")
    before = make.rows(app)
    assert _undo(ada).status_code == 303
    assert make.rows(app) == before


def test_undo_of_an_interview_grade_leads_back_to_its_debrief(ada):
    interview = make.start(ada)
    make.submit(ada, interview)
    make.grade(ada, interview, 1, [1, 2, 3])
    before = _state(ada)
    make.grade(ada, interview, 2, [1])
    number = _number(ada.get(f"/interviews/{interview}/debrief").text)
    response = _undo(ada, grade=number)
    assert response.status_code == 303
    assert response.headers["location"] == f"/interviews/{interview}/debrief?item=2"
    assert _state(ada) == before
    page = ada.get(response.headers["location"]).text
    assert "1 of 3 graded" in page
    assert 'aria-label="Question 2, not graded"' in page


def test_undo_as_a_part_sends_the_browser_where_the_grade_was_given(ada):
    interview = make.graded_interview(ada, count="1")
    response = _undo(ada, PART)
    assert response.status_code == 204
    assert response.headers["hx-redirect"] == f"/interviews/{interview}/debrief?item=1"
    make.review(ada, "alpha/q1")
    assert _undo(ada, PART).headers["hx-redirect"] == "/review"


def test_a_grade_taken_back_counts_for_the_days_limit_no_more(ada, app, time):
    make.graded_interview(ada)
    app.state.settings = app.state.settings.model_copy(update={"reviews_per_day": 1})
    time.forward(days=1)
    card = _offered(_page(ada))[0]
    make.review(ada, card)
    assert _offered(_page(ada)) is None
    _undo(ada)
    assert _offered(_page(ada)) == (card, "reveal")


# The queue


def test_unseen_questions_of_weak_topics_follow_the_due_ones(ada, time):
    make.graded_interview(ada, [], scope="chosen", topic=["alpha"])
    assert "new to you · 1 question left" in make.plain(_page(ada)), "nothing is due yet, alpha's fourth is unseen"
    time.forward(hours=1)
    reasons = []
    while offered := _offered(page := _page(ada)):
        reasons.append(re.search(r"(due|new to you) ·", make.plain(page))[1])
        make.review(ada, offered[0], (1,), verdict="easy")
    assert reasons == ["due", "due", "due", "new to you"]


def test_topics_that_are_not_weak_bring_nothing_new(ada, time):
    make.graded_interview(ada, scope="chosen", topic=["alpha"])
    time.forward(minutes=1)
    assert "Nothing is due" in _page(ada)


def test_the_days_limit_cuts_the_queue_and_a_new_day_brings_the_rest(ada, app, time):
    make.graded_interview(ada, count="5")
    app.state.settings = app.state.settings.model_copy(update={"reviews_per_day": 3, "new_cards_per_day": 0})
    time.forward(days=20)
    assert "3 questions left" in make.plain(_page(ada))
    seen = []
    while offered := _offered(_page(ada)):
        seen.append(offered[0])
        make.review(ada, offered[0], verdict="easy")
    assert len(seen) == 3
    page = make.plain(_page(ada))
    assert "Enough for today" in page
    assert "2 questions wait until tomorrow" in page
    time.forward(days=1)
    rest = []
    while offered := _offered(_page(ada)):
        rest.append(offered[0])
        make.review(ada, offered[0], verdict="easy")
    assert len(rest) == 2
    assert not set(rest) & set(seen)


def test_the_day_ends_at_midnight(ada, app, time):
    make.graded_interview(ada)
    app.state.settings = app.state.settings.model_copy(update={"reviews_per_day": 1})
    time.forward(days=1, hours=11, minutes=59)
    make.review(ada, _offered(_page(ada))[0], verdict="easy")
    assert _offered(_page(ada)) is None
    time.forward(minutes=1)
    assert _offered(_page(ada))


def test_new_questions_have_a_limit_of_their_own(ada, app):
    make.graded_interview(ada, [], count="3", scope="chosen", topic=["alpha"])
    app.state.settings = app.state.settings.model_copy(update={"new_cards_per_day": 0})
    assert _offered(_page(ada)) is None
    app.state.settings = app.state.settings.model_copy(update={"new_cards_per_day": 1})
    assert _offered(_page(ada))


def test_mocks_do_not_use_up_the_days_reviews(ada, app, time):
    make.graded_interview(ada, count="2")
    app.state.settings = app.state.settings.model_copy(update={"reviews_per_day": 1})
    time.forward(days=1)
    make.graded_interview(ada, count="2")
    time.forward(hours=1)
    assert _offered(_page(ada))


# The drill


def test_a_question_left_open_elsewhere_waits_while_another_topic_is_drilled(ada):
    _reveal(ada, "alpha/q1", text="Half a thought")
    assert _offered(_page(ada, "?topic=beta")) == ("beta/q1", "reveal")
    assert _offered(_page(ada, "?topic=alpha")) == ("alpha/q1", "grade")
    assert _offered(_page(ada)) == ("alpha/q1", "grade")


def test_a_drill_goes_through_one_topic_and_ends(ada):
    assert _drill(ada, "beta") == ["beta/q1", "beta/q2", "beta/q3", "beta/q4"]
    page = _page(ada, "?topic=beta")
    assert "This topic is done for today" in page
    assert make.h1(page) == "Drill: Beta"


def test_a_drill_begins_with_what_is_due_and_ends_with_the_weakest_of_the_rest(ada, time):
    make.review(ada, "alpha/q4", (1,), verdict="easy")
    make.review(ada, "alpha/q3", (1, 2, 3), verdict="easy")
    make.review(ada, "alpha/q2", (), verdict="missed")
    time.forward(hours=13)
    assert _drill(ada) == ["alpha/q2", "alpha/q1", "alpha/q4", "alpha/q3"]


def test_a_drill_goes_on_beyond_the_days_limits(ada, app):
    app.state.settings = app.state.settings.model_copy(update={"reviews_per_day": 1, "new_cards_per_day": 0})
    assert len(_drill(ada)) == 4


def test_a_drill_as_parts_stays_in_its_topic(ada):
    _reveal(ada, "gamma/q1", PART, topic="gamma")
    response = _grade(ada, "gamma/q1", headers=PART, topic="gamma")
    assert _offered(response.text) == ("gamma/q2", "reveal")
    assert 'name="topic" value="gamma"' in response.text


def test_a_topic_that_does_not_exist_drills_nothing(ada, time):
    make.graded_interview(ada, count="1")
    time.forward(days=1)
    page = _page(ada, "?topic=nowhere")
    assert make.plain(page).count("due ·") == 1
    assert "Drill:" not in page


@pytest.mark.parametrize("topic", ["//evil.example", "a\r\nSet-Cookie: x=1", "x?y=1&z", "https://evil.example"])
def test_a_topic_from_a_form_cannot_lead_anywhere_else(ada, topic):
    response = _reveal(ada, "alpha/q1", topic=topic)
    assert response.headers["location"] == "/review"


# Leeches


def test_a_question_missed_for_the_eighth_and_the_twelfth_time_is_pointed_out(ada, time):
    make.review(ada, "alpha/q1", verdict="easy")
    noticed = {}
    for lapses in range(14):
        time.forward(days=300)
        page = _page(ada)
        assert _offered(page) == ("alpha/q1", "reveal")
        if found := re.search(r"You have missed this one (\d+) times", page):
            noticed[lapses] = int(found[1])
        make.review(ada, "alpha/q1", (), verdict="missed")
        time.forward(hours=1)
        make.review(ada, "alpha/q1", verdict="easy")
    assert noticed == {8: 8, 12: 12}


# What it costs


def _many(client, time):
    for topic in make.TOPICS:
        for _ in range(4):
            make.graded_interview(client, count="4", scope="chosen", topic=[topic])
            time.forward(days=1)


def test_the_page_takes_as_many_statements_with_long_as_with_short_history(ada, time, statements):
    make.graded_interview(ada, count="1")
    time.forward(days=1)
    with statements() as first:
        _page(ada)
    _many(ada, time)
    with statements() as later:
        _page(ada)
    assert len(later) == len(first) <= 6
    assert all(statement.lstrip().startswith("SELECT") for statement in later), "a GET never writes"


def test_a_step_of_the_review_takes_ten_statements_at_most_whatever_the_history(ada, time, statements):
    costs = []
    for history in (lambda: make.graded_interview(ada, count="1"), lambda: _many(ada, time)):
        history()
        time.forward(days=40)
        card = _offered(_page(ada))[0]
        with statements() as reveal:
            _reveal(ada, card, PART)
        with statements() as grade:
            _grade(ada, card, headers=PART)
        costs.append((len(reveal), len(grade)))
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 10, costs[0]


def test_an_undo_takes_as_many_statements_with_long_as_with_short_history(ada, time, statements):
    make.review(ada, "alpha/q1")
    make.review(ada, "alpha/q1")
    with statements() as first:
        _undo(ada)
    _many(ada, time)
    make.review(ada, "alpha/q1")
    with statements() as later:
        _undo(ada)
    assert len(later) == len(first) <= 8


def test_a_long_interval_of_years_is_no_problem(ada, time):
    make.review(ada, "alpha/q1", verdict="easy")
    for _ in range(6):
        time.forward(days=3000)
        make.review(ada, "alpha/q1", verdict="easy")
    assert _state(ada)[0]["alpha/q1"].due_at - time.now < timedelta(days=36501)
    assert ada.get("/topics/alpha").status_code == 200
