"""GET /: the one thing to do next, in every state a visitor can be in."""

import re

import pytest

from tests import make

RESUME = "Resume interview"


def _home(client):
    response = client.get("/")
    assert response.status_code == 200
    return response.text


def _links(html):
    """Where the buttons of the page's main section lead."""
    return re.findall(r'<a class="button[^"]*" href="([^"]+)"', html.partition("<main")[2])


def test_a_new_visitor_is_invited_to_a_first_mock(ada):
    page = _home(ada)
    assert make.h1(page) == "Rehearse your technical interview"
    assert _links(page)[0] == "/interviews/new"
    assert "12 questions in 3 topics" in make.plain(page)
    assert RESUME not in page


def test_looking_at_the_page_makes_nobody_a_user(ada, app):
    before = make.rows(app)
    response = ada.get("/")
    assert "set-cookie" not in response.headers
    assert make.rows(app) == before


def test_a_running_interview_comes_first_with_the_time_left(ada, time):
    interview = make.start(ada)
    time.forward(minutes=3, seconds=55)
    page = _home(ada)
    assert "Your interview is running" in page
    assert f'href="/interviews/{interview}">{RESUME}' in page
    assert "6:05 left" in make.plain(page)
    assert "Question 1 is open" in page


def test_the_open_question_is_named(ada):
    interview = make.start(ada)
    make.answer(ada, interview, 1, "An answer")
    assert "Question 2 is open" in _home(ada)


def test_of_two_running_interviews_the_newer_one_is_offered(ada, time):
    make.start(ada)
    time.forward(minutes=1)
    newer = make.start(ada)
    assert f'href="/interviews/{newer}">{RESUME}' in _home(ada)


def test_a_paused_interview_stands_still(ada, time):
    interview = make.start(ada, mode="relaxed")
    time.forward(minutes=2)
    ada.post(f"/interviews/{interview}/pause")
    time.forward(hours=5)
    page = _home(ada)
    assert "Your interview is paused" in page
    assert "8:00 left" in make.plain(page)
    assert f'href="/interviews/{interview}">{RESUME}' in page


def test_a_relaxed_interview_past_its_time_can_still_be_finished(ada, time):
    interview = make.start(ada, mode="relaxed")
    time.forward(minutes=10, seconds=1)
    page = _home(ada)
    assert "The planned time is over" in page
    assert 'role="timer"' not in page, "nothing is left to count down"
    assert f'href="/interviews/{interview}">{RESUME}' in page


@pytest.mark.parametrize("later", [{"minutes": 10}, {"days": 7}])
def test_an_exam_whose_time_ran_out_unattended_waits_for_its_grades(ada, time, later):
    interview = make.start(ada)
    make.answer(ada, interview, 2, "An answer")
    time.forward(**later)
    page = _home(ada)
    assert make.h1(page) == "Grade your last interview"
    assert _links(page)[0] == f"/interviews/{interview}/debrief"
    assert RESUME not in page


def test_an_exam_runs_until_its_very_deadline(ada, time):
    make.start(ada)
    time.forward(minutes=9, seconds=59, milliseconds=999)
    assert RESUME in _home(ada)


def test_an_interview_handed_in_waits_for_its_grades_until_the_last_one(ada):
    interview = make.start(ada)
    for number in (1, 3):
        make.answer(ada, interview, number, "An answer")
    make.submit(ada, interview)
    for number in (1, 3):
        assert make.h1(_home(ada)) == "Grade your last interview"
        make.grade(ada, interview, number, [1, 2, 3])
    assert make.h1(_home(ada)) == "Ready for the next mock?", "the blank one scores 0 without a grade"


def test_an_interview_left_blank_does_not_nag_for_grades(ada):
    make.submit(ada, make.start(ada))
    assert make.h1(_home(ada)) == "Rehearse your technical interview"


