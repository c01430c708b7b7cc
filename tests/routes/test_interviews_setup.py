"""GET /interviews, GET /interviews/new, POST /interviews: the list, the set-up page, and starting."""

import re
from datetime import timedelta
from html import unescape

import pytest
from starlette.testclient import TestClient

from app.domain.clock import Mode
from tests import make

PARTIAL = {"HX-Request-Type": "partial"}
FORM = {
    "scope": "all",
    "level": ["intro", "core", "advanced"],
    "preset": "own",
    "count": "3",
    "minutes": "10",
    "mode": "exam",
    "seed": "",
}


def _beside(html: str, field: str) -> str:
    """The words that stand beside a field of the set-up form."""
    found = re.search(rf'<p class="wrong" id="{field}-wrong">(.*?)</p>', html, re.DOTALL)
    return unescape(found[1]) if found else ""


def _value(html: str, field: str) -> str:
    """What stands in an input of the set-up form."""
    found = re.search(rf'<input id="{field}"[^>]* value="([^"]*)"', html)
    assert found, f"no input {field}"
    return unescape(found[1])


def _ticked(html: str, name: str) -> set[str]:
    return set(re.findall(rf'name="{name}" value="([^"]*)" checked', html))


def _timer(html: str) -> str:
    found = re.search(r'role="timer"[^>]*>([^<]*)<', html)
    assert found, "no timer"
    return found[1]


def _empty(app) -> bool:
    return not any(make.rows(app).values())


# GET /interviews


def test_somebody_new_finds_an_empty_list_with_a_way_to_start(ada):
    page = ada.get("/interviews")
    assert page.status_code == 200
    assert "No mock yet" in page.text
    assert 'href="/interviews/new"' in page.text


def test_a_running_interview_is_listed_with_its_time_left_and_leads_to_the_room(ada, time):
    interview = make.start(ada, mode="relaxed")
    time.forward(minutes=4)
    page = ada.get("/interviews").text
    assert f'href="/interviews/{interview}"' in page
    assert "3 questions · relaxed" in page
    assert "running" in page
    assert "6 min left" in page


def test_an_interview_that_waits_for_grades_says_how_many_it_has(ada):
    interview = make.start(ada)
    for number in (1, 2, 3):
        make.answer(ada, interview, number, f"answer {number}")
    make.submit(ada, interview)
    make.grade(ada, interview, 2, [1])
    page = ada.get("/interviews").text
    assert "1 of 3 graded" in page
    assert f'href="/interviews/{interview}"' in page


def test_a_graded_interview_is_listed_with_its_score_and_leads_to_the_report(ada):
    interview = make.graded_interview(ada, points=[1])
    page = ada.get("/interviews").text
    assert f'href="/interviews/{interview}/report"' in page
    assert "50<small> %</small>" in page


def test_the_newest_interview_stands_first(ada, time):
    started = []
    for _ in range(3):
        started.append(make.start(ada))
        time.forward(hours=1)
    listed = re.findall(r'class="row" href="/interviews/([0-9a-z]+)', ada.get("/interviews").text)
    assert listed == started[::-1]


def test_the_list_shows_nothing_of_somebody_else(ada, cy):
    interview = make.graded_interview(ada)
    make.start(cy)
    assert interview in ada.get("/interviews").text
    assert interview not in cy.get("/interviews").text
    assert cy.get("/interviews").text.count('class="row"') == 1


def test_the_list_is_a_whole_page_for_htmx_too(ada):
    make.start(ada)
    page = ada.get("/interviews", headers=PARTIAL)
    assert page.status_code == 200
    assert "<main" in page.text


@pytest.mark.parametrize("path", ["/interviews", "/interviews/new"])
def test_a_page_sends_as_many_statements_for_six_interviews_as_for_one(ada, statements, path):
    make.graded_interview(ada)
    with statements() as with_one:
        assert ada.get(path).status_code == 200
    for _ in range(5):
        make.graded_interview(ada)
    with statements() as with_six:
        assert ada.get(path).status_code == 200
    assert 0 < len(with_six) == len(with_one) <= 8


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("DELETE", "/interviews", "GET"), ("PUT", "/interviews", "GET"), ("POST", "/interviews/new", "GET")],
)
def test_the_wrong_method_is_refused_with_words(ada, method, path, allowed):
    page = ada.request(method, path)
    assert page.status_code == 405
    assert allowed in page.headers["allow"]
    assert f"This address does not take {method} requests" in page.text


