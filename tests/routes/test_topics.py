"""/topics and /topics/{slug}: where the user stands."""

import re

import pytest

from tests import make


def _index(client):
    response = client.get("/topics")
    assert response.status_code == 200
    return response.text


def _topics(html):
    """The topics in the order of the page, with everything their row says."""
    rows = html.split('<li class="topic-row">')[1:]
    return {re.search(r'href="/topics/([a-z]+)"', row)[1]: make.plain(row) for row in rows}


def _show(client, slug):
    response = client.get(f"/topics/{slug}")
    assert response.status_code == 200
    return response.text


def _figures(html):
    """The figures at the head of a topic's page by their names."""
    boxes = re.findall(r"<dt>(.*?)</dt>(.*?)</div>", html, re.DOTALL)
    return {name: make.plain(value) for name, value in boxes}


def test_without_practice_every_topic_is_there_in_bank_order_and_never_tried(ada):
    found = _topics(_index(ada))
    assert list(found) == ["alpha", "beta", "gamma"]
    for words in found.values():
        assert "never tried" in words
        assert "Strength 0 %" in words
        assert "Coverage 0 of 4" in words
        assert "weak" not in words


def test_never_tried_and_tried_and_failed_are_told_apart(ada):
    make.graded_interview(ada, [], scope="chosen", topic=["beta"])
    found = _topics(_index(ada))
    assert "Strength 0 %" in found["beta"]
    assert "Coverage 3 of 4" in found["beta"]
    assert "weak" in found["beta"]
    assert "Strength 0 %" in found["alpha"]
    assert "never tried" in found["alpha"]


@pytest.mark.parametrize(("count", "badge"), [("1", "not enough data"), ("2", "not enough data"), ("3", "weak")])
def test_a_topic_is_called_weak_from_three_graded_answers_on(ada, count, badge):
    make.graded_interview(ada, [], count=count, scope="chosen", topic=["beta"])
    assert badge in _topics(_index(ada))["beta"]


def test_a_topic_that_holds_is_not_weak(ada):
    make.graded_interview(ada, count="4", scope="chosen", topic=["beta"])
    words = _topics(_index(ada))["beta"]
    assert "holding" in words
    assert "Strength 100 %" in words


def test_the_weakest_known_topic_comes_first_and_the_never_tried_last(ada):
    make.graded_interview(ada, [1, 2, 3], count="4", scope="chosen", topic=["alpha"])
    make.graded_interview(ada, [1], count="4", scope="chosen", topic=["gamma"])
    assert list(_topics(_index(ada))) == ["gamma", "alpha", "beta"]


def test_strength_fades_with_time_and_coverage_does_not(ada, time):
    make.graded_interview(ada, count="4", scope="chosen", topic=["beta"])
    time.forward(days=120)
    words = _topics(_index(ada))["beta"]
    assert 0 < int(re.search(r"Strength (\d+) %", words)[1]) < 100
    assert "Coverage 4 of 4" in words
    assert "4 due" in words


def test_a_mock_from_weak_topics_is_offered_once_there_are_some(ada):
    link = 'href="/interviews/new?scope=weak"'
    assert link not in _index(ada)
    make.graded_interview(ada, [], scope="chosen", topic=["beta"])
    page = _index(ada)
    assert link in page
    assert "A mock from your 1 weak topic" in page


def test_every_topic_can_be_drilled(ada):
    page = _index(ada)
    for slug in make.TOPICS:
        assert f'href="/review?topic={slug}"' in page
        assert ada.get(f"/review?topic={slug}").status_code == 200


def test_a_topic_shows_its_questions_with_their_last_grades(ada):
    make.review(ada, "beta/q1", verdict="easy")
    make.review(ada, "beta/q2", (1,))
    page = _show(ada, "beta")
    assert make.h1(page) == "Beta"
    figures = _figures(page)
    assert figures["Strength"] == "38 %", "100 and 50 over four questions, at the very moment of grading"
    assert figures["Coverage"] == "2 of 4"
    assert figures["Graded answers"] == "2 not enough data"
    rows = [make.plain(row) for row in re.findall(r'<a class="row".*?</a>', page, re.DOTALL)]
    assert "easy 100 %, due in" in rows[0]
    assert "shaky 50 %, due in" in rows[1]
    assert [("never tried" in row) for row in rows] == [False, False, True, True]


@pytest.mark.parametrize(
    ("scores", "trend"),
    [
        # The newest answer has 0.3 of the weight, but the first ones all weigh the same: 0, 0, 0, 30 against 25.
        ((0, 0, 0, 100), "+5"),
        ((100, 100, 100, 0), "-5"),
        ((0, 0, 100), "+0"),
    ],
)
def test_the_trend_sets_the_recent_answers_against_the_average(ada, scores, trend):
    ticks = {0: (), 50: (1,), 100: (1, 2, 3)}
    for number, score in enumerate(scores, 1):
        make.review(ada, f"beta/q{number}", ticks[score])
    assert _figures(_show(ada, "beta"))["Trend"].startswith(f"{trend} ")


def test_no_trend_is_shown_before_there_is_enough_data(ada):
    make.review(ada, "beta/q1")
    make.review(ada, "beta/q2")
    assert _figures(_show(ada, "beta"))["Trend"].startswith("– ")


def test_a_topic_that_does_not_exist_is_not_found(ada):
    for path in ("/topics/delta", "/topics/Alpha", "/topics/%00", "/topics/alpha%2Fq1"):
        response = ada.get(path)
        assert response.status_code == 404, path
        assert make.h1(response.text) == "Nothing here"


def test_topics_cannot_be_posted_to(ada):
    assert ada.post("/topics").status_code == 405
    assert ada.post("/topics/alpha").status_code == 405
    assert ada.delete("/topics/alpha").status_code == 405


def test_the_pages_are_whole_even_when_a_part_is_asked_for(ada):
    for path in ("/topics", "/topics/alpha"):
        assert ada.get(path, headers={"HX-Request-Type": "partial"}).text.startswith("<!doctype html>")


def test_a_stranger_sees_none_of_it(ada, cy):
    make.graded_interview(ada, [], scope="chosen", topic=["beta"])
    make.review(cy, "alpha/q1")
    assert "Coverage 0 of 4" in _topics(_index(cy))["beta"]
    assert _figures(_show(cy, "beta"))["Graded answers"].startswith("0 ")
    for kind in make.COOKIES_REFUSED:
        assert "Coverage 3 of 4" not in make.plain(_index(make.with_cookie(ada, kind)))


def test_the_pages_take_few_statements_whatever_the_history(ada, statements):
    counts = []
    for interviews, count in [(1, "1"), (4, "10")]:
        for _ in range(interviews):
            make.graded_interview(ada, count=count)
        for path in ("/topics", "/topics/beta"):
            with statements() as seen:
                ada.get(path)
            counts.append(len(seen))
            assert all(statement.lstrip().startswith("SELECT") for statement in seen), "a GET never writes"
    assert counts[:2] == counts[2:]
    assert 0 < max(counts) <= 8