def test_reviews_that_are_due_are_offered_beside_the_grading(ada, time):
    make.graded_interview(ada)
    interview = make.start(ada)
    make.answer(ada, interview, 1, "An answer")
    make.submit(ada, interview)
    time.forward(days=1)
    page = _home(ada)
    assert make.h1(page) == "Grade your last interview"
    assert _links(page)[:2] == [f"/interviews/{interview}/debrief", "/review"]
    assert "Review 3 first" in page


def test_a_running_interview_comes_before_an_ungraded_one(ada):
    done = make.start(ada)
    make.answer(ada, done, 1, "An answer")
    make.submit(ada, done)
    interview = make.start(ada)
    assert _links(_home(ada))[0] == f"/interviews/{interview}"


def test_with_everything_graded_and_nothing_due_the_next_mock_is_offered(ada):
    make.graded_interview(ada)
    page = _home(ada)
    assert make.h1(page) == "Ready for the next mock?"
    assert "Nothing is due" in page
    assert _links(page)[0] == "/interviews/new"


@pytest.mark.parametrize(("count", "words"), [("1", "1 question to review"), ("3", "3 questions to review")])
def test_what_is_due_is_offered_for_review(ada, time, count, words):
    make.graded_interview(ada, count=count)
    time.forward(days=1)
    page = _home(ada)
    assert make.h1(page) == words
    assert _links(page)[0] == "/review"


def test_unseen_questions_of_a_weak_topic_count_as_review(ada):
    # Three misses make alpha weak; they are due again within minutes, its fourth question is new.
    make.graded_interview(ada, [], scope="chosen", topic=["alpha"])
    assert make.h1(_home(ada)) == "1 question to review"


def test_the_days_limit_cuts_the_review_that_is_announced(ada, app, time):
    for topic in make.TOPICS:
        make.graded_interview(ada, count="4", scope="chosen", topic=[topic])
    app.state.settings = app.state.settings.model_copy(update={"reviews_per_day": 5})
    time.forward(days=30)
    assert make.h1(_home(ada)) == "5 questions to review"


def test_practised_topics_show_where_one_stands(ada):
    make.graded_interview(ada, scope="chosen", topic=["beta"], count="2")
    stand = make.plain(_home(ada).partition("Where you stand")[2])
    assert stand.startswith("Beta 50 % not enough data")
    assert "Alpha" not in stand


def test_a_topic_with_three_graded_answers_is_known_and_may_be_weak(ada):
    make.graded_interview(ada, [1], scope="chosen", topic=["beta"], count="4")
    page = _home(ada)
    assert "not enough data" not in page
    assert "Beta 50 %" in make.plain(page)
    assert 'href="/interviews/new?scope=weak"' in page


def test_the_start_page_of_a_stranger_shows_nothing_of_it(ada, cy, time):
    interview = make.graded_interview(ada, [1], scope="chosen", topic=["beta"])
    make.start(ada)
    time.forward(minutes=1)
    for client in (cy, make.with_cookie(ada, "forged")):
        page = _home(client)
        assert make.h1(page) == "Rehearse your technical interview"
        assert interview not in page
        assert "Where you stand" not in page


def test_the_page_is_whole_even_when_a_part_is_asked_for(ada):
    # There is no block of it that anything replaces; a part would leave htmx with half a page.
    page = ada.get("/", headers={"HX-Request-Type": "partial"})
    assert page.status_code == 200
    assert page.text.startswith("<!doctype html>")


def test_nothing_can_be_posted_here(ada):
    response = ada.post("/")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET"


def test_the_page_takes_few_statements_whatever_the_history(ada, app, statements):
    make.graded_interview(ada, count="1")
    with statements() as first:
        _home(ada)
    for _ in range(4):
        make.graded_interview(ada, count="10")
    with statements() as later:
        _home(ada)
    assert 0 < len(later) <= 8
    assert len(later) == len(first)
    assert all(statement.lstrip().startswith("SELECT") for statement in later), "a GET never writes"