# GET /interviews/new


def test_the_set_up_page_opens_with_choices_that_can_be_started_at_once(ada, app):
    page = ada.get("/interviews/new")
    assert page.status_code == 200
    assert "Start interview" in page.text
    assert 'class="wrong"' not in page.text
    assert _ticked(page.text, "preset") == {"5-10"}
    assert _ticked(page.text, "scope") == {"all"}
    assert _ticked(page.text, "level") == {"intro", "core", "advanced"}
    assert _ticked(page.text, "mode") == {"exam"}
    assert "10 min" in page.text
    assert "5 questions, chosen from 12 that match" in page.text


def test_opening_the_set_up_page_makes_no_guest(ada, app):
    page = ada.get("/interviews/new")
    assert "set-cookie" not in page.headers
    assert _empty(app)


def test_the_address_can_say_what_is_chosen(ada):
    page = ada.get("/interviews/new?scope=chosen&topic=beta&topic=gamma&level=core&mode=relaxed&count=2&seed=7").text
    assert _ticked(page, "scope") == {"chosen"}
    assert _ticked(page, "topic") == {"beta", "gamma"}
    assert _ticked(page, "level") == {"core"}
    assert _ticked(page, "mode") == {"relaxed"}
    assert _ticked(page, "preset") == {"own"}
    assert (_value(page, "count"), _value(page, "seed")) == ("2", "7")
    assert "2 questions, chosen from 4 that match" in page


def test_a_change_of_a_choice_brings_only_the_summary(ada):
    page = ada.get("/interviews/new", params=FORM | {"scope": "chosen", "topic": "alpha"}, headers=PARTIAL)
    assert page.status_code == 200
    assert page.text.strip().startswith('<div id="summary"')
    assert "<form" not in page.text
    assert "3 questions, chosen from 4 that match" in page.text


def test_the_summary_adds_up_the_questions_own_times_where_no_minutes_are_given(ada):
    # Intro 90 s, core 120 s twice, advanced 180 s in each of three topics: 25 min 30 s for all twelve.
    page = ada.get("/interviews/new", params=FORM | {"count": "12", "minutes": ""}, headers=PARTIAL)
    assert re.search(r"about\s+2[56] min", page.text)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"scope": "chosen"}, "Tick at least one topic"),
        ({"level": []}, "Tick at least one level"),
        ({"count": "13"}, "Only 12 questions match"),
        ({"minutes": "0"}, "Give whole minutes from 1 to 240"),
        ({"scope": "weak"}, "No topic is weak yet"),
        ({"preset": "20-40"}, "Only 12 questions match"),
    ],
)
def test_the_summary_says_what_is_impossible_before_the_start(ada, changes, words):
    page = ada.get("/interviews/new", params=FORM | changes, headers=PARTIAL)
    assert page.status_code == 200
    assert words in page.text


def test_nothing_is_marked_wrong_for_somebody_who_only_opened_the_page(ada):
    page = ada.get("/interviews/new?scope=weak")
    assert page.status_code == 200
    assert 'class="wrong"' not in page.text


# POST /interviews


def test_starting_leads_to_the_room(ada):
    interview = make.start(ada)
    page = ada.get(f"/interviews/{interview}")
    assert page.status_code == 200
    assert "Question 1 of 3" in page.text


def test_htmx_is_led_to_the_room_by_a_header(ada):
    response = ada.post("/interviews", data=FORM, headers=PARTIAL)
    assert response.status_code == 204
    assert re.fullmatch(r"/interviews/[0-9a-z]{10}", response.headers["hx-redirect"])


@pytest.mark.parametrize(
    ("changes", "questions", "time_left"),
    [
        ({"preset": "5-10"}, 5, "10:00"),
        ({"preset": "10-20"}, 10, "20:00"),
        ({"count": "1", "minutes": "1"}, 1, "1:00"),
        ({"count": "12", "minutes": "240"}, 12, "4:00:00"),
        ({"count": "12", "minutes": ""}, 12, "25:30"),
        ({"count": " 4 ", "minutes": " 8 "}, 4, "8:00"),
    ],
)
def test_an_interview_has_the_length_that_was_chosen(ada, changes, questions, time_left):
    interview = make.start(ada, **changes)
    page = ada.get(f"/interviews/{interview}").text
    assert f"Question 1 of {questions}" in page
    assert _timer(page) == time_left


@pytest.mark.parametrize("mode", list(Mode))
def test_an_interview_has_the_mode_that_was_chosen(ada, mode):
    interview = make.start(ada, mode=mode)
    assert make.stored(ada, interview).clock.mode is mode


def test_only_chosen_topics_and_levels_are_asked(ada):
    interview = make.start(ada, scope="chosen", topic=["alpha", "gamma"], level=["core"], count="4")
    asked = {item.question_id for item in make.stored(ada, interview).items}
    assert asked == {"alpha/q2", "alpha/q3", "gamma/q2", "gamma/q3"}


def test_weak_topics_are_those_whose_answers_did_not_hold(ada):
    make.graded_interview(ada, points=[], scope="chosen", topic="beta", count="4")
    interview = make.start(ada, scope="weak", count="4")
    assert {item.topic for item in make.stored(ada, interview).items} == {"beta"}


def test_the_same_seed_asks_the_same_questions_of_anybody(ada, cy):
    make.start(ada)  # what was asked before must not matter where a seed is given
    first, second = make.start(ada, seed="7", count="5"), make.start(cy, seed="7", count="5")
    asked = [[item.question_id for item in make.stored(ada, first).items]]
    asked.append([item.question_id for item in make.stored(cy, second).items])
    assert asked[0] == asked[1]


def test_questions_not_asked_yet_come_first(ada):
    first, second = make.start(ada, count="6"), make.start(ada, count="6")
    asked = [{item.question_id for item in make.stored(ada, interview).items} for interview in (first, second)]
    assert not asked[0] & asked[1]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"minutes": "0"}, "minutes", "Give whole minutes from 1 to 240"),
        ({"minutes": "-5"}, "minutes", "Give whole minutes from 1 to 240"),
        ({"minutes": "10000"}, "minutes", "Give whole minutes from 1 to 240"),
        ({"minutes": "241"}, "minutes", "Give whole minutes from 1 to 240"),
        ({"minutes": "abc"}, "minutes", "Give whole minutes from 1 to 240"),
        ({"minutes": "1.5"}, "minutes", "Give whole minutes from 1 to 240"),
        ({"minutes": "²"}, "minutes", "Give whole minutes from 1 to 240"),
        ({"minutes": "a\x00b"}, "minutes", "Give whole minutes from 1 to 240"),
        ({"count": "0"}, "count", "Give a whole number of questions from 1 to 50"),
        ({"count": "-1"}, "count", "Give a whole number of questions from 1 to 50"),
        ({"count": "51"}, "count", "Give a whole number of questions from 1 to 50"),
        ({"count": "many"}, "count", "Give a whole number of questions from 1 to 50"),
        ({"count": "9" * 5000}, "count", "Give a whole number of questions from 1 to 50"),
        ({"count": "13"}, "count", "Only 12 questions match these topics and levels, and you asked for 13"),
        ({"scope": "chosen", "topic": ["beta"], "level": ["intro"], "count": "2"}, "count", "Only 1 question matches"),
        ({"preset": "20-40"}, "count", "Only 12 questions match these topics and levels, and you asked for 20"),
        ({"preset": "never"}, "preset", "Choose one of the lengths"),
        ({"scope": "chosen"}, "topics", "Tick at least one topic"),
        ({"scope": "chosen", "topic": ["alpha", "omega"]}, "topics", "One of these topics is not in the bank"),
        ({"scope": "weak"}, "topics", "No topic is weak yet"),
        ({"scope": "some"}, "topics", "Choose all topics, some of them, or your weak ones"),
        ({"level": []}, "levels", "Tick at least one level"),
        ({"level": ["core", "guru"]}, "levels", "Levels are intro, core and advanced"),
        ({"mode": "sprint"}, "mode", "Choose exam or relaxed"),
        ({"seed": "-1"}, "seed", "A seed is a whole number from 0 to 2147483647"),
        ({"seed": "2147483648"}, "seed", "A seed is a whole number from 0 to 2147483647"),
        ({"seed": "lucky"}, "seed", "A seed is a whole number from 0 to 2147483647"),
    ],
)
def test_an_impossible_choice_comes_back_with_words_beside_its_field_and_starts_nothing(
    ada, app, changes, field, words
):
    sent = FORM | changes
    page = ada.post("/interviews", data=sent)
    assert page.status_code == 422
    assert "<main" in page.text
    assert words in _beside(page.text, field)
    assert {name: _value(page.text, name) for name in ("count", "minutes", "seed")} == {
        name: sent[name] for name in ("count", "minutes", "seed")
    }
    assert _ticked(page.text, "level") == {"intro", "core", "advanced"} & set(sent["level"])
    assert _ticked(page.text, "topic") == {"alpha", "beta", "gamma"} & set(sent.get("topic", []))
    assert "set-cookie" not in page.headers
    assert _empty(app)


def test_every_field_that_is_wrong_is_marked_at_once(ada):
    page = ada.post("/interviews", data={"preset": "own", "count": "x", "minutes": "y", "mode": "z", "seed": "w"}).text
    assert all(_beside(page, field) for field in ("count", "minutes", "mode", "seed", "levels"))
    assert "Nothing has started yet" in page


def test_a_field_with_words_is_tied_to_them_for_screen_readers(ada):
    page = ada.post("/interviews", data=FORM | {"minutes": "abc"}).text
    box = re.search(r'<input id="minutes"[^>]*>', page)
    assert 'aria-invalid="true"' in box[0]
    assert 'aria-describedby="minutes-wrong"' in box[0]


def test_htmx_gets_only_the_form_back(ada):
    page = ada.post("/interviews", data=FORM | {"minutes": "abc"}, headers=PARTIAL)
    assert page.status_code == 422
    assert "<main" not in page.text
    assert _value(page.text, "minutes") == "abc"
    assert _beside(page.text, "minutes")


def test_an_empty_post_starts_nothing_and_says_what_is_missing(ada, app):
    page = ada.post("/interviews")
    assert page.status_code == 422
    assert _beside(page.text, "levels")
    assert _empty(app)


def test_lone_surrogates_in_a_field_come_back_as_a_wrong_value(ada, app):
    fields = {name: value for name, value in FORM.items() if isinstance(value, str)}
    page = make.multipart(ada, "/interviews", charset="unicode_escape", level="core", **fields | {"count": b"3\\ud800"})
    assert page.status_code == 422
    assert _beside(page.text, "count")
    assert _empty(app)


def test_what_was_typed_is_shown_as_text_never_as_markup(ada):
    page = ada.post("/interviews", data=FORM | {"count": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in page
    assert _value(page, "count") == '"><script>alert(1)</script>'


def test_a_body_of_five_megabytes_is_refused_with_words(ada, app):
    page = ada.post("/interviews", data=FORM | {"seed": "7" * 5 * 1024 * 1024})
    assert page.status_code == 413
    assert "larger than anything Greenroom takes" in page.text
    assert _empty(app)


def test_a_form_from_another_site_starts_nothing(ada, app):
    page = ada.post("/interviews", data=FORM, headers={"Sec-Fetch-Site": "cross-site"})
    assert page.status_code == 403
    assert "came from another site" in page.text
    assert _empty(app)


# Sent twice


def test_a_form_that_is_sent_twice_starts_one_interview(ada, app):
    page = ada.get("/interviews/new").text
    name = re.search(r'name="interview" value="([0-9a-z]{10})"', page)[1]
    first = ada.post("/interviews", data=FORM | {"interview": name})
    before = make.rows(app)
    second = ada.post("/interviews", data=FORM | {"interview": name})
    assert first.headers["location"] == second.headers["location"] == f"/interviews/{name}"
    assert make.rows(app) == before
    assert len(before["interviews"]) == 1
    assert len(before["items"]) == 3


def test_a_form_that_is_sent_twice_at_once_starts_one_interview(ada, app):
    make.start(ada)
    tabs = [make.tab(ada), make.tab(ada)]
    for turn in range(3):
        name = f"twce00000{turn}"
        sent = FORM | {"interview": name}
        responses = make.at_once(*[lambda tab=tab, sent=sent: tab.post("/interviews", data=sent) for tab in tabs])
        assert [response.status_code for response in responses] == [303, 303]
        assert {response.headers["location"] for response in responses} == {f"/interviews/{name}"}
    assert len(make.rows(app)["interviews"]) == 4


def test_each_opening_of_the_form_starts_an_interview_of_its_own(ada):
    names = [re.search(r'name="interview" value="([^"]*)"', ada.get("/interviews/new").text)[1] for _ in range(2)]
    assert names[0] != names[1]


@pytest.mark.parametrize("name", ["short", "UPPERCASE0", "../../etc/", "a" * 11, "a\x00bbbbbbbb", "x" * 2000])
def test_an_interview_cannot_be_given_a_name_of_ones_own_making(ada, name):
    response = ada.post("/interviews", data=FORM | {"interview": name})
    assert response.status_code == 303
    assert re.fullmatch(r"/interviews/[0-9a-hjkmnp-tv-z]{10}", response.headers["location"])
    assert response.headers["location"] != f"/interviews/{name}"


def test_two_people_may_use_the_same_name_without_meeting(ada, cy):
    name = make.start(ada)
    make.draft(ada, name, 1, "what ada wrote")
    assert make.start(cy, interview=name) == name
    assert make.textarea(cy.get(f"/interviews/{name}").text) == ""
    make.draft(cy, name, 1, "what cy wrote")
    assert make.textarea(ada.get(f"/interviews/{name}").text) == "what ada wrote"


# The guest's cookie


def test_the_first_start_makes_a_guest_whom_the_browser_remembers(ada, app):
    response = ada.post("/interviews", data=FORM)
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("greenroom=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie  # over plain http the browser would throw it away
    assert "set-cookie" not in ada.post("/interviews", data=FORM).headers
    assert len(make.rows(app)["users"]) == 1


def test_over_https_the_cookie_is_tied_to_the_host(app):
    client = TestClient(app, base_url="https://greenroom.test", follow_redirects=False)
    cookie = client.post("/interviews", data=FORM).headers["set-cookie"]
    assert cookie.startswith("__Host-greenroom=")
    assert "Secure" in cookie
    assert client.get("/interviews").text.count('class="row"') == 1


@pytest.mark.parametrize("kind", make.COOKIES_REFUSED)
def test_a_cookie_we_do_not_accept_starts_as_somebody_new(ada, app, kind):
    make.start(ada)
    other = make.with_cookie(ada, kind)
    assert 'class="row"' not in other.get("/interviews").text
    response = other.post("/interviews", data=FORM)
    assert response.status_code == 303
    assert "set-cookie" in response.headers
    assert len({row[0] for row in make.rows(app)["interviews"]}) == 2


def test_a_cookie_of_a_year_ago_is_still_good_and_is_renewed(ada):
    interview = make.start(ada)
    returned = make.with_cookie(ada, "old")
    assert interview in returned.get("/interviews").text
    assert "set-cookie" in returned.post("/interviews", data=FORM).headers


def test_the_clock_starts_with_the_start_and_not_with_the_set_up(ada, time):
    ada.get("/interviews/new")
    time.forward(minutes=30)
    interview = make.start(ada)
    assert make.stored(ada, interview).clock.started_at == make.NOON + timedelta(minutes=30)
    assert _timer(ada.get(f"/interviews/{interview}").text) == "10:00"
